// In: a case and one more event. Out: the case after it. Pure, and all there is: the tables of cases are this, written down; replaying the events gives the same again.
using Lizhou.Cases.Consulting;
using Lizhou.Contracts.Collection;

namespace Lizhou.Cases.Ledger;

internal static class Project
{
    public static CaseWhole Replay(IEnumerable<CaseEvent> events) => events.Aggregate(CaseWhole.None, After);

    public static CaseWhole After(CaseWhole before, CaseEvent e)
    {
        var detail = e.Detail;
        var clocks = Clocks(Clocks(before.Clocks, e, detail.Stage, whole: false), e, detail.Whole, whole: true);
        var legs = Legs(before.Legs, e);
        var stage = clocks.LastOrDefault(c => !c.Whole && c.Runs);
        var file = Counted(Began(before.File, e), e) with
        {
            Revision = e.Seq, Flow = e.Flow, State = e.State, Loop = e.Loop, Node = e.Node, Ended = detail.Ended,
            LoopAt = e.Seq == 1 || e.Loop != before.File.Loop || (before.File.Ended && !detail.Ended) ? e.At : before.File.LoopAt, StayUntil = detail.Stay is { } stay ? stay.Until : before.File.StayUntil,
            StageAt = e.State == e.OldState && e.Seq > 1 ? before.File.StageAt : e.At, LastAt = e.At,
            Unit = legs.LastOrDefault(l => l.IsLead && l.Runs)?.Unit, Led = legs.LastOrDefault(l => l.IsLead && (l.Runs || detail.Ended))?.Unit,
            DueAt = stage?.DueAt, WarnAt = stage?.WarnAt, WholeDue = clocks.LastOrDefault(c => c.Whole && c.Runs)?.DueAt,
            Outcome = detail.Ended ? detail.Outcome ?? before.File.Outcome : null,
            ClosedAt = detail.Ended ? before.File.ClosedAt ?? e.At : null,
        };
        return new(file, legs, clocks);
    }

    private static CaseFile Began(CaseFile file, CaseEvent e) => e.Detail.Report is not { } told ? file : new()
    {
        Id = e.CaseId, Number = told.Number, Place = told.Place, Source = told.Source, Words = told.Words, Address = told.Address, X = told.X, Y = told.Y, HasReporter = told.HasReporter, ReportedAt = e.At, ReportedBy = e.Actor,
    };

    private static CaseFile Counted(CaseFile file, CaseEvent e)
    {
        var detail = e.Detail;
        int Of(string effect, int now) => now + (detail.Effects.Contains(effect) ? 1 : 0);
        var late = e.Act == "overdue" || (file.Late && detail.Stage is null or { Change: ClockChange.Goes });
        var step = detail.Consult?.Step;
        return file with
        {
            Consulting = detail.Ended || step is ConsultStep.Conclude or ConsultStep.Drop ? 0 : step == ConsultStep.Call ? e.Seq : file.Consulting,
            Members = detail.Ended || step is ConsultStep.Conclude or ConsultStep.Drop ? [] : step == ConsultStep.Call ? detail.Consult!.Members! : file.Members,
            Consulted = step == ConsultStep.Call ? [.. file.Consulted.Union(detail.Consult!.Members!)] : detail.Sees is { } unit ? [.. file.Consulted.Union([unit])] : file.Consulted,
            Class = detail.Class ?? file.Class, Grade = detail.Grade ?? file.Grade,
            Late = late,
            Handlers = detail.Effects.Contains("handled") && !file.Handlers.Contains(e.Actor) ? [.. file.Handlers, e.Actor] : file.Handlers,
            AskedHours = detail.Effects.Contains("ask-delay") ? int.Parse(detail.Fields["hours"], System.Globalization.CultureInfo.InvariantCulture) : file.AskedHours,
            Reworks = Of("rework", file.Reworks), Returns = Of("return", file.Returns), Shirks = Of("shirk", file.Shirks), Delays = Of("delay", file.Delays), Holds = Of("hold", file.Holds),
            Supervised = detail.Effects.Contains("supervise") || (file.Supervised && !detail.Effects.Contains("reply")),
            ReplyDue = detail.Effects.Contains("supervise") ? detail.ReplyDue : detail.Effects.Contains("reply") ? null : file.ReplyDue,
            Satisfied = detail.Effects.Contains("satisfied") ? true : detail.Effects.Contains("unsatisfied") || detail.Effects.Contains("poor") ? false : file.Satisfied,
            Visited = detail.Ended && (file.Visited || (detail.Effects.Contains("satisfied") && e.Act != "rated")),
            Parent = detail.Effects.Contains("merge") ? detail.Parent : detail.Effects.Contains("unmerge") ? null : file.Parent,
        };
    }

    private static IReadOnlyList<CaseLeg> Legs(IReadOnlyList<CaseLeg> before, CaseEvent e)
    {
        var detail = e.Detail;
        var legs = detail.Asks is { } kind ? [.. before.Select(l => l.Runs && l.IsLead ? Asked(l, kind) : l)] : before;
        if (detail.Effects.Contains("assisted") || detail.Effects.Contains("assist-returned"))
        {
            var end = detail.Effects.Contains("assisted") ? LegEnd.Assisted : LegEnd.Returned;
            return [.. legs.Select(l => l.Runs && !l.IsLead && l.Unit == e.Unit ? l with { EndedAt = e.At, Outcome = end, Words = e.Reason ?? detail.Fields.GetValueOrDefault("result") } : l)];
        }

        if (detail.Effects.Contains("reassist"))
        {
            var since = legs.LastOrDefault(l => l.IsLead && l.Runs)?.Opened ?? 0;
            return
            [
                .. legs.Select(l => l.Opened >= since && l.Outcome == LegEnd.Returned ? l with { Outcome = LegEnd.Settled } : l),
                .. (detail.Assists ?? []).Select((unit, i) => Opened(e, unit, i + 1)),
            ];
        }

        // The lead leg runs until the case is verified: who handled it answers for it.
        var ends = detail.Ended || detail.Effects.Contains("release");
        var now = ends ? [.. legs.Select(l => l.Runs ? l with { EndedAt = e.At, Outcome = detail.Ended && l.IsLead ? LegEnd.Handled : LegEnd.Released, Words = e.Reason } : l)] : legs;
        return !detail.Effects.Contains("assign") ? now : [.. now, .. new[] { detail.Lead!.Value }.Concat(detail.Assists ?? []).Select((unit, i) => Opened(e, unit, i))];
    }

    private static CaseLeg Opened(CaseEvent e, Guid unit, int place) => new() { CaseId = e.CaseId, Opened = e.Seq, Place = place, Unit = unit, Loop = e.Loop, Node = e.Node, StartedAt = e.At };

    private static CaseLeg Asked(CaseLeg leg, AskKind kind) => kind switch
    {
        AskKind.Delay => leg with { AskedDelays = leg.AskedDelays + 1 },
        AskKind.Hold => leg with { AskedHolds = leg.AskedHolds + 1 },
        _ => leg with { AskedReturns = leg.AskedReturns + 1 },
    };

    private static IReadOnlyList<CaseClock> Clocks(IReadOnlyList<CaseClock> clocks, CaseEvent e, ClockSet? set, bool whole)
    {
        if (set is null or { Change: ClockChange.Goes })
        {
            return clocks;
        }

        if (set.Change == ClockChange.Started)
        {
            var begun = new CaseClock { CaseId = e.CaseId, Opened = e.Seq, Whole = whole, State = e.State, StartedAt = e.At, Amount = set.Limit!.Amount, Measure = set.Limit.Unit, DueAt = set.Due, WarnAt = set.Warn };
            return [.. Changed(clocks, whole, c => Ended(c, e.At)), begun];
        }

        return Changed(clocks, whole, c => set.Change switch
        {
            ClockChange.Ended => Ended(c, e.At),
            ClockChange.Stood => c with { DueAt = null, WarnAt = null, LeftOver = set.Left, Pauses = [.. c.Pauses, new ClockPause(e.At, null, e.Reason ?? "")] },
            ClockChange.Resumed => c with { DueAt = set.Due, WarnAt = set.Warn, LeftOver = null, Pauses = [.. c.Pauses.SkipLast(1), c.Pauses[^1] with { Until = e.At }] },
            ClockChange.Lengthened => c with { DueAt = set.Due, WarnAt = set.Warn, Amount = set.Limit!.Amount, Measure = set.Limit.Unit },
            _ => c with { DueAt = set.Due, WarnAt = set.Warn, Extra = set.Extra, Office = set.Office },
        });
    }

    private static CaseClock Ended(CaseClock clock, DateTimeOffset at) => clock with
    {
        EndedAt = at, Met = clock.DueAt is not { } due || at <= due,
        Pauses = clock.Pauses is [.., { Until: null } open] ? [.. clock.Pauses.SkipLast(1), open with { Until = at }] : clock.Pauses,
    };

    private static IReadOnlyList<CaseClock> Changed(IReadOnlyList<CaseClock> clocks, bool whole, Func<CaseClock, CaseClock> change) =>
        [.. clocks.Select(c => c.Whole == whole && c.Runs ? change(c) : c)];
}
