// In: who asks, and a resource with classified items. Out: allow, mask or refuse for each item, with the reason. Pure; asks nothing of anyone.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Policy;

internal static class Decision
{
    private static readonly Text Open = new("公开级别", "open level");
    private static readonly Text OwnData = new("本单位数据", "your own unit's data");
    private static readonly Text Sensitive = new("敏感级别 {0}，按规定脱敏显示", "level {0}: shown masked");
    private static readonly Text Unclassified = new("尚未分级，按 L3 脱敏显示", "not classified yet: treated as L3 and shown masked");

    /// <summary>
    /// The rule of the first cut. A steward sees the rows of their own unit, L4 masked; an engineer of the bureau sees the rows of every unit, L3 and
    /// above masked; a steward of another unit needs a grant; administrators see no business data (三员分立).
    /// </summary>
    public static Result<IReadOnlyList<ItemDecision>> Of(ResourceCard resource, Actor actor)
    {
        var own = actor.Has(Roles.Steward) && actor.Unit == resource.Unit;
        if (!own && !actor.Has(Roles.Engineer))
        {
            return actor.Has(Roles.Steward) ? Problems.OtherUnit : Problems.NoRight;
        }

        return resource.Items.Select(item => Item(item, own)).ToList();
    }

    /// <summary>The same rule for one value of an item.</summary>
    public static Verdict Of(ItemCard item, Actor actor, Guid owner)
    {
        var own = actor.Has(Roles.Steward) && actor.Unit == owner;
        return own || actor.Has(Roles.Engineer) ? Item(item, own).Verdict : Verdict.Refuse;
    }

    private static ItemDecision Item(ItemCard item, bool own)
    {
        if (item.Applied <= Level.L2)
        {
            return new(item, Verdict.Allow, Open);
        }

        if (own && item.Applied == Level.L3)
        {
            return new(item, Verdict.Allow, OwnData);
        }

        return new(item, Verdict.Mask, item.Level is null ? Unclassified : Sensitive.With(item.Applied));
    }
}
