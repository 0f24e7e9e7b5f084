// The published measure of the Pollock benchmark, from the set's README: success, and precision, recall and F1 of header
// cells, records and cells as multisets; an empty truth counts as 1.
using System.Text;

namespace Lizhou.Tabular.Tests.Scores;

internal static class PollockScore
{
    public static double Of(List<string[]> truth, List<string[]> loaded, bool strict = false)
    {
        if (truth.Count == 0)
        {
            return 10;
        }

        var header = Measure(truth[0], loaded.Count == 0 ? [] : loaded[0], Normal);
        var records = Measure(truth.Skip(1).Select(r => Record(r, strict)), loaded.Skip(1).Select(r => Record(r, strict)), r => r);
        var cells = Measure(truth.SelectMany(r => r), loaded.SelectMany(r => r), c => c);
        return 1 + header + records + cells;
    }

    /// <summary>Sum of precision, recall and F1.</summary>
    private static double Measure(IEnumerable<string> truth, IEnumerable<string> loaded, Func<string, string> normal)
    {
        var t = truth.Select(normal).ToList();
        var l = loaded.Select(normal).ToList();
        if (t.Count == 0)
        {
            return 3;
        }

        var counts = t.GroupBy(v => v).ToDictionary(g => g.Key, g => g.Count());
        var both = 0;
        foreach (var value in l)
        {
            if (counts.TryGetValue(value, out var left) && left > 0)
            {
                both++;
                counts[value] = left - 1;
            }
        }

        if (both == 0)
        {
            return 0;
        }

        double precision = both / (double)t.Count, recall = both / (double)l.Count;
        return precision + recall + (2 * precision * recall / (precision + recall));
    }

    private static string Record(string[] cells, bool strict) => string.Join(strict ? "\u0001" : "", cells.Select(Normal));

    private static string Normal(string cell) => cell.ToLowerInvariant();

    /// <summary>Plain RFC 4180, as a scorer would read it.</summary>
    public static List<string[]> Parse(string text)
    {
        var rows = new List<string[]>();
        var row = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append('"');
                    i++;
                }
                else if (c == '"')
                {
                    quoted = false;
                }
                else
                {
                    cell.Append(c);
                }
            }
            else if (c == '"' && cell.Length == 0)
            {
                quoted = true;
            }
            else if (c is ',' or '\n')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (c == '\n')
                {
                    rows.Add([.. row]);
                    row.Clear();
                }
            }
            else if (c != '\r' || i + 1 >= text.Length || text[i + 1] != '\n')
            {
                cell.Append(c);
            }
        }

        if (cell.Length > 0 || row.Count > 0)
        {
            row.Add(cell.ToString());
            rows.Add([.. row]);
        }

        return rows;
    }
}
