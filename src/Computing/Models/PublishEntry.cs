// In: a model as it is, or is to be. Out: its entry in the catalogue says so. No column is published below what the model is given now, unless an approved rule says so; and while rows of an earlier version lie in its table, none that is
// another column than theirs is published below what was in force.
using Lizhou.Computing.Lowering;
using Lizhou.Computing.Runs;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Lake;

namespace Lizhou.Computing.Models;

internal sealed class PublishEntry(ICatalogBulk bulk, ICatalog catalog, RunShelf runs, LoweringShelf lowerings, Warehouse lake)
{
    public async Task<Result<ResourceCard>> Run(Guid id, ModelText text, Found found, Actor actor, CancellationToken stop)
    {
        var (own, inputs) = (await catalog.Published(id, stop), await Inputs(found, stop));
        var floors = await lowerings.Floors(id, found.Pinned(text.Digest), inputs, stop);
        // What an input that is gone would add is not known any more: then nothing becomes less.
        var lost = inputs.Count < found.Inputs.Count;
        var held = own is not null && (lost || await lake.Resource(own.Table, stop: stop) is not null) ? own : null;
        var stored = lost || held is null ? new HashSet<Guid>() : await Stored(id, stop);
        var columns = found.Columns.Select(c => c with { Level = Highest(c.Level, floors.Of(c.Name), held is null || stored.Contains(c.Id) ? Level.L1 : held.Level) }).ToList();
        var strict = held is not null && columns.Any(c => !stored.Contains(c.Id)) ? held : null;
        return await bulk.Renew(ModelEntry.Of(id, text, found with { Columns = columns }, [.. inputs.Select(i => i.Card)], strict), actor, stop);
    }

    /// <summary>The inputs whose entries are in force.</summary>
    public async Task<IReadOnlyList<(ModelInput Input, ResourceCard Card)>> Inputs(Found found, CancellationToken stop)
    {
        var cards = (await catalog.Published([.. found.Inputs.Select(i => i.Set).Distinct()], stop)).ToDictionary(c => c.Id);
        return [.. found.Inputs.Where(i => cards.ContainsKey(i.Set)).Select(i => (i, cards[i.Set]))];
    }

    /// <summary>The identities of the columns whose values lie in the table.</summary>
    private async Task<HashSet<Guid>> Stored(Guid id, CancellationToken stop) => (await runs.Written(id, stop))?.Columns.Select(c => c.Id).Where(c => c != Guid.Empty).ToHashSet() ?? [];

    private static Level Highest(params Level[] levels) => levels.Max();
}
