// In: an entry made by a program. Out: published as it says: created, or a further version of what is there; unchanged where it says the same. Every step of its life is recorded.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal static class RenewResource
{
    private static readonly Step[] Steps = [Step.Submit, Step.Pass, Step.Publish];

    /// <param name="create">How one that is not there yet is made.</param>
    public static async Task<Result<ResourceCard>> In(Work work, ResourceEntry sent, Func<Task<Result<ResourceCard>>> create)
    {
        if (!work.Actor.Has(Roles.Engineer))
        {
            return Problems.BureauOnly;
        }

        if (sent.Id is not { } id || await work.Head(id) is not { } head)
        {
            return await create();
        }

        var changed = await ChangeResource.In(work, id, sent with { Class = head.Code.Class, Serial = head.Code.Serial }, null, ownIds: true);
        if (changed.Refused)
        {
            return changed.Problem!.Code == Problems.NothingChanged.Code ? head.Card((await work.Version(id, head.Shown))!) : changed.Problem;
        }

        foreach (var step in Steps)
        {
            var before = (await work.Head(id))!;
            var next = Lifecycle.Next(before, step, work.Actor, null, work.Now);
            if (next.Problem is { } refused)
            {
                return refused;
            }

            if (step == Step.Publish)
            {
                await work.MarkPublished(id, before.Opened!.Value);
                await work.Tell(new ResourcePublished(id, before.Code.ToString(), before.Opened.Value));
            }

            if ((await work.Save(before, next.Value, step, null)).Problem is { } stale)
            {
                return stale;
            }
        }

        var published = (await work.Head(id))!;
        return published.Card((await work.Version(id, published.Shown))!);
    }
}
