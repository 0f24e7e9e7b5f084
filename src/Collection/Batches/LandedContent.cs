// In: the content of a part, by its digest. Out: whether it is in the table already, wholly or but for some records. One rule: what is in the table is a
// duplicate, and so is what this version of the catalogue has judged or somebody settled; the rest is judged (again).
using System.Data.Common;
using Lizhou.Collection.Rejects;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Tabular;

namespace Lizhou.Collection.Batches;

/// <summary>Some records of a part, by their numbers.</summary>
/// <param name="Only">Whether they are these, or all but these.</param>
internal sealed record SomeRecords(IReadOnlySet<long> Numbers, bool Only)
{
    public static readonly SomeRecords None = new(new HashSet<long>(), Only: true);

    public static readonly SomeRecords All = new(new HashSet<long>(), Only: false);

    /// <summary>The others.</summary>
    public SomeRecords Rest => this with { Only = !Only };

    public bool Has(long number) => Numbers.Contains(number) == Only;

    public SomeRecords Without(IReadOnlySet<long> numbers) =>
        numbers.Count == 0 ? this : this with { Numbers = Only ? Numbers.Except(numbers).ToHashSet() : Numbers.Union(numbers).ToHashSet() };

    public SomeRecords And(SomeRecords more) => (Only, more.Only) switch
    {
        (true, true) => this with { Numbers = Numbers.Union(more.Numbers).ToHashSet() },
        (false, false) => this with { Numbers = Numbers.Intersect(more.Numbers).ToHashSet() },
        (true, false) => more with { Numbers = more.Numbers.Except(Numbers).ToHashSet() },
        (false, true) => more.And(this),
    };
}

/// <summary>What is known of a content.</summary>
/// <param name="Newest">Number of the last batch that brought it and stands; null when none does.</param>
/// <param name="Known">Set when nothing of it needs to be judged.</param>
/// <param name="Some">The records to be judged; null for all.</param>
internal sealed record Standing(string? Newest, KnownPart? Known, SomeRecords? Some)
{
    /// <summary>Number of a batch that brought the same table, read or mapped in another way; null when none did.</summary>
    public string? Otherwise { get; init; }
}

internal static class LandedContent
{
    private sealed record Landing(Guid Batch, string Number, int Version, long Rejected, bool HasFile, int Part, long Rows, long Snapshot);

    /// <summary>Number of the last batch that brought a content and stands; null when none does.</summary>
    public static async Task<string?> Newest(DbConnection connection, DbTransaction? transaction, string content, CancellationToken stop) =>
        await connection.Scalar(
            transaction,
            $"""
             SELECT b.number FROM batch_file f JOIN batch b ON b.id = f.batch
             WHERE f.content = {content} AND f.same_as IS NULL AND b.state = 'Landed' ORDER BY b.snapshot DESC, b.ended_at DESC LIMIT 1
             """,
            stop) as string;

    /// <summary>Number of the newest batch that brought the same table of the same bytes to the resource and stands, read and mapped in whatever way.</summary>
    public static async Task<string?> SameTable(DbConnection connection, string digest, FileShape table, Guid resource, CancellationToken stop)
    {
        await foreach (var (number, shape) in connection.Rows(
            null,
            $"""
             SELECT b.number, f.shape FROM batch_file f JOIN batch b ON b.id = f.batch
             WHERE f.digest = {digest} AND f.same_as IS NULL AND f.shape IS NOT NULL AND b.resource = {resource.ToString()} AND b.state = 'Landed' ORDER BY b.ended_at DESC
             """,
            r => (r.GetString(0), FileShape.FromJson(r.GetString(1))), stop))
        {
            if ((shape.Entry, shape.Sheet, shape.Path) == (table.Entry, table.Sheet, table.Path))
            {
                return number;
            }
        }

        return null;
    }

    /// <param name="anew">Whether rejected rows are judged again though the version is the same: what is sent back as mended always is.</param>
    public static async Task<Standing> Of(DbConnection connection, string content, ResourceCard resource, bool anew, Settings settings, CancellationToken stop)
    {
        var landings = await connection.Rows(
            null,
            $"""
             SELECT b.id, b.number, b.version, b.rejected, b.reject_digest, f.part, f.rows_read, b.snapshot FROM batch_file f JOIN batch b ON b.id = f.batch
             WHERE f.content = {content} AND f.same_as IS NULL AND b.state = 'Landed' ORDER BY b.snapshot DESC, b.ended_at DESC
             """,
            r => new Landing(Guid.Parse(r.GetString(0)), r.GetString(1), (int)r.GetInt64(2), r.GetInt64(3), !r.IsDBNull(4), (int)r.GetInt64(5), r.GetInt64(6), r.GetInt64(7)), stop)
            .ToListAsync(stop);
        return landings is not [var newest, ..] ? new(null, null, null)
            : !resource.Items.Any(i => i.Key) ? await Plain(connection, landings, resource, anew, settings, stop)
            : anew || newest.Version < resource.Version || await Changed(connection, newest, resource, stop)
                ? new(newest.Number, null, AllBut(await Rejected(connection, newest, false, settings, stop)))
            : new(newest.Number, new(newest.Number, newest.Rows, -1), null);
    }

    /// <summary>Without a key every row that is loaded again would stand twice: only rejected rows that are open are judged again, and only by a newer version.</summary>
    private static async Task<Standing> Plain(DbConnection connection, List<Landing> landings, ResourceCard resource, bool anew, Settings settings, CancellationToken stop)
    {
        var (again, known, whole) = (new HashSet<long>(), SomeRecords.None, (Landing?)null);
        foreach (var landing in landings)
        {
            var open = anew || landing.Version < resource.Version ? await Rejected(connection, landing, true, settings, stop) : [];
            var judged = await Judged(connection, landing, stop);
            again.UnionWith(open);
            known = known.And((judged ?? SomeRecords.All).Without(open));
            whole ??= judged is null ? landing : null;
        }

        var newest = landings[0].Number;
        return whole is null ? new(newest, null, known.Rest is { Only: false, Numbers.Count: 0 } ? null : known.Rest)
            : again.Count == 0 ? new(newest, new(newest, whole.Rows, -1), null)
            : new(newest, null, new(again, Only: true));
    }

    /// <summary>The records of a part that were judged; null for all.</summary>
    private static async Task<SomeRecords?> Judged(DbConnection connection, Landing of, CancellationToken stop)
    {
        await foreach (var judged in connection.Rows(
            null, $"SELECT judged, judged_but FROM batch_file WHERE batch = {of.Batch.ToString()} AND part = {of.Part}",
            r => Numbers(r, 0) is { } these ? new SomeRecords(these, Only: true) : Numbers(r, 1) is { } others ? new SomeRecords(others, Only: false) : null, stop))
        {
            return judged;
        }

        return null;
    }

    private static HashSet<long>? Numbers(DbDataReader r, int column) => r.IsDBNull(column) ? null : [.. SeqList.Read((byte[])r.GetValue(column))];

    private static SomeRecords? AllBut(HashSet<long> numbers) => numbers.Count == 0 ? null : new(numbers, Only: false);

    /// <summary>Rows of a keyed resource may have been replaced or taken out since; then the load itself finds what is unchanged.</summary>
    private static async Task<bool> Changed(DbConnection connection, Landing since, ResourceCard resource, CancellationToken stop) =>
        Convert.ToInt64(await connection.Scalar(
            null,
            $"""
             SELECT COUNT(*) FROM batch WHERE resource = {resource.Id.ToString()}
                 AND ((snapshot > {since.Snapshot} AND accepted > 0) OR undo_snapshot > {since.Snapshot})
             """,
            stop)) > 0;

    /// <summary>Records of a part that were rejected, as far as they are open or have been settled.</summary>
    private static async Task<HashSet<long>> Rejected(DbConnection connection, Landing of, bool open, Settings settings, CancellationToken stop)
    {
        var path = RejectFile.PathOf(settings, of.Batch);
        if (!of.HasFile || !File.Exists(path))
        {
            return [];
        }

        var states = await RejectStates.Load(connection, null, of.Batch, of.Rejected, stop);
        return [.. RejectPage.Places(path).Where(p => p.Part == of.Part && states[p.Seq] == RejectState.Open == open).Select(p => p.Record)];
    }
}
