// In: a model and the snapshots to read its inputs at. Out: its table as the statement makes it: computed in a process of its own, tested before anybody sees it, then made true in one transaction
// with its step, its evidence and the fact. Whatever goes wrong, what was there before stays in force.
using System.Diagnostics;
using Lizhou.Computing.Lowering;
using Lizhou.Computing.Models;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Computing;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Lake;
using Microsoft.Extensions.Logging;

namespace Lizhou.Computing.Runs;

internal sealed class BuildModel(
    IStatements statements, ICatalog catalog, PublishEntry entries, KeepLevels levels, LoweringShelf lowerings, ModelTable tables, ChooseSlices slices, LeaveOut leave, RunShelf runs, Warehouse lake, StateStore state, ILedger ledger, Settings settings, TimeProvider clock,
    ILogger<BuildModel> log)
{
    private const string Act = "model.build";

    /// <param name="built">By model, the snapshot in which this run made it.</param>
    public async Task<RunStep> Run(Run run, Model model, RunStep step, IReadOnlyDictionary<Guid, long> built, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        step = step with { Version = model.Version, State = StepState.Running, StartedAt = clock.GetUtcNow(), Bases = model.Found.Inputs.DistinctBy(i => i.Set).ToDictionary(i => i.Set, i => built.GetValueOrDefault(i.Set, run.Snapshot!.Value)) };
        await runs.Put(step, stop);
        var folder = Path.Combine(settings.Work, "models", run.Id.ToString("N"), model.Id.ToString("N"));
        RunStep ended;
        try
        {
            ended = await Work(run, model, step, folder, watch, stop);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            log.LogError(failure, "Model {Model} failed in run {Run}.", model.Name, run.Number);
            ended = step with { Problem = failure is ProblemException told ? told.Problem : Problems.Failed.With(failure.GetType().Name) };
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        if (ended.State is StepState.Built or StepState.Unchanged)
        {
            await levels.Settle(model, stop);
        }

        // A step that was written has been put in the transaction of its rows.
        return ended.State == StepState.Built ? ended : await End(model, ended with { Ms = watch.ElapsedMilliseconds }, stop);
    }

    /// <summary>Something before it failed.</summary>
    public async Task<RunStep> Skip(RunStep step, string lost, CancellationToken stop)
    {
        var skipped = step with { State = StepState.Skipped, Problem = Problems.UpstreamFailed.With(lost), EndedAt = clock.GetUtcNow() };
        await runs.Put(skipped, stop);
        return skipped;
    }

    private async Task<RunStep> Work(Run run, Model model, RunStep step, string folder, Stopwatch watch, CancellationToken stop)
    {
        if (await catalog.Published(model.Id, stop) is not { } card)
        {
            return step with { Problem = Problems.NotInCatalogue.With(model.Name) };
        }

        var inputs = await entries.Inputs(model.Found, stop);
        var floors = await lowerings.Floors(model.Id, model.Pinned, inputs, stop);
        if (Unfit(model, card, inputs, floors) is { } unfit)
        {
            return step with { Problem = unfit };
        }

        var held = await leave.Of(model, stop);
        step = step with { Held = [.. held.Select(h => h.Number)] };
        var chosen = await slices.Run(run, model, step, held, stop);
        await leave.Note(step, chosen.Held ?? held, stop);
        if (chosen.Unchanged)
        {
            return step with { State = StepState.Unchanged, Rows = await tables.Rows(model, stop) };
        }

        var (columns, file) = (model.Found.Columns.Select(c => c.Stored).ToList(), Path.Combine(folder, "result.parquet"));
        step = step with { Mode = chosen.Where is null ? "Full" : "Slices", Why = chosen.Why, Touched = Touched.Of(chosen.Where, Level(model, inputs)) };
        if (await Computed(model, step, inputs, held, chosen.Where, file, stop) is { } problem)
        {
            return step with { Problem = problem };
        }

        List<StatementCheck> checks = [.. model.Head.Checks, .. floors.Checks];
        var faults = await statements.Check(new(folder, file, columns, checks, chosen.Where is null ? null : card.Table, chosen.Where), stop);
        if (faults.Refused)
        {
            return step with { Problem = faults.Problem };
        }

        var level = Level(model, inputs);
        step = step with { Tests = [.. checks.Zip(faults.Value, (check, rows) => Oracle.Result(check, rows, level))] };
        if (step.Tests.FirstOrDefault(t => t.Faults > 0) is { } failed)
        {
            return step with { Problem = Problems.TestFailed.With(RunWords.Of(failed.Check), RunWords.Faults(failed)) };
        }

        return await Write(run, model, step with { Bases = chosen.Bases ?? step.Bases }, card, chosen.Where, file, watch, stop);
    }

    /// <summary>Why what it reads is no longer for it to read, or its entry is below that; null when it may be computed.</summary>
    private static Problem? Unfit(Model model, ResourceCard card, IReadOnlyList<(ModelInput Input, ResourceCard Card)> inputs, Floors floors)
    {
        var lost = model.Found.Inputs.FirstOrDefault(i => inputs.All(f => f.Input != i));
        return lost is not null ? Problems.NotInCatalogue.With(lost.Name)
            : card.Items.Any(i => i.Applied < floors.Of(i.Column)) ? Problems.LevelsRose.With(model.Name, floors.Least)
            : GivenColumns.Foreign(model.Found.Unit, model.Read.LineOf("owner"), inputs) ?? Oracle.Fault(model.Read, Level(model, inputs));
    }

    private static Level Level(Model model, IReadOnlyList<(ModelInput Input, ResourceCard Card)> inputs) => model.Found.Columns.Select(c => c.Level).Append(GivenColumns.Least(inputs)).Max();

    /// <summary>Writes the result to the file; null when it is there with the columns of the version in force.</summary>
    private async Task<Problem?> Computed(
        Model model, RunStep step, IReadOnlyList<(ModelInput Input, ResourceCard Card)> inputs, IReadOnlyList<LeftOut> held, Condition? where, string file, CancellationToken stop)
    {
        var parsed = await statements.Parse(model.Sql, stop);
        if (parsed.Problem is { } refused)
        {
            return refused;
        }

        var given = inputs.Select(i => CheckModel.Input(i.Input, i.Card, step.Bases[i.Input.Set]) with { Without = LeaveOut.Rows(held, i.Input.Set) }).ToList();
        var ask = new StatementRun(parsed, given, [.. model.Found.Columns.Select(c => c.Stored)], file, model.Head.Memory, model.Head.Seconds) { Where = where };
        var answer = await statements.Run(ask, stop);
        if (answer.Refused)
        {
            return answer.Problem;
        }

        var same = answer.Value.Columns.Select(c => (c.Name, ItemTypes.Of(c.Type) is var (item, precision, scale) ? ItemColumns.TypeOf(item, precision, scale).Engine : c.Type))
            .SequenceEqual(model.Found.Columns.Select(c => (c.Name, c.Type)));
        return same ? null : Problems.ResultChanged.With(string.Join(", ", answer.Value.Columns.Select(c => $"{c.Name} {c.Type}")));
    }

    private async Task<RunStep> Write(Run run, Model model, RunStep step, ResourceCard card, Condition? where, string file, Stopwatch watch, CancellationToken stop)
    {
        var staged = await tables.Stage(model, card, run, file, stop);
        if (staged.Refused)
        {
            return step with { Problem = staged.Problem };
        }

        var table = await tables.Shape(model, run, staged.Value, stop);
        if (table.Refused)
        {
            return step with { Problem = table.Problem };
        }

        var before = await lake.Count(table.Value, stop);
        var ended = step;
        var terms = new Terms($"model:{run.Id:D}:{model.Id:D}", run.By, $"{run.Number} {model.Name}", async (connection, transaction, write) =>
        {
            ended = step with
            {
                State = StepState.Built, Rows = before + write.RowsAdded - write.RowsRemoved, Added = write.RowsAdded, Removed = write.RowsRemoved, Snapshot = write.Snapshot, Ms = watch.ElapsedMilliseconds,
                EndedAt = clock.GetUtcNow(),
            };
            await RunShelf.Put(connection, transaction, ended, stop);
            await OutboxRow.Tell(connection, transaction, new ModelBuilt(run.Id, model.Id, model.Name, model.Head.Layer, card.Table, write.Snapshot, ended.Rows), clock, stop);
            await ledger.Append(
                connection, transaction, Actor.System,
                new Evidence(Act, model.Name, Evidence.Done, new { run = run.Number, model.Version, step.Mode, slices = step.Touched?.Count, write.Snapshot, ended.Rows, write.RowsAdded, write.RowsRemoved, file = staged.Value.File?.Digest, held = step.Held }), stop);
        });
        var written = await lake.Replace(table.Value, staged.Value.File is { } one ? [one] : [], where, terms, stop);
        state.Bell.Ring();
        return written.Refused ? step with { Problem = written.Problem } : ended;
    }

    private async Task<RunStep> End(Model model, RunStep step, CancellationToken stop)
    {
        var ended = step with { State = step.Problem is null ? step.State : StepState.Failed, EndedAt = clock.GetUtcNow() };
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await RunShelf.Put(connection, transaction, ended, stop);
        if (ended.Problem is { } problem)
        {
            await OutboxRow.Tell(connection, transaction, new ModelFailed(step.Run, model.Id, model.Name, problem.Code), clock, stop);
            await ledger.Append(connection, transaction, Actor.System, new Evidence(Act, model.Name, problem.Code, new { run = step.Number, model.Version }), stop);
        }

        await transaction.CommitAsync(stop);
        return ended;
    }
}
