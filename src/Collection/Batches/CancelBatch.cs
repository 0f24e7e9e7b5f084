// In: the number of a batch that has not ended. Out: it is cancelled; nothing of it becomes visible, its originals stay. Refuses ended ones.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Collection.Batches;

internal sealed class CancelBatch(StateStore state, ShowBatch show, JobQueue jobs, ILedger ledger, TimeProvider clock)
{
    internal static async Task<Results<Ok<BatchView>, ProblemHttpResult>> Handle(string batch, CancelBatch cancel, ClaimsPrincipal who, CancellationToken stop)
    {
        var cancelled = await cancel.Run(batch, Actor.From(who)!, stop);
        return cancelled.Refused ? cancelled.Problem!.ToHttp() : TypedResults.Ok(BatchView.Of(cancelled.Value));
    }

    public async Task<Result<Batch>> Run(string name, Actor actor, CancellationToken stop)
    {
        var found = await show.Find(name, actor, stop);
        if (found.Refused)
        {
            return found;
        }

        var batch = found.Value;
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        // The commit of a load makes the same move under the same condition, so one of the two wins.
        var won = await connection.Execute(
            transaction,
            $"""
             UPDATE batch SET state = {BatchState.Cancelled.ToString()}, ended_at = {clock.GetUtcNow().ToStored()}
             WHERE id = {batch.Id.ToString()} AND state IN ({BatchState.Received.ToString()}, {BatchState.Loading.ToString()})
             """,
            stop);
        if (won == 0)
        {
            return Problems.AlreadyEnded.With(batch.Number);
        }

        await BatchRows.Note(connection, transaction, batch.Id, actor.Name, BatchAct.Cancelled, clock, new { }, stop);
        await ledger.Append(connection, transaction, actor, new("collection.cancelled", batch.Number, "done"), stop);
        await transaction.CommitAsync(stop);
        if (batch.Job is { } job)
        {
            await jobs.Cancel(job, stop);
        }

        return (await BatchRows.Find(connection, null, batch.Id, stop))!;
    }
}
