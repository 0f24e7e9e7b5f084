// Rows in, chunk files out: the bytes of the chunk being written, its counts and its faulty rows.
using System.Buffers;
using System.Text;

namespace Lizhou.Tabular;

internal sealed class ChunkSink(string folder, ChunkOptions options) : IDisposable
{
    private const int FlushAt = 1024 * 1024;

    /// <summary>A chunk ends early when so many of its rows are faulty: they are held in memory.</summary>
    private const int MostFaulty = 10_000;

    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    private byte[] buffer = new byte[FlushAt * 2];
    private int used;
    private FileStream? file;
    private int index;
    private long written;
    private long first = -1;
    private long good;
    private long repaired;
    private long left;
    private List<Row> faulty = [];
    private LineMap lines = new();
    private PassedOver passed;

    public bool Full => written + used >= options.Bytes || faulty.Count >= MostFaulty;

    /// <summary>Whether rows are written as they stand.</summary>
    public bool TakesAll => options is { Columns: null, Wanted: null };

    private bool Skipping => index < options.From;

    /// <summary>Adds a row that is RFC 4180 already.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="line">The line on which it starts.</param>
    /// <param name="row">Its bytes without a line end.</param>
    /// <param name="delimiter">What stands between its cells; replaced by a comma.</param>
    public void Add(long number, long line, ReadOnlySpan<byte> row, byte delimiter)
    {
        Begin(number);
        lines.Add(number, line);
        var room = Room(row.Length + 24);
        number.TryFormat(room, out var at);
        room[at++] = (byte)',';
        row.CopyTo(room[at..]);
        if (delimiter != ',')
        {
            room.Slice(at, row.Length).Replace(delimiter, (byte)',');
        }

        at += row.Length;
        room[at++] = (byte)'\n';
        Done(at);
    }

    public void Add(Row row)
    {
        Begin(row.Number);
        if (options.Wanted is { } wanted && !wanted(row.Number))
        {
            left++;
            return;
        }

        if (row.Fault is { } fault && (fault.Repair is null || !options.Repair))
        {
            if (!Skipping || faulty.Count < MostFaulty)
            {
                faulty.Add(row);
            }

            return;
        }

        lines.Add(row.Number, row.Line);
        repaired += row.Fault is null ? 0 : 1;
        var cells = row.Fault?.Repair ?? row.Cells;
        AddCells(row.Number, options.Columns is { } columns ? [.. columns.Select(c => c < 0 ? null : cells[c])] : cells);
    }

    /// <summary>Ends the chunk; the next row begins another.</summary>
    /// <param name="all">What was no row since the table's beginning.</param>
    public Chunk Close(PassedOver all)
    {
        Open();
        Flush();
        file?.Dispose();
        file = null;
        var chunk = new Chunk(index, PathOf(index), Math.Max(first, 0), good + faulty.Count + left, good, written, faulty, repaired, lines, all - passed, left);
        index++;
        (written, first, good, repaired, left, faulty, lines, passed) = (0, -1, 0, 0, 0, [], new(), all);
        return chunk;
    }

    public void Dispose() => file?.Dispose();

    private string PathOf(int number) => Path.Combine(folder, $"{number:D5}.csv");

    private void Begin(long number)
    {
        if (first < 0)
        {
            first = number;
        }
    }

    private void AddCells(long number, IReadOnlyList<string?> cells)
    {
        var most = 24 + cells.Count + cells.Sum(c => c is null ? 0 : (c.Length * 3) + c.Count(x => x == '"') + 2);
        var room = Room(most);
        number.TryFormat(room, out var at);
        foreach (var cell in cells)
        {
            room[at++] = (byte)',';
            at += Cell(cell, room[at..]);
        }

        room[at++] = (byte)'\n';
        Done(at);
    }

    private static int Cell(string? cell, Span<byte> room)
    {
        if (cell is null)
        {
            return 0;
        }

        if (cell.Length > 0 && !cell.AsSpan().ContainsAny(NeedsQuotes))
        {
            return Encoding.UTF8.GetBytes(cell, room);
        }

        room[0] = (byte)'"';
        var length = Encoding.UTF8.GetBytes(cell.Replace("\"", "\"\"", StringComparison.Ordinal), room[1..]);
        room[length + 1] = (byte)'"';
        return length + 2;
    }

    private Span<byte> Room(int length)
    {
        if (used + length > buffer.Length)
        {
            Flush();
            if (length > buffer.Length)
            {
                buffer = new byte[length];
            }
        }

        return buffer.AsSpan(used);
    }

    private void Done(int length)
    {
        used += length;
        good++;
        if (used >= FlushAt)
        {
            Flush();
        }
    }

    private void Flush()
    {
        Open();
        file?.Write(buffer, 0, used);
        written += used;
        used = 0;
    }

    private void Open()
    {
        if (file is null && !Skipping)
        {
            file = new FileStream(PathOf(index), FileMode.Create, FileAccess.Write, FileShare.Read, 1);
        }
    }
}
