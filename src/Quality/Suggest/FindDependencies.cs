// Columns that nearly determine another: groups of one mind but for a slip here and there. Care against chance: groups of three and more, enough of them,
// far better than guessing the commonest value, and what differs stands alone in its group.
using Lizhou.Kernel;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Suggest;

internal static class FindDependencies
{
    private const int LeastGroups = 5;
    private const int ManyGroups = 20;
    private const double LeastConfidence = 0.93;
    private const double LeastGain = 0.85;
    private const double LeastAlone = 0.7;

    /// <param name="Holds">Share of the rows in groups that agree with their group's commonest value.</param>
    /// <param name="Gain">How much of what guessing the column's commonest value leaves open is told.</param>
    /// <param name="Alone">Share of the differing rows that stand alone against a clear majority.</param>
    internal sealed record Found(int By, int Column, double Holds, double Gain, double Alone, int Rows, int Groups, int Differ);

    public static IEnumerable<Suggestion> Run(Grid grid)
    {
        foreach (var found in All(grid).Where(f => f.Holds >= LeastConfidence && f.Gain >= LeastGain && f.Alone >= LeastAlone && f.Groups >= LeastGroups))
        {
            var differ = GroupRules.Depends(grid, [found.By, found.Column]).ConvertAll(f => f.Row);
            if (Systematic.By(grid, differ, found.By, found.Column) is not { } also)
            {
                yield return Said(grid, found, [found.By], found.Holds);
                continue;
            }

            // What differs has a reason of its own: the two columns together determine the third.
            var left = GroupRules.Depends(grid, [found.By, also, found.Column]).Count;
            if (left < differ.Count && Math.Min(found.By, also) == found.By)
            {
                yield return Said(grid, found, [found.By, also], 1 - (left / (double)found.Rows));
            }
        }
    }

    private static Suggestion Said(Grid grid, Found found, int[] by, double holds)
    {
        var (names, column) = (by.Select(c => grid.Columns[c].Name).ToList(), grid.Columns[found.Column]);
        var word = string.Join("” + “", names);
        return new(
            new Rule($"{string.Join(" + ", names)} → {column.Name}", RuleKind.Depends, [.. names, column.Name], Dimension.Consistency, Severity.Ordinary, new Text("与“{0}”相同的其他行不一致", "not what other rows with the same “{0}” say").With(word)),
            Math.Min(0.96, (found.Groups >= ManyGroups ? 0.78 : 0.62) + (0.25 * ((holds - LeastConfidence) / (1 - LeastConfidence)))),
            holds, found.Rows,
            new Text("“{0}”相同的行，“{1}”也相同：{2} 组共 {3} 行，{4:P1} 一致。", "rows with the same “{0}” have the same “{1}”: {4:P1} of {3} rows in {2} groups.").With(word, column.Name, found.Groups, found.Rows, holds));
    }

    public static IEnumerable<Found> All(Grid grid)
    {
        for (var by = 0; by < grid.Columns.Count; by++)
        {
            if (grid.Columns[by].Distinct < LeastGroups || grid.Columns[by].Distinct > 0.7 * grid.Columns[by].Filled)
            {
                continue;
            }

            var groups = GroupRules.Groups(grid, [by]).Where(g => g.Count >= GroupRules.LeastMajority).ToList();
            for (var column = 0; column < grid.Columns.Count && groups.Count >= LeastGroups; column++)
            {
                if (column != by && grid.Columns[column].Distinct > 1 && Measure(grid, by, column, groups) is { } found)
                {
                    yield return found;
                }
            }
        }
    }

    private static Found? Measure(Grid grid, int by, int column, List<List<int>> groups)
    {
        var values = grid.Columns[column];
        int rows = 0, agree = 0, alone = 0, clear = 0;
        var counts = new Dictionary<int, int>();
        var commonest = new HashSet<int>();
        foreach (var group in groups)
        {
            counts.Clear();
            foreach (var r in group)
            {
                if (values.Cells[r] is var value and not 0)
                {
                    counts[value] = counts.GetValueOrDefault(value) + 1;
                }
            }

            if (counts.Count == 0)
            {
                continue;
            }

            int filled = counts.Values.Sum(), most = counts.Values.Max();
            if (filled < GroupRules.LeastMajority)
            {
                continue;
            }

            clear++;
            commonest.Add(counts.First(c => c.Value == most).Key);
            rows += filled;
            agree += most;
            alone += counts.Values.Where(c => c <= Math.Max(1, 0.2 * filled) && most >= 2 * c && most >= 0.6 * filled).Sum();
        }

        if (rows == 0 || rows < 0.2 * values.Filled || commonest.Count < 3)
        {
            return null;
        }

        double holds = agree / (double)rows, guessed = values.Counts.Skip(1).Max() / (double)values.Filled;
        return new(by, column, holds, (holds - guessed) / (1 - guessed), rows == agree ? 1 : alone / (double)(rows - agree), rows, clear, rows - agree);
    }
}
