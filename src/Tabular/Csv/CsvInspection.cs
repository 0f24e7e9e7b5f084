// A sample of a text file in; its table or tables with dialect, header, types and oddities, out.
using System.Text;
using Lizhou.Tabular.Encodings;

namespace Lizhou.Tabular.Csv;

internal static class CsvInspection
{
    private const int MostRecords = 20_000;
    private const int MostTables = 20;
    private const int Glance = 1 << 16;

    public static IReadOnlyList<TableInspection> Of(string name, FileShape shape, Sample sample, Hints hints, Guess encoding)
    {
        var text = Text(sample, shape.Encoding);
        if (!sample.Whole && text.AsSpan().IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            throw new ProblemException(Problems.LineTooLong.With(name, text.Length, 1));
        }

        var dialect = DialectGuess.Of(text, sample.Whole, hints);
        var guesses = new List<Guess> { encoding, new("dialect", dialect.Confidence, dialect.Why) };
        shape = shape with { Format = Format.Csv, Dialect = dialect.Dialect };
        var records = Read(name, sample, shape, dialect.Columns, out var oddities, out var complete);
        var tables = new List<TableInspection>();
        var from = 0;
        do
        {
            var rest = from == 0 ? records : records[from..];
            var guess = TableGuess.Of(rest, shape, from == 0 ? hints : hints with { PreambleRows = null, HeaderRows = null }, from, (r, wanted) => Reread(r, dialect.Dialect, wanted));
            tables.Add(Table(guess, rest, complete, [.. guesses, .. guess.Guesses], [.. from == 0 ? oddities : [], .. guess.Oddities], from));
            from = guess.NextTable < 0 ? -1 : from + guess.NextTable;
        }
        while (from > 0 && tables.Count < MostTables);
        return tables;
    }

    /// <summary>Whether the beginning, read in its encoding, is full of characters no text has. Those that tell cells apart (Hive's and ASCII's own) do not count.</summary>
    public static bool IsBinary(Sample sample, string encoding)
    {
        using var feed = new Utf8Feed(new MemoryStream(sample.Head[..Math.Min(sample.Head.Length, Glance)].ToArray(), writable: false), encoding);
        while (feed.Fill())
        {
        }

        var odd = 0;
        foreach (var b in feed.Window)
        {
            odd += b is 0 or (>= 2 and <= 8) or (>= 14 and <= 27) ? 1 : 0;
        }

        return odd * 50 > feed.Window.Length;
    }

    private static byte[] Text(Sample sample, string encoding)
    {
        using var feed = new Utf8Feed(new MemoryStream(sample.Head.ToArray(), writable: false), encoding);
        while (feed.Fill())
        {
        }

        return feed.Window.ToArray();
    }

    private static List<SampleRecord> Read(string name, Sample sample, FileShape shape, int expected, out List<Oddity> oddities, out bool complete)
    {
        oddities = [];
        var records = new List<SampleRecord>();
        using var scanner = new CsvScanner(new Utf8Feed(new MemoryStream(sample.Head.ToArray(), writable: false), shape.Encoding), shape.Dialect!, expected) { Name = name };
        var more = true;
        while (records.Count < MostRecords && (more = scanner.Read()))
        {
            records.Add(new(scanner.Line, [.. scanner.Cells], scanner.Fault));
            if (scanner.Fault is { } fault)
            {
                oddities.Add(new(fault.Code, scanner.Line, fault.Reason));
            }
        }

        complete = sample.Whole && !more;
        if (!sample.Whole && more is false && records.Count > 1)
        {
            records.RemoveAt(records.Count - 1);
        }

        if (scanner.Recovered > 0)
        {
            oddities.Add(new("TAB-O05", 0, new Text("{0} 行引号不配对，已按列数判断读法。", "{0} rows have unpaired quotes; they were read by the number of cells.").With(scanner.Recovered)));
        }

        return records;
    }

    /// <summary>A record joined again and cut by another delimiter.</summary>
    private static string?[]? Reread(SampleRecord record, CsvDialect dialect, int wanted)
    {
        if (record.Cells.Length > 1 + (wanted / 2))
        {
            return null;
        }

        var line = Encoding.UTF8.GetBytes(string.Join(dialect.Delimiter, record.Cells));
        foreach (var other in (ReadOnlySpan<string>)[",", ";", "\t", "|", " ", "，"])
        {
            if (other != dialect.Delimiter && QuoteRecovery.Solve(line, new CsvSyntax(dialect with { Delimiter = other }), wanted) is { } cells)
            {
                return [.. cells];
            }
        }

        return null;
    }

    private static TableInspection Table(TableGuess guess, List<SampleRecord> records, bool complete, List<Guess> guesses, List<Oddity> oddities, int skipped)
    {
        var shape = guess.Shape;
        var judge = new RowJudge(shape);
        var rows = new List<Row>();
        var first = shape.PreambleRows - skipped + shape.HeaderRows + (shape.UnitRow ? 1 : 0);
        var end = guess.NextTable < 0 ? records.Count : guess.NextTable;
        foreach (var (i, record) in records.Take(first).Index())
        {
            judge.Skipped(record.Cells, i >= shape.PreambleRows - skipped);
        }

        using var replay = new SampleSource(records, first, end);
        while (shape.Columns.Count > 0 && replay.Read())
        {
            judge.Take(replay, rows);
        }

        if (complete || guess.NextTable >= 0)
        {
            judge.End();
        }

        foreach (var row in rows.Where(r => r.Fault?.Code == Problems.CellCount.Code).Take(100))
        {
            oddities.Add(new(row.Fault!.Code, row.Line, row.Fault.Reason));
        }

        if (judge.Notes.Count > 0)
        {
            guesses.Add(new("footer", 0.9, new Text("表后有 {0} 行说明，不作为数据。", "{0} lines under the table are notes, not rows.").With(judge.Notes.Count)));
        }

        return new TableInspection
        {
            Shape = shape,
            Guesses = guesses,
            Oddities = oddities,
            Preview = [.. rows.Take(Inspector.PreviewRows)],
            Rows = complete || guess.NextTable >= 0 ? rows.Count : null,
            Preamble = [.. records.Take(shape.PreambleRows - skipped).Select(r => string.Join(' ', r.Cells.Where(c => !string.IsNullOrWhiteSpace(c))))],
            Notes = judge.Notes,
        };
    }
}

/// <summary>Records of a sample once more.</summary>
internal sealed class SampleSource(IReadOnlyList<SampleRecord> records, int from, int end) : RecordSource
{
    private int at = from - 1;

    public override bool Read()
    {
        if (++at >= end)
        {
            return false;
        }

        Line = records[at].Line;
        Fault = records[at].Fault;
        Cells.Clear();
        Cells.AddRange(records[at].Cells);
        return true;
    }
}
