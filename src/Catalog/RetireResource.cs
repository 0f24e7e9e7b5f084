// In: a published resource and a reason. Out: it is retired, nothing more can be loaded into it. Refuses while something still uses it.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal static class RetireResource
{
    public static async Task<Result<ResourceView>> Run(
        Register register, IEnumerable<IResourceUse> users, Guid id, ReviewResource.StepRequest ask, Actor actor, CancellationToken stop)
    {
        var uses = new List<Text>();
        foreach (var user in users)
        {
            uses.AddRange(await user.Uses(id, stop));
        }

        return await register.Take(actor, id, Step.Retire, ask.Revision, ask.Opinion, async (work, before, next) =>
        {
            if (uses.Count > 0)
            {
                return Problems.StillUsed.With(string.Join("; ", uses));
            }

            await work.Tell(new ResourceRetired(id, next.Code.ToString()));
            return null;
        }, stop);
    }
}
