// In: a model and the key of one of its rows. Out: the rows it was made of, input by input, as the snapshot of its run shows them, through the policy, with batch, file and record; and plainly where
// that cannot be told: a table none of whose columns is the key as it is.
using Lizhou.Computing.Models;
using Lizhou.Computing.Runs;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Policy;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;

namespace Lizhou.Computing.Lineage;

/// <param name="Rows">Null where they cannot be told; <paramref name="Why"/> says so.</param>
/// <param name="Snapshot">At which they are shown.</param>
internal sealed record TracedInput(string Input, string Title, IReadOnlyList<string> By, long? Snapshot, RowSet? Rows, Text? Why)
{
    /// <summary>Numbers of the batches below the quality gate whose rows of this key the run left out: they are not among <see cref="Rows"/>.</summary>
    public IReadOnlyList<string> Left { get; init; } = [];

    /// <summary>Of each of <see cref="Rows"/> the batch, file and line; null for rows that a model made.</summary>
    public IReadOnlyList<RowPlace?> Places { get; init; } = [];

    /// <summary>Of each of <see cref="Rows"/> the rules that flag it.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Flags { get; init; } = [];

    /// <summary>The statement leaves rows of the input out by a condition, which is not applied to <see cref="Rows"/>: those of the key that it left out are among them.</summary>
    public bool Filtered { get; init; }
}

/// <summary>A field that was chosen among several inputs, and the one whose value it is.</summary>
/// <param name="Input">Null where no input has a value, or where the reader may not see it in clear.</param>
internal sealed record TracedField(string Field, string? Input);

/// <param name="Run">Number of the run that made the row; null when it is not there.</param>
/// <param name="Fields">Of a model that takes survivors; else none.</param>
internal sealed record Traced(string Model, string? Run, IReadOnlyList<TracedInput> Inputs, IReadOnlyList<TracedField> Fields);

internal sealed class TraceRow(ModelShelf models, RunShelf runs, LeaveOut leave, IRowPlaces places, IRowFlags flags, IRowGate gate)
{
    private static readonly Text NoKey = new("该表没有列原样成为结果的主键，不能由主键追到行。", "None of its columns becomes a column of the key as it is, so a key does not lead to its rows.");

    /// <param name="key">A value for each column of the key.</param>
    public async Task<Result<Traced>> Run(string name, IReadOnlyDictionary<string, string> key, Actor actor, CancellationToken stop)
    {
        if (await models.Find(name, stop) is not { } model)
        {
            return Problems.NoModel.With(name);
        }

        if (model.Head.Key.Count == 0)
        {
            return Problems.Keyless.With(name);
        }

        if (model.Head.Key.Where(k => !key.TryGetValue(k, out var value) || value.Length == 0).ToList() is { Count: > 0 } missing)
        {
            return Problems.KeyMissing.With(string.Join(", ", missing), string.Join("&", model.Head.Key.Select(k => $"{k}=…"))) with { Field = missing[0] };
        }

        var row = await gate.Read(
            new RowAsk(model.Id, Purposes.Preview, Take: 1) { Where = new Condition.All([.. model.Head.Key.Select(k => new Condition.Compare(k, Comparison.Equal, key[k]))]), Count = false }, actor, stop);
        if (row.Refused)
        {
            return row.Problem!;
        }

        var step = row.Value.Provenance is [var origin, ..] ? await runs.Step(origin.Batch, model.Id, stop) : null;
        var inputs = new List<TracedInput>();
        foreach (var input in step is null ? [] : model.Found.Inputs)
        {
            inputs.Add(await Of(model, input, key, step!, actor, stop));
        }

        return new Traced(model.Name, step?.Number, inputs, Fields(model, row.Value));
    }

    /// <summary>What the row itself says of where its fields came from; a name that is none of an input's is masked.</summary>
    private static IReadOnlyList<TracedField> Fields(Model model, RowSet row)
    {
        var columns = row.Items.Select(i => i.Item.Column).ToList();
        return
        [
            .. (model.Head.Survive?.Fields ?? []).Select(f => new TracedField(f, row.Rows is [var cells, ..] && columns.IndexOf(Survivors.Origin(f)) is >= 0 and var at && cells[at] is string input
                && model.Found.Inputs.Any(i => i.Key == input) ? input : null)),
        ];
    }

    private async Task<TracedInput> Of(Model model, ModelInput input, IReadOnlyDictionary<string, string> key, RunStep step, Actor actor, CancellationToken stop)
    {
        var by = model.Found.Columns.Where(c => model.Head.Key.Contains(c.Name))
            .SelectMany(c => c.From.Where(f => f.Table == input.Key && f.Kind == FlowKind.Identity).Select(f => (f.Column, Value: key[c.Name]))).ToList();
        if (by.Count == 0)
        {
            return new(input.Key, input.Title, [], null, null, NoKey);
        }

        var at = step.Bases.TryGetValue(input.Set, out var known) ? known : (long?)null;
        var where = new Condition.All([.. by.Select(b => new Condition.Compare(b.Column, Comparison.Equal, b.Value))]);
        var rows = await gate.Read(new RowAsk(input.Set, Purposes.Preview, Take: 100, AsOf: at) { Where = where, Count = false }, actor, stop);
        if (rows.Refused)
        {
            return new(input.Key, input.Title, [.. by.Select(b => b.Column)], at, null, rows.Problem!.What);
        }

        var held = (await leave.Before(step, stop)).Where(h => h.Set == input.Set).ToList();
        var counted = rows.Value.Rows.Zip(rows.Value.Provenance).Where(r => held.TrueForAll(h => h.Batch != r.Second.Batch)).ToList();
        List<RowOrigin> origins = [.. counted.Select(r => r.Second)];
        var placed = await places.Of(input.IsModel ? [] : origins, stop);
        var flagged = await flags.Of(input.Set, input.IsModel ? [] : origins, actor, stop);
        return new(input.Key, input.Title, [.. by.Select(b => b.Column)], at, rows.Value with { Rows = [.. counted.Select(r => r.First)], Provenance = [.. counted.Select(r => r.Second)] }, null)
        {
            Places = [.. origins.Select(o => placed.GetValueOrDefault(o))],
            Flags = [.. origins.Select(o => flagged.GetValueOrDefault(o) ?? [])],
            Filtered = model.Found.Deciding.Any(f => f.Table == input.Key && f.Kind == FlowKind.Filter),
            Left = [.. held.Where(h => rows.Value.Provenance.Any(p => p.Batch == h.Batch)).Select(h => h.Number)],
        };
    }
}
