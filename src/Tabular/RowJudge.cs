// Records under the header in, rows out: numbers them, counts their cells, proposes repairs, and tells rows from what is none: notes under
// the table, blank lines in it, headers and titles printed again on every page.
namespace Lizhou.Tabular;

/// <summary>Lines of a table that are no rows; a clerk who counts lines in the file counts them too.</summary>
/// <param name="Blank">Blank lines and rows with something below them.</param>
/// <param name="Header">Headers that came again.</param>
/// <param name="Note">Notes under the table, and titles or notes between two pages of it.</param>
public readonly record struct PassedOver(long Blank, long Header, long Note)
{
    public long Sum => Blank + Header + Note;

    public static PassedOver operator +(PassedOver a, PassedOver b) => new(a.Blank + b.Blank, a.Header + b.Header, a.Note + b.Note);

    public static PassedOver operator -(PassedOver a, PassedOver b) => new(a.Blank - b.Blank, a.Header - b.Header, a.Note - b.Note);
}

internal sealed class RowJudge(FileShape shape)
{
    private const int MostNotes = 60;

    private static readonly string[] Marks =
    [
        "注", "备注", "说明", "附注", "数据来源", "资料来源", "来源", "制表", "填表", "审核", "审批", "单位负责人", "联系", "打印", "导出时间", "截止", "*", "※", "①",
        "note", "source", "footnote", "remark", "generated", "printed", "copyright", "©",
    ];

    private readonly List<Row> pending = [];
    private readonly int width = shape.Columns.Count;
    private readonly HashSet<string> titles = new(StringComparer.Ordinal);
    private readonly HashSet<string> headers = new(StringComparer.Ordinal);
    private long number;
    private long blanks;
    private long blanksOfSource;

    /// <summary>Notes under the table, known once the records have ended.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>What was no row so far; the notes among it once the records have ended.</summary>
    public PassedOver Passed { get; private set; }

    /// <summary>Number of the last row, pending ones included.</summary>
    public long Number => number;

    /// <summary>Whether rows wait to be told from notes.</summary>
    public bool Waiting => pending.Count > 0;

    /// <summary>Numbers a row that was found good elsewhere (the fast path).</summary>
    public long Next()
    {
        Settle();
        return ++number;
    }

    /// <summary>A blank line found elsewhere (the fast path).</summary>
    public void Blank() => blanks++;

    /// <summary>Reads the records before the first row; answers the first cell of each header record.</summary>
    public IReadOnlyList<string?> Skip(RecordSource source)
    {
        var starts = new List<string?>();
        for (var i = 0; i < shape.PreambleRows + shape.HeaderRows + (shape.UnitRow ? 1 : 0) && source.Read(); i++)
        {
            Skipped(source.Cells, i >= shape.PreambleRows);
            if (i >= shape.PreambleRows && source.Cells.Count > 0)
            {
                starts.Add(source.Cells[0]);
            }
        }

        blanksOfSource = source.Blanks;
        return starts;
    }

    /// <summary>A record before the first row: it is none when it comes again.</summary>
    public void Skipped(IEnumerable<string?> cells, bool header)
    {
        var filled = cells.Where(c => !string.IsNullOrWhiteSpace(c)).ToList();
        if (filled.Count > (header ? 1 : 0))
        {
            (header ? headers : titles).Add(Joined(filled));
        }
    }

    /// <summary>Takes the source's current record; rows that are decided by it are appended to <paramref name="rows"/>.</summary>
    public void Take(RecordSource source, List<Row> rows)
    {
        var cells = source.Cells;
        blanks += source.Blanks - blanksOfSource;
        blanksOfSource = source.Blanks;
        if (source.Fault is null && cells.TrueForAll(string.IsNullOrWhiteSpace))
        {
            blanks++;
            return;
        }

        Settle();
        if (source.Fault is null && headers.Count + titles.Count > 0 && Again(Joined(cells)))
        {
            return;
        }

        var note = shape.Footer && source.Fault is null && IsNote(cells, width);
        var row = Judge(source);
        if (note && pending.Count < MostNotes)
        {
            pending.Add(row);
            return;
        }

        // A line that continues the note above it, perhaps with commas of its own.
        if (pending.Count is > 0 and < MostNotes && cells.Count < width && cells.Count(c => !string.IsNullOrWhiteSpace(c)) <= 2 && width > 4)
        {
            pending.Add(row);
            return;
        }

        Release(rows);
        rows.Add(row);
    }

    /// <summary>The records have ended: what is pending are notes.</summary>
    public void End()
    {
        Notes = [.. pending.Select(p => string.Join(' ', p.Cells.Where(c => !string.IsNullOrWhiteSpace(c))))];
        PassPending();
    }

    private void PassPending()
    {
        Passed += new PassedOver(0, 0, pending.Count);
        number -= pending.Count;
        pending.Clear();
    }

    /// <summary>Blank lines count once something stands below them.</summary>
    private void Settle()
    {
        Passed += new PassedOver(blanks, 0, 0);
        blanks = 0;
    }

    /// <summary>Whether the record is a header or title once more; what waited above it then was the foot of a page.</summary>
    private bool Again(string joined)
    {
        var header = headers.Contains(joined);
        if (!header && !titles.Contains(joined))
        {
            return false;
        }

        PassPending();
        Passed += new PassedOver(0, header ? 1 : 0, header ? 0 : 1);
        return true;
    }

    private static string Joined(IEnumerable<string?> cells) => string.Join('\u0001', cells.Where(c => !string.IsNullOrWhiteSpace(c)));

    /// <summary>Whether a record looks like a note under a table: one filled cell, and either cut short or with the words of a note.</summary>
    public static bool IsNote(IReadOnlyList<string?> cells, int width)
    {
        var first = cells.Count > 0 ? cells[0] : null;
        if (width < 2 || string.IsNullOrWhiteSpace(first) || cells.Skip(1).Any(c => !string.IsNullOrWhiteSpace(c)))
        {
            return false;
        }

        var text = first.AsSpan().Trim();
        foreach (var mark in Marks)
        {
            if (text.StartsWith(mark, StringComparison.OrdinalIgnoreCase) && (mark.Length == 1 || text.Length > mark.Length))
            {
                return true;
            }
        }

        return cells.Count == 1 && width > 2;
    }

    private void Release(List<Row> rows)
    {
        rows.AddRange(pending);
        pending.Clear();
    }

    private Row Judge(RecordSource source)
    {
        number++;
        var cells = source.Cells;
        // Only where the shape knows of nameless columns: elsewhere a surplus empty cell may stand anywhere in the row.
        var surplus = shape.Format == Format.Csv ? shape.EmptyTail : int.MaxValue;
        while (cells.Count > width && string.IsNullOrEmpty(cells[^1]) && surplus-- > 0)
        {
            cells.RemoveAt(cells.Count - 1);
        }

        if (source.Fault is not null)
        {
            return new(number, source.Line, cells.ToArray(), source.Fault);
        }

        if (cells.Count == width)
        {
            return new(number, source.Line, Nulls(cells));
        }

        if (cells.Count < width && shape.ShortRows)
        {
            return new(number, source.Line, Nulls([.. cells, .. new string?[width - cells.Count]]));
        }

        var delimiter = shape.Dialect?.Delimiter ?? ",";
        var other = source.Reread(width);
        var repair = other is not null && cells.Count <= 2 + (width / 2) ? other : RowRepair.Find(cells, shape.Columns, delimiter) ?? other;
        var hint = Hint(cells.Count, repair is not null);
        var fault = Problems.CellCount.With(width, cells.Count);
        return new(number, source.Line, cells.ToArray(), new(fault.Code, null, fault.What, hint, repair is null ? null : Nulls([.. repair])));
    }

    private string?[] Nulls(List<string?> cells)
    {
        var made = new string?[cells.Count];
        for (var i = 0; i < made.Length; i++)
        {
            made[i] = cells[i] is { Length: 0 } && !shape.QuotedEmptyIsText ? null : cells[i];
        }

        return made;
    }

    private Text Hint(int found, bool repaired) => repaired
        ? new("建议的改法已列出，确认即可。", "The likely correction is given; confirm it.")
        : found > width
            ? new("这一行多了分隔符：含分隔符的内容要加引号。", "The row has too many delimiters: put text that contains one in quotes.")
            : new("这一行少了分隔符或内容被截断。", "The row lacks a delimiter or was cut off.");
}
