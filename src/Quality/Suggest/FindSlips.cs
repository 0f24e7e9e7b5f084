// Rare values that are nearly a frequent one: one character standing in for others, letters changed, left out, added or swapped, capitals and signs apart.
// Care: digits that differ tell two codes apart, and two words may be both right; such pairs count only where the column has few words, or another column agrees.
using Lizhou.Kernel;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Suggest;

internal static class FindSlips
{
    private const int LeastOften = 4;
    private const int MostOften = 3000;
    private const int MostRare = 30_000;
    private const int LeastStandins = 8;
    private const int Clear = 5;

    private sealed record Slip(GridColumn Column, int Number, string Text, int Count, string Right, int RightCount, char Standin, int Places, int Steps)
    {
        public bool Unclear { get; init; }
    }

    public static IEnumerable<Suggestion> Run(Grid grid)
    {
        var slips = grid.Columns.SelectMany(Near).ToList();
        var standin = Standin(slips);
        var few = slips.Select(s => s.Column).Distinct().Where(HasFewWords).ToHashSet();
        foreach (var group in slips.GroupBy(s => (s.Column, Sort: Sort(s, standin, few, grid))).Where(g => g.Key.Sort > 0))
        {
            var (column, all) = (group.Key.Column, group.ToList());
            var numbers = all.ConvertAll(s => s.Number).ToHashSet();
            var rows = numbers.SelectMany(column.RowsOf).ToList();
            if (Systematic.By(grid, rows, grid.Find(column.Name)) is not null)
            {
                continue;
            }

            var count = all.Sum(s => s.Count);
            yield return new(
                new Rule($"{column.Name} slips {group.Key.Sort * 100:F0}", RuleKind.Slip, [column.Name], Dimension.Accuracy, Severity.Ordinary, new("疑似笔误，与常见的值只差几个字符", "looks like a slip of a common value"))
                {
                    Mend = all.ToDictionary(s => s.Text, s => s.Unclear ? s.Text : s.Right, StringComparer.Ordinal),
                },
                group.Key.Sort, 1 - (count / (double)Math.Max(1, column.Filled)), column.Filled, Why(all, standin));
        }
    }

    private static Text Why(List<Slip> all, char standin)
    {
        var first = all.MaxBy(s => s.RightCount)!;
        return first.Standin == standin && standin != '\0'
            ? new Text("“{0}”出现 {1} 次；有 {2} 个少见的值只是把其中的字符换成了“{3}”，如“{4}”。", "“{0}” occurs {1} times; {2} rare values only have “{3}” in the place of other characters, as in “{4}”.").With(first.Right, first.RightCount, all.Count, standin, first.Text)
            : new Text("“{0}”出现 {1} 次，“{4}”只有 {3} 次而几乎相同；这样的值有 {2} 个。", "“{0}” occurs {1} times, “{4}” {3} times and is nearly the same; {2} values are like that.").With(first.Right, first.RightCount, all.Count, first.Count, first.Text);
    }

    /// <summary>Whether nearly all of a column is a few words that come again and again.</summary>
    private static bool HasFewWords(GridColumn column)
    {
        var often = column.All().Where(v => v.Count >= 0.01 * column.Filled).ToList();
        return often.Count <= 60 && often.Sum(v => v.Count) >= 0.9 * column.Filled;
    }

    /// <summary>How sure a slip is; 0 for none.</summary>
    /// <param name="few">Columns of few words.</param>
    private static double Sort(Slip slip, char standin, HashSet<GridColumn> few, Grid grid)
    {
        if (slip.Steps == 0)
        {
            return 0.85;
        }

        if (slip.Places > 0 && slip.Standin == standin && standin != '\0')
        {
            return 0.95;
        }

        if (slip.Places >= 3 && slip.Places <= slip.Text.Length / 3)
        {
            return 0.88;
        }

        if (slip.Text.Length < 4 || Digits(slip.Text) != Digits(slip.Right))
        {
            return 0;
        }

        return few.Contains(slip.Column) && slip.RightCount >= 20 * slip.Count ? 0.86 : Agreed(slip, grid) ? 0.9 : 0.6;
    }

    /// <summary>Whether some other column puts the slip's rows among rows of the right value: two columns that each know the right value well.</summary>
    private static bool Agreed(Slip slip, Grid grid)
    {
        var rows = slip.Column.RowsOf(slip.Number);
        var right = slip.Column.Find(slip.Right);
        return rows.Count > 0 && grid.Columns.Where(c => c != slip.Column && c.Distinct >= 5).Any(other =>
        {
            var keys = rows.Select(r => other.Cells[r]).Where(k => k != 0).ToHashSet();
            if (keys.Count == 0)
            {
                return false;
            }

            int same = 0, all = 0;
            foreach (var r in keys.SelectMany(other.RowsOf))
            {
                if (slip.Column.Cells[r] != slip.Number && slip.Column.Cells[r] != 0)
                {
                    all++;
                    same += slip.Column.Cells[r] == right ? 1 : 0;
                }
            }

            return same >= 2 && same >= 0.9 * all && slip.RightCount < 0.5 * slip.Column.Filled;
        });
    }

    /// <summary>The character that stands in for others all over the table; NUL when there is none.</summary>
    private static char Standin(List<Slip> slips)
    {
        var stood = slips.Where(s => s.Places > 0 && !char.IsDigit(s.Standin)).ToList();
        var most = stood.CountBy(s => s.Standin).OrderByDescending(c => c.Value).FirstOrDefault();
        return most.Value >= LeastStandins && most.Value >= 0.5 * stood.Count && stood.Count(s => s.Standin == most.Key && s.Places > 1) >= 2 ? most.Key : '\0';
    }

    private static IEnumerable<Slip> Near(GridColumn column)
    {
        var often = column.All().Where(v => v.Count >= LeastOften && v.Text.Length >= 2).OrderByDescending(v => v.Count).Take(MostOften).ToList();
        var rare = column.All().Where(v => v.Text.Length is >= 2 and <= 256 && v.Count <= Math.Max(2, column.Filled / 40) && !MissingWords.Contains(v.Text)).Take(MostRare).ToList();
        if (often.Count == 0 || often.Sum(o => o.Count) < 0.3 * column.Filled)
        {
            yield break;
        }

        var byLength = often.ToLookup(o => o.Text.Length);
        foreach (var value in rare)
        {
            Slip? best = null;
            var nearest = new List<Slip>();
            for (var length = value.Text.Length - 2; length <= value.Text.Length + 2; length++)
            {
                foreach (var (_, right, count) in byLength[length].Where(o => o.Number != value.Number && o.Count >= 4 * value.Count))
                {
                    if (Compared(column, value, right, count) is { } near)
                    {
                        nearest.Add(near);
                        best = Better(best, near);
                    }
                }
            }

            if (best is not null)
            {
                // As near to another common value: a slip surely, of which one it cannot be told.
                yield return best with { Unclear = nearest.Exists(n => n.Right != best.Right && n.Steps == best.Steps && n.RightCount * Clear > best.RightCount) };
            }
        }
    }

    private static Slip? Better(Slip? one, Slip? other) =>
        one is null ? other : other is null ? one : (other.Steps, -other.RightCount).CompareTo((one.Steps, -one.RightCount)) < 0 ? other : one;

    private static Slip? Compared(GridColumn column, (int Number, string Text, int Count) value, string right, int count)
    {
        if (Typed.Is(value.Text) || Amount.Is(value.Text))
        {
            return null;
        }

        if (Distance.Stood(value.Text, right) is var (standin, places) && !char.IsDigit(standin))
        {
            return new(column, value.Number, value.Text, value.Count, right, count, standin, places, places);
        }

        if (Plain(value.Text) is { Length: > 1 } plain && plain == Plain(right) && count >= 10 * value.Count)
        {
            return new(column, value.Number, value.Text, value.Count, right, count, '\0', 0, 0);
        }

        var most = value.Text.Length >= 12 ? 2 : 1;
        return Distance.Within(value.Text, right, most) is var steps && steps <= most ? new(column, value.Number, value.Text, value.Count, right, count, '\0', 0, steps) : null;
    }

    private static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));

    private static string Digits(string text) => string.Concat(text.Where(char.IsDigit));
}
