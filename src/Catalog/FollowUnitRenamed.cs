// In: a unit's new name. Out: its resources are found by it, and by the old one no more.
using Lizhou.Catalog.Search;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;

namespace Lizhou.Catalog;

internal sealed class FollowUnitRenamed(Register register, IUnits units) : IHandle<UnitRenamed>
{
    private const int Step = 100;

    public async Task Handle(UnitRenamed fact, Guid delivery, CancellationToken stop)
    {
        // The name of today: a fact that comes late or twice does not bring an older one back.
        var name = (await units.Find(fact.Unit, stop))?.Name ?? fact.Name;
        await using var connection = await register.Open(stop);
        var ids = await connection.Rows(null, $"SELECT id FROM resource WHERE unit = {fact.Unit.ToString()} ORDER BY id", r => Guid.Parse(r.GetString(0)), stop).ToListAsync(stop);
        foreach (var some in ids.Chunk(Step))
        {
            await using var transaction = await connection.BeginTransactionAsync(stop);
            await connection.Execute(transaction, $"UPDATE resource_generation SET n = n + 1", stop); // lines up with the acts on the catalogue
            foreach (var id in some)
            {
                if (await Shelf.Find(connection, transaction, id, stop) is { } head && await Shelf.Version(connection, transaction, id, head.Shown, stop) is { } shown)
                {
                    await SearchIndex.Put(connection, transaction, register.Kind, head, shown, name, fresh: false, stop);
                }
            }

            await transaction.CommitAsync(stop);
        }
    }
}
