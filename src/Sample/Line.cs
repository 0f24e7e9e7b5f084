// A growing piece of CSV in UTF-8. Cells are written one after another; a cell that needs quotes gets them.
using System.Buffers.Text;
using System.Text;

namespace Lizhou.Sample;

internal sealed class Line
{
    private byte[] bytes = new byte[1 << 16];
    private int cell;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    /// <summary>The current cell as written so far.</summary>
    public Span<byte> Cell => bytes.AsSpan(cell, Length - cell);

    public void Clear() => (Length, cell) = (0, 0);

    /// <summary>Forgets the current cell.</summary>
    public void Blank() => Length = cell;

    public void Put(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        Length += text.Length;
    }

    public void Put(ReadOnlySpan<char> text) => Length += Encoding.UTF8.GetBytes(text, Room(text.Length * 3));

    public void Put(char ascii)
    {
        Room(1)[0] = (byte)ascii;
        Length++;
    }

    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, Room(20), out var written);
        Length += written;
    }

    public void Digits(long value, int width)
    {
        var room = Room(width);
        for (var i = width - 1; i >= 0; i--)
        {
            room[i] = (byte)('0' + (value % 10));
            value /= 10;
        }

        Length += width;
    }

    /// <summary>A number with a fixed number of places after the point.</summary>
    public void Fixed(long scaled, int places)
    {
        var one = 1L;
        for (var i = 0; i < places; i++)
        {
            one *= 10;
        }

        if (scaled < 0)
        {
            Put('-');
            scaled = -scaled;
        }

        Number(scaled / one);
        if (places > 0)
        {
            Put('.');
            Digits(scaled % one, places);
        }
    }

    public void EndCell()
    {
        if (Cell.IndexOfAny((byte)',', (byte)'"', (byte)'\n') >= 0)
        {
            var plain = Encoding.UTF8.GetString(Cell);
            Blank();
            Put('"');
            Put(plain.Replace("\"", "\"\"", StringComparison.Ordinal));
            Put('"');
        }

        Put(',');
        cell = Length;
    }

    public void EndRow()
    {
        bytes[Length - 1] = (byte)'\n';
        cell = Length;
    }

    /// <summary>Writes the bytes from <paramref name="start"/> on once more.</summary>
    public void Repeat(int start)
    {
        var length = Length - start;
        var room = Room(length);
        bytes.AsSpan(start, length).CopyTo(room);
        Length += length;
        cell = Length;
    }

    private Span<byte> Room(int more)
    {
        if (bytes.Length - Length < more)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + more));
        }

        return bytes.AsSpan(Length);
    }
}
