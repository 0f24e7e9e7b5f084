// In: what Collection says of a batch. Out: its faults as lines of tickets, and each ticket one or more steps on. Writes into the caller's unit of work.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Tickets;

internal sealed class WriteFindings(TicketsDb db, IRejects rejects, ICatalog catalog, Deadlines deadlines, TimeProvider clock)
{
    private static readonly Text Gone = new("生效的规则里不再有这条规则，未整改的行不再要求整改；没有人认定这些行正确。", "The rules in force have this rule no more; nothing is asked about the rows left, and nobody said that they are right.");

    /// <summary>Brings the lines of a known batch up to date.</summary>
    public async Task Refresh(LandedBatch batch, Dictionary<Guid, Occasion> touched, Occasion why, CancellationToken stop)
    {
        var groups = batch.UndoneWhy is null ? await rejects.Groups(batch.Id, stop) : [];
        var lines = await db.Findings.Where(f => f.Batch == batch.Id).ToListAsync(stop);
        if (batch.UndoneWhy is { } reason)
        {
            foreach (var ticket in lines.Where(l => l.Undone == 0).Select(l => l.Ticket).Distinct())
            {
                await Note(ticket, TicketStep.Undone, batch.Number, new Text("批次已撤销：{0}", "The batch was undone: {0}").With(reason.Length > 0 ? reason : "—").ToString(), stop);
            }
        }

        foreach (var line in lines)
        {
            if (batch.UndoneWhy is not null)
            {
                (line.Undone, line.Open, line.Mended, line.Withdrawn, line.Explained) = (line.Found, 0, 0, 0, 0);
            }
            else if (groups.FirstOrDefault(g => g.Code == line.Code && g.At == line.At) is { } group)
            {
                (line.Found, line.Open, line.Mended, line.Withdrawn, line.Explained) = (group.Rows.Found, group.Rows.Open, group.Rows.Mended, group.Rows.Withdrawn, group.Rows.Explained);
            }

            touched[line.Ticket] = why;
        }
    }

    /// <summary>The faults of a batch nobody knew yet: into the open tickets that have their kinds, the others into a new one.</summary>
    public async Task Add(LandedBatch batch, Dictionary<Guid, Occasion> touched, List<(Actor, Evidence)> evidence, CancellationToken stop)
    {
        if (batch.UndoneWhy is not null || batch.Rejects.Found == 0)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var names = (await catalog.Published(batch.Resource, stop))?.Items.ToDictionary(i => i.Id, i => i.Name) ?? [];
        var open = await db.Tickets.Where(t => t.Resource == batch.Resource && t.Origin == Origin.Batch && t.State != TicketState.Closed).OrderBy(t => t.Number).ToListAsync(stop);
        var ids = open.ConvertAll(t => t.Id);
        var kinds = await db.Findings.AsNoTracking().Where(f => ids.Contains(f.Ticket)).Select(f => new { f.Ticket, f.Code, f.Item }).Distinct().ToListAsync(stop);
        Ticket? made = null;
        foreach (var group in await rejects.Groups(batch.Id, stop))
        {
            var joined = open.FirstOrDefault(t => kinds.Exists(k => k.Ticket == t.Id && k.Code == group.Code && k.Item == group.Item));
            var ticket = joined ?? (made ??= await Issue(batch, now, evidence, stop));
            if (joined is not null && touched.TryAdd(joined.Id, Occasion.Changed))
            {
                var from = joined.State;
                db.Step(joined, TicketStep.Joined, Flow.Moved(joined.Origin, joined.State, TicketStep.Joined) ?? joined.State, Actor.System, now, batch.Number);
                await deadlines.Restart(joined, from, now, stop);
                evidence.Add((Actor.System, Told(joined, TicketStep.Joined, new { batch = batch.Number })));
            }

            db.Findings.Add(Line(ticket, batch, group, names, now));
        }
    }

    /// <summary>Each ticket that was touched goes where its rows now lead.</summary>
    /// <param name="sent">Number of the batch that brought rows again; null for another occasion.</param>
    public async Task Settle(Dictionary<Guid, Occasion> touched, string? sent, List<(Actor, Evidence)> evidence, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        foreach (var (id, why) in touched)
        {
            var ticket = await db.Tickets.FindAsync([id], stop) ?? throw new InvalidOperationException("A line has no ticket.");
            await db.Findings.Where(f => f.Ticket == id).LoadAsync(stop);
            var lines = db.Findings.Local.Where(f => f.Ticket == id).ToList();
            foreach (var step in Flow.Looked(ticket.Origin, ticket.State, lines.Sum(l => l.Open), why))
            {
                var from = ticket.State;
                db.Step(ticket, step, Flow.Moved(ticket.Origin, ticket.State, step)!.Value, Actor.System, now, sent, step == TicketStep.RuleGone ? Gone.ToString() : null);
                ticket.Outcome = step switch { TicketStep.Finished => OutcomeOf(lines), TicketStep.RuleGone => Outcome.RuleGone, _ => null };
                evidence.Add((Actor.System, Told(ticket, step, new { found = lines.Sum(l => l.Found), open = lines.Sum(l => l.Open) })));
                await deadlines.Restart(ticket, from, now, stop);
            }
        }
    }

    /// <summary>How a ticket ended, by most of its rows.</summary>
    public static Outcome OutcomeOf(IReadOnlyCollection<Finding> lines) =>
        lines.Sum(l => l.Undone) == lines.Sum(l => l.Found) ? Outcome.Undone
        : lines.Sum(l => l.Mended) >= lines.Sum(l => l.Explained + l.Withdrawn) ? Outcome.Mended
        : Outcome.Explained;

    /// <summary>A step as evidence; the unit it concerns finds it.</summary>
    public static Evidence Told(Ticket ticket, TicketStep step, object? detail = null, string result = Evidence.Done) =>
        new($"ticket.{step.ToString().ToLowerInvariant()}", ticket.Number, result, detail) { Exchange = new() { Provider = ticket.Unit, Receiver = ticket.Reporter, Resource = ticket.Resource } };

    private async Task<Ticket> Issue(LandedBatch batch, DateTimeOffset now, List<(Actor, Evidence)> evidence, CancellationToken stop)
    {
        var severity = await deadlines.Of(batch.Counts, DateOnly.FromDateTime(now.InCity().DateTime), stop);
        var (due, remind) = await deadlines.From(severity, now, stop);
        var ticket = new Ticket
        {
            Id = Guid.CreateVersion7(now), Number = await db.NextNumber(now.InCity().Year, stop), Origin = Origin.Batch, Resource = batch.Resource, ResourceCode = batch.Code, ResourceName = batch.Name,
            Unit = batch.Unit, Severity = severity, OpenedAt = now, OpenedDay = DateOnly.FromDateTime(now.InCity().DateTime), DueAt = due, RemindAt = remind,
        };
        db.Tickets.Add(ticket);
        db.Step(ticket, TicketStep.Issued, TicketState.Open, Actor.System, now, batch.Number);
        evidence.Add((Actor.System, Told(ticket, TicketStep.Issued, new { batch = batch.Number, severity = severity.ToString(), rows = batch.Rejects.Found })));
        return ticket;
    }

    private async Task Note(Guid id, TicketStep step, string subject, string words, CancellationToken stop)
    {
        var ticket = (await db.Tickets.FindAsync([id], stop))!;
        db.Step(ticket, step, ticket.State, Actor.System, clock.GetUtcNow(), subject, words);
    }

    private static Finding Line(Ticket ticket, LandedBatch batch, RejectGroup group, Dictionary<Guid, string> names, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now), Ticket = ticket.Id, Code = group.Code, Item = group.Item, ItemName = group.Item is { } item ? names.GetValueOrDefault(item) ?? "?" : null, At = group.At,
        ReasonZh = group.Reason.Zh, ReasonEn = group.Reason.En, Batch = batch.Id, Number = batch.Number, Day = DateOnly.FromDateTime(batch.LandedAt.InCity().DateTime),
        Found = group.Rows.Found, Open = group.Rows.Open, Mended = group.Rows.Mended, Withdrawn = group.Rows.Withdrawn, Explained = group.Rows.Explained,
    };
}
