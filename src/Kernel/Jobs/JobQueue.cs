// Long work outlives a request and a crash: a row that is claimed with a lease, repeated when the lease ends, parked with a reason.
using System.Data.Common;
using System.Text.Json;

namespace Lizhou.Kernel.Jobs;

public enum JobState
{
    Waiting,
    Running,
    Done,
    Parked,
    Cancelled,
}

/// <summary>What a page shows of a job.</summary>
/// <param name="Done">Units of work done, of <paramref name="Total"/>; 0 when unknown.</param>
/// <param name="Note">What it is doing, or why it was parked.</param>
public sealed record JobView(Guid Id, string Kind, JobState State, long Done, long Total, string? Note, int Attempts, DateTimeOffset DueAt);

/// <summary>The work of one kind of job; <typeparamref name="TBody"/> is its argument, kept as JSON. Must be idempotent: it may run again after a crash.</summary>
public interface IJob<in TBody>
{
    Task Run(TBody body, JobRun run, CancellationToken stop);
}

/// <summary>Lets a running job show how far it is.</summary>
public sealed class JobRun(Guid id, Func<long, long, string?, Task> show)
{
    public Guid Id { get; } = id;

    /// <summary>Shows progress; cheap, may be called often.</summary>
    public Task Show(long done, long total, string? note = null) => show(done, total, note);
}

/// <summary>Enqueues and watches jobs.</summary>
public sealed class JobQueue(StateStore state, TimeProvider clock)
{
    /// <summary>Enqueues inside the caller's transaction. With a <paramref name="key"/> that is already waiting or running, nothing is added.</summary>
    /// <returns>The id of the job, new or already there.</returns>
    public async Task<Guid> Add<TBody>(
        DbConnection connection, DbTransaction? transaction, TBody body, string? key = null, DateTimeOffset? due = null, CancellationToken stop = default)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var added = await connection.Execute(
            transaction,
            $"""
             INSERT INTO job (id, kind, job_key, body, due_at, state, attempts, done, total)
             SELECT {id.ToString()}, {typeof(TBody).FullName}, {key}, {JsonSerializer.Serialize(body)}, {(due ?? now).ToStored()}, 'Waiting', 0, 0, 0
             WHERE NOT EXISTS (SELECT 1 FROM job WHERE job_key = {key} AND state IN ('Waiting', 'Running'))
             """,
            stop);
        if (added > 0)
        {
            state.Bell.Ring();
            return id;
        }

        var there = await connection.Scalar(transaction, $"SELECT id FROM job WHERE job_key = {key} AND state IN ('Waiting', 'Running')", stop);
        return there is string text ? Guid.Parse(text) : id;
    }

    public async Task<Guid> Add<TBody>(TBody body, string? key = null, DateTimeOffset? due = null, CancellationToken stop = default)
    {
        await using var connection = await state.Open(stop);
        return await Add(connection, null, body, key, due, stop);
    }

    /// <summary>A job as it stands; null when there is none.</summary>
    public async Task<JobView?> Find(Guid id, CancellationToken stop = default)
    {
        await using var connection = await state.Open(stop);
        JobView? found = null;
        await foreach (var row in connection.Rows(
            null, $"SELECT id, kind, state, done, total, note, attempts, due_at FROM job WHERE id = {id.ToString()}", View, stop))
        {
            found = row;
        }

        return found;
    }

    /// <summary>Asks a job to end; a waiting one never starts, a running one is cancelled at its next breath.</summary>
    public async Task Cancel(Guid id, CancellationToken stop = default)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(null, $"UPDATE job SET state = 'Cancelled', ended_at = {clock.GetUtcNow().ToStored()} WHERE id = {id.ToString()} AND state IN ('Waiting', 'Running')", stop);
    }

    private static JobView View(DbDataReader row) => new(
        Guid.Parse(row.GetString(0)),
        row.GetString(1),
        Enum.Parse<JobState>(row.GetString(2)),
        row.GetInt64(3),
        row.GetInt64(4),
        row.IsDBNull(5) ? null : row.GetString(5),
        (int)row.GetInt64(6),
        Clock.FromStored(row.GetString(7)));
}
