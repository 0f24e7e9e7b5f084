// Slips are scattered. In: rows that differ from what a rule says. Out: the value of another column that they have in common where that explains them: then they follow a rule of their own.
using Lizhou.Quality.Files;

namespace Lizhou.Quality.Suggest;

internal static class Systematic
{
    private const int LeastRows = 5;
    private const double LeastOfValue = 0.8;
    private const double LeastOfRows = 0.3;

    /// <param name="rows">In any order, each once.</param>
    /// <param name="except">Columns that the rule is about.</param>
    /// <returns>The column; null when no value of any explains the rows.</returns>
    public static int? By(Grid grid, IReadOnlyCollection<int> rows, params ReadOnlySpan<int> except)
    {
        for (var c = 0; c < grid.Columns.Count; c++)
        {
            if (except.Contains(c))
            {
                continue;
            }

            var column = grid.Columns[c];
            foreach (var (value, count) in rows.CountBy(r => column.Cells[r]).Where(v => v.Key != 0))
            {
                if (count >= LeastRows && count >= LeastOfRows * rows.Count && count >= LeastOfValue * column.Counts[value])
                {
                    return c;
                }
            }
        }

        return null;
    }
}
