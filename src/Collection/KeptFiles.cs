// In: a state. Out: every original and every file of rejects it names, with the digest it had when it was acknowledged.
using System.Data.Common;
using System.Runtime.CompilerServices;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;

namespace Lizhou.Collection;

internal static class KeptFiles
{
    public static async IAsyncEnumerable<KeptFile> All(DbConnection state, [EnumeratorCancellation] CancellationToken stop)
    {
        // An original is not needed: of a stream that the lake holds whole none is kept.
        await foreach (var digest in state.Rows(null, $"SELECT digest FROM collection_original ORDER BY digest", r => r.GetString(0), stop))
        {
            yield return new(Path.Combine("originals", digest[..2], digest[2..4], digest), digest, Needed: false);
        }

        await foreach (var (batch, digest) in state.Rows(
            null, $"SELECT id, reject_digest FROM batch WHERE reject_digest IS NOT NULL ORDER BY id", r => (Guid.Parse(r.GetString(0)).ToString("N"), r.GetString(1)), stop))
        {
            yield return new(Path.Combine("rejects", batch[^2..], $"{batch}.db"), digest, Needed: true);
        }
    }
}
