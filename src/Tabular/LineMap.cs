// Where the records of a chunk stand in their file. Most follow one another line by line; only where they do not is anything kept.
namespace Lizhou.Tabular;

/// <summary>Tells the line of a record by its number. Two bytes for each record that is not on the line after the one before.</summary>
public sealed class LineMap
{
    private readonly List<byte> steps = [];
    private (long Record, long Line) last = (-1, 0);
    private (long Record, long Line, int At) cursor;

    /// <summary>Number of the first record; −1 when there is none.</summary>
    public long First { get; private set; } = -1;

    private long FirstLine { get; set; }

    /// <summary>Line (row of a sheet) from 1 on which a record starts; 0 before the first. Quickest when asked in ascending order.</summary>
    public long Of(long record)
    {
        if (First < 0 || record < First)
        {
            return 0;
        }

        if (cursor.Record == 0 || record < cursor.Record)
        {
            cursor = (First, FirstLine, 0);
        }

        while (cursor.At < steps.Count)
        {
            var at = cursor.At;
            var next = cursor.Record + Read(ref at);
            if (next > record)
            {
                break;
            }

            var shift = Read(ref at);
            cursor = (next, cursor.Line + (next - cursor.Record) + (shift >> 1 ^ -(shift & 1)), at);
        }

        return cursor.Line + (record - cursor.Record);
    }

    /// <summary>Records come in ascending order.</summary>
    internal void Add(long record, long line)
    {
        if (First < 0)
        {
            (First, FirstLine, last) = (record, line, (record, line));
            return;
        }

        var shift = line - last.Line - (record - last.Record);
        if (shift != 0)
        {
            Write(record - last.Record);
            Write(shift << 1 ^ shift >> 63);
            last = (record, line);
        }
    }

    private void Write(long value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            steps.Add((byte)(value | 0x80));
        }

        steps.Add((byte)value);
    }

    private long Read(ref int at)
    {
        long value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = steps[at++];
            value |= (long)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
    }
}
