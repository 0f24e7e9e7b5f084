// What lists need of every resource, in memory (about 0.4 KB each), brought up to date before each look by what has changed since the last.
using System.Collections.Immutable;
using System.Data.Common;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog.Search;

/// <summary>One line of the list.</summary>
/// <param name="OpenState">Where the version being worked on stands; null without one.</param>
internal sealed record ResourceLine(
    Guid Id, string Code, string Name, Guid Unit, string Topic, SharingKind Sharing, UpdateCycle Cycle, Level Level, ResourceState State, ResourceState? OpenState,
    int Items, DateTimeOffset UpdatedAt)
{
    /// <summary>Whether it was ever published; before that it is its unit's and the bureau's own business.</summary>
    public bool Public => State is ResourceState.Published or ResourceState.Retired;
}

internal sealed class ListTable : IDisposable
{
    private readonly SemaphoreSlim refreshing = new(1, 1);
    private volatile Lines current = Lines.Empty;

    /// <summary>The lines as of a moment not before this call.</summary>
    public async Task<Lines> Current(DbConnection connection, CancellationToken stop)
    {
        var generation = Convert.ToInt64(await connection.Scalar(null, $"SELECT n FROM resource_generation", stop));
        if (current.Generation == generation)
        {
            return current;
        }

        await refreshing.WaitAsync(stop);
        try
        {
            if (current.Generation != generation)
            {
                // A lower number means that the state was put back to an earlier day.
                var known = current.Generation < generation ? current : Lines.Empty;
                current = known.With(await Changed(connection, known.Generation, stop));
            }

            return current;
        }
        finally
        {
            refreshing.Release();
        }
    }

    public void Dispose() => refreshing.Dispose();

    private static async Task<List<(long Generation, int Index, ResourceLine Line)>> Changed(DbConnection connection, long since, CancellationToken stop)
    {
        var changed = new List<(long, int, ResourceLine)>();
        await foreach (var row in connection.Rows(
            null,
            $"""
             SELECT generation, seq, id, code, name, unit, topic, sharing, cycle, level, state, open_state, items, updated_at
             FROM resource WHERE generation > {since} ORDER BY generation, seq
             """,
            r => (r.GetInt64(0), (int)r.GetInt64(1) - 1, Line(r)),
            stop))
        {
            changed.Add(row);
        }

        return changed;
    }

    private static ResourceLine Line(DbDataReader row) => new(
        Guid.Parse(row.GetString(2)), row.GetString(3), row.GetString(4), Guid.Parse(row.GetString(5)), row.GetString(6),
        Enum.Parse<SharingKind>(row.GetString(7)), Enum.Parse<UpdateCycle>(row.GetString(8)), (Level)row.GetInt64(9), Enum.Parse<ResourceState>(row.GetString(10)),
        row.IsDBNull(11) ? null : Enum.Parse<ResourceState>(row.GetString(11)), (int)row.GetInt64(12), Clock.FromStored(row.GetString(13)));
}

/// <summary>All lines at one moment. A resource's index is its number in the search index less one; none is ever removed.</summary>
internal sealed class Lines
{
    public static readonly Lines Empty = new(0, [], [.. Facet.All.Select(_ => FacetColumn.Empty)]);

    private readonly Lazy<int[]> byCode;
    private readonly Lazy<int[]> byName;
    private readonly Lazy<int[]> byUpdate;

    private Lines(long generation, ResourceLine[] all, ImmutableArray<FacetColumn> facets)
    {
        (Generation, All, Facets) = (generation, all, facets);
        byCode = new(() => Sorted((a, b) => string.CompareOrdinal(all[a].Code, all[b].Code)));
        byName = new(() => Sorted((a, b) => string.CompareOrdinal(all[a].Name, all[b].Name)));
        byUpdate = new(() => Sorted((a, b) => all[b].UpdatedAt.CompareTo(all[a].UpdatedAt) is var c && c != 0 ? c : string.CompareOrdinal(all[a].Code, all[b].Code)));
    }

    public long Generation { get; }

    public ResourceLine[] All { get; }

    public ImmutableArray<FacetColumn> Facets { get; }

    /// <summary>Indexes in the order asked for: <c>name</c>, <c>updated</c>, else by code.</summary>
    public int[] Order(string? sort) => (sort switch { "name" => byName, "updated" => byUpdate, _ => byCode }).Value;

    public Lines With(List<(long Generation, int Index, ResourceLine Line)> changed)
    {
        if (changed.Count == 0)
        {
            return this;
        }

        var all = new ResourceLine[Math.Max(All.Length, changed.Max(c => c.Index) + 1)];
        All.CopyTo(all, 0);
        foreach (var (_, index, line) in changed)
        {
            all[index] = line;
        }

        return new(changed[^1].Generation, all, [.. Facet.All.Select((facet, f) => Facets[f].With(all.Length, changed.Select(c => (c.Index, facet(c.Line)))))]);
    }

    private int[] Sorted(Comparison<int> order)
    {
        var indexes = Enumerable.Range(0, All.Length).ToArray();
        Array.Sort(indexes, order);
        return indexes;
    }
}
