// When a source is due: a cron line in the city's time, thinned out by the work calendar. Pure arithmetic; the clock comes in.
using System.Globalization;
using Cronos;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Collection.Sources;

/// <param name="Cron">Five fields, Asia/Shanghai, e.g. <c>30 2 * * *</c>.</param>
/// <param name="WorkdaysOnly">Only on days the city works.</param>
/// <param name="MonthEndOnly">Only on the last day of a month; with <paramref name="WorkdaysOnly"/> on its last workday.</param>
/// <param name="NotBefore">Earliest time of day; null for none. After <paramref name="NotAfter"/> the window spans midnight.</param>
/// <param name="NotAfter">Latest time of day; null for none.</param>
internal sealed record Schedule(string Cron, bool WorkdaysOnly = false, bool MonthEndOnly = false, TimeOnly? NotBefore = null, TimeOnly? NotAfter = null)
{
    // Nothing due within two years is a schedule that never fires.
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(750);

    /// <summary>The first due moment after <paramref name="from"/>, in UTC; null when there is none within two years.</summary>
    public DateTimeOffset? Next(DateTimeOffset from, WorkCalendar calendar)
    {
        var cron = CronExpression.Parse(Cron);
        var end = from + Horizon;
        var at = cron.GetNextOccurrence(from, Clock.City);
        while (at is { } due && due < end)
        {
            var local = due.InCity();
            var day = DateOnly.FromDateTime(local.DateTime);
            if (!Fits(day, calendar))
            {
                at = cron.GetNextOccurrence(day.EndOfDay(), Clock.City, inclusive: true);
            }
            else if (!Fits(TimeOnly.FromDateTime(local.DateTime)))
            {
                at = cron.GetNextOccurrence(due, Clock.City);
            }
            else
            {
                return due.ToUniversalTime();
            }
        }

        return null;
    }

    /// <summary>Every due moment of a day, at most <paramref name="most"/>: what the calendar page shows.</summary>
    public IReadOnlyList<DateTimeOffset> On(DateOnly day, WorkCalendar calendar, int most = 24)
    {
        var due = new List<DateTimeOffset>();
        var at = day.Midnight().AddTicks(-1);
        while (due.Count < most && Next(at, calendar) is { } next && DateOnly.FromDateTime(next.InCity().DateTime) == day)
        {
            due.Add(next);
            at = next;
        }

        return due;
    }

    public IEnumerable<Fault> Check()
    {
        if (Cron is null || !CronExpression.TryParse(Cron, out var cron))
        {
            yield return new("Cron", new("应是五段的 cron 表达式，例如 30 2 * * *", "must be five cron fields, e.g. 30 2 * * *"));
        }
        else if (cron.GetNextOccurrence(DateTimeOffset.UnixEpoch, Clock.City) is null)
        {
            yield return new("Cron", new("永远不会到来，例如 2 月 31 日", "never comes, like 31 February"));
        }
    }

    private bool Fits(DateOnly day, WorkCalendar calendar) => (!WorkdaysOnly || calendar.Works(day)) && (!MonthEndOnly || IsMonthEnd(day, calendar));

    private bool IsMonthEnd(DateOnly day, WorkCalendar calendar)
    {
        for (var later = day.AddDays(1); later.Month == day.Month; later = later.AddDays(1))
        {
            if (!WorkdaysOnly || calendar.Works(later))
            {
                return false;
            }
        }

        return true;
    }

    private bool Fits(TimeOnly time) => (NotBefore, NotAfter) switch
    {
        (null, null) => true,
        ({ } first, null) => time >= first,
        (null, { } last) => time <= last,
        ({ } first, { } last) => first <= last ? time >= first && time <= last : time >= first || time <= last,
    };
}
