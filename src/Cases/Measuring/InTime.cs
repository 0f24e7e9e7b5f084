// In: a case. Out: whether it was in time (按期). The one place that says so: what a case is closed as, the measures and the assessment all ask here. Pure.
// A handling is in time within the limit of its own clock. A case is in time when no handling and not the whole of it was past its limit – what is closed late (超时结案) is not –, whatever kind of ending a person chose.
// A log that tells of it comes first: its word, else its due time. What ended without being handled – not accepted, merged, void – is never judged.
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;

namespace Lizhou.Cases.Measuring;

internal static class InTime
{
    /// <summary>Closed, as kind of ending: all others are neither in time nor late.</summary>
    public static bool Judged(CaseFile file) => file.Ended && file.Outcome is not (Outcome.Rejected or Outcome.Merged or Outcome.Void);

    /// <summary>Of a case; null: it is not judged, or nobody knows.</summary>
    /// <param name="flow">Of its last event.</param>
    public static bool? Of(IReadOnlyList<CaseEvent> events, CaseWhole whole, CaseFlow flow) => !Judged(whole.File) ? null
        : ByLog(Last(events, l => l.Met), Last(events, l => l.Due), Last(events, l => l.Ended) ?? whole.File.ClosedAt!.Value) ?? ByClocks(whole, flow, whole.File.ClosedAt!.Value);

    /// <summary>By what a log tells; null: it does not.</summary>
    public static bool? ByLog(bool? met, DateTimeOffset? due, DateTimeOffset ended) => met ?? (due is { } limit ? ended <= limit : null);

    /// <summary>By its clocks, if it ended at a moment; null: none ever ran.</summary>
    public static bool? ByClocks(CaseWhole whole, CaseFlow flow, DateTimeOffset at)
    {
        var handled = Handling(whole, flow, at);
        bool? total = whole.Clocks.LastOrDefault(c => c.Whole) is { } last ? Kept(last, at) ?? true : null;
        return handled == false ? false : total ?? handled;
    }

    /// <summary>Whether each handling was within its own limit; null: none is over, and none that is under way is past it.</summary>
    public static bool? Handling(CaseWhole whole, CaseFlow flow, DateTimeOffset at)
    {
        var told = whole.Clocks.Where(c => !c.Whole && flow.StageOf(c.State) == FlowWords.Handling).Select(c => Kept(c, at)).OfType<bool>().ToList();
        return told.Count == 0 ? null : told.TrueForAll(met => met);
    }

    /// <summary>What the log told last.</summary>
    public static T? Last<T>(IReadOnlyList<CaseEvent> events, Func<LogMark, T?> of)
        where T : struct => events.Select(e => e.Detail.Log is { } log ? of(log) : null).LastOrDefault(v => v is not null);

    /// <summary>Null: it still runs, or stands, and is not past.</summary>
    private static bool? Kept(CaseClock clock, DateTimeOffset at) => clock.Met ?? (clock.DueAt < at ? false : null);
}
