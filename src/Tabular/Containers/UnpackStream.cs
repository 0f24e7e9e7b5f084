// Unpacked bytes, counted as they come: a stream that grows out of all proportion to what was packed is refused.
namespace Lizhou.Tabular.Containers;

/// <summary>Reads from an unpacker; owns it.</summary>
internal sealed class UnpackStream(Stream inner, string name, Func<long> packed, long declared = long.MaxValue) : Stream
{
    /// <summary>Up to here no ratio is too high; text of one repeated line packs 1,000 to 1.</summary>
    public const long Harmless = 32L * 1024 * 1024;

    public const int MostRatio = 200;

    // Shared strings are distinct, so they pack like prose; and they are held in memory.
    private const int MostRatioOfStrings = 40;

    private long count;

    public static bool IsBomb(string name, long packed, long unpacked) =>
        unpacked > Harmless && unpacked / (name.Contains("sharedStrings", StringComparison.OrdinalIgnoreCase) ? MostRatioOfStrings : MostRatio) > packed;

    public static void Check(string name, long packed, long unpacked)
    {
        if (IsBomb(name, packed, unpacked))
        {
            throw new ProblemException(Problems.Bomb.With(name, packed, unpacked));
        }
    }

    public override int Read(Span<byte> buffer)
    {
        int got;
        try
        {
            got = inner.Read(buffer);
        }
        catch (InvalidDataException e) when (e.Message.Contains("truncated", StringComparison.Ordinal))
        {
            throw new ProblemException(Problems.Truncated.With(name, new Text("解压到第 {0} 字节后中断。", "it broke off after {0} unpacked bytes.").With(count)), e);
        }
        catch (InvalidDataException e)
        {
            throw new ProblemException(Problems.Unreadable.With(name, Faults.Why(e)), e);
        }

        count += got;
        if (got == 0 && declared < long.MaxValue && count < declared)
        {
            throw new ProblemException(Problems.Truncated.With(name, new Text("应有 {1} 字节，只有 {0} 字节。", "{0} of {1} bytes are there.").With(count, declared)));
        }

        if (count > declared)
        {
            throw new ProblemException(Problems.Unreadable.With(name, new Text("目录说它有 {0} 字节，解压出来更多。", "the directory says {0} bytes, and there are more.").With(declared)));
        }

        Check(name, packed(), count);
        return got;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => count;
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>The next so many bytes of a file; owns it.</summary>
internal sealed class PartStream(Stream file, long length) : Stream
{
    /// <summary>Bytes taken so far.</summary>
    public long Taken { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        var got = file.Read(buffer[..(int)Math.Min(buffer.Length, length - Taken)]);
        Taken += got;
        return got;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => Taken;
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
