// The hot path: rows that are plain already (right number of delimiters, quotes as in RFC 4180) go from the UTF-8 window to the
// chunk as bytes, found 32 at a time. The first row that is anything else is read by the scanner and judged like everywhere.
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using Lizhou.Tabular.Csv;
using Lizhou.Tabular.Encodings;

namespace Lizhou.Tabular;

internal sealed class FastRows : IDisposable
{
    private readonly Utf8Feed feed;
    private readonly CsvScanner scanner;
    private readonly RowJudge judge;
    private readonly ChunkSink sink;
    private readonly List<Row> decided = [];
    private readonly byte delimiter;
    private readonly byte quote;
    private readonly bool quotesAreRfc;
    private readonly int delimiters;
    private readonly int tail;
    private readonly List<byte[]> headers = [];

    private bool windowHasCr;
    private bool windowHasNul;
    private long windowEnd = -1;
    private long lines;

    private FastRows(Utf8Feed feed, FileShape shape, ChunkSink sink)
    {
        this.feed = feed;
        this.sink = sink;
        var dialect = shape.Dialect!;
        scanner = new CsvScanner(feed, dialect, shape.Columns.Count + shape.EmptyTail);
        judge = new RowJudge(shape);
        delimiter = (byte)dialect.Delimiter[0];
        quotesAreRfc = dialect is { Quote: '"', Escape: QuoteEscape.Doubled };
        quote = dialect.Quote is { } mark ? (byte)mark : (byte)'"';
        tail = shape.EmptyTail;
        delimiters = shape.Columns.Count - 1 + tail;
    }

    public PassedOver Passed => judge.Passed;

    private enum Stop { NeedMore, Odd, Full }

    public static bool Suits(FileShape shape) =>
        shape is { Format: Format.Csv, Dialect: { Delimiter.Length: 1, RecordEnd: not "\r" } dialect, MaxRecords: null, Columns.Count: > 0 }
        && dialect.Delimiter[0] < 0x80 && dialect.Delimiter[0] != dialect.Quote && (dialect.Quote ?? '"') < 0x80;

    public static FastRows Open(Utf8Feed feed, FileShape shape, ChunkSink sink)
    {
        var rows = new FastRows(feed, shape, sink);
        foreach (var start in rows.judge.Skip(rows.scanner))
        {
            rows.headers.Add(Encoding.UTF8.GetBytes(start ?? ""));
        }

        return rows;
    }

    /// <summary>Does a piece of the work; false when the table has ended. Stops for the sink when a chunk is full.</summary>
    public bool Work()
    {
        var window = feed.Window;
        Look(window);
        lines = 0;
        // A window with bad or NUL bytes is read row by row: they are rare, and each must be told.
        var plain = feed.BadCount == 0 && !judge.Waiting && !windowHasNul;
        var taken = plain ? Scan(window, out var stop) : Nothing(out stop);
        scanner.NextLine += lines;
        feed.Consume(taken);
        switch (stop)
        {
            case Stop.Full:
                return true;
            case Stop.NeedMore when feed.Window.Length < CsvScanner.RecordLimit && feed.Fill():
                return true;
            default:
                return OneByOne();
        }
    }

    public void Dispose()
    {
        scanner.Dispose();
        feed.Dispose();
    }

    /// <summary>What the window holds anywhere; asked once for each filling.</summary>
    private void Look(ReadOnlySpan<byte> window)
    {
        if (windowEnd == feed.Position + window.Length)
        {
            return;
        }

        windowEnd = feed.Position + window.Length;
        windowHasCr = window.Contains((byte)'\r');
        windowHasNul = window.Contains((byte)0);
    }

    private static int Nothing(out Stop stop)
    {
        stop = Stop.Odd;
        return 0;
    }

    private bool OneByOne()
    {
        if (!scanner.Read())
        {
            judge.End();
            return false;
        }

        decided.Clear();
        judge.Take(scanner, decided);
        decided.ForEach(sink.Add);
        return true;
    }

    /// <summary>Passes on plain rows; answers the bytes of those.</summary>
    private int Scan(ReadOnlySpan<byte> text, out Stop stop)
    {
        ref var from = ref MemoryMarshal.GetReference(text);
        Vector256<byte> ends = Vector256.Create((byte)'\n'), marks = Vector256.Create(delimiter), quotes = Vector256.Create(quote), plainQuotes = Vector256.Create((byte)'"');
        int start = 0, cell = 0, count = 0, closed = -1;
        var inside = false;
        var quotedRow = false;
        for (var at = 0; at + Vector256<byte>.Count <= text.Length; at += Vector256<byte>.Count)
        {
            var block = Vector256.LoadUnsafe(ref from, (nuint)at);
            var end = Vector256.Equals(block, ends).ExtractMostSignificantBits();
            var mark = Vector256.Equals(block, marks).ExtractMostSignificantBits();
            var quoted = (quotesAreRfc ? Vector256.Equals(block, quotes) : Vector256.Equals(block, quotes) | Vector256.Equals(block, plainQuotes)).ExtractMostSignificantBits();
            if (quoted == 0 && !inside && closed < 0)
            {
                while (end != 0)
                {
                    var place = BitOperations.TrailingZeroCount(end);
                    var below = (1u << place) - 1;
                    count += BitOperations.PopCount(mark & below);
                    mark &= ~below;
                    end &= end - 1;
                    if (!Row(text, start, at + place, count, quotedRow))
                    {
                        stop = Stop.Odd;
                        return start;
                    }

                    (start, cell, count, quotedRow) = (at + place + 1, at + place + 1, 0, false);
                    if (sink.Full)
                    {
                        stop = Stop.Full;
                        return start;
                    }
                }

                count += BitOperations.PopCount(mark);
                cell = mark == 0 ? cell : at + 32 - BitOperations.LeadingZeroCount(mark);
                continue;
            }

            for (var all = end | mark | quoted; all != 0; all &= all - 1)
            {
                var place = at + BitOperations.TrailingZeroCount(all);
                var bit = all & (~all + 1);
                if ((quoted & bit) != 0)
                {
                    if (!Quote(place, cell, ref inside, ref closed))
                    {
                        stop = Stop.Odd;
                        return start;
                    }

                    quotedRow = true;
                }
                else if (!inside && (mark & bit) != 0)
                {
                    if (closed >= 0 && closed != place - 1)
                    {
                        stop = Stop.Odd;
                        return start;
                    }

                    (count, cell, closed) = (count + 1, place + 1, -1);
                }
                else if (!inside)
                {
                    var fits = closed < 0 || closed == place - 1 || (closed == place - 2 && text[place - 1] == '\r');
                    if (!fits || !Row(text, start, place, count, quotedRow))
                    {
                        stop = Stop.Odd;
                        return start;
                    }

                    (start, cell, count, closed, quotedRow) = (place + 1, place + 1, 0, -1, false);
                    if (sink.Full)
                    {
                        stop = Stop.Full;
                        return start;
                    }
                }
            }
        }

        stop = Stop.NeedMore;
        return start;
    }

    /// <summary>Whether the row begins as the header does: it may be the header once more.</summary>
    private bool IsHeader(ReadOnlySpan<byte> row)
    {
        foreach (var header in headers)
        {
            if (header.Length == 0 ? row[0] == delimiter : row.StartsWith(header) || (row[0] == quote && row[1..].StartsWith(header)))
            {
                return true;
            }
        }

        return false;
    }

    private bool Quote(int place, int cell, ref bool inside, ref int closed)
    {
        if (!quotesAreRfc)
        {
            return false;
        }

        if (inside)
        {
            (inside, closed) = (false, place);
            return true;
        }

        if (closed >= 0 && closed == place - 1)
        {
            (inside, closed) = (true, -1);
            return true;
        }

        inside = closed < 0 && place == cell;
        return inside;
    }

    /// <summary>Passes on one row, or answers false when it must be looked at.</summary>
    private bool Row(ReadOnlySpan<byte> text, int start, int end, int count, bool quoted)
    {
        var row = text[start..end];
        if (windowHasCr)
        {
            if (row.EndsWith("\r"u8))
            {
                row = row[..^1];
            }

            // Alone, a CR would end the row for the engine; within quotes it is harmless.
            if (!quoted && row.Contains((byte)'\r'))
            {
                return false;
            }
        }

        if (row.IsEmpty || (row.Length == count && count == delimiters && delimiters > 0 && !row.ContainsAnyExcept(delimiter)))
        {
            judge.Blank();
            lines++;
            return true;
        }

        if (IsHeader(row))
        {
            return false;
        }

        if (count != delimiters || (count > 1 && row[^1] == delimiter && row[^2] == delimiter && !row[row.IndexOf(delimiter)..].ContainsAnyExcept(delimiter)))
        {
            return false;
        }

        if (count == 1 && row[^1] == delimiter)
        {
            return false;
        }

        if (delimiter != ',' && (quoted || row.Contains((byte)',')))
        {
            return false;
        }

        if (tail > 0)
        {
            if (row[^tail..].ContainsAnyExcept(delimiter))
            {
                return false;
            }

            row = row[..^tail];
        }

        sink.Add(judge.Next(), scanner.NextLine + lines, row, delimiter);
        lines += quoted ? 1 + row.Count((byte)'\n') : 1;
        return true;
    }
}
