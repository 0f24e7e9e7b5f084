// In: the number of a landed batch, given twice to confirm, and why. Out: a new snapshot without its rows; what it replaced is back.
// Refuses when later batches changed the same rows, and names them.
using System.Security.Claims;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Collection.Rejects;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Web;
using Lizhou.Lake;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Collection.Batches;

internal sealed class UndoBatch(StateStore state, ShowBatch show, Warehouse lake, ILedger ledger, TimeProvider clock)
{
    /// <param name="Confirm">The number of the batch, once more.</param>
    /// <param name="Reason">Why; goes to the timeline and the ledger.</param>
    internal sealed record Request(string? Confirm, string? Reason);

    internal static async Task<Results<Ok<BatchView>, ProblemHttpResult>> Handle(
        string batch, Request ask, UndoBatch undo, ClaimsPrincipal who, CancellationToken stop)
    {
        var undone = await undo.Run(batch, ask, Actor.From(who)!, stop);
        return undone.Refused ? undone.Problem!.ToHttp() : TypedResults.Ok(BatchView.Of(undone.Value));
    }

    public async Task<Result<Batch>> Run(string name, Request ask, Actor actor, CancellationToken stop)
    {
        var found = await show.Find(name, actor, stop);
        if (found.Refused)
        {
            return found;
        }

        var batch = found.Value;
        if (batch.State != BatchState.Landed)
        {
            return Problems.NotLanded.With(batch.Number);
        }

        if (ask.Confirm?.Trim() != batch.Number)
        {
            return Problems.NotConfirmed.With(batch.Number);
        }

        var write = batch.Net == 0 && batch.Counts.Accepted == 0
            ? await Alone(batch, ask, actor, stop)
            : await lake.Undo(batch.Snapshot!.Value, Terms(batch, ask, actor, stop), stop);
        if (write.Refused)
        {
            return await Refused(batch, write.Problem!, actor, stop);
        }

        await using var connection = await state.Open(stop);
        return (await BatchRows.Find(connection, null, batch.Id, stop))!;
    }

    private Terms Terms(Batch batch, Request ask, Actor actor, CancellationToken stop) => new($"undo:{batch.Id:D}", actor.Name, $"undo {batch.Number}", async (connection, transaction, write) =>
    {
        await connection.Execute(
            transaction,
            $"UPDATE batch SET state = {BatchState.Undone.ToString()}, undo_snapshot = {write.Snapshot} WHERE id = {batch.Id.ToString()} AND state = {BatchState.Landed.ToString()}",
            stop);
        if (batch.Parent is { } parent)
        {
            await Replays.Reopen(connection, transaction, batch.Id, parent, stop);
        }

        await JudgedAgain.Reopen(connection, transaction, batch.Id, stop);
        await connection.Execute(
            transaction,
            $"""
             UPDATE landing_resource SET last_at = (SELECT MAX(ended_at) FROM batch WHERE resource = {batch.Resource.ToString()} AND state = {BatchState.Landed.ToString()})
             WHERE resource = {batch.Resource.ToString()}
             """,
            stop);
        await BatchRows.Note(connection, transaction, batch.Id, actor.Name, BatchAct.Undone, clock, new { reason = ask.Reason, write.Snapshot }, stop);
        await ledger.Append(connection, transaction, actor, new("collection.undone", batch.Number, "done", new { reason = ask.Reason, write.Snapshot }), stop);
        await OutboxRow.Tell(connection, transaction, new BatchUndone(batch.Id, batch.Resource, batch.Table, write.Snapshot), clock, stop);
    });

    /// <summary>A batch that brought no row leaves the lake as it is.</summary>
    private async Task<Result<Write>> Alone(Batch batch, Request ask, Actor actor, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var write = new Write("undo", 0, batch.Snapshot ?? 0, 0, 0);
        await Terms(batch, ask, actor, stop).Along!(connection, transaction, write);
        await transaction.CommitAsync(stop);
        return write;
    }

    private async Task<Result<Batch>> Refused(Batch batch, Problem why, Actor actor, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var later = await BatchRows.List(
            connection, null,
            $"WHERE resource = {batch.Resource.ToString()} AND state = {BatchState.Landed.ToString()} AND snapshot > {batch.Snapshot} AND accepted > 0 ORDER BY snapshot LIMIT 5",
            stop);
        var problem = Problems.LaterChanges;
        problem = problem with
        {
            What = new(
                string.Format(null, problem.What.Zh, batch.Number, why.What.Zh),
                string.Format(null, problem.What.En, batch.Number, why.What.En)),
            Todo = problem.Todo.With(string.Join(", ", later.Select(b => b.Number))),
        };
        await ledger.Append(actor, new("collection.undo-refused", batch.Number, why.Code), stop);
        return later.Count > 0 ? problem : why;
    }
}
