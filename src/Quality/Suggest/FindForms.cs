// Columns of numbers, codes, dates and telephones whose values nearly all have the same few forms: a rare form beside them is wrong.
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Suggest;

internal static class FindForms
{
    private const int LeastRows = 50;
    private const double Dominant = 0.1;
    private const double Covered = 0.95;

    private const string Number = "9";
    private const string Share = "9%";
    private const string Money = "9¥";

    public static IEnumerable<Suggestion> Run(Grid grid)
    {
        foreach (var column in grid.Columns)
        {
            if (Padded(column, grid.Rows) is { } padded)
            {
                yield return padded;
            }

            if (column.Filled >= LeastRows && Judged(column) is { } found)
            {
                yield return found;
            }
        }
    }

    private static Suggestion? Judged(GridColumn column)
    {
        var values = column.All().Select(v => (v.Text, v.Count, Form: Of(v.Text))).ToList();
        var forms = values.GroupBy(v => v.Form, StringComparer.Ordinal).Select(g => (Form: g.Key, Count: g.Sum(v => v.Count), Values: g.ToList())).OrderByDescending(f => f.Count).ToList();
        var usual = forms.Where(f => f.Count >= Dominant * column.Filled).ToList();
        var covered = usual.Sum(f => f.Count) / (double)column.Filled;
        if (covered < Covered || covered == 1 || !usual.Any(f => f.Form.Contains('9', StringComparison.Ordinal)))
        {
            return null;
        }

        // A value that comes again and again, or a form many values share, is a kind of its own.
        var often = Math.Max(3, (int)(0.002 * column.Filled));
        var rare = forms.Where(f => f.Count < Dominant * column.Filled).ToList();
        var wrong = rare.Where(f => f.Count <= 0.02 * column.Filled).SelectMany(f => f.Values).Where(v => v.Count < often && !MissingWords.Contains(v.Text)).ToList();
        if (wrong.Count == 0)
        {
            return null;
        }

        var bad = wrong.Select(v => v.Text).ToHashSet(StringComparer.Ordinal);
        var kept = values.Where(v => !bad.Contains(v.Text)).Select(v => v.Form).Distinct(StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        var listed = wrong.Any(v => kept.Contains(v.Form));
        var support = 1 - (wrong.Sum(v => v.Count) / (double)column.Filled);
        var confidence = Sure(usual.ConvertAll(f => f.Form), wrong.ConvertAll(v => v.Form), covered);
        var rule = new Rule($"{column.Name} form", listed ? RuleKind.Slip : RuleKind.Format, [column.Name], Dimension.Conformity, Severity.Ordinary, new("格式与该列其他值不同", "its form is not that of the column's other values"))
        {
            Pattern = listed ? null : string.Join('|', kept.Select(Pattern)),
            Mend = listed ? bad.ToDictionary(v => v, v => Mended(v, usual[0].Form) ?? v, StringComparer.Ordinal)
                : wrong.Select(v => (v.Text, Right: Mended(v.Text, usual[0].Form))).Where(v => v.Right is not null).ToDictionary(v => v.Text, v => v.Right!, StringComparer.Ordinal),
        };
        return listed && rule.Mend.All(m => m.Key == m.Value) ? null : new(rule, confidence, support, column.Filled, new Text(
            "{0:P1} 的值的形式是 {1}，只有 {2} 个不是。", "{0:P1} of the values are of the form {1}; {2} are not.").With(support, Listed(usual.ConvertAll(f => f.Form)), wrong.Sum(v => v.Count)));
    }

    private static Text Listed(List<string> forms) => new(string.Join(" / ", forms), string.Join(" / ", forms.Select(f => ValueForm.Called(f).En)));

    /// <summary>Another number of decimals or a sign is no slip; letters among digits are.</summary>
    private static double Sure(List<string> usual, List<string> wrong, double covered)
    {
        var known = usual.SelectMany(f => f).ToHashSet();
        var strange = wrong.Count(f => f.Any(c => !known.Contains(c)));
        return (strange >= 0.5 * wrong.Count ? 0.88 : 0.72) + (covered >= 0.98 ? 0.05 : 0);
    }

    /// <summary>Signs and decimals do not change the form of a number, nor of an amount or a share.</summary>
    private static string Of(string value) => JudgeTable.Number(value) is not null ? Number : Amount.IsShare(value) ? Share : Amount.Money(value) is not null ? Money : Shape.Of(value.Trim());

    private static string Pattern(string form) => form switch
    {
        Number => @"[+-]?[0-9][0-9,]*(\.[0-9]+)?|[+-]?\.[0-9]+",
        Share => @"\s*[+-]?[0-9][0-9,]*(\.[0-9]+)?\s*[%％‰]\s*",
        Money => @"[^0-9+-]{0,8}[+-]?[0-9][0-9,]*(\.[0-9]+)?[^0-9]{1,12}|[^0-9+-]{1,8}[+-]?[0-9][0-9,]*(\.[0-9]+)?",
        _ => Shape.Pattern(form),
    };

    private static string? Mended(string value, string form) => form is Number or Share or Money ? null : Shape.Within(value, form);

    /// <summary>Blanks before or behind a value where nearly no other has any.</summary>
    private static Suggestion? Padded(GridColumn column, int rows)
    {
        var padded = column.All().Where(v => v.Text.Trim().Length != v.Text.Length).ToList();
        var count = padded.Sum(v => v.Count);
        return count == 0 || count > 0.1 * column.Filled || column.Filled < LeastRows ? null : new(
            new Rule($"{column.Name} blanks", RuleKind.Slip, [column.Name], Dimension.Conformity, Severity.Notice, new("首尾有多余的空格", "blanks before or behind the value"))
            {
                Mend = padded.ToDictionary(v => v.Text, v => v.Text.Trim(), StringComparer.Ordinal),
            },
            0.9, 1 - (count / (double)column.Filled), rows, new Text("只有 {0} 个值首尾带空格。", "only {0} values have blanks at an end.").With(count));
    }
}
