// A seeded stream of numbers (SplitMix64). The same seed gives the same numbers on every machine and every version of .NET.
using System.Text;

namespace Lizhou.Sample;

internal struct Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>A stream of its own for a thing with a name, so that files can be made in any order.</summary>
    public static Dice Of(ulong seed, string name)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        return new(Mix(hash ^ Mix(seed + 1)));
    }

    /// <summary>The stream of the <paramref name="number"/>th thing of a kind.</summary>
    public static Dice Of(ulong kind, long number) => new(Mix(kind ^ Mix((ulong)number + 1)));

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15UL;
        return Mix(state);
    }

    /// <summary>From 0 up to and without <paramref name="end"/>; slightly uneven for huge ends, which does not matter here.</summary>
    public int Below(int end) => (int)(((Next() >> 32) * (ulong)end) >> 32);

    public int Between(int first, int last) => first + Below(last - first + 1);

    /// <summary>0 ≤ value &lt; 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Happens(double share) => share > 0 && Unit() < share;

    /// <summary>One number out of two, always the same.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
