// In: the legs of a case and what happened to it. Out: each as programs and the page show it: the loop it was given in, where the case went while it ran, and the lead's leg it belongs to. Pure.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Consulting;
using Lizhou.Cases.Ledger;

namespace Lizhou.Cases.Finding;

/// <param name="Id">Of the leg within its case.</param>
/// <param name="Parent">Id of the leg it belongs to: of an assisting unit the lead's; of the lead that a consultation's conclusion named, the one who led before. Null: none.</param>
/// <param name="Loop">In which it was given.</param>
/// <param name="Node">The same.</param>
/// <param name="Moved">Where the case went while it ran, in order.</param>
internal sealed record LegView(
    string Id, string? Parent, string Unit, bool Lead, Loop Loop, string Node, IReadOnlyList<LegMove> Moved, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, LegEnd? Outcome, string? Words);

internal sealed record LegMove(DateTimeOffset At, Loop Loop, string Node);

internal static class LegViews
{
    public static IReadOnlyList<LegView> Of(IReadOnlyList<CaseLeg> legs, IReadOnlyList<CaseEvent> events, Desk desk) =>
    [
        .. legs.Select(l => new LegView(
            Id(l), Parent(l, legs, events) is { } parent ? Id(parent) : null, desk.UnitName(l.Unit), l.IsLead, l.Loop, desk.Nodes.Name(l.Node),
            [.. events.Zip(events.Skip(1)).Where(p => p.Second.Seq > l.Opened && p.Second.Node != p.First.Node && (l.EndedAt is not { } end || p.Second.At < end)).Select(p => new LegMove(p.Second.At, p.Second.Loop, desk.Nodes.Name(p.Second.Node)))],
            l.StartedAt, l.EndedAt, l.Outcome, l.Words)),
    ];

    private static string Id(CaseLeg leg) => $"{leg.Opened}-{leg.Place}";

    private static CaseLeg? Parent(CaseLeg leg, IReadOnlyList<CaseLeg> legs, IReadOnlyList<CaseEvent> events) =>
        !leg.IsLead ? legs.LastOrDefault(l => l.IsLead && l.Opened <= leg.Opened)
            : events.FirstOrDefault(e => e.Seq == leg.Opened)?.Detail.Consult?.Step == ConsultStep.Conclude ? legs.LastOrDefault(l => l.IsLead && l.Opened < leg.Opened) : null;
}
