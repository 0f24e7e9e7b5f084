// In: a state. Out: every original and every file of rejects it names, with the digest it had when it was acknowledged.
// Asked page by page: whoever reads them hashes for hours, and a reader left open would keep the state's log from being shortened.
using System.Data.Common;
using System.Runtime.CompilerServices;
using Lizhou.Collection.Batches;
using Lizhou.Collection.Rejects;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;

namespace Lizhou.Collection;

internal static class KeptFiles
{
    private const int AtOnce = 1000;

    public static async IAsyncEnumerable<KeptFile> All(DbConnection state, [EnumeratorCancellation] CancellationToken stop)
    {
        // Of a stream that the lake holds whole no original is kept.
        var originals = Paged(
            after => state.Rows(
                null,
                $"""
                 SELECT o.digest, o.let_go, MIN(b.number), COUNT(DISTINCT b.number)
                 FROM (SELECT digest, let_go FROM collection_original WHERE digest > {after} ORDER BY digest LIMIT {AtOnce}) o
                 LEFT JOIN batch_file f ON f.digest = o.digest LEFT JOIN batch b ON b.id = f.batch GROUP BY o.digest, o.let_go ORDER BY o.digest
                 """,
                r => (Digest: r.GetString(0), Needed: r.GetInt64(1) == 0, First: r.IsDBNull(2) ? null : r.GetString(2), Batches: r.GetInt64(3)),
                stop),
            o => o.Digest,
            stop);
        await foreach (var (digest, needed, first, batches) in originals)
        {
            yield return new(Originals.Under("originals", digest), digest, needed, Of(first, batches));
        }

        await foreach (var (batch, digest) in Paged(
            after => state.Rows(
                null, $"SELECT id, reject_digest FROM batch WHERE reject_digest IS NOT NULL AND id > {after} ORDER BY id LIMIT {AtOnce}", r => (r.GetString(0), r.GetString(1)), stop),
            b => b.Item1, stop))
        {
            yield return new(RejectFile.Under("rejects", Guid.Parse(batch)), digest, Needed: true);
        }
    }

    private static async IAsyncEnumerable<T> Paged<T>(Func<string, IAsyncEnumerable<T>> read, Func<T, string> key, [EnumeratorCancellation] CancellationToken stop)
    {
        var page = await read("").ToListAsync(stop);
        while (page.Count > 0)
        {
            foreach (var row in page)
            {
                yield return row;
            }

            page = page.Count < AtOnce ? [] : await read(key(page[^1])).ToListAsync(stop);
        }
    }

    private static Text? Of(string? first, long batches) => first is null ? null
        : batches == 1 ? new Text("批次 {0}", "batch {0}").With(first) : new Text("批次 {0} 等 {1} 个", "batch {0} and others, {1} in all").With(first, batches);
}
