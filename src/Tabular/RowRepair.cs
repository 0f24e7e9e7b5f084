// A row with the wrong number of cells and the columns it should fill in; the one correction that makes every cell fit, out.
// Tried: a superfluous delimiter, a missing one, a text cut at its own delimiters, cut-off empty cells. Two equally good answers are no answer.
using Lizhou.Tabular.Types;

namespace Lizhou.Tabular;

internal static class RowRepair
{
    private const int MostColumns = 400;

    /// <summary>The corrected cells, or null when none or several are as good.</summary>
    /// <param name="cells">The row as read.</param>
    /// <param name="columns">The columns it should fill.</param>
    /// <param name="delimiter">What stands between cells, to join a text that it cut.</param>
    public static IReadOnlyList<string?>? Find(IReadOnlyList<string?> cells, IReadOnlyList<ColumnShape> columns, string delimiter)
    {
        if (columns.Count is < 2 or > MostColumns || cells.Count < 2)
        {
            return null;
        }

        var surplus = cells.Count - columns.Count;
        List<string?>? best = null;
        var bestFit = int.MinValue;
        var tie = false;
        foreach (var candidate in surplus > 0 ? Shorter(cells, surplus, delimiter) : surplus == -1 ? Longer(cells, columns) : [Padded(cells, columns.Count)])
        {
            var fit = Score(candidate, columns);
            if (fit < bestFit)
            {
                continue;
            }

            tie = fit == bestFit && best is not null && !best.SequenceEqual(candidate);
            if (fit > bestFit)
            {
                tie = false;
            }

            (best, bestFit) = tie ? (best, fit) : (candidate, fit);
        }

        return tie || bestFit < 0 ? null : best;
    }

    /// <summary>Sum over the cells; below zero as soon as one cannot belong to its column.</summary>
    private static int Score(List<string?> cells, IReadOnlyList<ColumnShape> columns)
    {
        var sum = 0;
        for (var i = 0; i < columns.Count; i++)
        {
            var fit = Fit.Of(cells[i], columns[i]);
            if (fit <= Fit.Mismatch)
            {
                return -1;
            }

            sum += fit;
        }

        return sum;
    }

    private static IEnumerable<List<string?>> Shorter(IReadOnlyList<string?> cells, int surplus, string delimiter)
    {
        if (surplus > 1 && cells.Skip(cells.Count - surplus).All(string.IsNullOrEmpty))
        {
            yield return [.. cells.Take(cells.Count - surplus)];
        }

        for (var i = 0; surplus == 1 && i < cells.Count; i++)
        {
            if (string.IsNullOrEmpty(cells[i]))
            {
                var without = cells.ToList();
                without.RemoveAt(i);
                yield return without;
            }
        }

        for (var i = 0; i + surplus < cells.Count; i++)
        {
            var piece = cells.Skip(i).Take(surplus + 1).ToList();
            if (piece.TrueForAll(p => !string.IsNullOrEmpty(p)) && (delimiter.Trim().Length > 0 || piece.TrueForAll(p => p!.Length < 40)))
            {
                yield return [.. cells.Take(i), string.Join(delimiter, piece), .. cells.Skip(i + surplus + 1)];
            }
        }
    }

    private static IEnumerable<List<string?>> Longer(IReadOnlyList<string?> cells, IReadOnlyList<ColumnShape> columns)
    {
        yield return Padded(cells, columns.Count);
        for (var i = 0; i < cells.Count; i++)
        {
            if (cells[i] is not { Length: > 1 } text)
            {
                continue;
            }

            // Two quoted cells without their delimiter read as one with a quote inside.
            var quote = text.IndexOf('"', 1);
            if (quote > 0 && quote + 1 < text.Length)
            {
                yield return [.. cells.Take(i), text[..quote], text[(quote + 1)..], .. cells.Skip(i + 1)];
            }

            // Elsewhere a place to cut must make both halves fit on their own; texts offer no such place.
            for (var cut = 1; cut < text.Length && text.Length < 200 && (Strict(columns[i]) || Strict(columns[i + 1])); cut++)
            {
                string left = text[..cut], right = text[cut..];
                if (Fit.Of(left, columns[i]) >= 1 && Fit.Of(right, columns[i + 1]) >= 1)
                {
                    yield return [.. cells.Take(i), left, right, .. cells.Skip(i + 1)];
                }
            }
        }
    }

    private static bool Strict(ColumnShape column) => column.Type != ColumnType.Text || column.Pattern is not null;

    private static List<string?> Padded(IReadOnlyList<string?> cells, int count) =>
        [.. cells, .. Enumerable.Repeat<string?>(null, Math.Max(0, count - cells.Count))];
}
