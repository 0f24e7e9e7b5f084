// In: the first entry to be sealed and the last one known to be written. Out: the leaves of those that are what was written, up to the first that is not.
using System.Data.Common;
using Lizhou.Kernel;

namespace Lizhou.Ledger.Sealing;

internal static class CheckedLeaves
{
    /// <summary>Hashes of the entries from <paramref name="first"/> on that are what their hash covers; none when the end that was written is gone.</summary>
    public static async Task<byte[][]> Read(DbConnection connection, Suite suite, long first, int most, (long Seq, string Hash) tip, CancellationToken stop)
    {
        var hash = first == 1 ? "" : await connection.Scalar(null, $"SELECT hash FROM ledger_entry WHERE seq = {first - 1}", stop) as string;
        List<byte[]> leaves = [];
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Entry.ColumnList}, hash FROM ledger_entry WHERE seq >= {first} ORDER BY seq LIMIT {most}";
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (hash is not null && await rows.ReadAsync(stop))
        {
            var (entry, said) = (Entry.Read(rows), rows.GetString(Entry.Columns.Count));
            var leaf = suite.Leaf(entry.Canonical(hash));
            if (entry.Seq != first + leaves.Count || said != Convert.ToHexStringLower(leaf) || (entry.Seq == tip.Seq && said != tip.Hash))
            {
                return [.. leaves];
            }

            leaves.Add(leaf);
            hash = said;
        }

        return leaves.Count < most && first + leaves.Count - 1 < tip.Seq ? [] : [.. leaves];
    }
}
