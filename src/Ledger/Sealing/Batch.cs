// A seal as it is kept, and how seals are read.
using System.Data.Common;
using System.Text;
using Lizhou.Kernel;

namespace Lizhou.Ledger.Sealing;

internal sealed record Batch(long Number, long First, long Last, string Text, byte[] Signature, byte[] Stamp, bool BuiltIn, DateTimeOffset SealedAt)
{
    /// <summary>Null when the text is not a statement.</summary>
    public Statement? Statement => Statement.Parse(Text);

    public byte[] Signed => Encoding.UTF8.GetBytes(Text);

    public static async Task<Batch?> Newest(DbConnection connection, DbTransaction? transaction, CancellationToken stop) =>
        (await List(connection.Rows(
            transaction, $"SELECT number, first_seq, last_seq, statement, signature, stamp, built_in, sealed_at FROM ledger_batch ORDER BY number DESC LIMIT 1", Read, stop))).FirstOrDefault();

    /// <summary>The seal over an entry; null while it waits.</summary>
    public static async Task<Batch?> Over(DbConnection connection, long entry, CancellationToken stop) =>
        (await List(connection.Rows(
            null, $"SELECT number, first_seq, last_seq, statement, signature, stamp, built_in, sealed_at FROM ledger_batch WHERE first_seq <= {entry} AND last_seq >= {entry}", Read, stop)))
            .FirstOrDefault();

    public static async Task<Batch?> Numbered(DbConnection connection, long number, CancellationToken stop) =>
        (await List(connection.Rows(
            null, $"SELECT number, first_seq, last_seq, statement, signature, stamp, built_in, sealed_at FROM ledger_batch WHERE number = {number}", Read, stop))).FirstOrDefault();

    public static Task<List<Batch>> All(DbConnection connection, CancellationToken stop) => List(connection.Rows(
        null, $"SELECT number, first_seq, last_seq, statement, signature, stamp, built_in, sealed_at FROM ledger_batch ORDER BY number", Read, stop));

    /// <summary>Hashes of the entries from <paramref name="first"/> on, in order, up to the first gap or <paramref name="most"/>.</summary>
    public static async Task<byte[][]> Leaves(DbConnection connection, long first, int most, CancellationToken stop)
    {
        List<byte[]> leaves = [];
        await foreach (var (seq, hash) in connection.Rows(
            null, $"SELECT seq, hash FROM ledger_entry WHERE seq >= {first} ORDER BY seq LIMIT {most}", r => (r.GetInt64(0), r.GetString(1)), stop))
        {
            if (seq != first + leaves.Count)
            {
                break;
            }

            leaves.Add(Convert.FromHexString(hash));
        }

        return [.. leaves];
    }

    private static async Task<List<Batch>> List(IAsyncEnumerable<Batch> batches)
    {
        List<Batch> list = [];
        await foreach (var batch in batches)
        {
            list.Add(batch);
        }

        return list;
    }

    private static Batch Read(DbDataReader r) => new(
        r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetString(3), r.GetFieldValue<byte[]>(4), r.GetFieldValue<byte[]>(5), r.GetInt64(6) == 1, Clock.FromStored(r.GetString(7)));
}
