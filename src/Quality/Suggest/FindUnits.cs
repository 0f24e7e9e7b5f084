// Units glued to numbers: beside plain numbers, or written in several ways. A unit that nearly all cells share is part of the form; then only other spellings are wrong.
using System.Text.RegularExpressions;
using Lizhou.Kernel;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Suggest;

internal static partial class FindUnits
{
    private const int LeastRows = 20;
    private const double LeastShare = 0.9;
    private const double Agreed = 0.9;
    private const int Largest = 24;

    private sealed record Cell(string Text, string Number, string Unit, int Count);

    public static IEnumerable<Suggestion> Run(Grid grid)
    {
        foreach (var column in grid.Columns)
        {
            var cells = column.All().Where(v => !MissingWords.Contains(v.Text)).Select(v => Read(v.Text, v.Count)).ToList();
            var filled = cells.Sum(c => c?.Count ?? 0);
            var all = column.All().Where(v => !MissingWords.Contains(v.Text)).Sum(v => v.Count);
            if (filled < LeastRows || filled < LeastShare * all)
            {
                continue;
            }

            var read = cells.OfType<Cell>().ToList();
            if (Judged(column, read, filled) is { } found)
            {
                yield return found;
            }
        }
    }

    private static Suggestion? Judged(GridColumn column, List<Cell> cells, int filled)
    {
        var plain = cells.Where(c => c.Unit.Length == 0).Sum(c => c.Count);
        var units = cells.Where(c => c.Unit.Length > 0).GroupBy(c => c.Unit, StringComparer.Ordinal).Select(g => (Unit: g.Key, Count: g.Sum(c => c.Count))).OrderByDescending(u => u.Count).ToList();
        if (units.Count == 0)
        {
            return null;
        }

        var united = filled - plain;
        if (plain >= 0.5 * filled)
        {
            // Two columns in one, e.g. ages in years beside "7 months", are not of one scale: nothing is stripped then.
            return united <= 0.45 * filled && Alike(cells, [""], units.Select(u => u.Unit))
                ? Found(column, cells.Where(c => c.Unit.Length > 0), c => c.Number.Length >= 15 ? Shortest(c.Number) : c.Number, 0.95, plain / (double)filled, filled, new Text("{0:P1} 的值是纯数字，其余同样大小的数字后面带着 {1}。", "{0:P1} of the values are plain numbers; others of the same size carry {1}.").With(plain / (double)filled, Quoted(units)))
                : null;
        }

        var top = units[0];
        if (top.Count >= Agreed * filled)
        {
            var strange = cells.Where(c => c.Unit.Length > 0 && c.Unit != top.Unit && IsSpelling(c.Unit, top.Unit)).ToList();
            return strange.Count == 0 ? null : Found(column, strange, c => Respelt(c, top.Unit), 0.93, top.Count / (double)filled, filled, new Text("{0:P1} 的值以“{1}”结尾，其余的写法不同。", "{0:P1} of the values end with “{1}”; the others are spelt differently.").With(top.Count / (double)filled, top.Unit));
        }

        var common = units.Where(u => u.Count >= 0.02 * filled).ToList();
        return common.Count >= 2 && common[1].Count >= 0.05 * filled && common.Skip(1).All(u => Alike(cells, [top.Unit], [u.Unit]))
            ? Found(column, cells.Where(c => c.Unit.Length > 0), c => Shortest(c.Number), 0.9, filled / (double)filled, filled, new Text("数字后面的单位有 {0} 种写法（{1}），同样的数字在各种写法下都出现；应只留数字，单位写进列名。", "the unit behind the numbers is spelt in {0} ways ({1}) over the same numbers; keep the number alone and say the unit in the column's name.").With(units.Count, Quoted(units)))
            : null;
    }

    /// <summary>Whether the numbers under these units are much the same numbers: units of one scale, not kilograms beside grams.</summary>
    private static bool Alike(List<Cell> cells, IEnumerable<string> some, IEnumerable<string> others)
    {
        var (a, b) = (Numbers(cells, [.. some]), Numbers(cells, [.. others]));
        double total = a.Sum(v => v.Count), rest = b.Sum(v => v.Count);
        if (total == 0 || rest == 0)
        {
            return false;
        }

        var shares = a.GroupBy(v => v.Value).ToDictionary(g => g.Key, g => g.Sum(v => v.Count) / total);
        var common = b.GroupBy(v => v.Value).Sum(g => Math.Min(g.Sum(v => v.Count) / rest, shares.GetValueOrDefault(g.Key)));
        return common >= 0.5 || Overlap(a, b) >= 0.9;
    }

    /// <summary>The share of the second's values that lie between the 1 % and 99 % points of the first.</summary>
    private static double Overlap(List<(double Value, int Count)> a, List<(double Value, int Count)> b)
    {
        var sorted = a.OrderBy(v => v.Value).ToList();
        var (low, high) = (At(sorted, 0.01), At(sorted, 0.99));
        return b.Where(v => v.Value >= low && v.Value <= high).Sum(v => v.Count) / (double)b.Sum(v => v.Count);
    }

    private static double At(List<(double Value, int Count)> sorted, double share)
    {
        var left = share * sorted.Sum(v => v.Count);
        foreach (var (value, count) in sorted)
        {
            left -= count;
            if (left <= 0)
            {
                return value;
            }
        }

        return sorted[^1].Value;
    }

    private static List<(double Value, int Count)> Numbers(List<Cell> cells, HashSet<string> units) =>
        [.. cells.Where(c => units.Contains(c.Unit)).Select(c => (JudgeTable.Number(c.Number) ?? double.NaN, c.Count)).Where(c => !double.IsNaN(c.Item1))];

    private static bool IsSpelling(string unit, string top) => Distance.Stood(unit, top) is not null || Distance.Within(unit.ToLowerInvariant(), top.ToLowerInvariant(), 2) <= 2;

    /// <summary>With the agreed unit; the text itself where the slip may have eaten a digit.</summary>
    private static string Respelt(Cell cell, string unit) => cell.Unit.Length == unit.Length ? cell.Text[..^cell.Unit.Length] + unit : cell.Text;

    /// <summary>Without zeros behind the point, and without the dust of binary fractions (0.052000000000000005).</summary>
    private static string Shortest(string number)
    {
        if (!number.Contains('.', StringComparison.Ordinal))
        {
            return number;
        }

        var plain = number.Length >= 15 && JudgeTable.Number(number) is { } value ? Math.Round(value, 12).ToString("0.############", System.Globalization.CultureInfo.InvariantCulture) : number;
        return plain.Contains('.', StringComparison.Ordinal) ? plain.TrimEnd('0').TrimEnd('.') : plain;
    }

    private static Cell? Read(string text, int count) => Form().Match(text.Trim()) is { Success: true } m && m.Groups[2].Length <= Largest
        ? new Cell(text.Trim(), m.Groups[1].Value, m.Groups[2].Value, count) : null;

    private static Suggestion Found(GridColumn column, IEnumerable<Cell> wrong, Func<Cell, string> mend, double confidence, double support, int witnesses, Text why)
    {
        var spelt = column.All().ToLookup(v => v.Text.Trim(), v => v.Text, StringComparer.Ordinal);
        return new(
            new Rule($"{column.Name} unit", RuleKind.Slip, [column.Name], Dimension.Conformity, Severity.Ordinary, new("数字带着单位，写法不统一", "a number with a unit that others do not have or spell otherwise"))
            {
                Mend = wrong.SelectMany(c => spelt[c.Text].Select(text => (Text: text, Right: mend(c)))).GroupBy(m => m.Text, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Right, StringComparer.Ordinal),
            },
            confidence, support, witnesses, why);
    }

    private static string Quoted(List<(string Unit, int Count)> units) => string.Join("、", units.Take(4).Select(u => $"“{u.Unit}”"));

    [GeneratedRegex(@"\A([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\s*([^0-9\s:/,.+-][^0-9]*)?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
