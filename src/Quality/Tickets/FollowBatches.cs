// In: a batch landed, was undone, or some of its rejected rows were settled. Out: what is known of the resource's batches is brought up to date; faults become lines of tickets,
// an open ticket takes those of its kinds, a new one the others; what is mended is re-checked and closed, what comes back is open again; the gate decides anew.
// Idempotent: everything is compared with what Collection says now.
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Quality.Gates;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Tickets;

internal sealed class FollowBatches(TicketsDb db, IRejects rejects, JudgeBatch judge, WriteFindings write, ILedger ledger) : IHandle<BatchLanded>, IHandle<BatchUndone>, IHandle<RejectsSettled>
{
    // Older ones are settled or forgotten; a look takes one question.
    private const int MostLookedAt = 998;

    public Task Handle(BatchLanded fact, Guid delivery, CancellationToken stop) => Look(fact.Resource, fact.Batch, Occasion.SentAgain, stop);

    public Task Handle(BatchUndone fact, Guid delivery, CancellationToken stop) => Look(fact.Resource, fact.Batch, Occasion.Changed, stop);

    public Task Handle(RejectsSettled fact, Guid delivery, CancellationToken stop) => Look(fact.Resource, fact.Batch, Occasion.Settled, stop);

    private async Task Look(Guid resource, Guid batch, Occasion why, CancellationToken stop)
    {
        var root = await Root(batch, stop);
        var known = await db.Batches.Where(b => b.Resource == resource && b.Rejected > 0).OrderByDescending(b => b.Number).Take(MostLookedAt).ToListAsync(stop);
        if (root is not null && known.All(b => b.Batch != root.Id) && await db.Batches.FirstOrDefaultAsync(b => b.Batch == root.Id, stop) is { } clean)
        {
            known.Add(clean);
        }

        var evidence = new List<(Actor, Evidence)>();
        var touched = new Dictionary<Guid, Occasion>();
        var said = (await rejects.Batches([.. known.Select(b => b.Batch).Append(batch)], stop)).ToDictionary(b => b.Id);

        // Mended rows that all failed again leave the counts as they were, and were found again all the same; the fact may come twice.
        var sent = why == Occasion.SentAgain && root is not null && batch != root.Id ? said.GetValueOrDefault(batch)?.Number : null;
        var again = sent is not null && !await db.Acts.AnyAsync(a => a.Step == TicketStep.Returned && a.Subject == sent, stop);
        foreach (var before in known)
        {
            if (said.TryGetValue(before.Batch, out var now) && ((again && before.Batch == root?.Id) || before.Tally != now.Rejects || before.Undone != now.UndoneWhy is not null))
            {
                await write.Refresh(now, touched, why, stop);
                judge.Again(before, now, evidence);
            }
        }

        if (root is not null && known.All(b => b.Batch != root.Id))
        {
            await write.Add(root, touched, evidence, stop);
            await judge.First(root, evidence, stop);
        }

        await write.Settle(touched, sent, evidence, stop);
        if (await db.Commit(ledger, evidence, stop) is { } late)
        {
            throw new ProblemException(late); // The outbox brings the fact again.
        }
    }

    /// <summary>The batch, or the one whose rows it brought again; null when it is no longer there.</summary>
    private async Task<LandedBatch?> Root(Guid batch, CancellationToken stop)
    {
        var found = await rejects.Batches([batch], stop) is [var one] ? one : null;
        return found is { Parent: { } parent } ? await Root(parent, stop) : found;
    }
}
