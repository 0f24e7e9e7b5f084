// In: nothing. Out: whether the program brings a flow the city has never had in force, and where it differs from the one that is; or that one published as the next version, by who has compared them. New cases begin with it; those under way keep theirs.
// Refuses others than the bureau, where there is none newer, and where another version is in force than the one compared with.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Flows;

/// <param name="InForce">Version of the flow in force.</param>
/// <param name="Newer">Whether the program brings one the city has never had.</param>
/// <param name="Differences">Empty where it is not newer.</param>
internal sealed record ShippedOffer(int InForce, bool Newer, IReadOnlyList<FlowDifference> Differences);

internal sealed class AdoptShipped(PublishFlow flows, IRefusalNotes notes)
{
    /// <param name="InForce">The version it was compared with.</param>
    internal sealed record Ask(int InForce);

    public async Task<ShippedOffer> Offer(CancellationToken stop)
    {
        var versions = await flows.All(stop);
        var (shipped, now) = (PublishFlow.Shipped(), versions[0]);
        if (versions.Any(v => Plain(v.Text) == Plain(shipped)))
        {
            return new(now.Version, false, []);
        }

        var begun = versions.FirstOrDefault(v => v.Note == PublishFlow.ShippedNote);
        var differences = CompareFlows.Of(Read(now), FlowText.Read(shipped, 0).Flow!, begun is null ? null : Read(begun));
        return new(now.Version, differences.Count > 0, differences);
    }

    public async Task<Result<FlowVersion>> Run(Ask ask, Actor actor, CancellationToken stop)
    {
        var offer = await Offer(stop);
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau : !offer.Newer ? Problems.NoNewerFlow : offer.InForce != ask.InForce ? Problems.Overtaken : null;
        if (refused is null)
        {
            return await flows.Run(new(PublishFlow.Shipped(), PublishFlow.ShippedNote), actor, stop);
        }

        await notes.Note(actor, $"case-flow.published {refused.Code}", new("case-flow.published", $"{ask.InForce + 1}", refused.Code));
        return refused;
    }

    private static CaseFlow Read(FlowVersion version) => FlowText.Kept(version.Text, version.Version);

    private static string Plain(string text) => text.ReplaceLineEndings("\n").Trim();
}
