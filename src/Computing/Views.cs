// Models and runs as programs see them.
using Lizhou.Computing.Lineage;
using Lizhou.Computing.Models;
using Lizhou.Computing.Runs;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Computing;

/// <param name="From">Each source as <c>table.column kind</c>.</param>
internal sealed record ColumnView(string Name, string Title, string Type, Level Level, IReadOnlyList<string> From);

internal sealed record ModelView(
    Guid Id, string Name, string Title, string Layer, string Table, int Version, string Digest, bool Active, IReadOnlyList<string> Key, string? Incremental, string? Schedule, IReadOnlyList<string> Inputs,
    IReadOnlyList<ColumnView> Columns, string Text)
{
    public static ModelView Of(Model model) => new(
        model.Id, model.Name, model.Head.Title, model.Head.Layer, model.Table, model.Version, model.Digest, model.Active, model.Head.Key, model.Head.Incremental, model.Head.Schedule,
        [.. model.Found.Inputs.Select(i => i.Key)],
        [.. model.Found.Columns.Select(c => new ColumnView(c.Name, c.Title, c.Type, c.Level, [.. c.From.Select(f => $"{f.Table}.{f.Column} {f.Kind}")]))], model.Text);
}

/// <param name="Why">Why it was computed, whole or in slices.</param>
/// <param name="SlicesTouched">How many slices of the incremental column were computed anew; null for the whole.</param>
/// <param name="Slices">Their values, at most 50; empty where they are of a level that is not seen in clear.</param>
internal sealed record StepView(
    string Model, StepState State, string? Mode, long Rows, long Added, long Removed, long? Snapshot, long Ms, string? Code, string? Problem, IReadOnlyList<string> Tests, IReadOnlyList<string> Held,
    IReadOnlyList<string> Why, long? SlicesTouched, IReadOnlyList<string>? Slices);

internal sealed record RunView(Guid Id, string Number, RunCause Cause, StepState State, long? Snapshot, string By, DateTimeOffset At, DateTimeOffset? EndedAt, IReadOnlyList<StepView> Steps)
{
    public static RunView Of(Run run, IReadOnlyList<RunStep> steps) => new(
        run.Id, run.Number, run.Cause, run.State, run.Snapshot, run.By, run.At, run.EndedAt,
        [
            .. steps.Select(s => new StepView(
                s.Name, s.State, s.Mode, s.Rows, s.Added, s.Removed, s.Snapshot, s.Ms, s.Problem?.Code, s.Problem is { } problem ? $"{problem.What} {problem.Todo}" : null,
                [.. s.Tests.Select(t => $"{RunWords.Of(t.Check)}: {RunWords.Faults(t)}")], s.Held,
                [.. s.Why.Select(w => w.ToString())], s.Touched?.Count, s.Touched?.Values)),
        ]);
}

/// <summary>A model in the list.</summary>
/// <param name="Rows">In its table since its last good run, also after one that failed.</param>
/// <param name="Stale">Whether its last good build is older than it may be.</param>
/// <param name="Fault">Why its file, changed since, is not in force.</param>
internal sealed record ModelLine(
    string Name, string Title, string Layer, int Version, bool Active, StepState? State, string? Run, DateTimeOffset? At, long Rows, long Ms, string? Schedule, DateTimeOffset? NextAt, bool Stale, string? Fault);

/// <summary>In: nothing. Out: every model with how it stands.</summary>
internal sealed class ListModels(ModelShelf shelf, RunShelf runs, TimeProvider clock)
{
    public async Task<IReadOnlyList<ModelLine>> Run(CancellationToken stop)
    {
        var (last, rows, faults, now) = (await runs.Last(stop), await runs.Rows(stop), (await shelf.Files(stop)).Where(f => f.Problem is not null).ToList(), clock.GetUtcNow());
        return
        [
            .. (await shelf.All(stop)).Select(m => last.GetValueOrDefault(m.Id) is var step && m is { Head: var head }
                ? new ModelLine(
                    m.Name, head.Title, head.Layer, m.Version, m.Active, step?.State, step?.Number, step?.EndedAt, rows.GetValueOrDefault(m.Id), step?.Ms ?? 0, head.Schedule, m.NextAt,
                    head.MayBeOld is { } old && !(step is { State: StepState.Built or StepState.Unchanged } && step.EndedAt + old > now), faults.FirstOrDefault(f => f.Model == m.Id)?.Problem?.What.ToString())
                : throw new InvalidOperationException()),
        ];
    }
}
