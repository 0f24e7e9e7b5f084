// In: what a source sent by itself (a file in its inbox, a group of pushes, an upload). Out: a batch and a run in the source's history.
using System.Data.Common;
using Lizhou.Collection.Batches;
using Lizhou.Kernel;

namespace Lizhou.Collection.Sources;

internal sealed class Arrivals(StateStore state, DeliverFile deliver, TimeProvider clock)
{
    /// <param name="key">Names this arrival for good: the same again gives the same batch and no second run.</param>
    /// <param name="rows">0 when not counted.</param>
    public async Task<Result<Batch>> Take(
        Source source, Stream content, string name, FileHints hints, string key, long rows, Actor actor,
        Func<DbConnection, DbTransaction, Guid, CancellationToken, Task>? beside, CancellationToken stop)
    {
        var bytes = content.Length;
        var batch = await deliver.Deliver(source, content, name, hints, key, actor, Register, stop);
        if (batch.Refused)
        {
            await Refused(source, name, bytes, batch.Problem!, stop);
        }

        return batch;

        async Task Register(DbConnection connection, DbTransaction transaction, Guid id, CancellationToken cancel)
        {
            await Note(connection, transaction, source.Id, RunResult.Delivered, id, rows, bytes, name, cancel);
            var now = clock.GetUtcNow().ToStored();
            await connection.Execute(
                transaction,
                $"UPDATE source SET last_run_at = {now}, last_data_at = {now}, last_note = NULL, failures = 0 WHERE id = {source.Id.ToString()}",
                cancel);
            if (beside is not null)
            {
                await beside(connection, transaction, id, cancel);
            }
        }
    }

    public async Task Refused(Source source, string name, long bytes, Problem problem, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await Note(connection, transaction, source.Id, RunResult.Refused, null, 0, bytes, $"{name}: {problem}", stop);
        await connection.Execute(
            transaction,
            $"UPDATE source SET last_run_at = {clock.GetUtcNow().ToStored()}, last_note = {problem.ToString()}, failures = failures + 1 WHERE id = {source.Id.ToString()}",
            stop);
        await transaction.CommitAsync(stop);
    }

    private Task<int> Note(
        DbConnection connection, DbTransaction transaction, Guid source, RunResult result, Guid? batch, long rows, long bytes, string note, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        return connection.Execute(
            transaction,
            $"""
             INSERT INTO source_run (id, source, cause, started_at, ended_at, result, batch, row_count, bytes, note)
             VALUES ({Guid.CreateVersion7(now).ToString()}, {source.ToString()}, {nameof(RunCause.Arrival)}, {now.ToStored()}, {now.ToStored()}, {result.ToString()},
                 {batch?.ToString()}, {rows}, {bytes}, {note})
             """,
            stop);
    }
}
