// In: a draft or a version under review, an opinion. Out: one step on: submitted, passed by its unit, returned with a reason, withdrawn or discarded.
using System.Text.Json.Serialization;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal static class ReviewResource
{
    /// <param name="Pass">True: on to the bureau (publication is a step of its own). False: back to the draft; needs <paramref name="Opinion"/>.</param>
    /// <param name="Revision">The revision seen; null to act on whatever is there.</param>
    internal sealed record Request([property: JsonRequired] bool Pass, string? Opinion = null, long? Revision = null);

    internal sealed record StepRequest(string? Opinion = null, long? Revision = null);

    public static Task<Result<ResourceView>> Submit(Register register, Guid id, StepRequest ask, Actor actor, CancellationToken stop) =>
        register.Take(actor, id, Step.Submit, ask.Revision, ask.Opinion, Recheck, stop);

    public static Task<Result<ResourceView>> Review(Register register, Guid id, Request ask, Actor actor, CancellationToken stop) =>
        register.Take(actor, id, ask.Pass ? Step.Pass : Step.Return, ask.Revision, ask.Opinion, null, stop);

    public static Task<Result<ResourceView>> Withdraw(Register register, Guid id, StepRequest ask, Actor actor, CancellationToken stop) =>
        register.Take(actor, id, Step.Withdraw, ask.Revision, ask.Opinion, null, stop);

    public static Task<Result<ResourceView>> Discard(Register register, Guid id, StepRequest ask, Actor actor, CancellationToken stop) =>
        register.Take(actor, id, Step.Discard, ask.Revision, ask.Opinion, async (work, before, _) =>
        {
            await work.DropVersion(id, before.Opened!.Value);
            return null;
        }, stop);

    // The registry, the unit or its systems may have changed since the draft was saved.
    private static async Task<Problem?> Recheck(Work work, Head before, Head next)
    {
        var entry = (await work.Version(before.Id, before.Opened!.Value))!;
        return CreateResource.Refusal(entry, work) ?? LevelChecks.Below(entry.Items, work.Frame);
    }
}
