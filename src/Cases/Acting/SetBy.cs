// In: a deadline and how a calendar tells it. Out: the same told by the calendar it was set by, and what of that calendar has changed since: a deadline that was set stays, and its lines must end where it does. Pure.
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Cases.Acting;

/// <param name="Changed">That the calendar has changed since, and where; null: it has not, as far as this deadline goes.</param>
internal sealed record TellsDue(ExplainedDeadline Explained, Text? Changed);

/// <param name="Now">As it holds.</param>
/// <param name="Before">Those that held before, the newest first.</param>
internal sealed record SetBy(WorkCalendar Now, IReadOnlyList<WorkCalendar> Before)
{
    private const int MostDays = 3;

    /// <summary>What holds now, where it leads to the deadline; else the newest calendar that does. Where none does, the lines are those of now and say so.</summary>
    /// <param name="due">Null while the clock stands.</param>
    public TellsDue Tell(DateTimeOffset? due, Func<WorkCalendar, ExplainedDeadline> explain)
    {
        var today = explain(Now);
        if (today.Due == due || due is null || Before.Count == 0)
        {
            return new(today, null);
        }

        return Before.Select(b => (Calendar: b, Told: explain(b))).FirstOrDefault(b => b.Told.Due == due) is { Calendar: { } then } found
            ? new(found.Told, Since(then, found.Told))
            : new(today, new("工作日历已改，时限不变；以下按现行日历计算。", "The work calendar has changed since; the deadline stays, and the lines are counted as the calendar is today."));
    }

    private Text Since(WorkCalendar then, ExplainedDeadline told)
    {
        var (first, last) = (DateOnly.FromDateTime(told.From.InCity().DateTime), DateOnly.FromDateTime(told.Due!.Value.InCity().DateTime));
        List<string> days = [];
        for (var day = first; day <= last && days.Count <= MostDays; day = day.AddDays(1))
        {
            if (!Now.HoursOf(day).SequenceEqual(then.HoursOf(day)))
            {
                days.Add($"{day:yyyy-MM-dd}{(Now.Days.TryGetValue(day, out var special) ? $" {special.Name}" : "")}");
            }
        }

        var said = string.Join("、", days.Take(MostDays)) + (days.Count > MostDays ? " …" : "");
        return days.Count == 0
            ? new("时限设定后工作日历已改；时限不变，按当时的日历计算。", "The work calendar has changed since this deadline was set; it stays, and is told by the calendar of then.")
            : new Text("时限设定后工作日历已改（{0}）；时限不变，按当时的日历计算。", "The work calendar has changed since this deadline was set ({0}); it stays, and is told by the calendar of then.").With(said);
    }
}
