// In: the courses of cases. Out: the figures of each unit and of all, now and then; the cases as rows. Pure.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Measuring;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel.Web;

namespace Lizhou.Cases.Dispatching.WhatIf;

internal static class SumForecast
{
    private const int Decimals = 6; // of an hour, as measures have them

    /// <param name="posts">Of each case, in the same order.</param>
    public static Forecast Of(Period period, int? version, IReadOnlyList<Course> courses, int undispatched, IReadOnlyList<PostForecast> duties, IReadOnlyList<IReadOnlyList<string>> posts, Desk desk)
    {
        var (now, then) = (courses.ToLookup(c => c.Case.Lead), courses.ToLookup(c => c.Lead));
        var units = now.Select(g => g.Key).Union(then.Select(g => g.Key)).Select(u => new UnitForecast(u, desk.UnitName(u), Now(now[u]), Then(then[u])));
        return new(
            period.First, period.Last, version, courses.Count, undispatched, courses.Count(c => c.Moved), courses.Count(c => c.Limit != c.Before), courses.Count(c => c.Unanswered), courses.Count(c => c.Said?.Auto == true),
            new(null, "", Now(courses), Then(courses)), [.. units.OrderByDescending(u => u.Now.Cases).ThenByDescending(u => u.Then.Cases).ThenBy(u => u.Unit)], duties, [.. courses.Zip(posts, (c, p) => Row(c, p, desk))]);
    }

    private static UnitFigures Now(IEnumerable<Course> of) => Figures(of, c => c.NowBreach, c => c.Case.ClosedAt);

    private static UnitFigures Then(IEnumerable<Course> of) => Figures(of, c => c.Breach, c => c.ClosedAt);

    private static UnitFigures Figures(IEnumerable<Course> of, Func<Course, bool?> breach, Func<Course, DateTimeOffset?> closed)
    {
        var (spans, cases, breaches) = (new Spans(), 0, 0);
        foreach (var course in of)
        {
            (cases, breaches) = (cases + 1, breaches + (breach(course) == true ? 1 : 0));
            if (closed(course) is { } end)
            {
                spans.Add(end - course.Case.ReportedAt);
            }
        }

        var spread = spans.Spread();
        return new(cases, breaches, (int)spread.Count, spread.MedianHours, spread.P90Hours);
    }

    private static CaseForecast Row(Course c, IReadOnlyList<string> posts, Desk desk)
    {
        string Names(IReadOnlyList<Guid> units) => string.Join(' ', units.Select(u => desk.UnitName(u)));
        return new(
            c.Case.Number, c.Case.Class, desk.ClassName(c.Case.Class), desk.Nodes.Name(c.Case.Place), c.Case.Lead, desk.UnitName(c.Case.Lead), c.Lead, desk.UnitName(c.Lead), Names(c.Case.Assists), Names(c.Assists),
            c.Said?.Row, c.Said?.Auto == true, c.Moved, c.Basis, c.Drawn, Hours(c.Handling), c.Before?.ToString(), c.Limit?.ToString(), c.NowBreach, c.Breach, Hours(c.Case.ClosedAt - c.Case.ReportedAt), Hours(c.ClosedAt - c.Case.ReportedAt), posts);
    }

    private static double? Hours(TimeSpan? span) => span is { } told ? Math.Round(told.TotalHours, Decimals) : null;
}
