// In: how bad a batch is, a day. Out: the severity and the deadline in working days, by the table of limits of that day.
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Tickets;

internal sealed class Deadlines(TicketsDb db, IWorkCalendar calendar)
{
    private List<Limit>? limits;

    /// <summary>The worst severity whose share is reached. Pure.</summary>
    /// <param name="share">Rejected ÷ (read − filtered), in ten-thousandths.</param>
    public static Severity SeverityOf(IEnumerable<Limit> limits, int share, DateOnly day) =>
        limits.Where(l => l.Holds(day) && l.FromShare <= share).OrderByDescending(l => l.FromShare).ThenByDescending(l => l.Severity).Select(l => (Severity?)l.Severity).FirstOrDefault() ?? Severity.Minor;

    public async Task<Severity> Of(BatchCounts counts, DateOnly day, CancellationToken stop)
    {
        var counted = counts.Read - counts.Filtered;
        return SeverityOf(await Limits(stop), counted == 0 ? 0 : (int)(counts.Rejected * 10_000m / counted), day);
    }

    /// <summary>When it is due and when it is reminded of, counted from a moment; the reminder never before that moment's own day ends.</summary>
    public async Task<(DateTimeOffset Due, DateTimeOffset Remind)> From(Severity severity, DateTimeOffset from, CancellationToken stop)
    {
        var day = DateOnly.FromDateTime(from.InCity().DateTime);
        var limit = (await Limits(stop)).First(l => l.Severity == severity && l.Holds(day));
        return (await calendar.After(from, limit.Workdays, stop), await calendar.After(from, Math.Max(0, limit.Workdays - limit.Remind), stop));
    }

    /// <summary>Of a ticket whose clock stood still and runs again the time begins anew. One that was open all along keeps its deadline: rows sent again as wrong as before win no time.</summary>
    /// <param name="from">Its state before the step.</param>
    public async Task Restart(Ticket ticket, TicketState from, DateTimeOffset now, CancellationToken stop)
    {
        if (!ticket.Runs || from is TicketState.Open or TicketState.Mending)
        {
            return;
        }

        (ticket.DueAt, ticket.RemindAt) = await From(ticket.Severity, now, stop);
        (ticket.Reminded, ticket.Overdue) = (false, false);
    }

    private async Task<List<Limit>> Limits(CancellationToken stop) => limits ??= await db.Limits.AsNoTracking().ToListAsync(stop);
}
