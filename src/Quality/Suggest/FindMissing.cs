// Words for a missing value: in columns of numbers and dates, where they cannot be a value; and beside truly empty cells, where two ways of writing nothing stand together.
using Lizhou.Kernel;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Suggest;

internal static class FindMissing
{
    private const int LeastRows = 20;

    public static IEnumerable<Suggestion> Run(Grid grid)
    {
        foreach (var column in grid.Columns)
        {
            var words = column.All().Where(v => MissingWords.Contains(v.Text)).ToList();
            var values = column.All().Where(v => !MissingWords.Contains(v.Text)).ToList();
            int standing = words.Sum(w => w.Count), filled = values.Sum(v => v.Count);
            if (standing > 0 && filled >= LeastRows && values.Where(v => Typed.Is(v.Text)).Sum(v => v.Count) is var typed && typed >= 0.95 * filled)
            {
                yield return Found(column, words, 0.97, filled / (double)(filled + standing), filled + standing, new Text(
                    "该列其余的值 {0:P1} 是数字或日期，{1} 只能表示缺失。", "{0:P1} of the other values are numbers or dates; {1} can only mean that there is none.").With(typed / (double)filled, Quoted(words)));
                continue;
            }

            var plain = words.Where(w => MissingWords.IsPlain(w.Text)).ToList();
            if (plain.Count > 0 && column.Counts[0] > 0 && filled >= LeastRows)
            {
                yield return Found(column, plain, 0.85, 1 - (plain.Sum(w => w.Count) / (double)grid.Rows), grid.Rows, new Text(
                    "该列有 {0} 个空单元格，又用 {1} 表示缺失，写法不统一。", "{0} cells are empty and others say {1}: two ways of writing nothing.").With(column.Counts[0], Quoted(plain)));
            }

            if (column.Counts[0] is var empty and > 0 && empty <= 0.01 * grid.Rows && grid.Rows >= 100)
            {
                yield return new(
                    new Rule($"{column.Name} not null", RuleKind.NotNull, [column.Name], Dimension.Completeness, Severity.Ordinary, new("没有填写", "it is empty")),
                    0.7, 1 - (empty / (double)grid.Rows), grid.Rows, new Text("该列只有 {0} 个空单元格（共 {1} 行）。", "only {0} of {1} cells are empty.").With(empty, grid.Rows));
            }
        }
    }

    private static Suggestion Found(GridColumn column, List<(int Number, string Text, int Count)> words, double confidence, double support, int witnesses, Text why) => new(
        new Rule($"{column.Name} missing", RuleKind.Slip, [column.Name], Dimension.Conformity, Severity.Ordinary, new("用文字表示缺失，应为空", "a word for a missing value; the cell should be empty"))
        {
            Mend = words.ToDictionary(w => w.Text, _ => "", StringComparer.Ordinal),
        },
        confidence, support, witnesses, why);

    private static string Quoted(List<(int Number, string Text, int Count)> words) => string.Join("、", words.OrderByDescending(w => w.Count).Take(4).Select(w => $"“{w.Text}”"));
}

/// <summary>Values that are plainly numbers, dates or times.</summary>
internal static class Typed
{
    public static bool Is(string value) => JudgeTable.Number(value) is not null || IsMoment(value);

    private static bool IsMoment(string value) => JudgeTable.Moment(value) is not null
        || (value.Length is >= 3 and <= 30 && char.IsDigit(value[0]) && value.Any(c => c is ':' or '-' or '/' or '.' or '年') && value.All(c => char.IsDigit(c) || c is ':' or '-' or '/' or '.' or ' ' or 'T' or '年' or '月' or '日' or '时' or '分' or 'a' or 'p' or 'm' or 'A' or 'P' or 'M')
            && value.Count(char.IsDigit) >= 2);
}
