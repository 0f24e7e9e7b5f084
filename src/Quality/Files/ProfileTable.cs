// In: a table in memory. Out: what stands in each column: how many rows, empty cells and different values, least and greatest, the commonest, their forms, and quartiles of numbers. The counts are exact.
using System.Globalization;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Quality.Kept;

namespace Lizhou.Quality.Files;

/// <summary>The profile of one column.</summary>
/// <param name="Distinct">Different values, the empty cell not counted.</param>
/// <param name="Least">Of numbers the smallest, of days and moments the earliest, else the first by characters; null without values.</param>
/// <param name="Quartiles">Of numbers: below which a quarter, a half and three quarters lie; else none.</param>
/// <param name="Forms">Classes of characters instead of characters (see <see cref="ValueForm"/>), with their share of the values.</param>
internal sealed record ColumnProfile(string Column, int Rows, int Empty, int Distinct, string? Least, string? Most, IReadOnlyList<string> Quartiles, IReadOnlyList<ProfileValue> Top, IReadOnlyList<ProfileForm> Forms);

internal static class ProfileTable
{
    private const int Commonest = 5;
    private const int MostForms = 3;
    private const double NearlyAll = 0.95;

    /// <summary>Longer ones are numbers of persons, firms and accounts, which have no size.</summary>
    private const int LongestNumber = 15;

    public static IReadOnlyList<ColumnProfile> Run(Grid grid) => [.. grid.Columns.Select(c => Of(c, grid.Rows))];

    /// <summary>For people: a line each.</summary>
    public static Text Line(ColumnProfile of) => new Text("{0}：{1} 行，空 {2}，不同值 {3}{4}{5}{6}{7}", "{0}: {1} rows, {2} empty, {3} different{4}{5}{6}{7}").With(
        of.Column, of.Rows, of.Empty, of.Distinct,
        of.Least is null ? default(Text) : new Text("，最小 {0}，最大 {1}", ", least {0}, greatest {1}").With(Short(of.Least), Short(of.Most!)),
        of.Quartiles.Count == 0 ? default(Text) : new Text("，四分位 {0}", ", quartiles {0}").With(string.Join(" / ", of.Quartiles)),
        of.Top.Count == 0 ? default(Text) : new Text("；常见 {0}", "; commonest {0}").With(Listed(of.Top.Select(t => $"{Short(t.Value!)} ×{t.Count}"))),
        of.Forms.Count == 0 ? default(Text) : new Text("；形式 {0}", "; forms {0}").With(Listed(of.Forms.Select(f => string.Create(CultureInfo.InvariantCulture, $"{Short(f.Form)} {f.Share:P0}")))));

    private static Text Listed(IEnumerable<string> parts)
    {
        var all = parts.ToList();
        return new(string.Join("、", all), string.Join(", ", all));
    }

    private static ColumnProfile Of(GridColumn column, int rows)
    {
        var values = column.All().Select(v => (v.Text, v.Count)).ToList();
        var sized = Sized(values, column.Filled, v => IsSize(v) ? JudgeTable.Number(v) : null);
        var ordered = sized ?? Sized(values, column.Filled, v => JudgeTable.Moment(v)?.Ticks) ?? [.. values.OrderBy(v => v.Text, StringComparer.Ordinal)];
        return new(
            column.Name, rows, rows - column.Filled, column.Distinct, ordered.Count == 0 ? null : ordered[0].Text, ordered.Count == 0 ? null : ordered[^1].Text,
            sized is null ? [] : [.. new[] { 0.25, 0.5, 0.75 }.Select(share => At(sized, share))],
            [.. values.OrderByDescending(v => v.Count).ThenBy(v => v.Text, StringComparer.Ordinal).Take(Commonest).Select(v => new ProfileValue(v.Text, v.Count))],
            [
                .. values.GroupBy(v => ValueForm.Of(v.Text), StringComparer.Ordinal).Select(g => (Form: g.Key, Count: g.Sum(v => v.Count))).OrderByDescending(f => f.Count).ThenBy(f => f.Form, StringComparer.Ordinal).Take(MostForms)
                    .Select(f => new ProfileForm(ValueForm.Called(f.Form).ToString(), f.Count / (double)column.Filled)),
            ]);
    }

    /// <summary>The values that have a size, by it; null when they are not nearly all.</summary>
    private static List<(string Text, int Count)>? Sized(List<(string Text, int Count)> values, int filled, Func<string, double?> size)
    {
        var sized = values.Select(v => (v.Text, v.Count, Size: size(v.Text))).Where(v => v.Size is not null).ToList();
        return filled > 0 && sized.Sum(v => v.Count) >= NearlyAll * filled ? [.. sized.OrderBy(v => v.Size).Select(v => (v.Text, v.Count))] : null;
    }

    /// <summary>Codes with zeros before them have no size either.</summary>
    private static bool IsSize(string value) => value.Trim().TrimStart('+', '-') is { Length: <= LongestNumber } digits && !(digits.Length > 1 && digits[0] == '0' && char.IsAsciiDigit(digits[1]));

    private static string At(List<(string Text, int Count)> sorted, double share)
    {
        var left = (int)(share * sorted.Sum(v => v.Count));
        return sorted.First(v => (left -= v.Count) < 0).Text;
    }

    private static string Short(string value) => value.Length <= 40 ? value : value[..39] + "…";
}
