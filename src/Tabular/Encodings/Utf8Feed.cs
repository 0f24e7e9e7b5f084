// A stream in any encoding as a window of valid UTF-8. What is not a character stands there as \xNN and is listed with
// its byte offset, so that the row it lies in can be refused; nothing is replaced silently.
namespace Lizhou.Tabular.Encodings;

/// <param name="At">Place in the UTF-8 text, counted from its beginning.</param>
/// <param name="Offset">Place in the raw stream, counted from its beginning.</param>
internal readonly record struct BadBytes(long At, long Offset, BadKind Kind);

internal sealed class Utf8Feed : IDisposable
{
    private const int MostRaw = 256 * 1024;

    private readonly Stream stream;
    private readonly Transcoder transcoder;
    private readonly byte[] raw;
    private readonly Queue<BadBytes> bad = new();
    private byte[] buffer;
    private int rawStart;
    private int rawEnd;
    private long rawOffset;
    private bool rawEnded;
    private int start;
    private int end;

    /// <param name="stream">Unpacked bytes; owned and disposed by the feed.</param>
    public Utf8Feed(Stream stream, string encoding)
    {
        this.stream = stream;
        Encoding = encoding;
        transcoder = Transcoder.For(encoding);
        raw = new byte[stream.CanSeek ? (int)Math.Clamp(stream.Length - stream.Position + 64, 1024, MostRaw) : MostRaw];
        buffer = new byte[(raw.Length * transcoder.Growth) + Transcoder.Slack];
        ReadRaw();
        SkipMark();
    }

    public string Encoding { get; }

    /// <summary>The text not consumed yet, as far as it has been read.</summary>
    public ReadOnlySpan<byte> Window => buffer.AsSpan(start, end - start);

    /// <summary>Place of the window's first byte in the UTF-8 text.</summary>
    public long Position { get; private set; }

    /// <summary>Whether the window reaches to the end of the text.</summary>
    public bool Ended => rawEnded && rawStart == rawEnd;

    public void Consume(int count)
    {
        start += count;
        Position += count;
        while (bad.TryPeek(out var first) && first.At < Position)
        {
            bad.Dequeue();
        }
    }

    /// <summary>The first bad bytes among the next <paramref name="count"/> bytes of the window; null when all are characters.</summary>
    public BadBytes? BadWithin(int count) => bad.TryPeek(out var first) && first.At < Position + count ? first : null;

    /// <summary>Bad sequences within the window.</summary>
    public int BadCount => bad.Count;

    /// <summary>Reads more into the window; false at the end.</summary>
    public bool Fill()
    {
        if (Ended)
        {
            return false;
        }

        MakeRoom();
        var before = end;
        while (end == before && !Ended)
        {
            if (rawEnd - rawStart < 16)
            {
                ReadRaw();
            }

            Convert();
        }

        return end > before;
    }

    public void Dispose() => stream.Dispose();

    private void Convert()
    {
        var from = raw.AsSpan(rawStart, rawEnd - rawStart);
        var step = transcoder.Convert(from, buffer.AsSpan(end), rawEnded);
        Advance(step.Read);
        end += step.Written;
        if (step.Bad == BadKind.None)
        {
            if (step.Read == 0 && !rawEnded)
            {
                ReadRaw();
            }

            return;
        }

        bad.Enqueue(new(Position + (end - start), rawOffset, step.Bad));
        foreach (var value in raw.AsSpan(rawStart, step.BadLength))
        {
            System.Text.Encoding.ASCII.GetBytes($"\\x{value:X2}", buffer.AsSpan(end));
            end += 4;
        }

        Advance(step.BadLength);
    }

    private void Advance(int count)
    {
        rawStart += count;
        rawOffset += count;
    }

    private void ReadRaw()
    {
        raw.AsSpan(rawStart, rawEnd - rawStart).CopyTo(raw);
        rawEnd -= rawStart;
        rawStart = 0;
        var got = stream.ReadAtLeast(raw.AsSpan(rawEnd), Math.Min(64 * 1024, raw.Length - rawEnd), throwOnEndOfStream: false);
        rawEnded = got == 0 && rawEnd < raw.Length;
        rawEnd += got;
    }

    private void SkipMark()
    {
        ReadOnlySpan<byte> mark = Encoding switch
        {
            EncodingNames.Utf8 => [0xEF, 0xBB, 0xBF],
            EncodingNames.Utf16Le => [0xFF, 0xFE],
            EncodingNames.Utf16Be => [0xFE, 0xFF],
            EncodingNames.Gb18030 => [0x84, 0x31, 0x95, 0x33],
            _ => [],
        };
        if (mark.Length > 0 && raw.AsSpan(0, rawEnd).StartsWith(mark))
        {
            Advance(mark.Length);
        }
    }

    private void MakeRoom()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        var wanted = end + (Math.Max(rawEnd - rawStart, raw.Length) * transcoder.Growth) + Transcoder.Slack;
        if (buffer.Length < wanted)
        {
            Array.Resize(ref buffer, Math.Max(wanted, buffer.Length * 2));
        }
    }
}
