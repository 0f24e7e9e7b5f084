// Columns whose values are nearly all different: a key. Doubles are shown, and left to a person.
using Lizhou.Kernel;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Suggest;

internal static class FindKeys
{
    public static IEnumerable<Suggestion> Run(Grid grid)
    {
        foreach (var column in grid.Columns.Where(c => c.Filled >= 100 && c.Filled == grid.Rows && c.Distinct >= 0.995 * c.Filled && !Measures(c)))
        {
            var doubled = column.Filled - column.Distinct;
            yield return new(
                new Rule($"{column.Name} unique", RuleKind.Unique, [column.Name], Dimension.Accuracy, Severity.Serious, new("与前面某一行重复", "the same as in a row above")),
                doubled == 0 ? 0.9 : 0.7, 1 - (doubled / (double)column.Filled), column.Filled, new Text("{0} 行里有 {1} 个不同的值。", "{1} different values in {0} rows.").With(column.Filled, column.Distinct));
        }
    }

    /// <summary>Moments and numbers with decimals measure something; that they differ is chance.</summary>
    private static bool Measures(GridColumn column) =>
        column.All().Take(50).All(v => JudgeTable.Moment(v.Text) is not null || (JudgeTable.Number(v.Text) is not null && v.Text.Contains('.', StringComparison.Ordinal)));
}
