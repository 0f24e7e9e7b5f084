// In: the number of a refused or cancelled batch. Out: the same batch, received again from its originals. Refuses any other.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Collection.Batches;

internal sealed class RetryBatch(StateStore state, ShowBatch show, IntakeBatch intake, JobQueue jobs, ILedger ledger, TimeProvider clock)
{
    internal static async Task<Results<Ok<BatchView>, ProblemHttpResult>> Handle(string batch, RetryBatch retry, ClaimsPrincipal who, CancellationToken stop)
    {
        var tried = await retry.Run(batch, Actor.From(who)!, stop);
        return tried.Refused ? tried.Problem!.ToHttp() : TypedResults.Ok(BatchView.Of(tried.Value));
    }

    public async Task<Result<Batch>> Run(string name, Actor actor, CancellationToken stop)
    {
        var found = await show.Find(name, actor, stop);
        if (found.Refused)
        {
            return found;
        }

        var batch = found.Value;
        if ((await intake.Admit(batch.Code, actor, stop)).Problem is { } refusal)
        {
            return refusal;
        }

        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var won = await connection.Execute(
            transaction,
            $"""
             UPDATE batch SET state = {BatchState.Received.ToString()}, problem = NULL, ended_at = NULL
             WHERE id = {batch.Id.ToString()} AND state IN ({BatchState.Refused.ToString()}, {BatchState.Cancelled.ToString()})
             """,
            stop);
        if (won == 0)
        {
            return Problems.CannotRetry.With(batch.Number);
        }

        var job = await jobs.Add(connection, transaction, new LoadBatch.Body(batch.Id), $"batch:{batch.Id:D}", stop: stop);
        await connection.Execute(transaction, $"UPDATE batch SET job = {job.ToString()} WHERE id = {batch.Id.ToString()}", stop);
        await BatchRows.Note(connection, transaction, batch.Id, actor.Name, BatchAct.Retried, clock, new { }, stop);
        await ledger.Append(connection, transaction, actor, new("collection.retried", batch.Number, "done"), stop);
        await transaction.CommitAsync(stop);
        return (await BatchRows.Find(connection, null, batch.Id, stop))!;
    }
}
