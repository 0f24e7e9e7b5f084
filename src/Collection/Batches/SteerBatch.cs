// In: the number of a batch. Out: cancelled while it has not ended (nothing of it becomes visible, its originals stay), or received again from its originals
// once it was refused or cancelled. Refuses any other state.
using System.Data.Common;
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Collection.Batches;

internal sealed class SteerBatch(StateStore state, ShowBatch show, IntakeBatch intake, JobQueue jobs, ILedger ledger, TimeProvider clock)
{
    internal static async Task<Results<Ok<BatchView>, ProblemHttpResult>> HandleCancel(string batch, SteerBatch steer, ClaimsPrincipal who, CancellationToken stop) =>
        Answer(await steer.Cancel(batch, Actor.From(who)!, stop));

    internal static async Task<Results<Ok<BatchView>, ProblemHttpResult>> HandleRetry(string batch, SteerBatch steer, ClaimsPrincipal who, CancellationToken stop) =>
        Answer(await steer.Retry(batch, Actor.From(who)!, stop));

    public async Task<Result<Batch>> Cancel(string name, Actor actor, CancellationToken stop)
    {
        var found = await show.Find(name, actor, stop);
        if (found.Refused)
        {
            return found;
        }

        // The commit of a load makes the same move under the same condition, so one of the two wins.
        var cancelled = await Move(found.Value, BatchAct.Cancelled, Problems.AlreadyEnded, actor, (connection, transaction) => connection.Execute(
            transaction,
            $"""
             UPDATE batch SET state = {BatchState.Cancelled.ToString()}, ended_at = {clock.GetUtcNow().ToStored()}
             WHERE id = {found.Value.Id.ToString()} AND state IN ({BatchState.Received.ToString()}, {BatchState.Loading.ToString()})
             """,
            stop), stop);
        if (cancelled is { Refused: false, Value.Job: { } job })
        {
            await jobs.Cancel(job, stop);
        }

        return cancelled;
    }

    public async Task<Result<Batch>> Retry(string name, Actor actor, CancellationToken stop)
    {
        var found = await show.Find(name, actor, stop);
        if (found.Refused)
        {
            return found;
        }

        return (await intake.Admit(found.Value.Code, actor, stop)).Problem is { } refusal ? refusal : await Again(found.Value, actor, stop);
    }

    /// <summary>A load of a source is tried again as the source now says: its policy or mapping may be what was mended.</summary>
    private Task<Result<Batch>> Again(Batch batch, Actor actor, CancellationToken stop) => Move(batch, BatchAct.Retried, Problems.CannotRetry, actor, async (connection, transaction) =>
    {
        var won = await connection.Execute(
            transaction,
            $"""
             UPDATE batch SET state = {BatchState.Received.ToString()}, problem = NULL, ended_at = NULL,
                 drift = COALESCE((SELECT s.drift FROM source s WHERE s.id = batch.source AND batch.parent IS NULL), drift),
                 mapping = COALESCE((SELECT s.mapping FROM source s WHERE s.id = batch.source AND batch.parent IS NULL), mapping)
             WHERE id = {batch.Id.ToString()} AND state IN ({BatchState.Refused.ToString()}, {BatchState.Cancelled.ToString()})
             """,
            stop);
        if (won == 1)
        {
            var job = await jobs.Add(connection, transaction, new LoadBatch.Body(batch.Id), $"batch:{batch.Id:D}", stop: stop);
            await connection.Execute(transaction, $"UPDATE batch SET job = {job.ToString()} WHERE id = {batch.Id.ToString()}", stop);
        }

        return won;
    }, stop);

    /// <summary>Makes a move with its line of history and its evidence, all or nothing.</summary>
    /// <param name="otherwise">Why not, when the batch is in another state.</param>
    /// <param name="move">How many rows it changed: one, or none.</param>
    private async Task<Result<Batch>> Move(
        Batch batch, BatchAct act, Problem otherwise, Actor actor, Func<DbConnection, DbTransaction, Task<int>> move, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (await move(connection, transaction) == 0)
        {
            return otherwise.With(batch.Number);
        }

        await BatchRows.Note(connection, transaction, batch.Id, actor.Name, act, clock, new { }, stop);
        await ledger.Append(connection, transaction, actor, new($"collection.{act}".ToLowerInvariant(), batch.Number, "done"), stop);
        await transaction.CommitAsync(stop);
        return (await BatchRows.Find(connection, null, batch.Id, stop))!;
    }

    private static Results<Ok<BatchView>, ProblemHttpResult> Answer(Result<Batch> moved) => moved.Refused ? moved.Problem!.ToHttp() : TypedResults.Ok(BatchView.Of(moved.Value));
}
