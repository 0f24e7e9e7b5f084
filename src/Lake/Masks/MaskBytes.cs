// In: a cell's bytes as the engine keeps them (UTF-8), a plan, a key. Out: the text that MaskText makes of them, without strings on the way: a file of millions of rows asks for each.
// What needs numbers or days is left to MaskText, which says what a mask is; a test holds the two together.
using System.Security.Cryptography;
using System.Text;

namespace Lizhou.Lake.Masks;

internal readonly ref struct MaskBytes(MaskPlan plan, ReadOnlySpan<byte> key) : IDisposable
{
    /// <summary>Bytes that are enough for every answer: ten characters, fourteen stars.</summary>
    public const int Longest = 64;

    private const int DigestBytes = 16;

    private readonly MaskPlan plan = plan;

    /// <summary>Its key is worked in once and not for each cell.</summary>
    private readonly IncrementalHash? hash = plan.Way == MaskWay.Hash ? IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key) : null;

    /// <returns>How many bytes of <paramref name="into"/> they are; −1 where MaskText is to be asked.</returns>
    public int Apply(ReadOnlySpan<byte> cell, Span<byte> into) => plan.Way switch
    {
        MaskWay.Full => Stars(into),
        MaskWay.Hash => Hash(cell, into),
        MaskWay.Partial => cell.IsEmpty ? 0 : Partial(cell, into),
        _ => -1,
    };

    public void Dispose() => hash?.Dispose();

    private int Hash(ReadOnlySpan<byte> cell, Span<byte> into)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hash!.AppendData(cell);
        hash.GetHashAndReset(digest);
        for (var i = 0; i < DigestBytes; i++)
        {
            (into[2 * i], into[(2 * i) + 1]) = ("0123456789abcdef"u8[digest[i] >> 4], "0123456789abcdef"u8[digest[i] & 15]);
        }

        return 2 * DigestBytes;
    }

    private int Partial(ReadOnlySpan<byte> cell, Span<byte> into)
    {
        switch (plan.Of)
        {
            case MaskOf.Date or MaskOf.Moment when cell.Length >= 4 && AreDigits(cell[..4]):
                cell[..4].CopyTo(into);
                "-**-**"u8.CopyTo(into[4..]);
                return 10;
            case MaskOf.Date or MaskOf.Moment or MaskOf.Number or MaskOf.Truth:
                return Stars(into);
        }

        var runes = cell.Length - Continued(cell);
        var (head, tail, stars) = (plan.Of, runes) switch
        {
            (MaskOf.IdNumber, 18) => (6, 4, 8),
            (MaskOf.CreditCode, 18) => (4, 4, 10),
            (_, 18) when AreDigits(cell[..17]) => (6, 4, 8),
            (_, 11) when cell.Length == 11 && AreDigits(cell) => (3, 4, 4),
            (_, 1) => (0, 0, 1),
            (_, <= 4) => (1, 0, runes - 1),
            _ => (1, 0, 4),
        };
        return runes == 0 ? -1 : Keep(cell, head, tail, stars, into);
    }

    private static int Keep(ReadOnlySpan<byte> cell, int head, int tail, int stars, Span<byte> into)
    {
        var (first, last) = (0, cell.Length);
        for (; head > 0; head--)
        {
            first++;
            while (first < cell.Length && IsContinued(cell[first]))
            {
                first++;
            }
        }

        for (; tail > 0; tail--)
        {
            last--;
            while (last > 0 && IsContinued(cell[last]))
            {
                last--;
            }
        }

        cell[..first].CopyTo(into);
        into.Slice(first, stars).Fill((byte)'*');
        cell[last..].CopyTo(into[(first + stars)..]);
        return first + stars + cell.Length - last;
    }

    private static int Stars(Span<byte> into) => Encoding.UTF8.GetBytes(MaskText.Stars, into);

    private static int Continued(ReadOnlySpan<byte> cell)
    {
        var count = 0;
        foreach (var one in cell)
        {
            count += IsContinued(one) ? 1 : 0;
        }

        return count;
    }

    private static bool IsContinued(byte one) => (one & 0xC0) == 0x80;

    private static bool AreDigits(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
