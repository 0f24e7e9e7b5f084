// Units glued to numbers: beside plain numbers, or written in several ways. A unit that nearly all cells share is part of the form; then only other spellings are wrong.
// A unit comes off only where the number alone says the same: the column's name has the unit, or the very same numbers stand without it. Money is told as the treatment of money reads it.
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

        if (units.Where(u => Worth(u.Unit) is not null).Sum(u => u.Count) >= 0.5 * units.Sum(u => u.Count))
        {
            return Amounts(column, cells, units, plain, filled);
        }

        var united = filled - plain;
        if (plain >= 0.5 * filled)
        {
            return Beside(column, cells, units, plain, united, filled);
        }

        var top = units[0];
        if (top.Count >= Agreed * filled)
        {
            var strange = cells.Where(c => c.Unit.Length > 0 && c.Unit != top.Unit && IsSpelling(c.Unit, top.Unit)).ToList();
            return strange.Count == 0 ? null : Found(column, strange, c => Respelt(c, top.Unit), 0.93, top.Count / (double)filled, filled, new Text("{0:P1} 的值以“{1}”结尾，其余的写法不同。", "{0:P1} of the values end with “{1}”; the others are spelt differently.").With(top.Count / (double)filled, top.Unit));
        }

        var common = units.Where(u => u.Count >= 0.02 * filled).ToList();
        return common.Count >= 2 && common[1].Count >= 0.05 * filled && common.Skip(1).All(u => IsSame(cells, top.Unit, u.Unit))
            ? Found(column, cells.Where(c => c.Unit.Length > 0), c => Shortest(c.Number), 0.9, filled / (double)filled, filled, new Text("数字后面的单位有 {0} 种写法（{1}），同样的数字在各种写法下都出现；应只留数字，单位写进列名。", "the unit behind the numbers is spelt in {0} ways ({1}) over the same numbers; keep the number alone and say the unit in the column's name.").With(units.Count, Quoted(units)))
            : null;
    }

    /// <summary>A few numbers with units among plain ones.</summary>
    private static Suggestion? Beside(GridColumn column, List<Cell> cells, List<(string Unit, int Count)> units, int plain, int united, int filled)
    {
        // Two columns in one, e.g. ages in years beside "7 months", are not of one scale: nothing is said of them then, unless the unit multiplies.
        if (united > 0.45 * filled || (!units.Exists(u => Carries(u.Unit)) && !Alike(cells, [""], units.Select(u => u.Unit))))
        {
            return null;
        }

        var unsaid = units.Where(u => !Says(column, u.Unit)).ToList();
        return unsaid.Count == 0 || (!unsaid.Exists(u => Carries(u.Unit)) && Common(cells, [""], unsaid.Select(u => u.Unit)) >= 0.5)
            ? Found(column, cells.Where(c => c.Unit.Length > 0), c => c.Number.Length >= 15 ? Shortest(c.Number) : c.Number, 0.95, plain / (double)filled, filled, new Text("{0:P1} 的值是纯数字，其余同样大小的数字后面带着 {1}。", "{0:P1} of the values are plain numbers; others of the same size carry {1}.").With(plain / (double)filled, Quoted(units)))
            : Found(column, cells.Where(c => c.Unit.Length > 0), c => c.Text, 0.85, plain / (double)filled, filled, new Text("{0:P1} 的值是纯数字，其余带着 {1}；纯数字是不是同一单位，从数据里看不出。", "{0:P1} of the values are plain numbers, others carry {1}; the data do not tell whether the plain ones are of that unit.").With(plain / (double)filled, Quoted(units)));
    }

    /// <summary>Amounts of money of several units or currencies, or beside plain numbers. What the column's name says is the unit of its plain numbers; an amount is a plain number again only where that is the same amount.</summary>
    private static Suggestion? Amounts(GridColumn column, List<Cell> cells, List<(string Unit, int Count)> units, int plain, int filled)
    {
        var (own, worths) = (Said(column), units.GroupBy(u => Worth(u.Unit), StringComparer.Ordinal).Select(g => (Worth: g.Key, Count: g.Sum(u => u.Count))).OrderByDescending(w => w.Count).ToList());
        var usual = own is null ? worths[0].Worth : Amount.Money("1", own);
        if (plain == 0 && worths.Count == 1 && (own is null || usual == worths[0].Worth))
        {
            return null;
        }

        // Where the plain numbers are many, they are the form and every unit is apart from it; else a unit that is not the usual one, and numbers nothing is said of.
        var few = plain < 0.5 * filled;
        var one = few && worths[0].Count >= Agreed * filled && own is null;
        var wrong = cells.Where(c => c.Unit.Length == 0 ? few && own is null : !few || (own is null && !one) || Worth(c.Unit) != usual).ToList();
        return wrong.Count == 0 ? null : Found(
            column, wrong, c => one ? c.Text : Told(c, own), 0.9, 1 - (wrong.Sum(c => c.Count) / (double)filled), filled,
            new Text("金额的单位或币种不一（{0}），去掉单位就是另一个数。", "the amounts are of several units or currencies ({0}); without its unit each would be another number.").With(Quoted(plain > 0 ? [.. units, ("", plain)] : units)));
    }

    /// <summary>Yuan and currency of one of this unit; null where the unit is none of money.</summary>
    private static string? Worth(string unit) => unit.Length == 0 ? null : Amount.Money("1" + unit);

    /// <summary>Whether the number without this unit would be another value.</summary>
    private static bool Carries(string unit) => Amount.Multiplies(unit) || Worth(unit) is not null;

    private static string Told(Cell cell, string? own) => cell.Unit.Length == 0 || Amount.Money(cell.Text) is not { } amount ? cell.Text
        : own is not null && Amount.Money(cell.Number, own) == amount ? cell.Number
        : amount;

    /// <summary>The unit of money in the column's name, as in 注册资本（万元）; null for none.</summary>
    private static string? Said(GridColumn column) => InBrackets().Match(column.Name) is { Success: true } m && Amount.Money("1", m.Groups[1].Value) is not null ? m.Groups[1].Value : null;

    /// <summary>Whether the column's name says this unit: 面积（亩）, weight_kg, 完成率(%).</summary>
    private static bool Says(GridColumn column, string unit) => unit.Trim('(', ')', '（', '）', ' ', '.') is { Length: > 0 } bare
        && (bare.Length > 1 || !char.IsAsciiLetter(bare[0]) ? column.Name.Contains(bare, StringComparison.OrdinalIgnoreCase) : InBrackets().Match(column.Name) is { Success: true } m && string.Equals(m.Groups[1].Value, bare, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether two units over much the same numbers are one, spelt in two ways.</summary>
    private static bool IsSame(List<Cell> cells, string top, string unit) => !(Amount.IsUnit(top) && Amount.IsUnit(unit)) && !Carries(top) && !Carries(unit)
        && (Common(cells, [top], [unit]) >= 0.5 || (IsSpelling(unit, top) && Alike(cells, [top], [unit])));

    /// <summary>Whether the numbers under these units are much the same numbers: units of one scale, not kilograms beside grams.</summary>
    private static bool Alike(List<Cell> cells, IEnumerable<string> some, IEnumerable<string> others)
    {
        var (a, b) = (Numbers(cells, [.. some]), Numbers(cells, [.. others]));
        return a.Count > 0 && b.Count > 0 && (Common(a, b) >= 0.5 || Overlap(a, b) >= 0.9);
    }

    private static double Common(List<Cell> cells, IEnumerable<string> some, IEnumerable<string> others) => Common(Numbers(cells, [.. some]), Numbers(cells, [.. others]));

    /// <summary>How much of the second's numbers are the first's, number by number and as often; 0 where either has none.</summary>
    private static double Common(List<(double Value, int Count)> a, List<(double Value, int Count)> b)
    {
        double total = a.Sum(v => v.Count), rest = b.Sum(v => v.Count);
        if (total == 0 || rest == 0)
        {
            return 0;
        }

        var shares = a.GroupBy(v => v.Value).ToDictionary(g => g.Key, g => g.Sum(v => v.Count) / total);
        return b.GroupBy(v => v.Value).Sum(g => Math.Min(g.Sum(v => v.Count) / rest, shares.GetValueOrDefault(g.Key)));
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

    private static bool IsSpelling(string unit, string top) => !(Amount.IsUnit(unit) && Amount.IsUnit(top)) && (Distance.Stood(unit, top) is not null || Distance.Within(unit.ToLowerInvariant(), top.ToLowerInvariant(), 2) <= 2);

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

    private static Text Quoted(List<(string Unit, int Count)> units)
    {
        string Listed(string none) => string.Join("、", units.Take(4).Select(u => u.Unit.Length == 0 ? none : $"“{u.Unit}”"));
        var nothing = new Text("无单位", "no unit");
        return new(Listed(nothing.Zh), Listed(nothing.En));
    }

    [GeneratedRegex(@"[(（\[]([^()（）\[\]]+)[)）\]]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex InBrackets();

    [GeneratedRegex(@"\A([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\s*([^0-9\s:/,.+-][^0-9]*)?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
