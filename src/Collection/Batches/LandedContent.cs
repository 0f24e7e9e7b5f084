// In: the content of a part, by its digest. Out: whether it is in the table already, wholly or but for some records. One rule: what is in the table is a
// duplicate, and so is what this version of the catalogue has judged or somebody settled; the rest is judged (again).
using System.Data.Common;
using Lizhou.Collection.Rejects;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Collection.Batches;

/// <summary>Some records of a part, by their numbers.</summary>
/// <param name="Only">Whether they are these, or all but these.</param>
internal sealed record SomeRecords(IReadOnlySet<long> Numbers, bool Only)
{
    public bool Has(long number) => Numbers.Contains(number) == Only;

    public IEnumerable<long> Among(long records) => Only ? Numbers.Order() : LongRange(records).Where(n => !Numbers.Contains(n));

    private static IEnumerable<long> LongRange(long records)
    {
        for (var number = 1L; number <= records; number++)
        {
            yield return number;
        }
    }
}

/// <summary>What is known of a content.</summary>
/// <param name="Newest">Number of the last batch that brought it and stands; null when none does.</param>
/// <param name="Known">Set when nothing of it needs to be judged.</param>
/// <param name="Some">The records to be judged; null for all.</param>
internal sealed record Standing(string? Newest, KnownPart? Known, SomeRecords? Some);

internal static class LandedContent
{
    private sealed record Landing(Guid Batch, string Number, int Version, long Rejected, bool HasFile, int Part, long Rows, long Snapshot, HashSet<long>? Judged);

    /// <param name="anew">Whether rejected rows are judged again though the version is the same: what is sent back as mended always is.</param>
    public static async Task<Standing> Of(
        DbConnection connection, DbTransaction? transaction, string content, ResourceCard resource, bool anew, Settings settings, CancellationToken stop)
    {
        var landings = new List<Landing>();
        await foreach (var landing in connection.Rows(
            transaction,
            $"""
             SELECT b.id, b.number, b.version, b.rejected, b.reject_digest, f.part, f.rows_read, b.snapshot, f.judged FROM batch_file f JOIN batch b ON b.id = f.batch
             WHERE f.content = {content} AND f.same_as IS NULL AND b.state = 'Landed' ORDER BY b.snapshot DESC, b.ended_at DESC
             """,
            r => new Landing(
                Guid.Parse(r.GetString(0)), r.GetString(1), (int)r.GetInt64(2), r.GetInt64(3), !r.IsDBNull(4), (int)r.GetInt64(5), r.GetInt64(6), r.GetInt64(7),
                r.IsDBNull(8) ? null : [.. SeqList.Read((byte[])r.GetValue(8))]), stop))
        {
            landings.Add(landing);
        }

        Task<HashSet<long>> Rejected(Landing of, bool open) => LandedContent.Rejected(connection, transaction, of, open, settings, stop);
        return landings is not [var newest, ..] ? new(null, null, null)
            : !resource.Items.Any(i => i.Key) ? await Plain(landings, resource, anew, Rejected)
            : anew || newest.Version < resource.Version || await Changed(connection, transaction, newest, resource, stop) ? new(newest.Number, null, AllBut(await Rejected(newest, false)))
            : new(newest.Number, new(newest.Number, newest.Rows, -1), null);
    }

    /// <summary>Without a key every row that is loaded again would stand twice: only rejected rows that are open are judged again, and only by a newer version.</summary>
    private static async Task<Standing> Plain(List<Landing> landings, ResourceCard resource, bool anew, Func<Landing, bool, Task<HashSet<long>>> rejected)
    {
        var (again, known) = (new HashSet<long>(), new HashSet<long>());
        foreach (var landing in landings)
        {
            var open = anew || landing.Version < resource.Version ? await rejected(landing, true) : [];
            again.UnionWith(open);
            known.UnionWith(landing.Judged?.Except(open) ?? []);
        }

        var newest = landings[0].Number;
        return landings.Find(l => l.Judged is null) is not { } whole ? new(newest, null, AllBut(known))
            : again.Count == 0 ? new(newest, new(newest, whole.Rows, -1), null)
            : new(newest, null, new(again, Only: true));
    }

    private static SomeRecords? AllBut(HashSet<long> numbers) => numbers.Count == 0 ? null : new(numbers, Only: false);

    /// <summary>Rows of a keyed resource may have been replaced or taken out since; then the load itself finds what is unchanged.</summary>
    private static async Task<bool> Changed(DbConnection connection, DbTransaction? transaction, Landing since, ResourceCard resource, CancellationToken stop) =>
        Convert.ToInt64(await connection.Scalar(
            transaction,
            $"""
             SELECT COUNT(*) FROM batch WHERE resource = {resource.Id.ToString()}
                 AND ((snapshot > {since.Snapshot} AND accepted > 0) OR undo_snapshot > {since.Snapshot})
             """,
            stop)) > 0;

    /// <summary>Records of a part that were rejected, as far as they are open or have been settled.</summary>
    private static async Task<HashSet<long>> Rejected(DbConnection connection, DbTransaction? transaction, Landing of, bool open, Settings settings, CancellationToken stop)
    {
        var path = RejectFile.PathOf(settings, of.Batch);
        if (!of.HasFile || !File.Exists(path))
        {
            return [];
        }

        var states = await RejectStates.Load(connection, transaction, of.Batch, of.Rejected, stop);
        return [.. RejectPage.Places(path).Where(p => p.Part == of.Part && states[p.Seq] == RejectState.Open == open).Select(p => p.Record)];
    }
}
