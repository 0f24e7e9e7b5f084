// What became of each rejected row of a batch: one byte a row in pages of the state database, changed in the caller's transaction.
using System.Data.Common;
using Lizhou.Kernel;

namespace Lizhou.Collection.Rejects;

[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<RejectState>))]
internal enum RejectState : byte
{
    /// <summary>待整改</summary>
    Open,

    /// <summary>Its mended row was accepted.</summary>
    Mended,

    /// <summary>The source says the row is not to be collected.</summary>
    Withdrawn,

    /// <summary>The row is right as the source sent it, and why.</summary>
    Explained,
}

internal sealed class RejectStates
{
    internal const int PageRows = 4_096;

    private readonly byte[] states;

    private RejectStates(byte[] states) => this.states = states;

    public int Count => states.Length;

    public RejectState this[long seq] => (RejectState)states[seq];

    /// <summary>The states of a batch with so many rejected rows; pages not stored are all open.</summary>
    public static async Task<RejectStates> Load(DbConnection connection, DbTransaction? transaction, Guid batch, long rejected, CancellationToken stop)
    {
        var all = new byte[rejected];
        await foreach (var (page, bytes) in connection.Rows(
            transaction, $"SELECT page, states FROM reject_page WHERE batch = {batch.ToString()}", r => (r.GetInt64(0), (byte[])r.GetValue(1)), stop))
        {
            bytes.CopyTo(all, page * PageRows);
        }

        return new(all);
    }

    /// <summary>Moves those of the rows that are in one state to another, and the batch's counters with them.</summary>
    /// <returns>How many moved.</returns>
    public async Task<long> Move(
        DbConnection connection, DbTransaction transaction, Guid batch, IEnumerable<long> seqs, RejectState from, RejectState to, CancellationToken stop)
    {
        var moved = 0L;
        var touched = new SortedSet<long>();
        foreach (var seq in seqs.Where(s => states[s] == (byte)from))
        {
            states[seq] = (byte)to;
            touched.Add(seq / PageRows);
            moved++;
        }

        foreach (var page in touched)
        {
            await connection.Execute(
                transaction,
                $"""
                 INSERT INTO reject_page (batch, page, states) VALUES ({batch.ToString()}, {page}, {Page(page)})
                 ON CONFLICT (batch, page) DO UPDATE SET states = excluded.states
                 """,
                stop);
        }

        long By(RejectState state) => (state == to ? moved : 0) - (state == from ? moved : 0);
        await connection.Execute(
            transaction,
            $"""
             UPDATE batch SET open = open + {By(RejectState.Open)}, mended = mended + {By(RejectState.Mended)},
                 withdrawn = withdrawn + {By(RejectState.Withdrawn)}, explained = explained + {By(RejectState.Explained)}
             WHERE id = {batch.ToString()}
             """,
            stop);
        return moved;
    }

    private byte[] Page(long page) => states[(int)(page * PageRows)..(int)Math.Min(states.Length, (page + 1) * PageRows)];
}
