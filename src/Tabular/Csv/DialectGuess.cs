// A sample of text in, its dialect out: every delimiter that occurs is tried, and the one under which most records have
// the same number of cells and most cells look like values wins. Commas win a draw.
using System.Text;
using Lizhou.Tabular.Encodings;
using Lizhou.Tabular.Types;

namespace Lizhou.Tabular.Csv;

/// <param name="Confidence">0 to 1.</param>
/// <param name="Columns">Most frequent number of cells.</param>
internal sealed record DialectGuess(CsvDialect Dialect, double Confidence, int Columns, Text Why)
{
    private const int SampleBytes = 96 * 1024;
    private const int SampleRecords = 300;

    private static readonly (string Delimiter, double Prior)[] Usual =
    [
        (",", 1.0), ("\t", 1.0), (";", 0.99), ("|", 0.98), ("，", 0.9), ("\u0001", 0.97), ("\u001f", 0.97), ("^", 0.9), ("~", 0.9), ("¦", 0.9), ("§", 0.9),
        ("#", 0.8), ("&", 0.75), ("*", 0.75), ("!", 0.7), ("$", 0.6), ("@", 0.6), ("%", 0.6), ("+", 0.6), ("=", 0.65), (":", 0.6), (" ", 0.7), ("、", 0.6), ("_", 0.3), ("/", 0.25), ("-", 0.2),
    ];

    public static DialectGuess Of(ReadOnlySpan<byte> utf8, bool whole, Hints hints)
    {
        var text = Cut(utf8, whole);
        var end = RecordEndOf(text);
        DialectGuess? best = null;
        var bestScore = -1.0;
        var second = 0.0;
        foreach (var (delimiter, prior) in Candidates(text, hints))
        {
            foreach (var quote in Quotes(text, delimiter, hints))
            {
                var dialect = new CsvDialect(delimiter, quote, hints.Escape ?? EscapeOf(text, quote, delimiter), end);
                var (score, columns, seen) = Score(text, dialect);
                // Marks that are seldom delimiters must be seen to be one, not just once or twice in a short file.
                score *= prior * (quote == '\'' ? 0.999 : 1) * (prior < 0.95 && hints.Delimiter is null && (seen < 4 || columns < 3) ? 0.1 : 1);
                if (score > bestScore)
                {
                    second = best is not null && best.Dialect.Delimiter != delimiter ? bestScore : second;
                    (best, bestScore) = (new(dialect, 0, columns, default), score);
                }
                else if (best!.Dialect.Delimiter != delimiter)
                {
                    second = Math.Max(second, score);
                }
            }
        }

        var found = bestScore > 0.12 || hints.Delimiter is not null ? best! : new(new CsvDialect(",", '"', QuoteEscape.Doubled, end), 0, 1, default);
        var confidence = hints.Delimiter is not null ? 1 : found.Columns == 1 ? 0.6 : Math.Clamp(0.5 + ((bestScore - second) / 2), 0.3, 0.99);
        return found with { Confidence = confidence, Why = Explain(found) };
    }

    /// <summary>A piece of the sample that ends with a line, so that no record is cut.</summary>
    private static byte[] Cut(ReadOnlySpan<byte> utf8, bool whole)
    {
        if (utf8.Length <= SampleBytes && whole)
        {
            return utf8.ToArray();
        }

        var piece = utf8[..Math.Min(SampleBytes, utf8.Length)];
        var last = piece.LastIndexOfAny((byte)'\n', (byte)'\r');
        return (last > 0 ? piece[..(last + 1)] : piece).ToArray();
    }

    internal static string RecordEndOf(ReadOnlySpan<byte> text)
    {
        var pairs = text.Count("\r\n"u8);
        var lf = text.Count((byte)'\n') - pairs;
        var cr = text.Count((byte)'\r') - pairs;
        return pairs > 0 && pairs >= lf && pairs >= cr ? "\r\n" : cr > lf ? "\r" : "\n";
    }

    private static IEnumerable<(string Delimiter, double Prior)> Candidates(byte[] text, Hints hints)
    {
        if (hints.Delimiter is { Length: > 0 } told)
        {
            yield return (told, 1);
            yield break;
        }

        foreach (var (delimiter, prior) in Usual)
        {
            var bytes = Encoding.UTF8.GetBytes(delimiter);
            var count = text.AsSpan().Count(bytes);
            if (count == 0)
            {
                continue;
            }

            yield return (delimiter, prior);
            if (delimiter is " " or "\t")
            {
                continue;
            }

            // Longer forms only where nearly every delimiter is one: ", " and "||".
            if (FollowedByBlank(text, bytes, (byte)'"') || FollowedByBlank(text, bytes, (byte)'\''))
            {
                yield return (delimiter + " ", prior * 0.995);
            }

            if (prior > 0.6 && text.AsSpan().Count([.. bytes, .. bytes]) * 2 >= 0.95 * count)
            {
                yield return (delimiter + delimiter, prior * 1.05);
            }
        }
    }

    /// <summary>Whether nearly every delimiter outside quotes has a blank behind it.</summary>
    private static bool FollowedByBlank(ReadOnlySpan<byte> text, byte[] delimiter, byte quote)
    {
        int all = 0, blank = 0;
        var inside = false;
        for (var i = 0; i < text.Length; i++)
        {
            // A line end closes what a stray quote opened: it costs one line, not the answer.
            inside = text[i] is not ((byte)'\n' or (byte)'\r') && (text[i] == quote ? !inside : inside);
            if (inside || text[i] != delimiter[0] || !text[i..].StartsWith(delimiter))
            {
                continue;
            }

            all++;
            var after = i + delimiter.Length;
            blank += after < text.Length && text[after] == ' ' ? 1 : 0;
            // The last delimiter of a line loses its blank to editors.
            all -= after == text.Length || text[after] is (byte)'\n' or (byte)'\r' ? 1 : 0;
        }

        return blank > 0 && blank >= 0.95 * all;
    }

    private static IEnumerable<char?> Quotes(byte[] text, string delimiter, Hints hints)
    {
        if (hints.Quote is not null)
        {
            yield return hints.Quote.Length == 0 ? null : hints.Quote[0];
            yield break;
        }

        var bytes = Encoding.UTF8.GetBytes(delimiter);
        yield return '"';
        // An apostrophe opens a cell only by standing at its start, and closes it only at its end; both must be seen often.
        var opens = text.AsSpan().Count([.. bytes, (byte)'\'']) + text.AsSpan().Count("\n'"u8);
        var closes = text.AsSpan().Count([(byte)'\'', .. bytes]) + text.AsSpan().Count("'\n"u8) + text.AsSpan().Count("'\r"u8);
        if (Math.Min(opens, closes) >= 2 || (Math.Min(opens, closes) == 1 && text.AsSpan().IndexOf("''"u8) >= 0))
        {
            yield return '\'';
        }
    }

    private static QuoteEscape EscapeOf(byte[] text, char? quote, string delimiter)
    {
        if (quote is not { } mark)
        {
            return QuoteEscape.None;
        }

        int doubled = 0, slashed = 0, stray = 0;
        var q = (byte)mark;
        var d = (byte)delimiter[0];
        for (var i = 1; i + 1 < text.Length; i++)
        {
            var opens = text[i - 1] == d || text[i - 1] is (byte)'\n' or (byte)'\r' || (text[i - 1] == ' ' && i > 1 && text[i - 2] == d);
            if (text[i] != q || opens)
            {
                continue;
            }

            var next = text[i + 1];
            if (text[i - 1] == '\\' && next != d && next is not ((byte)'\n' or (byte)'\r'))
            {
                slashed++;
            }
            else if (next == q)
            {
                // Escaped, unless it is an empty cell.
                doubled++;
                i++;
            }
            else if (next != d && next is not ((byte)'\n' or (byte)'\r') && text[i - 1] != '\\')
            {
                stray++;
            }
            else if (text[i - 1] == '\\')
            {
                slashed++;
            }
        }

        return slashed > 0 && slashed >= doubled ? QuoteEscape.Backslash
            : doubled == 0 && stray >= 2 ? QuoteEscape.None : QuoteEscape.Doubled;
    }

    private static (double Score, int Columns, int Seen) Score(byte[] text, CsvDialect dialect)
    {
        using var scanner = new CsvScanner(new Utf8Feed(new MemoryStream(text, writable: false), EncodingNames.Utf8), dialect);
        var counts = new Dictionary<int, int>();
        var records = new List<(int Count, double Good)>();
        var broken = 0;
        try
        {
            while (records.Count < SampleRecords && scanner.Read())
            {
                broken += scanner.Fault is null ? 0 : 1;
                var count = scanner.Cells.Count;
                counts[count] = counts.GetValueOrDefault(count) + 1;
                records.Add((count, Good(scanner.Cells, dialect)));
            }
        }
        catch (ProblemException)
        {
            return (0, 1, 0);
        }

        if (records.Count == 0)
        {
            return (0, 1, 0);
        }

        var columns = counts.MaxBy(c => c.Value * (c.Key == 1 ? 0.1 : (c.Key - 1.0) / c.Key)).Key;
        if (columns < 2)
        {
            return (0.1, 1, records.Count);
        }

        var body = Body(records, columns);
        var same = body.Count(r => r.Count == columns) / (double)body.Count;
        var good = body.Where(r => r.Count == columns).Average(r => r.Good);
        var size = 1 - (0.25 / columns);
        // Lines before and behind the table are forgiven, but a cut that needs no forgiveness is better.
        var all = 0.5 + (0.5 * records.Count(r => r.Count == columns) / records.Count);
        return (same * same * good * size * all * (1 - (broken / (double)records.Count)), columns, records.Count);
    }

    /// <summary>Titles before and notes behind the table do not count against a dialect.</summary>
    private static List<(int Count, double Good)> Body(List<(int Count, double Good)> records, int columns)
    {
        var first = records.FindIndex(r => r.Count == columns);
        var last = records.FindLastIndex(r => r.Count == columns);
        return first > records.Count / 2 ? records : records[first..Math.Max(last + 1, records.Count / 2)];
    }

    /// <summary>Share of cells that look like values: typed, or text that holds none of the marks that usually separate or quote.</summary>
    private static double Good(List<string?> cells, CsvDialect dialect)
    {
        var sum = 0.0;
        foreach (var cell in cells)
        {
            sum += cell is null or { Length: 0 } ? 0.9 : Value(cell, dialect);
        }

        return sum / cells.Count;
    }

    private static double Value(string cell, CsvDialect dialect)
    {
        if (CellKind.Of(cell).Type != ColumnType.Text)
        {
            return 1;
        }

        var text = cell.AsSpan().Trim();
        // A quote at an edge is the sign of a wrong cut.
        if (text.Length > 0 && (text[0] is '"' || text[^1] is '"' || (text[0] == '\'' && text[^1] == '\'' && text.Length > 1)))
        {
            return 0.3;
        }

        if (text.Length != cell.Length && dialect.Delimiter.Trim().Length == 1 && cell[0] == ' ')
        {
            return 0.85;
        }

        return text.ContainsAny("\t|;") ? 0.88 : 0.95;
    }

    private static Text Explain(DialectGuess found)
    {
        var shown = found.Dialect.Delimiter switch { "\t" => "TAB", " " => "␠", var d => d };
        return found.Columns == 1
            ? new("没有一种分隔符能把各行分成同样多的格，按单列读取。", "No delimiter cuts the lines into equal numbers of cells; read as one column.")
            : new Text("分隔符“{0}”把大多数行分成 {1} 格。", "The delimiter “{0}” cuts most lines into {1} cells.").With(shown, found.Columns);
    }
}
