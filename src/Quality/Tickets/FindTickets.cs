// In: who looks and what for. Out: tickets of the own unit, those it reported, all for an engineer of the bureau. A foreign one is told like none.
using System.Globalization;
using System.Text.Json.Serialization;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Tickets;

/// <summary>Filters; null or empty ones do not filter.</summary>
/// <param name="Q">Part of the number, the resource's name or code.</param>
/// <param name="From">First day of the city on which it was issued.</param>
/// <param name="To">Last day.</param>
/// <param name="ForMe">True: only what waits for the one who looks.</param>
internal sealed record TicketFilter(
    TicketState? State = null, Guid? Unit = null, Guid? Resource = null, string? Q = null, DateOnly? From = null, DateOnly? To = null, Lateness? Late = null, Origin? Origin = null, bool? ForMe = null);

[JsonConverter(typeof(JsonStringEnumConverter<Lateness>))]
internal enum Lateness
{
    /// <summary>Past its deadline and not answered.</summary>
    Now,

    /// <summary>So now, or once.</summary>
    Ever,
}

/// <summary>A ticket as programs get it.</summary>
internal sealed record TicketView(
    string Number, Origin Origin, Guid Resource, string ResourceCode, string ResourceName, string Unit, string? Reporter, Severity Severity, TicketState State, Outcome? Outcome,
    DateTimeOffset OpenedAt, DateTimeOffset DueAt, DateTimeOffset? ClosedAt, bool Overdue, int Reopened, long Found, long Open, long Mended, long Revision, IReadOnlyList<TicketOption> Options);

internal sealed record LineView(string Code, string? Item, string Reason, string? Batch, DateOnly Day, long Found, long Open, long Mended, long Withdrawn, long Explained, long Undone);

internal sealed record ActView(TicketStep Step, string Person, string? Unit, string? Subject, string? Words, TicketState State, DateTimeOffset At);

internal sealed record TicketDetail(TicketView Ticket, IReadOnlyList<LineView> Lines, IReadOnlyList<ActView> Acts);

/// <summary>A ticket as a line of a file.</summary>
internal sealed record TicketLine(Ticket Ticket, string Unit, long Found, long Open, long Mended, bool Overdue);

internal sealed class FindTickets(TicketsDb db, IUnits units, TimeProvider clock)
{
    public async Task<Result<Ticket>> One(string number, Actor actor, CancellationToken stop) =>
        await db.Tickets.FirstOrDefaultAsync(t => t.Number == number, stop) is { } found && MaySee(found, actor) ? found : Problems.NoTicket.With(number);

    public static bool MaySee(Ticket ticket, Actor actor) => actor.ActsFor(ticket.Unit) || (actor.Has(Roles.Steward) && actor.Unit is { } unit && unit == ticket.Reporter);

    /// <summary>Newest first.</summary>
    public async Task<Page<Ticket>> List(TicketFilter filter, PageAsk page, Actor actor, CancellationToken stop)
    {
        var query = Of(filter, actor);
        return new(await query.OrderByDescending(t => t.Number).Skip(page.Skip).Take(page.Rows).ToListAsync(stop), page.Number, page.Rows, await query.LongCountAsync(stop));
    }

    /// <summary>Tickets with the sums of their rows, newest first, in one question.</summary>
    public async Task<IReadOnlyList<TicketLine>> Lines(TicketFilter filter, int most, Actor actor, CancellationToken stop)
    {
        var (names, now) = ((await units.All(stop)).ToDictionary(u => u.Id, u => u.Name), clock.GetUtcNow());
        var found = new List<TicketLine>();
        var all = Of(filter, actor).OrderByDescending(t => t.Number).Take(most).Select(t => new
        {
            Ticket = t, Found = db.Findings.Where(f => f.Ticket == t.Id).Sum(f => f.Found), Open = db.Findings.Where(f => f.Ticket == t.Id).Sum(f => f.Open),
            Mended = db.Findings.Where(f => f.Ticket == t.Id).Sum(f => f.Mended),
        });
        await foreach (var line in all.AsAsyncEnumerable().WithCancellation(stop))
        {
            found.Add(new(line.Ticket, names.GetValueOrDefault(line.Ticket.Unit, "—"), line.Found, line.Open, line.Mended, IsOverdue(line.Ticket, now)));
        }

        return found;
    }

    /// <summary>Before paging; nothing that does not concern the actor is in it.</summary>
    public IQueryable<Ticket> Of(TicketFilter filter, Actor actor)
    {
        var (bureau, own) = (actor.Has(Roles.Engineer), actor.Has(Roles.Steward) ? actor.Unit : null);
        // Days and moments are texts whose order is that of time; the provider does not translate comparisons of converted values.
        var (first, last, now) = (Stored(filter.From ?? DateOnly.MinValue), Stored(filter.To ?? DateOnly.MaxValue), clock.GetUtcNow().ToStored());
        var all = filter.Late switch
        {
            Lateness.Now => db.Tickets.FromSql($"SELECT * FROM quality_ticket WHERE opened_day BETWEEN {first} AND {last} AND state IN ('Open', 'Mending') AND due_at < {now}"),
            Lateness.Ever => db.Tickets.FromSql($"SELECT * FROM quality_ticket WHERE opened_day BETWEEN {first} AND {last} AND (late = 1 OR (state IN ('Open', 'Mending') AND due_at < {now}))"),
            _ => db.Tickets.FromSql($"SELECT * FROM quality_ticket WHERE opened_day BETWEEN {first} AND {last}"),
        };
        var seen = all.AsNoTracking().Where(t => bureau || t.Unit == own || t.Reporter == own)
            .Where(t => (filter.State == null || t.State == filter.State) && (filter.Unit == null || t.Unit == filter.Unit) && (filter.Resource == null || t.Resource == filter.Resource) && (filter.Origin == null || t.Origin == filter.Origin));
        if (filter.ForMe == true)
        {
            var waiting = Waiting(actor);
            seen = seen.Where(t => waiting.Any(w => w.Id == t.Id));
        }

        var words = filter.Q?.Trim();
        return string.IsNullOrEmpty(words) ? seen : seen.Where(t => t.Number.Contains(words) || t.ResourceName.Contains(words) || t.ResourceCode.Contains(words));
    }

    /// <summary>What waits for the one who looks.</summary>
    public IQueryable<Ticket> Waiting(Actor actor)
    {
        var (bureau, own) = (actor.Has(Roles.Engineer), actor.Has(Roles.Steward) ? actor.Unit : null);
        return db.Tickets.AsNoTracking().Where(t =>
            (bureau && (t.State == TicketState.Explained || t.State == TicketState.Objected))
            || (t.Unit == own && (t.State == TicketState.Open || t.State == TicketState.Mending))
            || (t.Reporter == own && t.State == TicketState.Rechecked));
    }

    public Task<List<Finding>> Lines(Ticket ticket, CancellationToken stop) => db.Findings.AsNoTracking().Where(f => f.Ticket == ticket.Id).OrderByDescending(f => f.Open).ThenBy(f => f.Code).ThenBy(f => f.At).ToListAsync(stop);

    public Task<List<Act>> Acts(Ticket ticket, CancellationToken stop) => db.Acts.AsNoTracking().Where(a => a.Ticket == ticket.Id).OrderBy(a => a.Revision).ThenBy(a => a.Id).ToListAsync(stop);

    /// <summary>Rows by ticket: found, open, mended.</summary>
    public async Task<IReadOnlyDictionary<Guid, (long Found, long Open, long Mended)>> Sums(IReadOnlyList<Ticket> tickets, CancellationToken stop)
    {
        var ids = tickets.Select(t => t.Id).ToList();
        return (await db.Findings.AsNoTracking().Where(f => ids.Contains(f.Ticket)).GroupBy(f => f.Ticket).Select(g => new { g.Key, Found = g.Sum(f => f.Found), Open = g.Sum(f => f.Open), Mended = g.Sum(f => f.Mended) }).ToListAsync(stop))
            .ToDictionary(s => s.Key, s => (s.Found, s.Open, s.Mended));
    }

    public async Task<IReadOnlyList<TicketView>> Views(IReadOnlyList<Ticket> tickets, Actor actor, CancellationToken stop)
    {
        var (names, sums) = ((await units.All(stop)).ToDictionary(u => u.Id, u => u.Name), await Sums(tickets, stop));
        return
        [
            .. tickets.Select(t =>
            {
                var sum = sums.GetValueOrDefault(t.Id);
                return new TicketView(
                    t.Number, t.Origin, t.Resource, t.ResourceCode, t.ResourceName, names.GetValueOrDefault(t.Unit, "—"), t.Reporter is { } reporter ? names.GetValueOrDefault(reporter) : null, t.Severity, t.State,
                    t.Outcome, t.OpenedAt, t.DueAt, t.ClosedAt, IsOverdue(t, clock.GetUtcNow()), t.Reopened, sum.Found, sum.Open, sum.Mended, t.Revision, Flow.Options(t, actor));
            }),
        ];
    }

    public async Task<TicketDetail> Detail(Ticket ticket, Actor actor, CancellationToken stop)
    {
        var names = (await units.All(stop)).ToDictionary(u => u.Id, u => u.Name);
        return new(
            (await Views([ticket], actor, stop))[0],
            [.. (await Lines(ticket, stop)).Select(l => new LineView(l.Code, l.ItemName, l.Reason.ToString(), l.Number, l.Day, l.Found, l.Open, l.Mended, l.Withdrawn, l.Explained, l.Undone))],
            [.. (await Acts(ticket, stop)).Select(a => new ActView(a.Step, a.Person, a.Unit is { } unit ? names.GetValueOrDefault(unit) : null, a.Subject, a.Words, a.State, a.At))]);
    }

    public static bool IsOverdue(Ticket ticket, DateTimeOffset now) => ticket.Runs && ticket.DueAt < now;

    private static string Stored(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
