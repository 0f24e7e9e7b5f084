// In: bytes from outside, maybe packed. Out: the same bytes, counted. Refuses more than a limit, and packed bytes that grow beyond all reason.
using System.IO.Compression;
using Lizhou.Kernel;

namespace Lizhou.Collection.Connectors;

/// <summary>Counts the bytes of <paramref name="inner"/>; what <paramref name="refusal"/> says of the count is thrown.</summary>
internal sealed class BoundedStream(Stream inner, Func<long, Problem?> refusal) : Stream
{
    private const int MostGrowth = 200;
    private const long GrowthFrom = 1 << 20;

    public long Count { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => Count; set => throw new NotSupportedException(); }

    /// <summary>The unpacked bytes of a stream that is gzip when <paramref name="gzip"/> says so. Counted bytes decide, never declared ones.</summary>
    public static Stream Unpack(Stream raw, bool gzip, long most, Problem tooLarge)
    {
        if (!gzip)
        {
            return new BoundedStream(raw, count => count > most ? tooLarge : null);
        }

        var packed = new BoundedStream(raw, _ => null);
        return new BoundedStream(
            new GZipStream(packed, CompressionMode.Decompress),
            count => count > most || (count > GrowthFrom && count > packed.Count * MostGrowth) ? Sources.SourceProblems.Bomb.With(most, MostGrowth) : null);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await inner.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Counted(inner.Read(buffer, offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Counted(int read)
    {
        Count += read;
        return refusal(Count) is { } problem ? throw new ProblemException(problem) : read;
    }
}
