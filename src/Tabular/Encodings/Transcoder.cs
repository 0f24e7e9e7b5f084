// Raw bytes of one encoding in, UTF-8 out, strictly: at the first sequence that is not a character it stops and says so.
using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Lizhou.Tabular.Encodings;

internal enum BadKind { None, Malformed, PrivateUse }

/// <summary>Outcome of one step.</summary>
/// <param name="Read">Raw bytes taken, without the bad sequence.</param>
/// <param name="Written">UTF-8 bytes given.</param>
/// <param name="Bad">Why it stopped early, or None when input or room ran out.</param>
/// <param name="BadLength">Raw bytes of the bad sequence.</param>
internal readonly record struct Step(int Read, int Written, BadKind Bad = BadKind.None, int BadLength = 0);

internal abstract class Transcoder
{
    /// <summary>UTF-8 bytes that one raw byte can become at most; room must be this times the input plus <see cref="Slack"/>.</summary>
    public abstract int Growth { get; }

    public const int Slack = 64;

    /// <param name="raw">Input; a sequence cut at its end is left unread unless <paramref name="last"/>.</param>
    public abstract Step Convert(ReadOnlySpan<byte> raw, Span<byte> utf8, bool last);

    public static Transcoder For(string encoding) => encoding switch
    {
        EncodingNames.Utf8 => new Utf8Transcoder(),
        EncodingNames.Utf16Le => new Utf16Transcoder(bigEndian: false),
        EncodingNames.Utf16Be => new Utf16Transcoder(bigEndian: true),
        EncodingNames.Gb18030 => new PairTranscoder(PairTable.Gb18030),
        EncodingNames.Big5 => new PairTranscoder(PairTable.Big5),
        EncodingNames.Windows1252 => new PairTranscoder(PairTable.Windows1252),
        _ => throw new ProblemException(Problems.UnknownEncoding.With(encoding)),
    };
}

internal sealed class Utf8Transcoder : Transcoder
{
    public override int Growth => 1;

    public override Step Convert(ReadOnlySpan<byte> raw, Span<byte> utf8, bool last)
    {
        var whole = last ? raw : raw[..^Unfinished(raw)];
        if (Utf8.IsValid(whole))
        {
            whole.CopyTo(utf8);
            return new(whole.Length, whole.Length);
        }

        var good = 0;
        while (Rune.DecodeFromUtf8(whole[good..], out _, out var length) == OperationStatus.Done)
        {
            good += length;
        }

        whole[..good].CopyTo(utf8);
        return new(good, good, BadKind.Malformed, 1);
    }

    /// <summary>Bytes at the end that begin a character whose rest is not here yet.</summary>
    private static int Unfinished(ReadOnlySpan<byte> raw)
    {
        for (var back = 1; back <= Math.Min(3, raw.Length); back++)
        {
            var lead = raw[^back];
            if (lead < 0x80)
            {
                return 0;
            }

            if (lead >= 0xC0)
            {
                var wanted = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
                return wanted > back ? back : 0;
            }
        }

        return 0;
    }
}

internal sealed class Utf16Transcoder(bool bigEndian) : Transcoder
{
    private char[] chars = [];

    public override int Growth => 2;

    public override Step Convert(ReadOnlySpan<byte> raw, Span<byte> utf8, bool last)
    {
        var count = raw.Length / 2;
        if (chars.Length < count)
        {
            chars = new char[count];
        }

        raw[..(count * 2)].CopyTo(MemoryMarshal.AsBytes(chars.AsSpan()));
        if (bigEndian)
        {
            var units = MemoryMarshal.Cast<char, ushort>(chars.AsSpan(0, count));
            System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(units, units);
        }

        var status = Utf8.FromUtf16(chars.AsSpan(0, count), utf8, out var read, out var written, replaceInvalidSequences: false, isFinalBlock: last);
        if (status == OperationStatus.InvalidData)
        {
            return new(read * 2, written, BadKind.Malformed, 2);
        }

        return last && read == count && raw.Length % 2 == 1
            ? new(read * 2, written, BadKind.Malformed, 1)
            : new(read * 2, written);
    }
}
