// In: a flow and the limit of a handling. Out: how long the whole case may take by it, and which classes a flow has too little time for. Pure.
// Compared in working days: a limit in office hours by the usual hours of a day, one in natural time by days of 24 hours. What comes before the handling and what comes after it each count as whole days: a limit in working days ends with one.
using Lizhou.Cases.Classes;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;

namespace Lizhou.Cases.Acting;

/// <param name="Needed">Working days of the whole case, so that who handles it in time is not late by it.</param>
internal sealed record ShortLimit(CaseClass Class, Grade Grade, TimeLimit Handling, TimeLimit Needed);

internal static class WholeLimit
{
    private static readonly string[] After = ["verifying", "inspecting", "closing"];

    /// <summary>The flow's own; in flows that say so (at-least: stages) never less than the handling and the other stages together.</summary>
    public static TimeLimit Of(CaseFlow flow, TimeLimit handling, WorkCalendar calendar) =>
        flow.HoldsStages && Needed(flow, handling, calendar) is var needed && IsLonger(needed, flow.Limit, calendar) ? needed : flow.Limit;

    public static bool IsLonger(TimeLimit one, TimeLimit other, WorkCalendar calendar) => Days(one, calendar) > Days(other, calendar);

    /// <summary>Classes that may be handled longer than the whole case may take: who is in time is late by it. None where the whole case goes by the handling.</summary>
    public static IReadOnlyList<ShortLimit> TooShort(CaseFlow flow, IEnumerable<CaseClass> classes, WorkCalendar calendar) => flow.HoldsStages ? [] :
    [
        .. classes.SelectMany(c => c.Limits.OrderBy(l => l.Key).Select(l => new ShortLimit(c, l.Key, l.Value, Needed(flow, l.Value, calendar)))).Where(s => IsLonger(s.Needed, flow.Limit, calendar)),
    ];

    private static TimeLimit Needed(CaseFlow flow, TimeLimit handling, WorkCalendar calendar)
    {
        double Stages(bool after) => Math.Ceiling(flow.States.Values.Where(s => s.Stage is { } stage && s.Limit is not null && After.Contains(stage) == after).Sum(s => Days(s.Limit!, calendar)));
        return new((int)(Stages(after: false) + Math.Ceiling(Days(handling, calendar)) + Stages(after: true)), LimitUnit.Workdays);
    }

    private static double Days(TimeLimit limit, WorkCalendar calendar) => limit.Unit switch
    {
        LimitUnit.Workdays => limit.Amount,
        LimitUnit.WorkHours => limit.Amount / calendar.Usual.Sum(h => (h.Closes - h.Opens).TotalHours),
        LimitUnit.Hours => limit.Amount / 24d,
        _ => limit.Amount / 1_440d,
    };
}
