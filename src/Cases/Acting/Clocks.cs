// In: a case and the state an act leads to. Out: what becomes of its clocks. Pure.
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;

namespace Lizhou.Cases.Acting;

internal static class Clocks
{
    public static readonly ClockSet Goes = new(ClockChange.Goes, null, default, null, null, null);
    private static readonly ClockSet Ended = Goes with { Change = ClockChange.Ended };

    public static ClockSet Begin(TimeLimit limit, DateTimeOffset at, WorkCalendar calendar)
    {
        var (due, warn) = calendar.Due(limit, at);
        return new(ClockChange.Started, limit, TimeSpan.Zero, due, warn, null);
    }

    /// <summary>The same told line by line, as the calendar counts today.</summary>
    public static ExplainedDeadline Explain(CaseClock clock, WorkCalendar calendar) => calendar.Explain(clock.Limit, clock.StartedAt, clock.Pauses, clock.Extra);

    public static ClockSet Stage(CaseWhole whole, FlowAct act, FlowState to, CaseFile classified, Desk desk, DateTimeOffset at)
    {
        var (file, stage, calendar) = (whole.File, whole.Stage, desk.Calendar);
        if (to.Ended)
        {
            return stage is null ? Goes : Ended;
        }

        if (to.Name == file.State || to.Clock == StageClock.Keep)
        {
            return Goes;
        }

        if (to.Clock == StageClock.Stand)
        {
            return stage?.DueAt is null ? Goes : Stand(stage, at, calendar);
        }

        if (stage?.State != to.Name || desk.FlowOf(file).States[file.State].Clock == StageClock.Anew)
        {
            // A case that was taken over from another system may have no class: its clock begins once it has one.
            var limit = !to.OfClass ? to.Limit : desk.Proposed(classified)?.Limit ?? desk.Known.GetValueOrDefault(classified.Class ?? "")?.Limit(classified.Grade);
            return limit is not null ? Begin(limit, at, calendar) : stage is null ? Goes : Ended;
        }

        // Back from asking or from standing: the same clock.
        return stage.DueAt is null ? Resume(stage, at, calendar) : act.Has("delay") ? Extend(stage, TimeSpan.FromHours(file.AskedHours), calendar) : Goes;
    }

    public static ClockSet Whole(CaseWhole whole, FlowState to, Desk desk, DateTimeOffset at)
    {
        var clock = whole.WholeClock;
        return to.Ended ? clock is null ? Goes : Ended
            : clock is null ? Begin(desk.FlowOf(whole.File).Limit, at, desk.Calendar)
            : to.Clock == StageClock.Stand && clock.DueAt is not null ? Stand(clock, at, desk.Calendar)
            : to.Clock != StageClock.Stand && clock.DueAt is null ? Resume(clock, at, desk.Calendar)
            : Goes;
    }

    private static ClockSet Stand(CaseClock clock, DateTimeOffset at, WorkCalendar calendar) =>
        new(ClockChange.Stood, clock.Limit, clock.Extra, null, null, calendar.Running(clock.Measure, at, clock.DueAt!.Value));

    private static ClockSet Resume(CaseClock clock, DateTimeOffset at, WorkCalendar calendar)
    {
        var told = calendar.Explain(clock.Limit, clock.StartedAt, [.. clock.Pauses.SkipLast(1), clock.Pauses[^1] with { Until = at }], clock.Extra);
        return new(ClockChange.Resumed, clock.Limit, clock.Extra, told.Due, told.Warn, null);
    }

    private static ClockSet Extend(CaseClock clock, TimeSpan more, WorkCalendar calendar)
    {
        var told = calendar.Explain(clock.Limit, clock.StartedAt, clock.Pauses, clock.Extra + more);
        return new(ClockChange.Extended, clock.Limit, clock.Extra + more, told.Due, told.Warn, null);
    }
}
