// What the end of a batch means for the source that brought it. A file or push is taken before it is read: when its batch is refused afterwards,
// the run and the source say so, until the batch is tried again with success or something newer arrives.
using System.Data.Common;
using Lizhou.Collection.Batches;
using Lizhou.Kernel;

namespace Lizhou.Collection.Sources;

internal static class BatchEnds
{
    public static async Task Refused(DbConnection connection, DbTransaction? transaction, Batch batch, Problem problem, CancellationToken stop)
    {
        if (batch is not { Source: { } source, Kind: BatchKind.Load })
        {
            return;
        }

        await connection.Execute(
            transaction, $"UPDATE source_run SET result = {RunResult.Refused.ToString()}, note = {problem.ToString()} WHERE source = {source.ToString()} AND batch = {batch.Id.ToString()}", stop);
        await connection.Execute(
            transaction,
            $"UPDATE source SET failures = CASE WHEN failures < 1 THEN 1 ELSE failures END, last_note = {problem.ToString()} WHERE id = {source.ToString()}", stop);
    }

    public static async Task Landed(DbConnection connection, DbTransaction transaction, Batch batch, CancellationToken stop)
    {
        if (batch.Source is not { } source)
        {
            return;
        }

        var mended = await connection.Execute(
            transaction,
            $"""
             UPDATE source_run SET result = {RunResult.Delivered.ToString()}, note = NULL
             WHERE source = {source.ToString()} AND batch = {batch.Id.ToString()} AND result = {RunResult.Refused.ToString()}
             """,
            stop);
        if (mended > 0)
        {
            await connection.Execute(
                transaction,
                $"""
                 UPDATE source SET failures = 0, last_note = NULL
                 WHERE id = {source.ToString()} AND (SELECT r.batch FROM source_run r WHERE r.source = source.id ORDER BY r.id DESC LIMIT 1) = {batch.Id.ToString()}
                 """,
                stop);
        }
    }
}
