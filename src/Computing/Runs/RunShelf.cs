// Runs and their steps in the state, as plain SQL.
using System.Data.Common;
using System.Text.Json;
using Lizhou.Computing.Models;
using Lizhou.Kernel;

namespace Lizhou.Computing.Runs;

internal sealed class RunShelf(StateStore state, TimeProvider clock)
{
    public async Task<Run> Add(RunCause cause, RunAsk ask, Actor actor, Func<DbConnection, DbTransaction, string, Task> along, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var day = $"YX-{clock.Today():yyyyMMdd}-";
        var last = await connection.Scalar(transaction, $"SELECT MAX(number) FROM model_run WHERE number LIKE {day + "%"}", stop) as string;
        var number = $"{day}{(last is null ? 1 : int.Parse(last[day.Length..], null) + 1):D4}";
        var run = new Run(Guid.CreateVersion7(now), number, cause, ask, StepState.Waiting, null, actor.Name, now, null);
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO model_run (id, number, cause, asked, state, by_name, at)
             VALUES ({run.Id.ToString("D")}, {number}, {cause.ToString()}, {JsonSerializer.Serialize(ask, ModelShelf.Json)}, {run.State.ToString()}, {actor.Name}, {now.ToStored()})
             """,
            stop);
        await along(connection, transaction, number);
        await transaction.CommitAsync(stop);
        return run;
    }

    public async Task<Run?> Find(string number, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(null, $"SELECT id, number, cause, asked, state, snapshot, by_name, at, ended_at FROM model_run WHERE number = {number}", Read, stop).FirstOrDefaultAsync(stop);
    }

    /// <summary>The oldest that has not ended; null when there is none.</summary>
    public async Task<Run?> Next(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null, $"SELECT id, number, cause, asked, state, snapshot, by_name, at, ended_at FROM model_run WHERE state IN ('Waiting', 'Running') ORDER BY at LIMIT 1", Read, stop).FirstOrDefaultAsync(stop);
    }

    /// <summary>The newest first.</summary>
    public async Task<(IReadOnlyList<Run> Runs, long Total)> List(int skip, int take, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var runs = await connection.Rows(
            null, $"SELECT id, number, cause, asked, state, snapshot, by_name, at, ended_at FROM model_run ORDER BY at DESC, number DESC LIMIT {take} OFFSET {skip}", Read, stop).ToListAsync(stop);
        return (runs, Convert.ToInt64(await connection.Scalar(null, $"SELECT COUNT(*) FROM model_run", stop)));
    }

    /// <summary>In the order of the run.</summary>
    public async Task<IReadOnlyList<RunStep>> Steps(Guid run, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var held = await LeaveOut.Numbers(connection, run, stop);
        return await connection.Rows(
            null,
            $"""
             SELECT s.run, s.model, m.name, s.version, s.place, s.state, s.mode, s.rows, s.added, s.removed, s.bases, s.snapshot, s.ms, s.tests, s.problem, s.started_at, s.ended_at, r.number, s.why, s.touched
             FROM model_step s JOIN model m ON m.id = s.model JOIN model_run r ON r.id = s.run WHERE s.run = {run.ToString("D")} ORDER BY s.place
             """,
            r => ReadStep(r) is var step ? step with { Held = [.. held[step.Model]] } : null!,
            stop).ToListAsync(stop);
    }

    /// <summary>The newest of a model first.</summary>
    public async Task<IReadOnlyList<RunStep>> Of(Guid model, int take, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null,
            $"""
             SELECT s.run, s.model, m.name, s.version, s.place, s.state, s.mode, s.rows, s.added, s.removed, s.bases, s.snapshot, s.ms, s.tests, s.problem, s.started_at, s.ended_at, r.number, s.why, s.touched
             FROM model_step s JOIN model m ON m.id = s.model JOIN model_run r ON r.id = s.run WHERE s.model = {model.ToString("D")} ORDER BY r.at DESC, r.number DESC LIMIT {take}
             """,
            ReadStep,
            stop).ToListAsync(stop);
    }

    /// <summary>One model's step of a run; null when it has none.</summary>
    public async Task<RunStep?> Step(Guid run, Guid model, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null,
            $"""
             SELECT s.run, s.model, m.name, s.version, s.place, s.state, s.mode, s.rows, s.added, s.removed, s.bases, s.snapshot, s.ms, s.tests, s.problem, s.started_at, s.ended_at, r.number, s.why, s.touched
             FROM model_step s JOIN model m ON m.id = s.model JOIN model_run r ON r.id = s.run WHERE s.run = {run.ToString("D")} AND s.model = {model.ToString("D")}
             """,
            ReadStep,
            stop).FirstOrDefaultAsync(stop);
    }

    /// <summary>The version under whose columns a model's table was written last, also where that was undone since; null when it never was.</summary>
    public async Task<Found?> Written(Guid model, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null,
            $"""
             SELECT v.seen FROM model_step s JOIN model_version v ON v.model = s.model AND v.version = s.version
             WHERE s.model = {model.ToString("D")} AND s.snapshot IS NOT NULL AND s.state IN ('Built', 'Undone') ORDER BY s.snapshot DESC LIMIT 1
             """,
            r => JsonSerializer.Deserialize<Found>(r.GetString(0), ModelShelf.Json)!,
            stop).FirstOrDefaultAsync(stop);
    }

    /// <summary>The last step of each model that ended, by model.</summary>
    public async Task<IReadOnlyDictionary<Guid, RunStep>> Last(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var steps = await connection.Rows(
            null,
            $"""
             SELECT s.run, s.model, m.name, s.version, s.place, s.state, s.mode, s.rows, s.added, s.removed, s.bases, s.snapshot, s.ms, s.tests, s.problem, s.started_at, s.ended_at, r.number, s.why, s.touched
             FROM model_step s JOIN model m ON m.id = s.model JOIN model_run r ON r.id = s.run
             WHERE s.ended_at = (SELECT MAX(o.ended_at) FROM model_step o WHERE o.model = s.model)
             """,
            ReadStep,
            stop).ToListAsync(stop);
        return steps.GroupBy(s => s.Model).ToDictionary(g => g.Key, g => g.Last());
    }

    /// <summary>Rows the table of each model has since its last good run.</summary>
    public async Task<IReadOnlyDictionary<Guid, long>> Rows(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var rows = await connection.Rows(
            null,
            $"""
             SELECT s.model, s.rows FROM model_step s WHERE s.state IN ('Built', 'Unchanged')
             AND s.ended_at = (SELECT MAX(o.ended_at) FROM model_step o WHERE o.model = s.model AND o.state IN ('Built', 'Unchanged'))
             """,
            r => (Model: Guid.Parse(r.GetString(0)), Rows: r.GetInt64(1)),
            stop).ToListAsync(stop);
        return rows.GroupBy(s => s.Model).ToDictionary(g => g.Key, g => g.Last().Rows);
    }

    public async Task Begin(Run run, long snapshot, IReadOnlyList<Model> models, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await connection.Execute(transaction, $"UPDATE model_run SET state = 'Running', snapshot = {snapshot} WHERE id = {run.Id.ToString("D")}", stop);
        foreach (var (model, place) in models.Select((m, i) => (m, i)))
        {
            await connection.Execute(
                transaction,
                $"""
                 INSERT INTO model_step (run, model, version, place, state, rows, added, removed, bases, ms, tests)
                 VALUES ({run.Id.ToString("D")}, {model.Id.ToString("D")}, {model.Version}, {place}, 'Waiting', 0, 0, 0, {"{}"}, 0, {"[]"})
                 """,
                stop);
        }

        await transaction.CommitAsync(stop);
    }

    public async Task End(Run run, StepState ended, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(null, $"UPDATE model_run SET state = {ended.ToString()}, ended_at = {clock.GetUtcNow().ToStored()} WHERE id = {run.Id.ToString("D")}", stop);
    }

    /// <summary>Writes a step as it stands, in the caller's transaction.</summary>
    public static Task Put(DbConnection connection, DbTransaction? transaction, RunStep step, CancellationToken stop) => connection.Execute(
        transaction,
        $"""
         UPDATE model_step SET version = {step.Version}, state = {step.State.ToString()}, mode = {step.Mode}, rows = {step.Rows}, added = {step.Added}, removed = {step.Removed},
             bases = {JsonSerializer.Serialize(step.Bases, ModelShelf.Json)}, snapshot = {step.Snapshot}, ms = {step.Ms}, tests = {JsonSerializer.Serialize(step.Tests, ModelShelf.Json)},
             problem = {(step.Problem is null ? null : JsonSerializer.Serialize(step.Problem, ModelShelf.Json))}, started_at = {step.StartedAt?.ToStored()}, ended_at = {step.EndedAt?.ToStored()},
             why = {JsonSerializer.Serialize(step.Why, ModelShelf.Json)}, touched = {(step.Touched is null ? null : JsonSerializer.Serialize(step.Touched, ModelShelf.Json))}
         WHERE run = {step.Run.ToString("D")} AND model = {step.Model.ToString("D")}
         """,
        stop);

    public async Task Put(RunStep step, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await Put(connection, null, step, stop);
    }

    /// <summary>A model's data are more sensitive than they were: the values of slices that its runs named are named no more.</summary>
    public async Task HideTouched(Guid model, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(null, $"UPDATE model_step SET touched = NULL WHERE model = {model.ToString("D")} AND touched IS NOT NULL", stop);
    }

    private static Run Read(DbDataReader r) => new(
        Guid.Parse(r.GetString(0)), r.GetString(1), Enum.Parse<RunCause>(r.GetString(2)), JsonSerializer.Deserialize<RunAsk>(r.GetString(3), ModelShelf.Json)!, Enum.Parse<StepState>(r.GetString(4)),
        r.IsDBNull(5) ? null : r.GetInt64(5), r.GetString(6), Clock.FromStored(r.GetString(7)), Moment(r, 8));

    private static RunStep ReadStep(DbDataReader r) => new(
        Guid.Parse(r.GetString(0)), Guid.Parse(r.GetString(1)), r.GetString(2), (int)r.GetInt64(3), (int)r.GetInt64(4), Enum.Parse<StepState>(r.GetString(5)), r.IsDBNull(6) ? null : r.GetString(6),
        r.GetInt64(7), r.GetInt64(8), r.GetInt64(9), JsonSerializer.Deserialize<Dictionary<Guid, long>>(r.GetString(10), ModelShelf.Json)!, r.IsDBNull(11) ? null : r.GetInt64(11), r.GetInt64(12),
        JsonSerializer.Deserialize<IReadOnlyList<TestResult>>(r.GetString(13), ModelShelf.Json)!, r.IsDBNull(14) ? null : JsonSerializer.Deserialize<Problem>(r.GetString(14), ModelShelf.Json),
        Moment(r, 15), Moment(r, 16))
    {
        Number = r.GetString(17), Why = r.IsDBNull(18) ? [] : JsonSerializer.Deserialize<IReadOnlyList<Text>>(r.GetString(18), ModelShelf.Json)!,
        Touched = r.IsDBNull(19) ? null : JsonSerializer.Deserialize<Touched>(r.GetString(19), ModelShelf.Json),
    };

    private static DateTimeOffset? Moment(DbDataReader r, int at) => r.IsDBNull(at) ? null : Clock.FromStored(r.GetString(at));
}
