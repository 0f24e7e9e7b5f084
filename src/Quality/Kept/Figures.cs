// Figures of a scan as they are kept: rows at fault by rule, and the scores over them. In: what the lake found. Out: plain numbers. Pure.
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Kept;

/// <param name="Failed">Rows at fault, of sums that do not add up groups; of a rule about the table as a whole 1 when it is broken.</param>
/// <param name="Judged">Rows, or groups, judged; of a rule about the table as a whole 1.</param>
/// <param name="Figure">What the limit of a rule about the table as a whole is about; null for other rules, and where it cannot be told.</param>
/// <param name="Rows">Whether its rows at fault are known one by one.</param>
internal sealed record RuleCount(string Rule, RuleKind Kind, Dimension Dimension, Severity Severity, Text Reason, IReadOnlyList<string> Columns, long Failed, long Judged, double? Figure, bool Rows)
{
    /// <summary>Whether these are figures of the rule, and not of an earlier one of its name.</summary>
    public bool Of(Rule rule) => rule.Name == Rule && rule.Kind == Kind && Figures.Columns(rule).SequenceEqual(Columns, StringComparer.Ordinal);
}

/// <summary>A name and type of a scanned table's column.</summary>
internal sealed record ScannedColumn(string Name, string Type);

internal static class Figures
{
    public static IReadOnlyList<RuleCount> Count(Compiled compiled, ScanState found, IReadOnlyList<(long Failed, long Judged)> sets, IReadOnlyList<double?> states) =>
    [
        .. compiled.Rows.Select((r, i) => Of(r, found.Failed[i], found.Rows, null, true)),
        .. compiled.Sets.Select((s, i) => Of(s.Rule, sets[i].Failed, sets[i].Judged, null, true)),
        .. compiled.States.Select((r, i) => Of(r, StateRules.Kept(r, states[i]) ? 0 : 1, 1, states[i], false)),
    ];

    /// <summary>Hundredths of a point; null when no rule judged a row.</summary>
    public static int? Hundredths(TableScore score) => score.Total is { } total ? (int)Math.Round(total * 100) : null;

    public static IReadOnlyList<string> Columns(Rule rule) => rule.Columns.Count > 0 ? rule.Columns : [.. rule.Touched];

    private static RuleCount Of(Rule rule, long failed, long judged, double? figure, bool rows) =>
        new(rule.Name, rule.Kind, rule.Dimension, rule.Severity, rule.Reason, Columns(rule), failed, judged, figure, rows);
}
