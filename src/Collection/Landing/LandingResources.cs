// Published resources as batches and the board need them, kept by the facts of the catalogue.
using System.Data.Common;
using Lizhou.Collection.Batches;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;

namespace Lizhou.Collection.Landing;

internal static class LandingResources
{
    /// <summary>The lake's id of a resource's table and the field of each item; null before the first load.</summary>
    public static async Task<(long Table, Dictionary<Guid, long> Fields)?> Fields(DbConnection connection, Guid resource, CancellationToken stop)
    {
        (long, Dictionary<Guid, long>)? found = null;
        await foreach (var row in connection.Rows(
            null, $"SELECT lake_table, fields FROM landing_resource WHERE resource = {resource.ToString()} AND lake_table IS NOT NULL",
            r => (r.GetInt64(0), Json.To<Dictionary<Guid, long>>(r.GetString(1))), stop))
        {
            found = row;
        }

        return found;
    }

    /// <summary>Keeps what the board shows of a published version.</summary>
    public static Task Keep(DbConnection connection, DbTransaction? transaction, ResourceCard card, CancellationToken stop, TimeProvider? clock = null) => connection.Execute(
        transaction,
        $"""
         INSERT INTO landing_resource (resource, code, name, unit, table_name, version, cycle, published, since)
         VALUES ({card.Id.ToString()}, {card.Code}, {card.Name}, {card.Unit.ToString()}, {card.Table}, {card.Version}, {card.Cycle.ToString()}, 1,
             {(clock ?? TimeProvider.System).GetUtcNow().ToStored()})
         ON CONFLICT (resource) DO UPDATE SET code = excluded.code, name = excluded.name, unit = excluded.unit, table_name = excluded.table_name,
             version = excluded.version, cycle = excluded.cycle, published = 1
         """,
        stop);
}

/// <summary>A version was published: the board knows it, and the table follows if there is one.</summary>
internal sealed class FollowPublished(StateStore state, ICatalog catalog, IEnumerable<IComputedRows> computed, LandingTable tables, TimeProvider clock) : IHandle<ResourcePublished>
{
    public async Task Handle(ResourcePublished fact, Guid delivery, CancellationToken stop)
    {
        if (await catalog.Published(fact.Resource, stop) is not { } card)
        {
            return;
        }

        await using var connection = await state.Open(stop);
        await LandingResources.Keep(connection, null, card, stop, clock);
        if (await computed.MadeBy(card.Id, stop) is not null)
        {
            return; // Its rows are not here, and its columns need not be what an earlier load brought.
        }

        if (await LandingResources.Fields(connection, card.Id, stop) is not null && (await tables.For(card, stop)).Problem is { } problem)
        {
            throw new ProblemException(problem);
        }
    }
}

/// <summary>A retired resource keeps its rows and leaves the board.</summary>
internal sealed class FollowRetired(StateStore state) : IHandle<ResourceRetired>
{
    public async Task Handle(ResourceRetired fact, Guid delivery, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(null, $"UPDATE landing_resource SET published = 0 WHERE resource = {fact.Resource.ToString()}", stop);
    }
}
