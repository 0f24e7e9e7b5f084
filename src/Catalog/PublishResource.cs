// In: a version that passed its unit's review. Out: it is the published one, and the fact is told: from now on the resource can be loaded. Refuses all others.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal static class PublishResource
{
    public static Task<Result<ResourceView>> Run(Register register, Guid id, ReviewResource.StepRequest ask, Actor actor, CancellationToken stop) =>
        register.Take(actor, id, Step.Publish, ask.Revision, ask.Opinion, async (work, before, next) =>
        {
            var version = before.Opened!.Value;
            var entry = (await work.Version(id, version))!;
            if ((CreateResource.Refusal(entry, work) ?? LevelChecks.Below(entry.Items, work.Frame) ?? LevelChecks.Unexplained(entry, ask.Opinion)) is { } refused)
            {
                return refused;
            }

            await work.MarkPublished(id, version);
            await work.Tell(new ResourcePublished(id, next.Code.ToString(), version));
            return null;
        }, stop);
}
