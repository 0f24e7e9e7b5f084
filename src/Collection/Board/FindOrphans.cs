// Out: tables of the landing layer without a published entry, and published entries without data. A steward reads their own unit's entries alone.
using System.Security.Claims;
using Lizhou.Collection.Landing;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Lake;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Collection.Board;

/// <summary>A table nobody's published entry answers for. <see cref="Code"/> is that of a retired entry, or null when there never was one.</summary>
internal sealed record OrphanTable(string Table, long Rows, string? Code, string? Name);

/// <summary>A published entry that has no data.</summary>
internal sealed record EmptyEntry(string Code, string Name, Guid Unit, DateTimeOffset Since);

internal sealed record Orphans(IReadOnlyList<OrphanTable> Tables, long TablesTotal, IReadOnlyList<EmptyEntry> Entries, long EntriesTotal);

internal sealed class FindOrphans(StateStore state, Warehouse lake)
{
    private const int Most = 200;

    internal static async Task<Ok<Orphans>> Handle(FindOrphans orphans, ClaimsPrincipal who, CancellationToken stop) =>
        TypedResults.Ok(await orphans.Find(Actor.From(who)!, stop));

    /// <summary>The first 200 of each and how many there are.</summary>
    public async Task<Orphans> Find(Actor actor, CancellationToken stop)
    {
        var everywhere = actor.Has(Roles.Engineer);
        var only = everywhere ? null : (actor.Unit ?? Guid.Empty).ToString();
        await using var connection = await state.Open(stop);
        var entries = new List<EmptyEntry>();
        var total = 0L;
        List<(string Table, EmptyEntry Entry)> unfed = [];
        await foreach (var entry in connection.Rows(
            null,
            $"""
             SELECT table_name, code, name, unit, since FROM landing_resource
             WHERE published = 1 AND last_at IS NULL AND unit = COALESCE({only}, unit) ORDER BY code
             """,
            r => (r.GetString(0), new EmptyEntry(r.GetString(1), r.GetString(2), Guid.Parse(r.GetString(3)), Clock.FromStored(r.GetString(4)))), stop))
        {
            unfed.Add(entry);
        }

        var computed = unfed.Count == 0 ? [] : await Computed(stop);
        foreach (var (_, entry) in unfed.Where(u => !computed.Contains(u.Table)))
        {
            if (++total <= Most)
            {
                entries.Add(entry);
            }
        }

        var (tables, tableCount) = everywhere ? await Tables(connection, stop) : ([], 0);
        return new(tables, tableCount, entries, total);
    }

    /// <summary>Names of tables that are computed, not collected: no batch ever lands in them, and their entries have data all the same.</summary>
    private async Task<HashSet<string>> Computed(CancellationToken stop)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var layer in new[] { "standard", "base", "theme" })
        {
            var after = "";
            while (await lake.List(layer, after, 1_000, stop: stop) is { Count: > 0 } page)
            {
                names.UnionWith(page.Select(t => t.Name));
                after = page[^1].Name;
            }
        }

        return names;
    }

    private async Task<(List<OrphanTable> Tables, long Total)> Tables(System.Data.Common.DbConnection connection, CancellationToken stop)
    {
        var answered = new Dictionary<string, (bool Published, string Code, string Name)>(StringComparer.Ordinal);
        await foreach (var row in connection.Rows(
            null, $"SELECT table_name, published, code, name FROM landing_resource", r => (r.GetString(0), r.GetInt64(1) == 1, r.GetString(2), r.GetString(3)), stop))
        {
            answered[row.Item1] = (row.Item2, row.Item3, row.Item4);
        }

        var (found, total, after) = (new List<OrphanTable>(), 0L, "");
        while (await lake.List(LandingTable.Layer, after, 1_000, stop: stop) is { Count: > 0 } page)
        {
            foreach (var table in page.Where(t => !answered.TryGetValue(t.Name, out var entry) || !entry.Published))
            {
                if (++total <= Most)
                {
                    var entry = answered.GetValueOrDefault(table.Name);
                    found.Add(new(table.Name, await lake.Count(table, stop), entry.Code, entry.Name));
                }
            }

            after = page[^1].Name;
        }

        return (found, total);
    }
}
