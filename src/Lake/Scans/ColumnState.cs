// What a scan knows of one column of one file: figures that can be added to those of other files, kept as bytes, and never ask for the rows again.
namespace Lizhou.Lake;

/// <summary>How a column's values are held while they are counted.</summary>
public enum ScanKind
{
    /// <summary>Whole numbers; dates as days and moments as microseconds since 1970-01-01, decimals times ten to their scale, truths as 0 and 1.</summary>
    Whole,
    Real,
    Text,
}

/// <summary>The mergeable profile of one column.</summary>
public sealed class ColumnState
{
    /// <summary>So many smallest hashes of values make the fingerprint.</summary>
    public const int Prints = 128;

    private const int KeptBytes = 64;

    internal ColumnState(ScanKind kind) => Kind = kind;

    public ScanKind Kind { get; }

    public long Nulls { get; internal set; }

    /// <summary>Cells that are not NULL.</summary>
    public long Values { get; internal set; }

    /// <summary>About how many different values: 1,024 registers, 3 % off.</summary>
    public long Distinct => Tops is { } tops ? tops.Count : Profile.Estimate(Registers, Values);

    /// <summary>Of <see cref="ScanKind.Whole"/>; meaningless without values.</summary>
    public long Least { get; internal set; } = long.MaxValue;

    public long Most { get; internal set; } = long.MinValue;

    /// <summary>Of <see cref="ScanKind.Real"/>.</summary>
    public double LeastReal { get; internal set; } = double.PositiveInfinity;

    public double MostReal { get; internal set; } = double.NegativeInfinity;

    /// <summary>Of <see cref="ScanKind.Text"/>, in the order of bytes, the first 64 bytes; null without values.</summary>
    public byte[]? LeastText { get; internal set; }

    public byte[]? MostText { get; internal set; }

    /// <summary>Of numbers; with <see cref="SumOfSquares"/> mean and deviation.</summary>
    public double Sum { get; internal set; }

    public double SumOfSquares { get; internal set; }

    /// <summary>Bytes of all texts, of the shortest and of the longest.</summary>
    public long Bytes { get; internal set; }

    public int Shortest { get; internal set; } = int.MaxValue;

    public int Longest { get; internal set; }

    /// <summary>All values with their counts, exactly, as long as there are no more than <see cref="TopCounts.Most"/> different ones; then null, and the sample tells.</summary>
    public TopCounts? Tops { get; internal set; } = new();

    /// <summary>The smallest hashes of values, ascending: two columns that share many of them share many values.</summary>
    public IReadOnlyList<ulong> Fingerprint => Tops is { } tops ? [.. tops.Hashes().Order().Take(Prints)] : prints.Take(printed).ToArray();

    internal byte[] Registers { get; private set; } = new byte[1024];

    private readonly ulong[] prints = new ulong[Prints];
    private int printed;

    /// <summary>How much of the values of two columns is common, 0 to 1, from their fingerprints (Jaccard's measure).</summary>
    public static double Likeness(ColumnState one, ColumnState other) => Likeness(one.Fingerprint, other.Fingerprint);

    /// <summary>The same, of fingerprints alone.</summary>
    public static double Likeness(IReadOnlyList<ulong> a, IReadOnlyList<ulong> b)
    {
        var both = a.Union(b).Order().Take(Prints).ToHashSet();
        return both.Count == 0 ? 0 : a.Intersect(b).Count(both.Contains) / (double)both.Count;
    }

    /// <summary>Adds the figures of another file or thread.</summary>
    public void Add(ColumnState other)
    {
        Nulls += other.Nulls;
        Values += other.Values;
        Least = Math.Min(Least, other.Least);
        Most = Math.Max(Most, other.Most);
        LeastReal = Math.Min(LeastReal, other.LeastReal);
        MostReal = Math.Max(MostReal, other.MostReal);
        Extremes(other.LeastText);
        Extremes(other.MostText);
        Sum += other.Sum;
        SumOfSquares += other.SumOfSquares;
        Bytes += other.Bytes;
        Shortest = Math.Min(Shortest, other.Shortest);
        Longest = Math.Max(Longest, other.Longest);
        for (var i = 0; i < Registers.Length; i++)
        {
            Registers[i] = Math.Max(Registers[i], other.Registers[i]);
        }

        var printsOfOther = other.Fingerprint;
        if (Tops is not null && (other.Tops is null || !Tops.Add(other.Tops)))
        {
            Overflow();
        }

        if (Tops is null)
        {
            foreach (var print in printsOfOther)
            {
                Print(print);
            }
        }
    }

    internal void Extremes(ReadOnlySpan<byte> text)
    {
        LeastText = LeastText is null || text.SequenceCompareTo(LeastText) < 0 ? Cut(text) : LeastText;
        MostText = MostText is null || text.SequenceCompareTo(MostText) > 0 ? Cut(text) : MostText;
    }

    private void Extremes(byte[]? text)
    {
        if (text is not null)
        {
            Extremes(text.AsSpan());
        }
    }

    /// <summary>Ends exact counting; the hashes counted so far begin the fingerprint.</summary>
    internal void Overflow()
    {
        foreach (var hash in Tops!.Hashes())
        {
            Print(hash);
        }

        Tops = null;
    }

    /// <summary>The largest hash that the fingerprint would still take.</summary>
    internal ulong PrintsBelow => printed < Prints ? ulong.MaxValue : prints[Prints - 1];

    internal void Print(ulong hash)
    {
        if (hash >= PrintsBelow && printed == Prints)
        {
            return;
        }

        var at = Array.BinarySearch(prints, 0, printed, hash);
        if (at >= 0)
        {
            return;
        }

        at = ~at;
        printed = Math.Min(printed + 1, Prints);
        Array.Copy(prints, at, prints, at + 1, printed - at - 1);
        prints[at] = hash;
    }

    internal void Write(BinaryWriter to)
    {
        to.Write((byte)Kind);
        foreach (var number in (ReadOnlySpan<long>)[Nulls, Values, Least, Most, Bytes, Shortest, Longest])
        {
            to.Write(number);
        }

        foreach (var real in (ReadOnlySpan<double>)[LeastReal, MostReal, Sum, SumOfSquares])
        {
            to.Write(real);
        }

        Text(to, LeastText);
        Text(to, MostText);
        to.Write(Registers);
        to.Write(Tops is not null);
        Tops?.Write(to);
        to.Write(printed);
        for (var i = 0; i < printed; i++)
        {
            to.Write(prints[i]);
        }
    }

    internal static ColumnState Read(BinaryReader from)
    {
        var state = new ColumnState((ScanKind)from.ReadByte())
        {
            Nulls = from.ReadInt64(), Values = from.ReadInt64(), Least = from.ReadInt64(), Most = from.ReadInt64(),
            Bytes = from.ReadInt64(), Shortest = (int)from.ReadInt64(), Longest = (int)from.ReadInt64(),
            LeastReal = from.ReadDouble(), MostReal = from.ReadDouble(), Sum = from.ReadDouble(), SumOfSquares = from.ReadDouble(),
            LeastText = Text(from), MostText = Text(from), Registers = from.ReadBytes(1024),
            Tops = from.ReadBoolean() ? TopCounts.Read(from) : null,
        };
        state.printed = from.ReadInt32();
        for (var i = 0; i < state.printed; i++)
        {
            state.prints[i] = from.ReadUInt64();
        }

        return state;
    }

    private static byte[] Cut(ReadOnlySpan<byte> text) => text[..Math.Min(text.Length, KeptBytes)].ToArray();

    private static void Text(BinaryWriter to, byte[]? text)
    {
        to.Write(text?.Length ?? -1);
        to.Write(text ?? []);
    }

    private static byte[]? Text(BinaryReader from) => from.ReadInt32() is var length and >= 0 ? from.ReadBytes(length) : null;
}
