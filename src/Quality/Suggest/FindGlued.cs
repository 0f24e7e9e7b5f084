// Cells that end in a value of another column while that one is empty.
using Lizhou.Kernel;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Suggest;

internal static class FindGlued
{
    private const int LeastRows = 3;

    public static IEnumerable<Suggestion> Run(Grid grid)
    {
        for (var second = 0; second < grid.Columns.Count; second++)
        {
            var neighbour = grid.Columns[second];
            if (neighbour.Counts[0] == 0 || neighbour.Distinct == 0 || neighbour.Distinct > 0.5 * neighbour.Filled)
            {
                continue;
            }

            for (var first = 0; first < grid.Columns.Count; first++)
            {
                if (first != second && Found(grid, first, second) is { } found)
                {
                    yield return found;
                }
            }
        }
    }

    private static Suggestion? Found(Grid grid, int first, int second)
    {
        var (column, neighbour) = (grid.Columns[first], grid.Columns[second]);
        int empty = 0, glued = 0, known = 0, filledEnds = 0, filled = 0;
        for (var r = 0; r < grid.Rows; r++)
        {
            var split = column.Cells[r] == 0 ? null : GroupRules.Split(column[r], neighbour);
            if (neighbour.Cells[r] != 0)
            {
                filled++;
                filledEnds += split is null ? 0 : 1;
                continue;
            }

            empty++;
            glued += split is null ? 0 : 1;
            known += split is var (own, _) && column.Find(own) > 0 ? 1 : 0;
        }

        // Where the neighbour is filled, such endings must be rare: else they are part of the values.
        return glued >= LeastRows && glued >= 0.3 * empty && known >= 0.2 * glued && filledEnds / (double)Math.Max(1, filled) < 0.1 * glued / empty
            ? new(
                new Rule($"{column.Name} + {neighbour.Name}", RuleKind.Glued, [column.Name, neighbour.Name], Dimension.Accuracy, Severity.Ordinary, new Text("“{0}”的值写进了“{1}”", "the value of “{0}” was written into “{1}”").With(neighbour.Name, column.Name)),
                0.95, 1 - (glued / (double)grid.Rows), grid.Rows,
                new Text("“{0}”为空的 {1} 行里，{2} 行的“{3}”以一个“{0}”的值结尾；“{0}”不空时几乎没有。", "of {1} rows where “{0}” is empty, “{3}” ends with one of its values in {2}; hardly ever where it is not.").With(neighbour.Name, empty, glued, column.Name))
            : null;
    }
}
