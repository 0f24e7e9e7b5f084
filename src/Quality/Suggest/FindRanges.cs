// Numbers far outside the rest and dates that cannot be.
using System.Globalization;
using Lizhou.Kernel;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Suggest;

internal static class FindRanges
{
    private const int LeastRows = 100;

    public static IEnumerable<Suggestion> Run(Grid grid, DateTimeOffset now)
    {
        foreach (var column in grid.Columns.Where(c => c.Filled >= LeastRows))
        {
            if ((Outside(column, JudgeTable.Number, Shown, both: true) ?? Outside(column, Days, Day, both: false)) is { } range)
            {
                yield return range;
            }

            var moments = column.All().Select(v => (Moment: JudgeTable.Moment(v.Text), v.Count)).Where(v => v.Moment is not null).ToList();
            var dated = moments.Sum(m => m.Count);
            var late = moments.Where(m => m.Moment > now.InCity().DateTime).Sum(m => m.Count);
            if (dated >= 0.95 * column.Filled && late > 0 && late <= 0.01 * dated)
            {
                yield return new(
                    new Rule($"{column.Name} not future", RuleKind.NotFuture, [column.Name], Dimension.Timeliness, Severity.Ordinary, new("日期在今天之后", "the date lies in the future")),
                    0.85, 1 - (late / (double)dated), dated, new Text("只有 {0} 个日期在今天之后。", "only {0} dates lie in the future.").With(late));
            }
        }
    }

    /// <param name="both">Whether it is about both ends; of days the later end is told by the calendar.</param>
    private static Suggestion? Outside(GridColumn column, Func<string, double?> read, Func<double, string> shown, bool both)
    {
        var values = column.All().Select(v => (Number: read(v.Text), v.Count)).Where(v => v.Number is not null).Select(v => (Number: v.Number!.Value, v.Count)).OrderBy(v => v.Number).ToList();
        var filled = values.Sum(v => v.Count);
        if (filled < LeastRows || filled < 0.95 * column.Filled || values.Count < 10)
        {
            return null;
        }

        // One value may lie outside however few there are.
        var edge = Math.Max(1.5, 0.005 * filled);
        double low = At(values, edge), high = At(values, filled - edge), middle = At(values, 0.5 * filled);
        double below = middle - (20 * Math.Max(middle - low, 1e-9)), above = both ? middle + (20 * Math.Max(high - middle, 1e-9)) : double.MaxValue;
        var outside = values.Where(v => v.Number < below || v.Number > above).Sum(v => v.Count);
        if (outside == 0 || outside > Math.Max(1, 0.003 * filled) || high == low)
        {
            return null;
        }

        var inside = values.Where(v => v.Number >= below && v.Number <= above).ToList();
        var (least, most) = (inside[0].Number, inside[^1].Number);
        return new(
            new Rule($"{column.Name} range", RuleKind.Range, [column.Name], Dimension.Accuracy, Severity.Ordinary, both ? new("数值远在其他值的范围之外", "far outside the range of the other values") : new("日期远早于其他日期", "far earlier than the other dates"))
            {
                Least = shown(least), Most = both ? shown(most) : null,
            },
            0.85, 1 - (outside / (double)filled), filled, new Text("{0:P1} 的值在 {1} 到 {2} 之间，其余的远在其外。", "{0:P1} of the values lie from {1} to {2}; the others far outside.").With(1 - (outside / (double)filled), shown(least), shown(most)));
    }

    /// <summary>The value at a place from the least on.</summary>
    private static double At(List<(double Number, int Count)> sorted, double place)
    {
        var left = place;
        foreach (var (number, count) in sorted)
        {
            left -= count;
            if (left <= 0)
            {
                return number;
            }
        }

        return sorted[^1].Number;
    }

    private static double? Days(string text) => JudgeTable.Moment(text) is { } moment ? Math.Floor((moment - DateTime.UnixEpoch).TotalDays) : null;

    private static string Day(double days) => DateTime.UnixEpoch.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Shown(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
