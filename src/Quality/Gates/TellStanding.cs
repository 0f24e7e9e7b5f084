// In: batches. Out: how each stands with the gate, and the tickets about its rows that are still open.
using Lizhou.Contracts.Collection;
using Lizhou.Quality.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Gates;

internal sealed class TellStanding(TicketsDb db, IRejects rejects) : IBatchStandings
{
    public async Task<BatchStanding?> Of(Guid batch, CancellationToken stop)
    {
        if (await db.Batches.AsNoTracking().FirstOrDefaultAsync(b => b.Batch == batch, stop) is { } known)
        {
            return known.Undone ? null : new(known.Admitted ? null : JudgeBatch.Why(known), [.. (await Tickets([batch], stop))[batch]]);
        }

        return await rejects.Batches([batch], stop) is [{ Parent: { } mends, UndoneWhy: null }] ? await Of(mends, stop) : null;
    }

    /// <summary>Numbers of open tickets by the batch they are about.</summary>
    public async Task<ILookup<Guid, string>> Tickets(IReadOnlyCollection<Guid> batches, CancellationToken stop) =>
        (await (from line in db.Findings.AsNoTracking()
                join ticket in db.Tickets.AsNoTracking() on line.Ticket equals ticket.Id
                where line.Batch != null && batches.Contains(line.Batch.Value) && ticket.State != TicketState.Closed
                orderby ticket.Number
                select new { Batch = line.Batch!.Value, ticket.Number }).ToListAsync(stop)).Distinct().ToLookup(l => l.Batch, l => l.Number);
}
