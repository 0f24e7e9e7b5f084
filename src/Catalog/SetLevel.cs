// In: an item's level that a person has confirmed. Out: the published entry says so: a version more by an engineer, a draft for the reviews by a steward of the unit. Refused while another change is under way.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal sealed class SetLevel(Register register) : ILevels
{
    public Task<Result<bool>> Set(Guid resource, Guid item, Level level, string reason, Actor actor, CancellationToken stop) =>
        register.Do(actor, "catalog.level", resource.ToString(), work => In(work, resource, item, level, reason), stop);

    private static async Task<Result<bool>> In(Work work, Guid resource, Guid item, Level level, string reason)
    {
        if (await work.Head(resource) is not { } head || await work.Version(resource, head.Shown) is not { } entry || entry.Items.All(i => i.Id != item))
        {
            return Problems.NotFound.With(resource);
        }

        if (head.Opened is not null)
        {
            return Problems.LevelBusy;
        }

        if (LevelChecks.Below(entry.Items.Where(i => i.Id == item).Select(i => i with { Level = level }), work.Frame) is { } below)
        {
            return below;
        }

        var sent = entry with { Id = resource, Items = [.. entry.Items.Select(i => i.Id == item ? i with { Level = level } : i)] };
        if (work.Actor.Has(Roles.Engineer))
        {
            var renewed = await RenewResource.In(work, sent, () => Task.FromResult<Result<ResourceCard>>(Problems.NotFound.With(resource)));
            return renewed.Refused ? renewed.Problem! : true;
        }

        var changed = await ChangeResource.In(work, resource, sent, null, reason);
        return changed.Refused && changed.Problem!.Code != Problems.NothingChanged.Code ? changed.Problem : false;
    }
}
