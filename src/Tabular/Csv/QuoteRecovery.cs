// A line whose quotes do not pair, and the number of cells it should have, in; the least forced reading that has just that
// many cells, out. A quote may be a real one (closed before a delimiter or the line's end, others inside being text) or text itself.
using System.Runtime.InteropServices;

namespace Lizhou.Tabular.Csv;

internal static class QuoteRecovery
{
    private const int LongestLine = 64 * 1024;
    private const int MostStates = 200_000;

    private const int StrayInside = 1;
    private const int QuoteIsText = 3;

    /// <summary>The cells, or null when no reading has <paramref name="wanted"/> of them. 0 wanted takes the cheapest reading.</summary>
    public static List<string?>? Solve(ReadOnlySpan<byte> line, CsvSyntax syntax, int wanted)
    {
        if (line.Length > LongestLine || wanted < 0)
        {
            return null;
        }

        var search = new Search(line.ToArray(), syntax, wanted);
        return search.Run();
    }

    private readonly record struct Choice(int Cost, int CellStart, int CellEnd, int Next, bool Quoted);

    private sealed class Search(byte[] line, CsvSyntax syntax, int wanted)
    {
        private const int Impossible = 1_000_000;

        // Best way on from a cell start, by (place, cells already made).
        private readonly Dictionary<(int At, int Done), Choice> best = [];

        public List<string?>? Run()
        {
            if (Best(0, 0, 0).Cost >= Impossible)
            {
                return null;
            }

            var cells = new List<string?>();
            var at = 0;
            for (var done = 0; at >= 0; done++)
            {
                var choice = best[(at, Key(done))];
                var bytes = line.AsSpan(choice.CellStart, choice.CellEnd - choice.CellStart);
                cells.Add(bytes.IsEmpty && !choice.Quoted ? null : syntax.Text(bytes, choice.Quoted));
                at = choice.Next;
            }

            return cells;
        }

        private int Key(int done) => wanted == 0 ? 0 : done;

        private Choice Best(int at, int done, int depth)
        {
            if ((wanted > 0 && done >= wanted) || best.Count > MostStates || depth > 2000)
            {
                return new(Impossible, 0, 0, -1, false);
            }

            var key = (at, Key(done));
            if (best.TryGetValue(key, out var known))
            {
                return known;
            }

            var found = Plain(at, done, depth);
            if (syntax.StartsQuote(line.AsSpan(at), out var lead))
            {
                found = found with { Cost = found.Cost + QuoteIsText };
                foreach (var quoted in Quoted(at + lead, done, depth))
                {
                    if (quoted.Cost < found.Cost)
                    {
                        found = quoted;
                    }
                }
            }

            CollectionsMarshal.GetValueRefOrAddDefault(best, key, out _) = found;
            return found;
        }

        private Choice Plain(int at, int done, int depth)
        {
            var found = line.AsSpan(at).IndexOf(syntax.Delimiter);
            return found < 0 ? Last(at, line.Length, done, 0, quoted: false) : On(at, at + found, at + found + syntax.Delimiter.Length, done, 0, depth, quoted: false);
        }

        private List<Choice> Quoted(int start, int done, int depth)
        {
            var choices = new List<Choice>();
            var stray = 0;
            for (var at = start; at < line.Length; at++)
            {
                if (syntax.Dialect.Escape == QuoteEscape.Backslash && line[at] == '\\')
                {
                    at++;
                    continue;
                }

                if (line[at] != syntax.Quote)
                {
                    continue;
                }

                var after = at + 1 + syntax.Blanks(line.AsSpan(at + 1));
                if (after == line.Length)
                {
                    choices.Add(Last(start, at, done, stray, quoted: true));
                }
                else if (line.AsSpan(after).StartsWith(syntax.Delimiter))
                {
                    choices.Add(On(start, at, after + syntax.Delimiter.Length, done, stray, depth, quoted: true));
                }

                if (at + 1 < line.Length && line[at + 1] == syntax.Quote && syntax.Doubles)
                {
                    at++;
                }
                else
                {
                    stray += StrayInside;
                }

                if (choices.Count > 64)
                {
                    break;
                }
            }

            return choices;
        }

        private Choice Last(int start, int end, int done, int cost, bool quoted) =>
            new(wanted == 0 || done + 1 == wanted ? cost : Impossible, start, end, -1, quoted);

        private Choice On(int start, int end, int next, int done, int cost, int depth, bool quoted)
        {
            var rest = Best(next, done + 1, depth + 1).Cost;
            return new(rest >= Impossible ? Impossible : rest + cost, start, end, next, quoted);
        }
    }
}
