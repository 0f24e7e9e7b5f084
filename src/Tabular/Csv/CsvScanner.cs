// UTF-8 text in, records and cells out, for any dialect. A record whose quotes do not pair is handed to QuoteRecovery;
// if that fails too, its first line alone is the faulty record and reading goes on at the next line.
using System.Buffers;
using System.Text;
using Lizhou.Tabular.Encodings;

namespace Lizhou.Tabular.Csv;

/// <summary>One cell within a record's bytes, without its quotes.</summary>
internal readonly record struct CellSpan(int Start, int Length, bool Quoted, bool Escaped);

internal sealed partial class CsvScanner : RecordSource
{
    /// <summary>A record longer than this is a fault; a quoted cell longer than <see cref="CellLimit"/> counts as unclosed.</summary>
    public const int RecordLimit = 16 * 1024 * 1024;

    public const int CellLimit = 1024 * 1024;

    private const int MaxCells = 16_384;

    private readonly Utf8Feed feed;
    private readonly CsvSyntax syntax;
    private readonly List<CellSpan> spans = [];
    private long nextLine = 1;
    private byte[] lineCopy = [];
    private int lineLength;

    public CsvScanner(Utf8Feed feed, CsvDialect dialect, int expected = 0)
    {
        this.feed = feed;
        syntax = new CsvSyntax(dialect);
        Expected = expected;
    }

    /// <summary>Cells a record should have, 0 when not known yet: decides between two readings of odd quotes.</summary>
    public int Expected { get; set; }

    /// <summary>Of the file, for what is refused as a whole.</summary>
    public string Name { get; init; } = "";

    /// <summary>Records whose odd quotes could be read in just one way.</summary>
    public long Recovered { get; private set; }

    public IReadOnlyList<CellSpan> Spans => spans;

    /// <summary>The next line to be read; the fast path of the chunker moves it.</summary>
    public long NextLine
    {
        get => nextLine;
        set => nextLine = value;
    }

    public override bool Read()
    {
        Fault = null;
        Cells.Clear();
        if (!SkipBlankLines())
        {
            return false;
        }

        Line = nextLine;
        var length = 0;
        ScanEnd how;
        while ((how = Scan(feed.Window, feed.Ended, out length)) == ScanEnd.NeedMore)
        {
            if (feed.Window.Length > RecordLimit)
            {
                SkipLongLine();
                return true;
            }

            feed.Fill();
        }

        if (how == ScanEnd.Open && !feed.Ended && feed.Window.IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            SkipLongLine(); // What follows is still this line, not a record of its own.
            return true;
        }

        Take(how, ref length);
        return true;
    }

    /// <summary>The line of the last record read again with another common delimiter.</summary>
    public override List<string?>? Reread(int wanted)
    {
        var line = lineCopy.AsSpan(0, lineLength);
        foreach (var other in (ReadOnlySpan<string>)[",", ";", "\t", "|", " ", "，"])
        {
            if (other == syntax.Dialect.Delimiter)
            {
                continue;
            }

            var cells = QuoteRecovery.Solve(line, new CsvSyntax(syntax.Dialect with { Delimiter = other }), wanted);
            if (cells is not null)
            {
                return cells;
            }
        }

        return null;
    }

    private bool SkipBlankLines()
    {
        while (true)
        {
            if (feed.Window.IsEmpty && !feed.Fill())
            {
                return false;
            }

            var first = feed.Window[0];
            if (first != '\n' && first != '\r')
            {
                return true;
            }

            if (first == '\r' && feed.Window.Length == 1 && !feed.Ended)
            {
                feed.Fill();
            }

            var pair = first == '\r' && feed.Window.Length > 1 && feed.Window[1] == '\n';
            if (first == '\r' && !pair && !syntax.CrEnds)
            {
                return true;
            }

            feed.Consume(pair ? 2 : 1);
            nextLine++;
            Blanks++;
        }
    }

    private void Take(ScanEnd how, ref int length)
    {
        var record = feed.Window[..length];
        var oneLine = record[..syntax.LineLength(record)];
        var odd = how == ScanEnd.Odd || (Expected > 0 && spans.Count != Expected && oneLine.Length < syntax.WithoutEnd(record).Length);
        if (odd && QuoteRecovery.Solve(oneLine, syntax, Expected) is { } cells)
        {
            Cells.AddRange(cells);
            Recovered++;
            length = syntax.WithEnd(feed.Window, oneLine.Length);
        }
        else if (Expected > 0 && oneLine.Length < syntax.WithoutEnd(record).Length && (how != ScanEnd.Whole || spans.Count != Expected) && NextFit(record) is > 0 and var fit)
        {
            length = fit;
            Cells.Add(Encoding.UTF8.GetString(oneLine));
            Fault = Faults.Of(Problems.OpenQuote, feed.Position);
        }
        else if (how == ScanEnd.Open || (odd && how == ScanEnd.Odd && Expected > 0 && spans.Count != Expected))
        {
            length = syntax.WithEnd(feed.Window, oneLine.Length);
            Cells.Add(Encoding.UTF8.GetString(oneLine));
            Fault = Faults.Of(Problems.OpenQuote, feed.Position);
        }
        else
        {
            AddCells(record);
        }

        Remember(oneLine);
        if (feed.BadWithin(length) is { } bad)
        {
            Fault = Faults.Of(bad.Kind == BadKind.PrivateUse ? Problems.PrivateUse : Problems.BadBytes, bad.Offset, feed.Encoding);
        }

        else if (feed.Window[..length].IndexOf((byte)0) is >= 0 and var nul && Fault is null)
        {
            Fault = Faults.Of(Problems.NulBytes, feed.Position + nul);
        }

        nextLine += syntax.CountLines(feed.Window[..length]);
        feed.Consume(length);
    }

    private void AddCells(ReadOnlySpan<byte> record)
    {
        foreach (var span in spans)
        {
            var bytes = record.Slice(span.Start, span.Length);
            Cells.Add(bytes.IsEmpty ? span.Quoted ? "" : null : syntax.Text(bytes, span.Escaped));
        }
    }

    private void Remember(ReadOnlySpan<byte> line)
    {
        lineLength = Math.Min(line.Length, 64 * 1024);
        if (lineCopy.Length < lineLength)
        {
            lineCopy = new byte[Math.Max(lineLength, 4096)];
        }

        line[..lineLength].CopyTo(lineCopy);
    }

    private enum ScanEnd { Whole, Odd, Open, NeedMore }

    /// <summary>Splits one record into <see cref="spans"/>; <paramref name="length"/> includes its line end.</summary>
    private ScanEnd Scan(ReadOnlySpan<byte> text, bool ended, out int length)
    {
        spans.Clear();
        var odd = false;
        var at = 0;
        length = 0;
        while (true)
        {
            var stop = syntax.StartsQuote(text[at..], out var lead)
                ? ScanQuoted(text, at + lead, ended, ref odd, out var next)
                : ScanPlain(text, at, ended, out next);
            switch (stop)
            {
                case CellStop.Delimiter when spans.Count < MaxCells:
                    at = next;
                    break;
                case CellStop.Delimiter:
                    throw new ProblemException(Problems.TooWide.With(Name, MaxCells));
                case CellStop.Record:
                    length = next;
                    return odd ? ScanEnd.Odd : ScanEnd.Whole;
                case CellStop.Open:
                    length = text.Length;
                    return ScanEnd.Open;
                default:
                    return ScanEnd.NeedMore;
            }
        }
    }

    private enum CellStop { Delimiter, Record, Open, NeedMore }

    private CellStop ScanPlain(ReadOnlySpan<byte> text, int start, bool ended, out int next)
    {
        var at = start;
        next = 0;
        while (true)
        {
            var found = text[at..].IndexOfAny(syntax.PlainStops);
            at = found < 0 ? text.Length : at + found;
            var stop = At(text, at, ended, out next);
            if (stop == CellStop.Open)
            {
                at++;
                continue;
            }

            if (stop != CellStop.NeedMore)
            {
                spans.Add(new(start, at - start, Quoted: false, Escaped: false));
            }

            return stop;
        }
    }

    private CellStop ScanQuoted(ReadOnlySpan<byte> text, int start, bool ended, ref bool odd, out int next)
    {
        var at = start;
        var escaped = false;
        next = 0;
        while (true)
        {
            var found = text[at..].IndexOfAny(syntax.QuotedStops);
            if (found < 0 || at + found - start > CellLimit)
            {
                return ended || text.Length - start > CellLimit ? CellStop.Open : CellStop.NeedMore;
            }

            at += found;
            if (at + 1 >= text.Length && !ended)
            {
                return CellStop.NeedMore;
            }

            if (text[at] != syntax.Quote)
            {
                escaped = true;
                at = Math.Min(at + 2, text.Length);
                continue;
            }

            var after = at + 1;
            if (syntax.Doubles && after < text.Length && text[after] == syntax.Quote)
            {
                escaped = true;
                at += 2;
                continue;
            }

            after += syntax.Blanks(text[after..]);
            var stop = At(text, after, ended, out next);
            if (stop == CellStop.NeedMore)
            {
                return stop;
            }

            if (stop != CellStop.Open)
            {
                spans.Add(new(start, at - start, Quoted: true, escaped));
                return stop;
            }

            odd = odd || syntax.Dialect.Escape != QuoteEscape.None;
            at++;
        }
    }

    /// <summary>What stands at a place: a delimiter, the record's end, nothing of both (Open), or too little text to tell.</summary>
    private CellStop At(ReadOnlySpan<byte> text, int at, bool ended, out int next)
    {
        next = at;
        if (at >= text.Length)
        {
            return ended ? CellStop.Record : CellStop.NeedMore;
        }

        var rest = text[at..];
        if (rest.Length < syntax.Delimiter.Length && !ended && syntax.Delimiter.AsSpan().StartsWith(rest))
        {
            return CellStop.NeedMore;
        }

        if (rest.StartsWith(syntax.Delimiter))
        {
            next = at + syntax.Delimiter.Length;
            return CellStop.Delimiter;
        }

        if (syntax.TrimmedDelimiterEndsLine(rest, ended, out var short0))
        {
            next = at + short0;
            return CellStop.Delimiter;
        }

        if (rest[0] == '\n')
        {
            next = at + 1;
            return CellStop.Record;
        }

        if (rest[0] != '\r')
        {
            return CellStop.Open;
        }

        if (rest.Length == 1 && !ended)
        {
            return CellStop.NeedMore;
        }

        var pair = rest.Length > 1 && rest[1] == '\n';
        next = at + (pair ? 2 : 1);
        return pair || syntax.CrEnds || rest.Length == 1 ? CellStop.Record : CellStop.Open;
    }
}
