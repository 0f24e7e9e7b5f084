// In: where a resource stands, a step and who takes it. Out: where it stands then. Refuses steps out of order, other units' entries and the bureau's part.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

/// <summary>编制 → 部门审核 → 主管部门审核 → 发布 → 变更 (a new draft beside the published version) → 停用.</summary>
internal static class Lifecycle
{
    public static Result<Head> Next(Head head, Step step, Actor actor, string? opinion, DateTimeOffset now)
    {
        if (!actor.ActsFor(head.Unit))
        {
            return Problems.OtherUnit;
        }

        var bureau = step is Step.Publish or Step.Retire || (step is Step.Return && head.OpenState == ResourceState.BureauReview);
        if (bureau && !actor.Has(Roles.Engineer))
        {
            return Problems.BureauOnly;
        }

        if (step is Step.Return or Step.Retire && string.IsNullOrWhiteSpace(opinion))
        {
            return Problems.ReasonMissing;
        }

        return Moved(head, step) is { } moved
            ? moved with { Revision = head.Revision + 1, UpdatedAt = now, PublishedAt = moved.PublishedAt ?? (moved.Published is null ? null : now) }
            : Problems.WrongState.With(Labels.Of(head.OpenState ?? head.State), Labels.Of(step));
    }

    /// <summary>The steps that are open to this actor now, for the buttons of a page.</summary>
    public static IEnumerable<Step> Open(Head head, Actor actor) =>
        Enum.GetValues<Step>().Where(s => !Next(head, s, actor, "-", head.UpdatedAt).Refused);

    private static Head? Moved(Head head, Step step) => (step, head.OpenState) switch
    {
        (_, _) when head.Retired => null,
        (Step.Change, ResourceState.Draft) => head,
        (Step.Change, null) when head.Published is { } published =>
            head with { Opened = Math.Max(published, head.Last) + 1, OpenState = ResourceState.Draft, Last = Math.Max(published, head.Last) + 1 },
        (Step.Submit, ResourceState.Draft) => head with { OpenState = ResourceState.UnitReview },
        (Step.Pass, ResourceState.UnitReview) => head with { OpenState = ResourceState.BureauReview },
        (Step.Return or Step.Withdraw, ResourceState.UnitReview or ResourceState.BureauReview) => head with { OpenState = ResourceState.Draft },
        (Step.Publish, ResourceState.BureauReview) => head with { Published = head.Opened, Opened = null, OpenState = null },
        (Step.Discard, ResourceState.Draft) when head.Published is { } published => head with { Opened = null, OpenState = null, Last = published },
        (Step.Retire, null) when head.Published is not null => head with { Published = null, Retired = true },
        _ => null,
    };
}
