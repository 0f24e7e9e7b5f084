// In: a case and who looks. Out: all that programs and the page show of it: the file, what may be done now and why not the rest, the events, the legs, the clocks told line by line.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Finding;

/// <summary>A case as programs get it.</summary>
/// <param name="Unit">Lead unit; of an ended case the last it had; null: none yet.</param>
/// <param name="State">Code of the flow's state.</param>
/// <param name="Light">Null when no clock runs.</param>
/// <param name="Consulting">Whether a consultation on it is open.</param>
/// <param name="ReplyDue">By when its supervision is to be answered; null: it is not supervised.</param>
/// <param name="Stay">Null: it may stand in its loop for ever, is on hold, or has ended.</param>
internal sealed record CaseView(
    string Number, string State, string StateName, bool Ended, Loop Loop, string Node, string NodeName, string? Unit, string? Class, string? ClassName, Grade Grade, CaseSource Source, string Words, string Address,
    double? X, double? Y, DateTimeOffset ReportedAt, DateTimeOffset? DueAt, Light? Light, DateTimeOffset? WholeDue, bool Supervised, int Reworks, int Returns, int Shirks, int Delays, int Holds, Outcome? Outcome,
    DateTimeOffset? ClosedAt, int Flow, long Revision, bool Consulting, DateTimeOffset? ReplyDue, StayView? Stay);

/// <summary>How long a case may stand in its loop.</summary>
/// <param name="Until">After it the program takes the case one loop up.</param>
internal sealed record StayView(DateTimeOffset Until, Light Light);

internal sealed record OptionView(string Act, string Name, bool May, string? Code, string? Why, IReadOnlyList<FieldView> Fields);

internal sealed record FieldView(string Name, bool Required);

/// <param name="FromNode">Where it lay before; null: it begins.</param>
/// <param name="Behalf">Masked; who accepts sees it in full where they see the reporters.</param>
/// <param name="Log">Of what was taken over from another system: where it stood there; null for what happened here.</param>
/// <param name="Media">Address of a picture that came with the report.</param>
/// <param name="Photos">How many came with it and are kept here.</param>
/// <param name="Photo">Place of one that came later, from another level; null: none.</param>
/// <param name="Claimed">Of a report: when it was seen by the word of the sender, too long ago to begin the case; null: it began then.</param>
/// <param name="ActPhotos">Places of those that came with the act.</param>
internal sealed record EventView(
    long Seq, DateTimeOffset At, DateTimeOffset KnownAt, string Name, string? Unit, string? Behalf, string Act, string ActName, string OldState, string State, string StateName, string? FromNode, string Node, Loop Loop, string? Reason,
    IReadOnlyDictionary<string, string> Fields, LogMark? Log, string? Media, int Photos, long? Photo, IReadOnlyList<long> ActPhotos, DateTimeOffset? Claimed = null);

/// <param name="Whole">Of the whole case; else of a stage, or of a loop.</param>
/// <param name="DueAt">Null while it stands.</param>
/// <param name="Explained">Where its deadline comes from, by the calendar it was set by.</param>
/// <param name="Extensions">Granted, in order; they are in <paramref name="Explained"/>.</param>
/// <param name="Beyond">Of a stage under way: it may last longer than the whole case, so that who is in time with it is late all the same.</param>
/// <param name="Loop">In which it says how long the case may stand; null: it is no loop's.</param>
/// <param name="CalendarChanged">That the work calendar has changed since the deadline was set, in words; null: not as far as it goes.</param>
internal sealed record ClockView(
    bool Whole, string Stage, DateTimeOffset StartedAt, TimeLimit Limit, DateTimeOffset? DueAt, DateTimeOffset? EndedAt, bool? Met, ExplainedDeadline Explained, IReadOnlyList<ExtensionView> Extensions, bool Beyond, Loop? Loop = null, string? CalendarChanged = null);

/// <summary>延期.</summary>
/// <param name="Unit">What its hours are: office hours; hours of natural time where it was granted to such a limit before extensions were office hours always.</param>
internal sealed record ExtensionView(double Hours, LimitUnit Unit, DateTimeOffset GrantedAt);

/// <param name="Name">Of who told of it, or on whose behalf an act was taken; masked unless shown in full to who is on duty.</param>
/// <param name="Phone">Null: none was told.</param>
internal sealed record ReporterView(string Case, string Name, string? Phone);

/// <param name="Merged">Numbers of those that were merged into it.</param>
/// <param name="Into">Number of the case that is worked on for it, where it was merged; else null.</param>
internal sealed record CaseDetail(
    CaseView Case, IReadOnlyList<OptionView> Options, IReadOnlyList<EventView> Events, IReadOnlyList<LegView> Legs, IReadOnlyList<ClockView> Clocks, IReadOnlyList<ReporterView> Reporters, IReadOnlyList<string> Merged,
    string? Into);

internal sealed class ShowCase(CasesDb db, StateStore state, DeskBook desks, IWorkCalendar calendars, ILedger ledger, PersonWords people, TimeProvider clock)
{
    public async Task<IReadOnlyList<CaseView>> Views(IReadOnlyList<CaseFile> files, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        return [.. files.Select(f => View(f, desk))];
    }

    public async Task<CaseDetail> Detail(CaseWhole whole, Actor actor, CancellationToken stop)
    {
        var (desk, file) = (await desks.Now(stop), whole.File);
        var flow = desk.FlowOf(file);
        var events = await db.Events.AsNoTracking().Where(e => e.CaseId == file.Id).OrderBy(e => e.Seq).ToListAsync(stop);
        var calendar = new SetBy(desk.Calendar, await calendars.Before(stop));
        var (merged, main) = (await db.MergedInto(file, stop), await db.Main(file, stop));
        return new(
            View(file, desk), [.. Decide.Options(whole, actor, desk).Select(o => new OptionView(o.Act, o.Title.ToString(), o.May, o.Code, o.Why?.ToString(), [.. o.Fields.Select(f => new FieldView(f.Name, f.Required))]))],
            [.. events.Select((e, i) => new EventView(e.Seq, e.At, e.KnownAt, e.Name, e.Unit is null ? null : desk.UnitName(e.Unit), e.Behalf is null ? null : people.Masked(e.Behalf), e.Act, flow.ActTitle(e.Act).ToString(), e.OldState, e.State, flow.TitleOf(e.State).ToString(), i == 0 ? null : desk.Nodes.Name(events[i - 1].Node), desk.Nodes.Name(e.Node), e.Loop, e.Why, e.Detail.Fields, e.Detail.Log, e.Detail.Report?.Media, e.Detail.Report?.Photos ?? 0, e.Detail.Photo, ActPhotos.Places(e), e.Detail.Report?.Claimed))],
            LegViews.Of(whole.Legs, events, desk),
            [
                .. LoopClocks.Of(events, desk, calendar),
                .. whole.Clocks.Select(c => (Clock: c, Told: calendar.Tell(c.DueAt, by => Clocks.Explain(c, by)))).Select(c => new ClockView(
                    c.Clock.Whole, flow.TitleOf(c.Clock.State).ToString(), c.Clock.StartedAt, c.Clock.Limit, c.Clock.DueAt, c.Clock.EndedAt, c.Clock.Met, c.Told.Explained, Extensions(c.Clock, whole.Clocks, events),
                    c.Clock == whole.Stage && Clocks.IsBeyond(c.Clock.DueAt, file.WholeDue), CalendarChanged: c.Told.Changed?.ToString())),
            ],
            await Reporters([file, .. merged], people.Masked, _ => "***", stop), [.. merged.Select(m => m.Number)], main.Id == file.Id ? null : main.Number);
    }

    public static bool MayReveal(CaseWhole whole, Actor actor, Desk desk) => desk.Duties.Of(actor, whole.File.Node).Contains("acceptor");

    /// <summary>In full, for who accepts and visits: of the case and of all that were merged into it; kept as evidence before it is shown.</summary>
    public async Task<(IReadOnlyList<ReporterView> Reporters, Problem? Problem)> Reveal(CaseWhole whole, Actor actor, CancellationToken stop)
    {
        var may = MayReveal(whole, actor, await desks.Now(stop));
        IReadOnlyList<CaseFile> all = [whole.File, .. await db.MergedInto(whole.File, stop)];
        await ledger.Append(actor, new("case.shown", whole.File.Number, may ? Evidence.Done : Problems.NotYours.Code, new { merged = all.Skip(1).Select(f => f.Number) }), stop);
        if (!may)
        {
            return ([], Problems.NotYours.With(Flows.FlowWords.Duties["acceptor"], new Text("查看诉求人", "See the reporter")));
        }

        var (numbers, ids) = (all.ToDictionary(f => f.Id, f => f.Number), all.Select(f => f.Id).ToList());
        var behalf = await db.Events.AsNoTracking().Where(e => ids.Contains(e.CaseId) && e.Behalf != null).OrderBy(e => e.CaseId).ThenBy(e => e.Seq).Select(e => new { e.CaseId, Name = e.Behalf! }).ToListAsync(stop);
        return ([.. await Reporters(all, people.Open, people.Open, stop), .. behalf.Select(b => new ReporterView(numbers[b.CaseId], people.Open(b.Name), null)).Distinct()], null);
    }

    /// <summary>A photo of a case, JPEG; null where there is none of that place.</summary>
    public async Task<byte[]?> Photo(CaseFile file, int place, CancellationToken stop) =>
        (await state.Read($"SELECT body FROM case_photo WHERE case_id = {file.Id.ToString("D")} AND place = {place}", r => r.GetFieldValue<byte[]>(0), stop)).FirstOrDefault();

    private CaseView View(CaseFile f, Desk desk) => new(
        f.Number, f.State, desk.FlowOf(f).TitleOf(f.State).ToString(), f.Ended, f.Loop, f.Node, desk.Nodes.Name(f.Node), f.Led is { } lead ? desk.UnitName(lead) : null, f.Class, f.Class is null ? null : desk.ClassName(f.Class), f.Grade,
        f.Source, f.Words, f.Address, f.X, f.Y, f.ReportedAt, f.DueAt, f.LightAt(clock.GetUtcNow()), f.WholeDue, f.Supervised, f.Reworks, f.Returns, f.Shirks, f.Delays, f.Holds, f.Outcome, f.ClosedAt, f.Flow, f.Revision, f.Consulting > 0, f.Supervised ? f.ReplyDue : null, Stays.LightAt(f, desk, clock.GetUtcNow()) is { } light ? new(f.StayUntil!.Value, light) : null);

    /// <summary>What was granted to a clock while it ran.</summary>
    private static List<ExtensionView> Extensions(CaseClock clock, IReadOnlyList<CaseClock> all, IReadOnlyList<CaseEvent> events)
    {
        var (next, extra, office, told) = (all.Where(c => !c.Whole && c.Opened > clock.Opened).Select(c => (long?)c.Opened).Min(), TimeSpan.Zero, TimeSpan.Zero, new List<ExtensionView>());
        foreach (var e in clock.Whole ? [] : events.Where(e => e.Seq > clock.Opened && (next is null || e.Seq < next) && e.Detail.Stage?.Change == ClockChange.Extended))
        {
            var set = e.Detail.Stage!;
            var natural = set.Extra > extra && clock.Measure is LimitUnit.Minutes or LimitUnit.Hours;
            told.Add(new((set.Extra - extra + set.Office - office).TotalHours, natural ? LimitUnit.Hours : LimitUnit.WorkHours, e.At));
            (extra, office) = (set.Extra, set.Office);
        }

        return told;
    }

    private async Task<IReadOnlyList<ReporterView>> Reporters(IReadOnlyList<CaseFile> files, Func<string, string> name, Func<string, string> phone, CancellationToken stop)
    {
        List<ReporterView> found = [];
        foreach (var file in files.Where(f => f.HasReporter))
        {
            found.AddRange(await state.Read(
                $"SELECT name, phone FROM case_reporter WHERE case_id = {file.Id.ToString("D")}", r => new ReporterView(file.Number, name(r.GetString(0)), r.IsDBNull(1) ? null : phone(r.GetString(1))), stop));
        }

        return found;
    }
}
