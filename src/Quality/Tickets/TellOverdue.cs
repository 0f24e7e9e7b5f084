// In: the clock. Out: tickets whose deadline is near are reminded of, once; those past it are told to be overdue, once, in their history and the ledger.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Quality.Tickets;

internal sealed class TellOverdue(IServiceScopeFactory scopes, TimeProvider clock) : IRounds
{
    private const int AtOnce = 200;

    public async Task<int> Look(CancellationToken stop)
    {
        using var scope = scopes.CreateScope();
        var (db, ledger) = (scope.ServiceProvider.GetRequiredService<TicketsDb>(), scope.ServiceProvider.GetRequiredService<ILedger>());
        var now = clock.GetUtcNow();
        var text = now.ToStored();
        var due = await db.Tickets.FromSql(
            $"SELECT * FROM quality_ticket WHERE state IN ('Open', 'Mending') AND ((overdue = 0 AND due_at < {text}) OR (reminded = 0 AND remind_at < {text})) ORDER BY due_at LIMIT {AtOnce}").ToListAsync(stop);
        var evidence = new List<(Actor, Evidence)>();
        foreach (var ticket in due)
        {
            var step = ticket.DueAt < now ? TicketStep.Overdue : TicketStep.Reminded;
            (ticket.Reminded, ticket.Overdue) = (true, step == TicketStep.Overdue);
            ticket.Late |= ticket.Overdue;
            var stage = ticket.StageAt;
            db.Step(ticket, step, ticket.State, Actor.System, now);
            ticket.StageAt = stage;
            evidence.Add((Actor.System, WriteFindings.Told(ticket, step, new { due = ticket.DueAt })));
        }

        // One that moved meanwhile is looked at in the next round.
        return due.Count > 0 && await db.Commit(ledger, evidence, stop) is null ? due.Count : 0;
    }
}
