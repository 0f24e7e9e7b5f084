// In: rejected rows of a batch, chosen by filter, a new state and an explanation. Out: they are withdrawn, or accepted as they are, and the ledger knows why.
using System.Security.Claims;
using Lizhou.Collection.Batches;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Collection.Rejects;

internal sealed class SettleRejects(StateStore state, Settings settings, ShowBatch show, ILedger ledger, TimeProvider clock)
{
    /// <param name="State"><see cref="RejectState.Withdrawn"/> or <see cref="RejectState.Explained"/>.</param>
    /// <param name="Words">Why.</param>
    /// <param name="Seqs">The rows; null for all open ones that <paramref name="Code"/> and <paramref name="Item"/> select.</param>
    internal sealed record Request(RejectState State, string? Words, IReadOnlyList<long>? Seqs = null, string? Code = null, int? Item = null) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (State is not (RejectState.Withdrawn or RejectState.Explained))
            {
                yield return new("state", new("只能是撤回或说明", "must be Withdrawn or Explained"));
            }

            if (Words?.Length > 1_000)
            {
                yield return new("words", new("不超过 1000 字", "at most 1,000 characters"));
            }
        }
    }

    internal static async Task<Results<Ok<BatchView>, ProblemHttpResult>> Handle(
        string batch, Request ask, SettleRejects settle, ClaimsPrincipal who, CancellationToken stop)
    {
        var settled = await settle.Run(batch, ask, Actor.From(who)!, stop);
        return settled.Refused ? settled.Problem!.ToHttp() : TypedResults.Ok(BatchView.Of(settled.Value));
    }

    public async Task<Result<Batch>> Run(string name, Request ask, Actor actor, CancellationToken stop)
    {
        var found = await show.Find(name, actor, stop);
        if (found.Refused)
        {
            return found;
        }

        var batch = found.Value;
        if (batch.RejectDigest is null)
        {
            return Problems.NoRejects.With(batch.Number);
        }

        if (string.IsNullOrWhiteSpace(ask.Words))
        {
            return Problems.NoExplanation;
        }

        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var states = await RejectStates.Load(connection, transaction, batch.Id, batch.Counts.Rejected, stop);
        var rows = ask.Seqs ?? RejectPage.Select(RejectFile.PathOf(settings, batch.Id), ask.Code, ask.Item);
        var moved = await states.Move(
            connection, transaction, batch.Id, rows.Where(s => s >= 0 && s < batch.Counts.Rejected), RejectState.Open, ask.State, stop);
        var now = clock.GetUtcNow();
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO reject_explanation (id, batch, at, actor, state, rows, words)
             VALUES ({Guid.CreateVersion7(now).ToString()}, {batch.Id.ToString()}, {now.ToStored()}, {actor.Name}, {ask.State.ToString()}, {moved}, {ask.Words.Trim()})
             """,
            stop);
        await BatchRows.Note(connection, transaction, batch.Id, actor.Name, BatchAct.Settled, clock, new { state = ask.State, rows = moved, words = ask.Words.Trim() }, stop);
        await ledger.Append(connection, transaction, actor, new("rejects.settled", batch.Number, "done", new { state = ask.State, rows = moved }), stop);
        await OutboxRow.Tell(connection, transaction, new RejectsSettled(batch.Id, batch.Resource), clock, stop);
        await transaction.CommitAsync(stop);
        return (await BatchRows.Find(connection, null, batch.Id, stop))!;
    }
}
