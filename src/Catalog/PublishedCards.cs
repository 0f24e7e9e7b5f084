// What other modules ask of the catalogue: only published versions.
using System.Collections.Concurrent;
using System.Data.Common;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal sealed class PublishedCards(StateStore state) : ICatalog
{
    private const int MostInPage = 1000;

    private const int MostRead = 2000;

    /// <summary>Entries read before, by the text they were read from: every decision of the policy looks at one, and reading it costs more than finding it.</summary>
    private readonly ConcurrentDictionary<string, ResourceEntry> read = new(StringComparer.Ordinal);

    public async Task<ResourceCard?> Published(string code, CancellationToken stop) =>
        One(await Cards($"{Select} WHERE r.published IS NOT NULL AND r.code = {{0}}", [code], stop));

    public async Task<ResourceCard?> Published(Guid id, CancellationToken stop) =>
        One(await Cards($"{Select} WHERE r.published IS NOT NULL AND r.id = {{0}}", [id.ToString()], stop));

    public Task<IReadOnlyList<ResourceCard>> Published(IReadOnlyCollection<Guid> ids, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MostInPage);
        if (ids.Count == 0)
        {
            return Task.FromResult<IReadOnlyList<ResourceCard>>([]);
        }

        // Statements are kept prepared, so there are few lengths of lists: the last id fills one up.
        var length = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)ids.Count);
        object[] all = [.. ids.Concat(Enumerable.Repeat(ids.Last(), length - ids.Count)).Select(i => i.ToString())];
        return Cards($"{Select} WHERE r.published IS NOT NULL AND r.id IN ({string.Join(", ", all.Select((_, i) => $"{{{i}}}"))})", all, stop);
    }

    public async Task<ResourceCard?> ByTable(string table, CancellationToken stop) =>
        One(await Cards($"{Select} WHERE r.published IS NOT NULL AND r.table_name = {{0}}", [table.ToLowerInvariant()], stop));

    public Task<IReadOnlyList<ResourceCard>> Named(string name, CancellationToken stop) =>
        Cards($"{Select} WHERE r.published IS NOT NULL AND r.name = {{0}} ORDER BY r.code LIMIT 20", [name], stop);

    public Task<IReadOnlyList<ResourceCard>> OfUnit(Guid? unit, int skip, int take, CancellationToken stop)
    {
        var page = Math.Clamp(take, 0, MostInPage);
        return unit is null
            ? Cards($"{Select} WHERE r.published IS NOT NULL ORDER BY r.code LIMIT {{0}} OFFSET {{1}}", [page, skip], stop)
            : Cards($"{Select} WHERE r.published IS NOT NULL AND r.unit = {{0}} ORDER BY r.code LIMIT {{1}} OFFSET {{2}}", [unit.Value.ToString(), page, skip], stop);
    }

    public Task<IReadOnlyList<ResourceCard>> All(CancellationToken stop) => Cards($"{Select} WHERE r.published IS NOT NULL ORDER BY r.code", [], stop);

    public async Task<long> CountPublished(Guid? unit, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return Convert.ToInt64(await connection.Scalar(
            null,
            $"SELECT COUNT(*) FROM resource WHERE published IS NOT NULL AND (unit = {unit?.ToString()} OR CAST({unit?.ToString()} AS TEXT) IS NULL)",
            stop));
    }

    private const string Select =
        "SELECT r.id, r.code, r.table_name, r.published, v.body FROM resource r JOIN resource_version v ON v.resource = r.id AND v.version = r.published";

    private static ResourceCard? One(IReadOnlyList<ResourceCard> cards) => cards.Count > 0 ? cards[0] : null;

    private async Task<IReadOnlyList<ResourceCard>> Cards(string sql, object[] values, CancellationToken stop) =>
        await state.Read(System.Runtime.CompilerServices.FormattableStringFactory.Create(sql, values), Card, stop);

    private ResourceCard Card(DbDataReader row)
    {
        if (read.Count > MostRead)
        {
            read.Clear();
        }

        var entry = read.GetOrAdd(row.GetString(4), Shelf.Read);
        return new(
            Guid.Parse(row.GetString(0)), row.GetString(1), entry.Name, entry.Unit, entry.System, row.GetString(2), (int)row.GetInt64(3), ResourceState.Published,
            entry.Sharing, entry.Cycle, entry.Items)
        {
            Condition = entry.Condition,
            LegalBasis = entry.LegalBasis,
        };
    }
}
