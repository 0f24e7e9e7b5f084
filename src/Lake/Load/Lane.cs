// What one engine thread knows of a chunk: the verdict on each row of the vector at hand, and its share of counts and profiles.
namespace Lizhou.Lake;

internal sealed class Lane(int columns)
{
    private const int Width = 2048;

    private readonly ulong[] seen = new ulong[Width / 64];
    private readonly ulong[] bad = new ulong[Width / 64];
    private readonly ulong[] kept = new ulong[Width / 64];

    public int Rows { get; private set; }

    public long[] Quality { get; } = new long[Width];

    /// <summary>Faults of the vector at hand, column by column.</summary>
    public List<(int Row, int Column, Cell Cell)> Faults { get; } = [];

    public Profile[] Profiles { get; } = [.. Enumerable.Range(0, columns).Select(_ => new Profile())];

    public long Accepted { get; set; }

    public long Rejected { get; set; }

    public long Filtered { get; set; }

    /// <summary>A bit per row that stays.</summary>
    public ReadOnlySpan<ulong> Kept => kept;

    public void Begin(int rows)
    {
        Rows = rows;
        Array.Clear(seen);
        Array.Clear(bad);
        Array.Clear(Quality, 0, rows);
        Faults.Clear();
    }

    /// <summary>Rows with a value in some column are not blank; a bit per row.</summary>
    public unsafe void See(ulong* valid)
    {
        for (var i = 0; i < (Rows + 63) / 64; i++)
        {
            seen[i] |= valid[i];
        }
    }

    /// <param name="blank">Whether the cell is at fault for being empty.</param>
    public void Refuse(int row, int column, Cell cell, bool blank = false)
    {
        var bit = 1UL << (row & 63);
        bad[row >> 6] |= bit;
        seen[row >> 6] |= blank ? 0 : bit;
        Faults.Add((row, column, cell));
    }

    /// <summary>Judges the faults once more: each becomes what <paramref name="lifted"/> leaves of it, a row without any is no longer bad.</summary>
    public void Reconsider(Func<int, int, Cell, Cell> lifted)
    {
        Array.Clear(bad);
        var before = Faults.ToList();
        Faults.Clear();
        foreach (var (row, column, cell) in before)
        {
            var left = lifted(row, column, cell);
            if (left == Cell.Good)
            {
                Profiles[column].Excepted++;
                continue;
            }

            bad[row >> 6] |= 1UL << (row & 63);
            Faults.Add((row, column, left));
        }
    }

    public bool IsKept(int row) => Bit(kept, row);

    /// <summary>Rows to be rejected: bad, not blank, and asked for.</summary>
    public bool IsRejected(int row) => Bit(bad, row) && Bit(seen, row);

    /// <summary>Takes a row out that the plan's filter does not ask for: as if it were blank.</summary>
    public void Drop(int row) => seen[row >> 6] &= ~(1UL << (row & 63));

    /// <summary>Settles the vector: blank and unwanted rows are filtered, bad ones rejected, the rest kept.</summary>
    public void Settle()
    {
        for (int i = 0, left = Rows; left > 0; i++, left -= 64)
        {
            seen[i] &= left < 64 ? (1UL << left) - 1 : ulong.MaxValue; // the engine's masks say nothing beyond the last row
            kept[i] = seen[i] & ~bad[i];
            var wanted = System.Numerics.BitOperations.PopCount(seen[i]);
            var good = System.Numerics.BitOperations.PopCount(kept[i]);
            Accepted += good;
            Rejected += wanted - good;
            Filtered += Math.Min(left, 64) - wanted;
        }
    }

    private static bool Bit(ulong[] bits, int row) => (bits[row >> 6] >> (row & 63) & 1) != 0;
}
