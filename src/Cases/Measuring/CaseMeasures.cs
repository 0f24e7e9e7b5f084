// The figures of cases, and what each of them means. The shape is kept: programs read it. Hours are hours of the calendar, with decimals; shares are 0 to 1; what nothing is known of is null.
namespace Lizhou.Cases.Measuring;

/// <param name="Source">Name of a log, or a kind of source (Hotline, Patrol, Log …); null: all.</param>
/// <param name="From">First day of the city on which it was reported.</param>
/// <param name="To">Last day.</param>
/// <param name="Class">Code of a class here, or its word in the log.</param>
internal sealed record MeasureFilter(string? Source = null, DateOnly? From = null, DateOnly? To = null, string? Class = null);

/// <param name="Outcomes">Ended ones by kind of ending: Normal, Late, Faulty, Special, Rejected, Merged, Void.</param>
internal sealed record CaseCounts(long All, long Ended, long Open, IReadOnlyDictionary<string, long> Outcomes);

/// <summary>All = here + told + implied.</summary>
/// <param name="Here">Happened here.</param>
/// <param name="Told">Named by a log that was taken over.</param>
/// <param name="Implied">Steps of the flow between two that a log names: they take no time and count nowhere else.</param>
/// <param name="Jumps">Of those told: to a state to which no way of the flow leads.</param>
/// <param name="Digest">SHA-256 (hex) of the events, by case id and number of the event, with all that is kept of them but when they became known.</param>
internal sealed record EventCounts(long All, long Here, long Told, long Implied, long Jumps, string Digest);

/// <summary>How a set of spans is spread.</summary>
/// <param name="Count">Spans.</param>
/// <param name="MedianHours">Quantile 0.5. Quantiles are those of <c>PERCENTILE.INC</c>, numpy and DuckDB's <c>quantile_cont</c>: between the two spans nearest to place (n − 1) × p of the sorted ones, by the part of the place (Hyndman and Fan 7).</param>
/// <param name="P90Hours">Quantile 0.9.</param>
internal sealed record Spread(long Count, double? MedianHours, double? P90Hours, double? MeanHours, double? LongestHours);

/// <summary>Waiting in one state: from the event that led there to the next that led away. A state left and entered again is two visits.</summary>
/// <param name="State">Of the flow.</param>
/// <param name="Waits">Of visits that are over.</param>
/// <param name="Open">Cases that are in it now.</param>
/// <param name="Share">Of the time of all visits that are over.</param>
internal sealed record StepWait(string State, string Name, Spread Waits, long Open, double? Share);

/// <summary>Work that came back: verification failed, or a reporter who was not satisfied; of a log, from a state after the handling back into it.</summary>
/// <param name="Share">Of all cases.</param>
internal sealed record ReworkFigures(long Cases, long Times, double? Share);

/// <summary>Cases that changed hands: another lead unit than before; of a log, another group than the last it named.</summary>
/// <param name="PerCase">Times ÷ all cases.</param>
internal sealed record ReassignFigures(long Cases, long Times, double? PerCase);

/// <summary>Limits (SLA). A closed case is judged by the log's last word on it; where it has none by the log's last due time; else by its clocks: met is one of which no handling and not the whole was past its limit
/// (so none of the outcome Late). What was not accepted, merged or void is not judged.</summary>
/// <param name="Judged">Closed cases of which that is known: met + missed.</param>
/// <param name="MetShare">Met ÷ judged.</param>
/// <param name="Unjudged">Closed cases of which it is not. Ended = judged + unjudged + those not accepted, merged or void.</param>
internal sealed record LimitFigures(long Judged, long Met, long Missed, double? MetShare, long Unjudged);

/// <summary>The log's own figures, over all cases that tell them, open ones too.</summary>
/// <param name="Throughput">From the report to the ending as the log tells it in a column of its own, of ended cases.</param>
internal sealed record ToldFigures(Spread Throughput, long Met, long Missed, long Reassigned, double? ReassignedPerCase, long ReopenedCases);

/// <summary>Two figures that should be one.</summary>
/// <param name="What">cases: told by events, and in the list of cases. reassigned: times counted from groups, and by the log's counter. reopened: cases with rework, and by the log's counter.
/// ended: cases ended by their events, and by the log's column; they differ where the moments do. limit: ended cases met by the log's word, and by its due time.</param>
/// <param name="Cases">Of how many cases both are known.</param>
/// <param name="Differ">Cases of which the two are not the same.</param>
internal sealed record Reconciled(string What, long Cases, long Counted, long Told, long Differ)
{
    public bool Agrees => Differ == 0 && Counted == Told;
}

/// <param name="Throughput">From the report to the last ending, of ended cases.</param>
/// <param name="Told">Null where no log tells any.</param>
internal sealed record CaseMeasures(
    MeasureFilter Filter, CaseCounts Cases, EventCounts Events, Spread Throughput, IReadOnlyList<StepWait> Steps, ReworkFigures Rework, ReassignFigures Reassigned, LimitFigures Limit, ToldFigures? Told,
    IReadOnlyList<Reconciled> Checks);
