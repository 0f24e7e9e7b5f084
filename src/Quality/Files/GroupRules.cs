// Rules on rows together, on a table in memory: what depends on what, what several report of one thing, what was glued to its neighbour.
using Lizhou.Quality.Suggest;

namespace Lizhou.Quality.Files;

internal static class GroupRules
{
    /// <summary>A majority is told from its group from so many rows on.</summary>
    public const int LeastMajority = 3;

    private const double LargestMinority = 0.2;
    private const double LeastShare = 0.6;

    /// <summary>Rows of a group that differ from its clear majority; empty cells whose group is of one mind.</summary>
    public static List<Flag> Depends(Grid grid, int[] at)
    {
        var column = grid.Columns[at[^1]];
        var flags = new List<Flag>();
        foreach (var group in Groups(grid, at[..^1]))
        {
            var counts = group.Where(r => column.Cells[r] != 0).CountBy(r => column.Cells[r]).OrderByDescending(c => c.Value).ToList();
            if (counts.Count == 0)
            {
                continue;
            }

            int filled = counts.Sum(c => c.Value), most = counts[0].Value;
            if (most < LeastMajority || most < LeastShare * filled)
            {
                continue;
            }

            var minor = counts.Skip(1).Where(c => c.Value <= Math.Max(1, LargestMinority * filled)).Select(c => c.Key).ToHashSet();
            var whole = most >= 0.9 * filled && most >= 2 * (group.Count - filled);
            var right = column.Values[counts[0].Key];
            flags.AddRange(group.Where(r => minor.Contains(column.Cells[r]) || (whole && column.Cells[r] == 0)).Select(r => new Flag(r, at[^1], right)));
        }

        return flags;
    }

    /// <summary>Rows that say something else than most of their group, however many: what the rule does not hold for.</summary>
    public static IEnumerable<int> Differing(Grid grid, int[] at)
    {
        var column = grid.Columns[at[^1]];
        foreach (var group in Groups(grid, at[..^1]))
        {
            var filled = group.Where(r => column.Cells[r] != 0).ToList();
            var most = filled.CountBy(r => column.Cells[r]).OrderByDescending(c => c.Value).FirstOrDefault().Key;
            foreach (var row in filled.Where(r => column.Cells[r] != most))
            {
                yield return row;
            }
        }
    }

    /// <summary>What differs from the right report of its thing, empty ones too.</summary>
    public static List<Flag> Reports(Grid grid, int thing, int reporter, int fact)
    {
        var column = grid.Columns[fact];
        var flags = new List<Flag>();
        foreach (var (rows, right) in Truth.Of(grid, thing, reporter, fact))
        {
            flags.AddRange(rows.Where(r => column[r] != right).Select(r => new Flag(r, fact, right)));
        }

        return flags;
    }

    /// <summary>A cell that ends in a value of its neighbour's column while the neighbour is empty: both cells.</summary>
    public static List<Flag> Glued(Grid grid, int first, int second)
    {
        var flags = new List<Flag>();
        for (var r = 0; r < grid.Rows; r++)
        {
            if (grid.Columns[second].Cells[r] == 0 && Split(grid.Columns[first][r], grid.Columns[second]) is var (own, other))
            {
                flags.Add(new Flag(r, first, own));
                flags.Add(new Flag(r, second, other));
            }
        }

        return flags;
    }

    /// <summary>The value without the neighbour's part, and that part; null where there is none. The neighbour's column must know the part from two rows or more.</summary>
    public static (string Own, string Other)? Split(string value, GridColumn neighbour)
    {
        for (var at = value.LastIndexOfAny([' ', ',', '/', '-', '(']); at > 0; at = value.LastIndexOfAny([' ', ',', '/', '-', '('], at - 1))
        {
            var other = value[(at + 1)..].Trim(' ', ')');
            if (other.Length >= 2 && neighbour.Find(other) is var number and > 0 && neighbour.Counts[number] >= 2)
            {
                return (value[..at].TrimEnd(' ', ',', '/', '-', '('), other);
            }
        }

        return null;
    }

    /// <summary>Rows that agree on the columns, none of them empty.</summary>
    public static IEnumerable<List<int>> Groups(Grid grid, int[] at)
    {
        if (at.Length == 1)
        {
            var cells = grid.Columns[at[0]].Cells;
            var lists = new List<int>?[grid.Columns[at[0]].Values.Count];
            for (var r = 0; r < grid.Rows; r++)
            {
                (lists[cells[r]] ??= []).Add(r);
            }

            return lists.Skip(1).OfType<List<int>>();
        }

        return Enumerable.Range(0, grid.Rows).Where(r => at.All(c => grid.Columns[c].Cells[r] != 0))
            .GroupBy(r => string.Join('\u001f', at.Select(c => grid.Columns[c].Cells[r])), StringComparer.Ordinal).Select(g => g.ToList());
    }
}
