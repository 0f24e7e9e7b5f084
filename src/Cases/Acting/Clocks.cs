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

    /// <summary>The same told line by line, as a calendar counts; see <see cref="SetBy"/>.</summary>
    public static ExplainedDeadline Explain(CaseClock clock, WorkCalendar calendar) => calendar.Explain(clock.Limit, clock.StartedAt, clock.Pauses, clock.Extra, clock.Office);

    /// <summary>When the stage is over once the extension that is asked for is granted; null: it is none that grants one.</summary>
    public static DateTimeOffset? Granted(CaseWhole whole, FlowAct act, WorkCalendar calendar) =>
        act.Has("delay") && whole.Stage is { DueAt: not null } stage ? Extend(stage, TimeSpan.FromHours(whole.File.AskedHours), calendar).Due : null;

    /// <summary>Whether a stage may last longer than the whole case: who is in time with it is late all the same.</summary>
    public static bool IsBeyond(DateTimeOffset? stageDue, DateTimeOffset? wholeDue) => stageDue > wholeDue;

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

    /// <param name="stage">What becomes of the stage's clock: a handling that begins tells how long the whole may take.</param>
    public static ClockSet Whole(CaseWhole whole, FlowState to, ClockSet stage, Desk desk, DateTimeOffset at)
    {
        var (clock, flow) = (whole.WholeClock, desk.FlowOf(whole.File));
        var limit = to.OfClass && stage is { Change: ClockChange.Started, Limit: { } handling } ? WholeLimit.Of(flow, handling, desk.Calendar) : flow.Limit;
        return to.Ended ? clock is null ? Goes : Ended
            : clock is null ? Begin(limit, at, desk.Calendar)
            : to.Clock == StageClock.Stand && clock.DueAt is not null ? Stand(clock, at, desk.Calendar)
            : to.Clock != StageClock.Stand && clock.DueAt is null ? Resume(clock, at, desk.Calendar)
            : clock.DueAt is not null && limit != flow.Limit && WholeLimit.IsLonger(limit, clock.Limit, desk.Calendar) ? Lengthen(clock, limit, desk.Calendar)
            : Goes;
    }

    private static ClockSet Stand(CaseClock clock, DateTimeOffset at, WorkCalendar calendar) =>
        new(ClockChange.Stood, clock.Limit, clock.Extra, null, null, Left(clock, at, calendar), clock.Office);

    private static TimeSpan Left(CaseClock clock, DateTimeOffset at, WorkCalendar calendar)
    {
        if (clock.Office == TimeSpan.Zero)
        {
            return calendar.Running(clock.Measure, at, clock.DueAt!.Value);
        }

        var ends = calendar.Explain(clock.Limit, clock.StartedAt, clock.Pauses, clock.Extra).Due!.Value;
        return calendar.Running(clock.Measure, at, ends) + calendar.Running(LimitUnit.WorkHours, at > ends ? at : ends, clock.DueAt!.Value);
    }

    private static ClockSet Resume(CaseClock clock, DateTimeOffset at, WorkCalendar calendar)
    {
        var told = calendar.Explain(clock.Limit, clock.StartedAt, [.. clock.Pauses.SkipLast(1), clock.Pauses[^1] with { Until = at }], clock.Extra, clock.Office);
        return new(ClockChange.Resumed, clock.Limit, clock.Extra, told.Due, told.Warn, null, clock.Office);
    }

    /// <summary>An extension is in office hours, whatever the limit is counted in: docs/decisions/0027.</summary>
    private static ClockSet Extend(CaseClock clock, TimeSpan more, WorkCalendar calendar)
    {
        var (extra, office) = clock.Measure is LimitUnit.Minutes or LimitUnit.Hours ? (clock.Extra, clock.Office + more) : (clock.Extra + more, clock.Office);
        var told = calendar.Explain(clock.Limit, clock.StartedAt, clock.Pauses, extra, office);
        return new(ClockChange.Extended, clock.Limit, extra, told.Due, told.Warn, null, office);
    }

    private static ClockSet Lengthen(CaseClock clock, TimeLimit limit, WorkCalendar calendar)
    {
        var told = calendar.Explain(limit, clock.StartedAt, clock.Pauses, clock.Extra, clock.Office);
        return new(ClockChange.Lengthened, limit, clock.Extra, told.Due, told.Warn, null, clock.Office);
    }
}
