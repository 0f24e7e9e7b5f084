// Columns with few values, each many times: a code list. What occurs once or twice beside them is shown, and left to a person.
using Lizhou.Kernel;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Suggest;

internal static class FindCodeLists
{
    public static IEnumerable<Suggestion> Run(Grid grid)
    {
        foreach (var column in grid.Columns.Where(c => c.Filled >= 200 && c.Distinct is >= 2 and <= 200))
        {
            var codes = column.All().Where(v => v.Count >= Math.Max(4, 0.002 * column.Filled)).ToList();
            var covered = codes.Sum(c => c.Count) / (double)column.Filled;
            if (codes.Count is < 2 or > 60 || covered < 0.97)
            {
                continue;
            }

            yield return new(
                new Rule($"{column.Name} codes", RuleKind.CodeList, [column.Name], Dimension.Conformity, Severity.Ordinary, new("不在常见的取值之内", "none of the usual values")) { Values = [.. codes.OrderByDescending(c => c.Count).Select(c => c.Text)] },
                covered == 1 ? 0.75 : 0.65, covered, column.Filled, new Text("{0} 个取值覆盖了 {1:P1} 的行。", "{0} values cover {1:P1} of the rows.").With(codes.Count, covered));
        }
    }
}
