// Rules about a table as a whole, answered from its scans. In: this scan and the last. Out: whether the rule is kept, and the figure.
using System.Globalization;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Lake;

namespace Lizhou.Quality.Rules;

internal static class StateRules
{
    private const int Parts = 10;

    /// <summary>The figure that the rule's limit is about; null when it cannot be told (no values, no scan before).</summary>
    /// <param name="columns">Names of the table's columns, in order.</param>
    public static double? Figure(Rule rule, IReadOnlyList<string> columns, ScanState now, ScanState? before, DateTimeOffset moment)
    {
        var at = rule.Columns.Count == 0 ? -1 : columns.ToList().FindIndex(c => string.Equals(c, rule.Columns[0], StringComparison.OrdinalIgnoreCase));
        return rule.Kind switch
        {
            RuleKind.Freshness => at < 0 ? null : Age(now.Columns[at], moment),
            RuleKind.Volume => before is null || before.Rows == 0 ? null : Math.Max(0, 1 - (now.Rows / (double)before.Rows)),
            RuleKind.Drift => before is null || at < 0 ? null : Drift(now, before, at),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule.Kind, "Not answered by states."),
        };
    }

    public static bool Kept(Rule rule, double? figure) => figure is null || figure <= Limit(rule);

    /// <summary>Days a cycle may take, with half of it for what comes late; the limit itself where a rule names no cycle.</summary>
    public static double Limit(Rule rule) => rule.Cycle switch
    {
        UpdateCycle.Realtime => 1.5 / 24,
        UpdateCycle.Daily => 1.5,
        UpdateCycle.Weekly => 10.5,
        UpdateCycle.Monthly => 46,
        UpdateCycle.Quarterly => 138,
        UpdateCycle.HalfYearly => 274,
        UpdateCycle.Yearly => 548,
        _ => rule.Limit,
    };

    /// <summary>Whether the newest value lies after that moment, of dates after the city's day.</summary>
    public static bool Ahead(ColumnState column, DateTimeOffset moment) =>
        column is { Kind: ScanKind.Whole, Values: > 0 } && (IsDays(column) ? column.Most > (moment.InCity().Date - DateTime.UnixEpoch).TotalDays : DateTimeOffset.UnixEpoch.AddTicks(column.Most * 10) > moment);

    /// <summary>The last value that is not ahead, as a bound of the column.</summary>
    public static string Latest(ColumnState column, DateTimeOffset moment) =>
        IsDays(column) ? moment.InCity().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    private static bool IsDays(ColumnState column) => column.Most < 10_000_000;

    /// <summary>Days since the newest value; days before tomorrow count as none. Those to come are left out before.</summary>
    private static double? Age(ColumnState column, DateTimeOffset moment) => column.Kind != ScanKind.Whole || column.Values == 0
        ? null
        : Math.Max(0, IsDays(column)
            ? (moment.InCity().Date - DateTime.UnixEpoch).TotalDays - column.Most
            : (moment - DateTimeOffset.UnixEpoch.AddTicks(column.Most * 10)).TotalDays);

    /// <summary>Population stability index over ten parts: of numbers by the quantiles of the last scan, of texts by its commonest values and the rest.</summary>
    private static double? Drift(ScanState now, ScanState before, int at)
    {
        var (old, fresh) = (Values(before, at), Values(now, at));
        if (old.Count == 0 || fresh.Count == 0)
        {
            return null;
        }

        Func<string, int> part;
        if (now.Columns[at].Kind == ScanKind.Text)
        {
            var top = old.CountBy(v => v, StringComparer.Ordinal).OrderByDescending(v => v.Value).Take(Parts - 1).Select((v, i) => (v.Key, i)).ToDictionary(v => v.Key, v => v.i, StringComparer.Ordinal);
            part = v => top.GetValueOrDefault(v, Parts - 1);
        }
        else
        {
            var sorted = old.Select(Order).Order().ToList();
            var bars = Enumerable.Range(1, Parts - 1).Select(i => sorted[i * sorted.Count / Parts]).ToArray();
            part = v => bars.Count(b => Order(v) >= b);
        }

        double[] a = Shares(old, part), b = Shares(fresh, part);
        return Enumerable.Range(0, Parts).Sum(i => (b[i] - a[i]) * Math.Log(b[i] / a[i]));
    }

    private static List<string> Values(ScanState state, int at) => [.. state.Sample.Select(cells => cells[at]).OfType<string>()];

    private static double Order(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : DateTime.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day.Ticks : 0;

    /// <summary>Shares of the parts, with half a value added to each so that an empty one has a logarithm.</summary>
    private static double[] Shares(List<string> values, Func<string, int> part)
    {
        var counts = Enumerable.Repeat(0.5, Parts).ToArray();
        values.ForEach(v => counts[part(v)]++);
        return [.. counts.Select(c => c / (values.Count + (Parts * 0.5)))];
    }
}
