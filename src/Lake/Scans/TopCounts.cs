// How often each of few different values occurs, exactly. In: hashes, and a label for each new one. Out: the commonest.
namespace Lizhou.Lake;

/// <summary>Exact counts of few different values: an open table of hashes.</summary>
public sealed class TopCounts
{
    /// <summary>Different values it can count.</summary>
    public const int Most = 1024;

    private const int Slots = 4096;

    private readonly ulong[] keys = new ulong[Slots];
    private readonly long[] counts = new long[Slots];
    private readonly string[] labels = new string[Slots];

    public int Count { get; private set; }

    /// <summary>The commonest values, most first.</summary>
    public IReadOnlyList<(string Value, long Count)> Top(int most) =>
        [.. Enumerable.Range(0, Slots).Where(i => counts[i] > 0).OrderByDescending(i => counts[i]).ThenBy(i => labels[i], StringComparer.Ordinal).Take(most).Select(i => (labels[i], counts[i]))];

    internal IEnumerable<ulong> Hashes() => Enumerable.Range(0, Slots).Where(i => counts[i] > 0).Select(i => keys[i]);

    /// <summary>The slot of a hash; one whose count is 0 is new, and its label must be given with <see cref="Name"/>.</summary>
    internal int Slot(ulong hash)
    {
        var at = (int)(hash & (Slots - 1));
        while (counts[at] != 0 && keys[at] != hash)
        {
            at = (at + 1) & (Slots - 1);
        }

        return at;
    }

    /// <summary>Counts a value that has its slot; false when it is new.</summary>
    internal bool Hit(int slot)
    {
        if (counts[slot] == 0)
        {
            return false;
        }

        counts[slot]++;
        return true;
    }

    /// <summary>Takes a new value in; false when the table is full.</summary>
    internal bool Name(int slot, ulong hash, string label, long count = 1)
    {
        if (Count == Most)
        {
            return false;
        }

        (keys[slot], labels[slot], counts[slot]) = (hash, label, count);
        Count++;
        return true;
    }

    internal bool Add(TopCounts other)
    {
        for (var i = 0; i < Slots; i++)
        {
            if (other.counts[i] == 0)
            {
                continue;
            }

            var slot = Slot(other.keys[i]);
            if (counts[slot] > 0)
            {
                counts[slot] += other.counts[i];
            }
            else if (!Name(slot, other.keys[i], other.labels[i], other.counts[i]))
            {
                return false;
            }
        }

        return true;
    }

    internal void Write(BinaryWriter to)
    {
        to.Write(Count);
        for (var i = 0; i < Slots; i++)
        {
            if (counts[i] > 0)
            {
                to.Write(keys[i]);
                to.Write(counts[i]);
                to.Write(labels[i]);
            }
        }
    }

    internal static TopCounts Read(BinaryReader from)
    {
        var all = new TopCounts();
        for (var left = from.ReadInt32(); left > 0; left--)
        {
            var hash = from.ReadUInt64();
            var count = from.ReadInt64();
            all.Name(all.Slot(hash), hash, from.ReadString(), count);
        }

        return all;
    }
}
