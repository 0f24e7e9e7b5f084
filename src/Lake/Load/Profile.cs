// Counts over one column while it is written: nulls, smallest, largest, and how many different values (1,024 registers, about 3 %).
// In: values of accepted rows. Out: figures that can be added up over chunks and threads.
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Lizhou.Lake;

internal sealed class Profile
{
    private const int Bits = 10;
    private const int Kept = 200;

    private ulong leastFirst = ulong.MaxValue;
    private ulong mostFirst;

    public long Nulls { get; set; }

    public long Values { get; set; }

    /// <summary>Cells stored as today's code for one that ended.</summary>
    public long Resolved { get; set; }

    /// <summary>Cells that a documented exception let pass.</summary>
    public long Excepted { get; set; }

    /// <summary>Of whole numbers, days, moments, truths and decimals times ten to their scale.</summary>
    public Int128 Least { get; set; } = Int128.MaxValue;

    public Int128 Most { get; set; } = Int128.MinValue;

    public double LeastReal { get; set; } = double.PositiveInfinity;

    public double MostReal { get; set; } = double.NegativeInfinity;

    public byte[]? LeastText { get; set; }

    public byte[]? MostText { get; set; }

    public byte[] Registers { get; set; } = new byte[1 << Bits];

    public void Add(ReadOnlySpan<byte> text)
    {
        Values++;
        Count(Registers, Hash(text));
        // The first eight bytes decide nearly always whether the text can be a new extreme.
        var first = First(text);
        if (first <= leastFirst && (LeastText is null || text.SequenceCompareTo(LeastText) < 0))
        {
            LeastText = text[..Math.Min(text.Length, Kept)].ToArray();
            leastFirst = first;
        }

        if (first >= mostFirst && (MostText is null || text.SequenceCompareTo(MostText) > 0))
        {
            MostText = text[..Math.Min(text.Length, Kept)].ToArray();
            mostFirst = first;
        }
    }

    private static ulong First(ReadOnlySpan<byte> text)
    {
        if (text.Length >= 8)
        {
            return BinaryPrimitives.ReadUInt64BigEndian(text);
        }

        ulong first = 0;
        for (var i = 0; i < text.Length; i++)
        {
            first |= (ulong)text[i] << (56 - (i * 8));
        }

        return first;
    }

    /// <summary>Adds the valid values of the rows in <paramref name="kept"/>, a bit per row.</summary>
    public unsafe void Add<T>(T* values, ulong* valid, ReadOnlySpan<ulong> kept, int rows)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        T least = T.MaxValue, most = T.MinValue;
        var count = 0;
        var registers = Registers;
        for (var i = 0; i < rows; i++)
        {
            if ((kept[i >> 6] >> (i & 63) & 1) == 0)
            {
                continue;
            }

            if (!RawFunction.IsValid(valid, i))
            {
                Nulls++;
                continue;
            }

            var value = values[i];
            least = T.Min(least, value);
            most = T.Max(most, value);
            count++;
            Count(registers, Mix(ulong.CreateTruncating(value) ^ 0x9E3779B97F4A7C15));
        }

        if (count > 0)
        {
            Values += count;
            Least = Int128.Min(Least, Int128.CreateChecked(least));
            Most = Int128.Max(Most, Int128.CreateChecked(most));
        }
    }

    public void Add(double value)
    {
        Values++;
        LeastReal = Math.Min(LeastReal, value);
        MostReal = Math.Max(MostReal, value);
        Count(Registers, Mix(BitConverter.DoubleToUInt64Bits(value)));
    }

    public void Add(Profile other)
    {
        Nulls += other.Nulls;
        Values += other.Values;
        Resolved += other.Resolved;
        Excepted += other.Excepted;
        Least = Int128.Min(Least, other.Least);
        Most = Int128.Max(Most, other.Most);
        LeastReal = Math.Min(LeastReal, other.LeastReal);
        MostReal = Math.Max(MostReal, other.MostReal);
        LeastText = other.LeastText is { } less && (LeastText is null || less.AsSpan().SequenceCompareTo(LeastText) < 0) ? less : LeastText;
        MostText = other.MostText is { } more && (MostText is null || more.AsSpan().SequenceCompareTo(MostText) > 0) ? more : MostText;
        for (var i = 0; i < Registers.Length; i++)
        {
            Registers[i] = Math.Max(Registers[i], other.Registers[i]);
        }
    }

    public ColumnProfile Shown(LoadColumn column) => new(column.Name, Nulls, Estimate(Registers, Values), Values == 0 ? null : Text(column, least: true), Values == 0 ? null : Text(column, least: false)) { Resolved = Resolved, Excepted = Excepted };

    private string Text(LoadColumn column, bool least)
    {
        var whole = least ? Least : Most;
        return column.Type switch
        {
            LoadType.Text => Encoding.UTF8.GetString((least ? LeastText : MostText)!).TrimEnd('\uFFFD'),
            LoadType.Real => (least ? LeastReal : MostReal).ToString("R"),
            LoadType.Date => DateOnly.FromDayNumber((int)whole + 719_162).ToString("yyyy-MM-dd"),
            LoadType.DateTime => DateTime.UnixEpoch.AddTicks((long)whole * 10).ToString("yyyy-MM-dd HH:mm:ss.FFFFFF"),
            LoadType.Boolean => whole == 0 ? "false" : "true",
            LoadType.Decimal => Point(whole, column.Scale),
            _ => whole.ToString(),
        };
    }

    private static string Point(Int128 value, int scale)
    {
        var digits = Int128.Abs(value).ToString().PadLeft(scale + 1, '0');
        var sign = value < 0 ? "-" : "";
        return scale == 0 ? sign + digits : $"{sign}{digits[..^scale]}.{digits[^scale..]}";
    }

    /// <summary>HyperLogLog with the correction for few values.</summary>
    internal static long Estimate(byte[] registers, long values)
    {
        double m = registers.Length, sum = 0;
        var empty = 0;
        foreach (var register in registers)
        {
            sum += 1.0 / (1L << register);
            empty += register == 0 ? 1 : 0;
        }

        var estimate = 0.7213 / (1 + (1.079 / m)) * m * m / sum;
        estimate = estimate <= 2.5 * m && empty > 0 ? m * Math.Log(m / empty) : estimate;
        return Math.Min(values, (long)Math.Round(estimate));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Count(byte[] registers, ulong hash)
    {
        ref var register = ref registers[hash >> (64 - Bits)];
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << Bits) | (1UL << (Bits - 1))) + 1);
        if (rank > register)
        {
            register = rank;
        }
    }

    /// <summary>A fast hash for counting and for look-ups that compare afterwards; not for anything that must resist an attacker.</summary>
    public static ulong Hash(ReadOnlySpan<byte> text)
    {
        var hash = (ulong)text.Length * 0x9E3779B97F4A7C15;
        ref var at = ref MemoryMarshal.GetReference(text);
        if (text.Length < 8)
        {
            ulong few = 0;
            for (var i = 0; i < text.Length; i++)
            {
                few = (few << 8) | Unsafe.Add(ref at, i);
            }

            return Mix(hash ^ few);
        }

        for (var i = 0; i < text.Length - 8; i += 8)
        {
            hash = Mix(hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, i)));
        }

        return Mix(hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, text.Length - 8)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Mix(ulong x)
    {
        var high = Math.BigMul(x ^ 0xA0761D6478BD642F, 0xE7037ED1A0B428DB, out var low);
        return high ^ low;
    }
}
