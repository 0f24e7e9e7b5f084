// In: what happens to a case, and its flow. Out: the same with the moment at which the case will have stood too long in its loop; and, once that is past, the event by which it goes one loop up. Pure.
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Cases.Acting;

internal static class Stays
{
    /// <param name="events">In order; the last of them tells how long it may stand from there.</param>
    public static Decided Told(CaseWhole before, IReadOnlyList<CaseEvent> events, CaseFlow flow, Desk desk)
    {
        var whole = events.SkipLast(1).Aggregate(before, Project.After);
        var last = events[^1];
        var until = Until(Project.After(whole, last), flow, desk.Calendar);
        last = last with { Detail = last.Detail with { Stay = until == whole.File.StayUntil ? null : new(until) } };
        return new(Project.After(whole, last), [.. events.SkipLast(1), last]);
    }

    /// <summary>One loop up; null: it is not so late, or there is none above.</summary>
    public static Decided? Climbs(CaseWhole whole, CaseFlow flow, Desk desk, DateTimeOffset now)
    {
        var file = whole.File;
        if (file.Ended || file.StayUntil is not { } until || until >= now || flow.Climb.Stay.GetValueOrDefault(file.Loop) is not { } limit || desk.Nodes.LoopAbove(file.Node) is not { } above)
        {
            return null;
        }

        var why = new Text("在{0}停留超过 {1}", "stood in the {0} for more than {1}").With(CaseWords.Of(file.Loop), limit.Said);
        return Told(whole, [Decide.Program(file, "climbed", above.Code, above.Loop, why, now > file.LastAt ? now : file.LastAt, now)], flow, desk);
    }

    /// <summary>Green until a fifth of the time is left, red once it is past and the next look takes it up. Null: no limit runs.</summary>
    public static Light? LightAt(CaseFile file, Desk desk, DateTimeOffset now)
    {
        if (file.StayUntil is not { } until || desk.FlowOf(file).Climb.Stay.GetValueOrDefault(file.Loop) is not { } limit)
        {
            return null;
        }

        var (left, all) = (desk.Calendar.Running(limit.Unit, now, until), desk.Calendar.Length(limit, file.LoopAt));
        return now > until ? Light.Red : left <= all * (1 - WorkCalendar.Soon) ? Light.Yellow : Light.Green;
    }

    /// <summary>Of the calendar; a hold does not count. Null: it may stand for ever, stands on hold, or has ended.</summary>
    private static DateTimeOffset? Until(CaseWhole whole, CaseFlow flow, WorkCalendar calendar) =>
        whole.File.Ended || whole.WholeClock is not { DueAt: not null } clock || flow.Climb.Stay.GetValueOrDefault(whole.File.Loop) is not { } limit ? null
            : calendar.Explain(limit, whole.File.LoopAt, clock.Pauses).Due;
}
