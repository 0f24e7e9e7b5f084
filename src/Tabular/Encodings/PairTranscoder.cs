// Table-driven transcoding of one-, two- and four-byte encodings to UTF-8: the hot path of GB18030 files.
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Lizhou.Tabular.Encodings;

internal sealed class PairTranscoder(PairTable table) : Transcoder
{
    private const int SupplementaryFrom = 189_000;

    // Windows-1252 grows a byte to three at most; pairs grow by half.
    public override int Growth => 3;

    public override Step Convert(ReadOnlySpan<byte> raw, Span<byte> utf8, bool last)
    {
        ref var from = ref MemoryMarshal.GetReference(raw);
        ref var to = ref MemoryMarshal.GetReference(utf8);
        int read = 0, written = 0;
        // Blind stores of up to 16 bytes are safe while this much room is left.
        var room = utf8.Length - Slack;
        while (read < raw.Length && written <= room)
        {
            if (read + 16 <= raw.Length)
            {
                var block = Vector128.LoadUnsafe(ref from, (nuint)read);
                block.StoreUnsafe(ref to, (nuint)written);
                var high = block.ExtractMostSignificantBits();
                var ascii = high == 0 ? 16 : BitOperations.TrailingZeroCount(high);
                read += ascii;
                written += ascii;
                if (ascii == 16)
                {
                    continue;
                }
            }

            if (!Characters(raw, ref from, ref to, ref read, ref written, room, last, out var stop))
            {
                return stop;
            }
        }

        return new(read, written);
    }

    /// <summary>Takes characters until an ASCII byte follows one that is not; false when the step must end, with its outcome.</summary>
    private bool Characters(
        ReadOnlySpan<byte> raw, ref byte from, ref byte to, ref int read, ref int written, int room, bool last, out Step stop)
    {
        ref var pairs = ref MemoryMarshal.GetArrayDataReference(table.Pair);
        stop = default;
        while (read < raw.Length && written <= room)
        {
            int lead = Unsafe.Add(ref from, read);
            if (lead < 0x80)
            {
                Unsafe.Add(ref to, written++) = (byte)lead;
                read++;
                if (read + 16 <= raw.Length)
                {
                    return true;
                }

                continue;
            }

            var single = table.Single[lead];
            if (single != 0)
            {
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, written), single);
                written += (int)(single >> 24);
                read++;
                continue;
            }

            if (read + 1 >= raw.Length)
            {
                stop = last ? new(read, written, BadKind.Malformed, 1) : new(read, written);
                return false;
            }

            int trail = Unsafe.Add(ref from, read + 1);
            var packed = lead is >= 0x81 and <= 0xFE && trail is >= 0x40 and <= 0xFE ? Unsafe.Add(ref pairs, PairTable.Index(lead, trail)) : 0;
            if (packed is > 0 and < PairTable.Far)
            {
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, written), packed);
                written += (int)(packed >> 24);
                read += 2;
                continue;
            }

            if (!Rare(raw, ref to, ref read, ref written, packed, last, out stop))
            {
                return false;
            }
        }

        return true;
    }

    private bool Rare(ReadOnlySpan<byte> raw, ref byte to, ref int read, ref int written, uint packed, bool last, out Step stop)
    {
        stop = default;
        var room = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref to, written), 4);
        int lead = raw[read], trail = raw[read + 1];
        if (packed == PairTable.Far)
        {
            written += table.FarRunes[PairTable.Index(lead, trail)].EncodeToUtf8(room);
            read += 2;
            return true;
        }

        if ((packed & PairTable.Private) != 0)
        {
            stop = new(read, written, BadKind.PrivateUse, 2);
            return false;
        }

        if (table.Four is null || lead is < 0x81 or > 0xFE || trail is < 0x30 or > 0x39)
        {
            stop = new(read, written, BadKind.Malformed, 1);
            return false;
        }

        if (read + 4 > raw.Length && !last)
        {
            stop = new(read, written);
            return false;
        }

        var rune = read + 4 <= raw.Length ? FourBytes(raw.Slice(read, 4)) : 0;
        if (rune is 0 or (>= 0xE000 and <= 0xF8FF))
        {
            stop = rune == 0 ? new(read, written, BadKind.Malformed, 1) : new(read, written, BadKind.PrivateUse, 4);
            return false;
        }

        written += new Rune(rune).EncodeToUtf8(room);
        read += 4;
        return true;
    }

    /// <summary>Code point of a four-byte sequence, or 0 when there is none.</summary>
    private int FourBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes[2] is < 0x81 or > 0xFE || bytes[3] is < 0x30 or > 0x39)
        {
            return 0;
        }

        var linear = PairTable.Linear(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes));
        if (linear < table.Four!.Length)
        {
            return table.Four[linear];
        }

        return linear is >= SupplementaryFrom and < SupplementaryFrom + 0x10_0000 ? linear - SupplementaryFrom + 0x1_0000 : 0;
    }
}
