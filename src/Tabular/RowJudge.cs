// Records under the header in, rows out: numbers them, counts their cells, proposes repairs, and tells notes under the table from rows.
namespace Lizhou.Tabular;

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
    private long number;

    /// <summary>Notes under the table, known once the records have ended.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>Number of the last row, pending ones included.</summary>
    public long Number => number;

    /// <summary>Whether rows wait to be told from notes.</summary>
    public bool Waiting => pending.Count > 0;

    /// <summary>Numbers a row that was found good elsewhere (the fast path).</summary>
    public long Next() => ++number;

    /// <summary>Takes the source's current record; rows that are decided by it are appended to <paramref name="rows"/>.</summary>
    public void Take(RecordSource source, List<Row> rows)
    {
        var cells = source.Cells;
        if (source.Fault is null && cells.TrueForAll(string.IsNullOrWhiteSpace))
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
        number -= pending.Count;
        pending.Clear();
    }

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
