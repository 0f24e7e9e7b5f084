// In: a case as its events tell it, a period. Out: what it counts as (its marks), for whom, and how long it lay in each loop. Pure.
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Measuring;
using Lizhou.Kernel.Web;

namespace Lizhou.Cases.Assessing;

/// <param name="Unit">Lead unit, the last there was; null: none yet.</param>
/// <param name="Marks">What it counts as: see <see cref="ReadCase.Marks"/>.</param>
/// <param name="Hours">In each loop, of the calendar, until its last event.</param>
/// <param name="Holders">Who did the work of a post first, by duty; the empty id is the bureau.</param>
internal sealed record CaseFacts(string Number, Guid? Unit, string Place, string? Class, IReadOnlySet<string> Marks, IReadOnlyDictionary<Loop, double> Hours, IReadOnlyDictionary<string, Guid> Holders);

internal static class ReadCase
{
    /// <summary>Marks a case may have, beside in:STAGE (it came into a state of the stage in the period) and met:STAGE (each time it left it within its limit); a state of no stage is told by its name.</summary>
    public static readonly IReadOnlySet<string> Marks = new HashSet<string>(
        [
            "reported", "accepted", "filed", "dispatched", "due", "was-filed", "useful", "closed", "in-time", "held", "void", "handled", "handled-in-time", "reworked", "reworked-twice", "reworked-often", "delayed", "shirked", "faulty",
            "supervised", "many-units", "missed", "asked", "satisfied", "redone", "raised", "urgent", "patrol", "public", "hotline", "special", "event", "component", .. Enum.GetValues<Loop>().SelectMany(l => new[] { $"loop:{l}", $"was:{l}" }),
        ],
        StringComparer.Ordinal);

    private static readonly string[] Posts = ["patrol", "acceptor", "chief", "dispatcher"];

    /// <param name="events">From the report on, as far as they were known.</param>
    /// <param name="flows">By version.</param>
    /// <param name="asOf">What is to be settled later is not due yet.</param>
    /// <param name="component">Whether a class is of 部件; null: there is no such class.</param>
    public static CaseFacts Of(IReadOnlyList<CaseEvent> events, IReadOnlyDictionary<int, CaseFlow> flows, Period period, DateTimeOffset asOf, Func<string, bool?> component)
    {
        var (whole, flow) = (Project.Replay(events), flows[events[^1].Flow]);
        var marks = new HashSet<string>(Moments(events, flows, period), StringComparer.Ordinal);
        marks.UnionWith(Standing(events, whole, flows));
        marks.UnionWith(Limits(whole, flow));
        var closed = marks.Contains("closed") ? whole.File.ClosedAt : null;
        var limit = events.Select(e => e.Detail.Log?.Due).LastOrDefault(d => d is not null) ?? whole.Clocks.LastOrDefault(c => c.Whole) switch { { DueAt: { } due } => due, { Pauses: [.., var stood] } => stood.From, _ => null };
        // It counts in the period in which it was closed, or ought to have been, whichever was first.
        var settles = closed is { } end && !(limit < end) ? end : limit;
        if (marks.Contains("was-filed") && !marks.Contains("void") && settles is { } at && at <= asOf && period.Holds(at))
        {
            marks.Add("due");
        }

        if (whole.File.Class is { } code && component(code) is { } part)
        {
            marks.Add(part ? "component" : "event");
        }

        var timely = InTime.Of(events, whole, flow) == true;
        if (timely)
        {
            marks.Add("in-time");
        }

        if (InTime.Handling(whole, flow, asOf) ?? timely)
        {
            marks.Add("handled-in-time"); // A log tells of the whole limit alone.
        }

        return new(whole.File.Number, whole.Legs.LastOrDefault(l => l.IsLead)?.Unit, whole.File.Place, whole.File.Class, marks, Stays(events), Holders(events, flows, marks));
    }

    private static IEnumerable<string> Moments(IReadOnlyList<CaseEvent> events, IReadOnlyDictionary<int, CaseFlow> flows, Period period) => events.Where(e => period.Holds(e.At)).SelectMany(e => new[]
    {
        $"in:{flows[e.Flow].StageOf(e.State) ?? e.State}", e.Detail.Report is not null ? "reported" : null, e.Did(FlowWords.Accept, flows) ? "accepted" : null, e.Did(FlowWords.File, flows) ? "filed" : null,
        e.Did("assign", flows) ? "dispatched" : null, // by whoever dispatches, and by the conclusion of a consultation
    }).OfType<string>();

    private static IEnumerable<string> Standing(IReadOnlyList<CaseEvent> events, CaseWhole whole, IReadOnlyDictionary<int, CaseFlow> flows)
    {
        var file = whole.File;
        bool Act(string effect) => events.Any(e => e.Did(effect, flows));
        bool Did(string effect) => events.Any(e => e.Detail.Effects.Contains(effect));
        var told = file.Source is CaseSource.Hotline or CaseSource.Web;
        (string Mark, bool Has)[] all =
        [
            ("was-filed", Act(FlowWords.File)), ("closed", InTime.Judged(file)), ("useful", Act(FlowWords.File) || InTime.Judged(file)), // what was handled on the spot is not filed: it is passed and closed
            ("void", file.Outcome is Outcome.Void),
            ("held", flows[file.Flow].States.GetValueOrDefault(file.State) is { Clock: StageClock.Stand }), ("handled", Act("handled")),
            ("reworked", file.Reworks > 0), ("reworked-twice", file.Reworks > 1), ("reworked-often", file.Reworks > 2), ("delayed", file.Delays > 0), ("shirked", file.Shirks > 0), ("faulty", file.Outcome is Outcome.Faulty),
            ("supervised", Did("supervise")), ("many-units", whole.Legs.Where(l => l.IsLead).Select(l => l.Unit).Distinct().Skip(1).Any()),
            ("missed", told && Act(FlowWords.Look)), ("asked", Did("satisfied") || Did("unsatisfied") || Did("poor")), ("satisfied", file.Satisfied == true), ("redone", Did("unsatisfied")), ("raised", Did("raise") || Did("whistle") || events.Any(e => e.Act == "climbed")),
            ("urgent", file.Grade != Grade.Ordinary), ("patrol", file.Source is CaseSource.Patrol), ("public", told), ("hotline", file.Source is CaseSource.Hotline), ("special", file.Source is CaseSource.Leader or CaseSource.Media or CaseSource.Upper),
        ];
        return [.. all.Where(m => m.Has).Select(m => m.Mark), $"loop:{file.Loop}", .. events.Select(e => $"was:{e.Loop}").Distinct()];
    }

    private static IEnumerable<string> Limits(CaseWhole whole, CaseFlow flow) =>
        whole.Clocks.Where(c => !c.Whole && c.Met is not null).GroupBy(c => flow.StageOf(c.State) ?? c.State).Where(g => g.All(c => c.Met == true)).Select(g => $"met:{g.Key}");

    private static Dictionary<Loop, double> Stays(IReadOnlyList<CaseEvent> events) => events.Zip(events.Skip(1)).Where(p => !p.First.Detail.Ended).GroupBy(p => p.First.Loop).ToDictionary(g => g.Key, g => g.Sum(p => (p.Second.At - p.First.At).TotalHours));

    private static Dictionary<string, Guid> Holders(IReadOnlyList<CaseEvent> events, IReadOnlyDictionary<int, CaseFlow> flows, HashSet<string> marks) => Posts
        .Select(p => (Post: p, Done: events.FirstOrDefault(e => Work(e, flows, marks) == p))).Where(p => p.Done is not null).ToDictionary(p => p.Post, p => p.Done!.Unit ?? Guid.Empty, StringComparer.Ordinal);

    /// <summary>Whose work an event was: of an act that leads on, the role its flow names first; what a patrol reports is its own; who assigns dispatches.</summary>
    private static string? Work(CaseEvent e, IReadOnlyDictionary<int, CaseFlow> flows, HashSet<string> marks) =>
        e.Detail.Report is not null ? marks.Contains("patrol") ? "patrol" : null
        : e.Did("assign", flows) ? "dispatcher"
        : flows[e.Flow].Acts.GetValueOrDefault(e.Act) is { To: not null, By: [var first, ..] } ? first : null;
}
