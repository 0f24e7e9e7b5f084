// One engine thread's share of a scan. In: vectors of typed cells and of truths. Out: counts, profiles and drawn rows in its own state, added to the others' at the end.
using System.Numerics;
using System.Text;

namespace Lizhou.Lake.Scans;

/// <summary>One engine thread's share of a scan.</summary>
internal sealed unsafe class ScanLane(ScanState state, ulong seed)
{
    private ulong draws = Profile.Mix(seed);

    public ScanState State => state;

    /// <summary>Draws at or above it do not come into the sample any more.</summary>
    public ulong Bar { get; private set; } = ulong.MaxValue;

    public ulong Draw() => Profile.Mix(draws += 0x9E3779B97F4A7C15);

    public void Keep(ulong draw, string?[] cells)
    {
        var drawn = state.Drawn;
        drawn.Add((draw, cells));
        if (drawn.Count == ScanState.SampleSize * 2)
        {
            drawn.Sort((a, b) => a.Draw.CompareTo(b.Draw));
            drawn.RemoveRange(ScanState.SampleSize, ScanState.SampleSize);
            Bar = drawn[^1].Draw;
        }
    }

    public void Test(int test, byte* truths, ulong* valid, long* ids, int rows)
    {
        var span = new ReadOnlySpan<byte>(truths, rows);
        if (span.IndexOf((byte)0) < 0)
        {
            return;
        }

        var named = state.Witnesses[test];
        if (valid is null && named.Count == ScanState.Named)
        {
            state.Failed[test] += span.Count((byte)0);
            return;
        }

        for (var i = 0; i < rows; i++)
        {
            if (truths[i] == 0 && RawFunction.IsValid(valid, i))
            {
                state.Failed[test]++;
                if (named.Count < ScanState.Named)
                {
                    named.Add(ids[i]);
                }
            }
        }
    }

    public void Count(ScanColumn column, ColumnState into, void* data, ulong* valid, int rows)
    {
        switch (column.Width)
        {
            case 1: Whole(column, into, (sbyte*)data, valid, rows); break;
            case 2: Whole(column, into, (short*)data, valid, rows); break;
            case 4: Whole(column, into, (int*)data, valid, rows); break;
            case 8 when column.Kind == ScanKind.Whole: Whole(column, into, (long*)data, valid, rows); break;
            case 8: Reals(into, (double*)data, valid, rows); break;
            default: Texts(into, (TextCell*)data, valid, rows); break;
        }
    }

    private static void Whole<T>(ScanColumn column, ColumnState into, T* data, ulong* valid, int rows)
        where T : unmanaged, IBinaryInteger<T>
    {
        long least = into.Least, most = into.Most, count = 0;
        double sum = 0, squares = 0;
        var registers = into.Registers;
        for (var i = 0; i < rows; i++)
        {
            if (!RawFunction.IsValid(valid, i))
            {
                continue;
            }

            var value = long.CreateTruncating(data[i]);
            least = Math.Min(least, value);
            most = Math.Max(most, value);
            count++;
            sum += value;
            squares += (double)value * value;
            var hash = Profile.Mix((ulong)value ^ 0x9E3779B97F4A7C15);
            Profile.Count(registers, hash);
            if (into.Tops is { } tops && tops.Slot(hash) is var slot)
            {
                if (!tops.Hit(slot) && !tops.Name(slot, hash, column.Shown(value)))
                {
                    into.Overflow();
                    into.Print(hash);
                }
            }
            else if (hash < into.PrintsBelow)
            {
                into.Print(hash);
            }
        }

        (into.Least, into.Most) = (least, most);
        into.Sum += sum;
        into.SumOfSquares += squares;
        into.Values += count;
        into.Nulls += rows - count;
    }

    private static void Reals(ColumnState into, double* data, ulong* valid, int rows)
    {
        long count = 0;
        for (var i = 0; i < rows; i++)
        {
            if (!RawFunction.IsValid(valid, i))
            {
                continue;
            }

            var value = data[i];
            count++;
            into.LeastReal = Math.Min(into.LeastReal, value);
            into.MostReal = Math.Max(into.MostReal, value);
            into.Sum += value;
            into.SumOfSquares += value * value;
            Hash(into, Profile.Mix(BitConverter.DoubleToUInt64Bits(value)), static v => ScanColumn.Shown((double)v), value);
        }

        into.Values += count;
        into.Nulls += rows - count;
    }

    private static void Hash<T>(ColumnState into, ulong hash, Func<T, string> shown, T value)
    {
        Profile.Count(into.Registers, hash);
        if (into.Tops is { } tops)
        {
            var slot = tops.Slot(hash);
            if (!tops.Hit(slot) && !tops.Name(slot, hash, shown(value)))
            {
                into.Overflow();
                into.Print(hash);
            }
        }
        else if (hash < into.PrintsBelow)
        {
            into.Print(hash);
        }
    }

    private static void Texts(ColumnState into, TextCell* data, ulong* valid, int rows)
    {
        long count = 0, bytes = 0;
        for (var i = 0; i < rows; i++)
        {
            if (!RawFunction.IsValid(valid, i))
            {
                continue;
            }

            var text = data[i].Bytes;
            count++;
            bytes += text.Length;
            into.Shortest = Math.Min(into.Shortest, text.Length);
            into.Longest = Math.Max(into.Longest, text.Length);
            var hash = Profile.Hash(text);
            Profile.Count(into.Registers, hash);
            if (into.Tops is { } tops)
            {
                var slot = tops.Slot(hash);
                if (tops.Hit(slot))
                {
                    continue; // a value seen before is no new extreme
                }

                into.Extremes(text);
                if (!tops.Name(slot, hash, Encoding.UTF8.GetString(text)))
                {
                    into.Overflow();
                    into.Print(hash);
                }

                continue;
            }

            if (hash < into.PrintsBelow)
            {
                into.Print(hash);
            }

            if (text.SequenceCompareTo(into.LeastText) < 0 || text.SequenceCompareTo(into.MostText) > 0)
            {
                into.Extremes(text);
            }
        }

        into.Bytes += bytes;
        into.Values += count;
        into.Nulls += rows - count;
    }
}
