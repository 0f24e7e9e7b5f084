// In: what a scan found in batches of a resource with kept rules. Out: the gate knows each batch's score; one ticket for each batch and rule with rows at fault, brought up to date and closed once none is left.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Quality.Gates;
using Lizhou.Quality.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept;

internal sealed class JudgeKept(TicketsDb db, JudgeBatch judge, WriteFindings write, Deadlines deadlines, ILedger ledger, TimeProvider clock)
{
    /// <summary>Batches of a resource with rows still to mend for a rule, or for one that was taken out and may be back.</summary>
    /// <param name="undone">A batch was undone: what it mended elsewhere may be at fault again.</param>
    public Task<List<Guid>> Open(Guid resource, bool undone, CancellationToken stop) => db.Findings.AsNoTracking()
        .Where(f => (f.Open > 0 || f.Withdrawn > 0 || (undone && (f.Mended > 0 || f.Found == 0))) && f.Undone == 0 && f.Batch != null && db.Tickets.Any(t => t.Id == f.Ticket && t.Origin == Origin.Rule && t.Resource == resource)).Select(f => f.Batch!.Value).Distinct().ToListAsync(stop);

    /// <summary>A look that came to nothing: the batches that wait for it say why.</summary>
    public async Task Fault(Guid resource, Problem problem, CancellationToken stop)
    {
        foreach (var batch in await db.Batches.Where(b => b.Resource == resource && b.Waits).ToListAsync(stop))
        {
            (batch.FaultZh, batch.FaultEn) = (problem.What.Zh, problem.What.En);
        }

        await db.SaveChangesAsync(stop);
    }

    /// <param name="carried">Rows at fault that came again in another batch as they were.</param>
    /// <param name="undone">A batch of the resource was undone.</param>
    public async Task Run(ResourceCard card, RulesNow rules, IReadOnlyList<BatchFound> found, IReadOnlyList<Carried> carried, bool undone, CancellationToken stop)
    {
        if (rules.Version == 0 || found.Count == 0)
        {
            return;
        }

        var (evidence, touched) = (new List<(Actor, Evidence)>(), new Dictionary<Guid, Occasion>());
        foreach (var batch in found)
        {
            if (await db.Batches.FirstOrDefaultAsync(b => b.Batch == batch.Root && !b.Undone, stop) is not { } known)
            {
                continue;
            }

            // Rules that are newer than an admitted batch make tickets of its rows; they do not take it back.
            if (batch.Fresh || undone || !known.Admitted)
            {
                judge.Scanned(known, Figures.Hundredths(batch.Score), evidence);
            }

            await Flag(card, known, batch, carried, touched, evidence, stop);
        }

        await write.Settle(touched, null, evidence, stop);
        if (await db.Commit(ledger, evidence, stop) is { } late)
        {
            throw new DbUpdateConcurrencyException(late.ToString()); // Not a refusal, which would park the job: it comes again.
        }
    }

    private async Task Flag(ResourceCard card, KnownBatch known, BatchFound batch, IReadOnlyList<Carried> carried, Dictionary<Guid, Occasion> touched, List<(Actor, Evidence)> evidence, CancellationToken stop)
    {
        var lines = await db.Findings.Where(f => f.Batch == batch.Root && db.Tickets.Any(t => t.Id == f.Ticket && t.Origin == Origin.Rule)).ToListAsync(stop);
        var counts = batch.Counts.Where(c => c.Severity != Rules.Severity.Notice).ToDictionary(c => c.Rule, StringComparer.Ordinal);
        foreach (var line in lines.Where(l => l is { Undone: 0, Explained: 0 }))
        {
            var there = counts.TryGetValue(line.Code, out var count);
            Bring(line, there ? count!.Failed : null, carried.Where(c => c.From == batch.Root && c.Rule == line.Code).Sum(c => c.Rows));
            touched[line.Ticket] = there ? Occasion.Changed : Occasion.RuleGone;
        }

        foreach (var count in counts.Values.Where(c => c.Failed > 0 && lines.All(l => l.Code != c.Rule)))
        {
            if (await Carrying(batch.Root, count.Rule, carried, stop) is { } ticket)
            {
                await Join(card, ticket, known, batch, count, touched, evidence, stop);
            }
            else
            {
                await Issue(card, known, batch, count, evidence, stop);
            }
        }
    }

    /// <summary>The ticket of the rows that came again in this batch as wrong as before, the one due first: it goes on, with its days.</summary>
    private async Task<Ticket?> Carrying(Guid to, string rule, IReadOnlyList<Carried> carried, CancellationToken stop)
    {
        var from = carried.Where(c => c.To == to && c.Rule == rule).Select(c => c.From).ToList();
        return from.Count == 0
            ? null
            : await db.Tickets.Where(t => t.Origin == Origin.Rule && t.State != TicketState.Closed && db.Findings.Any(f => f.Ticket == t.Id && f.Code == rule && f.Open > 0 && f.Batch != null && from.Contains(f.Batch.Value)))
                .OrderBy(t => t.DueAt).FirstOrDefaultAsync(stop);
    }

    /// <summary>What is at fault now stays open; what no longer is was mended, but for what came again as it was, which counts where it lies now; of a rule that is gone nothing is asked, until it is back.</summary>
    /// <param name="failed">Null when the rule is gone.</param>
    private static void Bring(Finding line, long? failed, long carried)
    {
        if (failed is not { } open)
        {
            (line.Withdrawn, line.Open) = (line.Withdrawn + line.Open, 0);
            return;
        }

        line.Found = Math.Max(line.Found - carried, open);
        (line.Open, line.Mended, line.Withdrawn) = (open, line.Found - open, 0);
    }

    private async Task Issue(ResourceCard card, KnownBatch known, BatchFound batch, RuleCount count, List<(Actor, Evidence)> evidence, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var share = await deadlines.Of(new BatchCounts(count.Judged - count.Failed, count.Failed, 0, 0), now.Day(), stop);
        // A grave rule makes no small matter, however few rows break it.
        var severity = count.Severity == Rules.Severity.Serious && share < Severity.Serious ? Severity.Serious : share;
        var (due, remind) = await deadlines.From(severity, now, stop);
        var ticket = new Ticket
        {
            Id = Guid.CreateVersion7(now), Number = await db.NextNumber(now.InCity().Year, stop), Origin = Origin.Rule, Resource = card.Id, ResourceCode = card.Code, ResourceName = card.Name, Unit = card.Unit,
            Severity = severity, OpenedAt = now, OpenedDay = now.Day(), DueAt = due, RemindAt = remind,
        };
        db.Tickets.Add(ticket);
        db.Step(ticket, TicketStep.Issued, TicketState.Open, Actor.System, now, known.Number);
        db.Findings.Add(Line(card, ticket, known, batch, count, now));
        evidence.Add((Actor.System, WriteFindings.Told(ticket, TicketStep.Issued, new { batch = known.Number, severity = severity.ToString(), rule = count.Rule, rows = count.Failed })));
    }

    private async Task Join(ResourceCard card, Ticket ticket, KnownBatch known, BatchFound batch, RuleCount count, Dictionary<Guid, Occasion> touched, List<(Actor, Evidence)> evidence, CancellationToken stop)
    {
        var (now, from) = (clock.GetUtcNow(), ticket.State);
        db.Step(ticket, TicketStep.Joined, Flow.Moved(ticket.Origin, ticket.State, TicketStep.Joined) ?? ticket.State, Actor.System, now, known.Number);
        await deadlines.Restart(ticket, from, now, stop);
        db.Findings.Add(Line(card, ticket, known, batch, count, now));
        touched[ticket.Id] = Occasion.Changed;
        evidence.Add((Actor.System, WriteFindings.Told(ticket, TicketStep.Joined, new { batch = known.Number, rule = count.Rule, rows = count.Failed })));
    }

    private static Finding Line(ResourceCard card, Ticket ticket, KnownBatch known, BatchFound batch, RuleCount count, DateTimeOffset now)
    {
        var items = count.Columns.Select(c => card.Items.FirstOrDefault(i => string.Equals(i.Column, c, StringComparison.OrdinalIgnoreCase))).OfType<ItemCard>().Distinct().ToList();
        return new()
        {
            Id = Guid.CreateVersion7(now), Ticket = ticket.Id, Code = count.Rule, Item = items.FirstOrDefault()?.Id, ItemName = items.Count == 0 ? null : string.Join("、", items.Select(i => i.Name)), At = -1, ReasonZh = count.Reason.Zh, ReasonEn = count.Reason.En,
            Batch = batch.Root, Number = known.Number, Day = known.Day, Found = count.Failed, Open = count.Failed,
        };
    }
}

internal static class CityDays
{
    /// <summary>The day of the city a moment lies in.</summary>
    public static DateOnly Day(this DateTimeOffset moment) => DateOnly.FromDateTime(moment.InCity().DateTime);
}
