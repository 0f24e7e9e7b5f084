// In: who asks, for what purpose, under which grant, when; a resource with classified items; the rules. Out: a verdict for each item with its reason, and
// which rows; or the reason of the refusal with a request already filled. Pure; asks nothing of anyone.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Policy.Rules;

namespace Lizhou.Policy;

/// <summary>All that counts for a decision.</summary>
/// <param name="Named">The grant named in the ask, found by its id; null when none was named or there is none.</param>
/// <param name="Held">Grants of the actor's unit on the resource, for an ask that names none.</param>
internal sealed record Question(
    ResourceCard Resource, Actor Actor, string Purpose, DateTimeOffset Now, Guid? Asked = null, Grant? Named = null, IReadOnlyList<Grant>? Held = null)
{
    /// <summary>Columns wished; null for all.</summary>
    public IReadOnlyList<string>? Select { get; init; }
}

/// <param name="Rows">Only rows for which this is true; null for all.</param>
/// <param name="Rule">Name of the rule that decided.</param>
internal sealed record Decided(IReadOnlyList<ItemDecision> Items, Condition? Rows, Grant? Grant, string Rule);

internal static class Decision
{
    public static Result<Decided> Of(Question asked, RuleSet rules)
    {
        if (asked.Actor.Roles.Any(Roles.Administrators.Contains))
        {
            return Problems.NoRight;
        }

        if (asked.Asked is not null && Fault(asked) is { } fault)
        {
            return fault with { Link = RequestForm.For(asked.Resource.Id, asked.Purpose) };
        }

        foreach (var rule in rules.Rules.Where(r => Applies(r, asked)))
        {
            var grant = rule.Granted ? asked.Named ?? Best(asked) : null;
            if (!rule.Granted || grant is not null)
            {
                return Items(asked, rules, rule, grant);
            }
        }

        if (asked.Held?.FirstOrDefault(g => g.State == GrantState.Broken) is { } broken)
        {
            return Problems.BrokenGrant.With(broken.Number);
        }

        var refusal = asked.Actor.Has(Roles.Steward) || asked.Actor.Roles.Count == 0 ? Problems.OtherUnit : Problems.NoRight;
        return refusal with { Link = RequestForm.For(asked.Resource.Id, asked.Purpose) };
    }

    /// <summary>The same rules for one value of an item that has not come into the lake.</summary>
    public static ItemDecision Of(ItemCard item, Actor actor, Guid owner, DateTimeOffset now, RuleSet rules)
    {
        var card = new ResourceCard(Guid.Empty, "", "", owner, null, "", 1, ResourceState.Published, SharingKind.Conditional, UpdateCycle.Irregular, [item]);
        var decided = Of(new(card, actor, Purposes.Rejects, now), rules);
        return decided.Refused ? new(item, Verdict.Refuse, decided.Problem!.What) : decided.Value.Items[0];
    }

    /// <summary>Why the grant that was named does not carry; a foreign one is told like none.</summary>
    private static Problem? Fault(Question asked) => asked.Named switch
    {
        null => Problems.NoGrant.With(asked.Asked),
        var g when g.Resource != asked.Resource.Id || g.Unit != asked.Actor.Unit => Problems.NoGrant.With(asked.Asked),
        { State: GrantState.Broken } g => Problems.BrokenGrant.With(g.Number),
        { State: GrantState.Revoked } g => Problems.GrantRevoked.With(g.Number),
        var g when g.Until <= asked.Now => Problems.GrantExpired.With(g.Number, g.Until.Shown()),
        var g when asked.Now < g.From => Problems.GrantNotYet.With(g.Number, g.From.Shown()),
        var g when !Serves(g, asked.Purpose) => Problems.OtherPurpose.With(g.Number, g.Purpose),
        _ => null,
    };

    private static bool Serves(Grant grant, string purpose) => purpose == grant.Purpose || Purposes.House.Contains(purpose);

    private static Grant? Best(Question asked) => asked.Held?
        .Where(g => g.Resource == asked.Resource.Id && g.Unit == asked.Actor.Unit && g.Holds(asked.Now) && Serves(g, asked.Purpose))
        .OrderByDescending(g => g.Until).ThenBy(g => g.Id).FirstOrDefault();

    private static bool Applies(Rule rule, Question asked) =>
        (asked.Asked is null || rule.Granted)
        && (rule.Roles.Count == 0 || rule.Roles.Any(asked.Actor.Has))
        && (!rule.OwnUnit || asked.Actor.Unit == asked.Resource.Unit)
        && (rule.Purposes.Count == 0 || rule.Purposes.Contains(asked.Purpose))
        && !(asked.Now < rule.From) && !(rule.Until <= asked.Now)
        && rule.AppliesTo(asked.Resource.Code);

    private static Result<Decided> Items(Question asked, RuleSet rules, Rule rule, Grant? grant)
    {
        if (asked.Asked is not null && Above(asked, rules, rule, grant!) is { Count: > 0 } above)
        {
            return Problems.AboveLabel.With(grant!.Number, string.Join(", ", above.Select(i => $"{i.Column} {i.Applied}")), Label(asked.Actor, rules));
        }

        var items = asked.Resource.Items.Select(i => Item(i, asked, rules, rule, grant)).ToList();
        if (items.Count > 0 && items.All(i => i.Verdict == Verdict.Refuse))
        {
            var refusal = asked.Resource.Items.All(i => i.Applied > Label(asked.Actor, rules)) ? Problems.NoLabel.With(asked.Resource.Level) : Problems.NothingLeft;
            return refusal with { Link = RequestForm.For(asked.Resource.Id, asked.Purpose) };
        }

        return new Decided(items, Condition.Both(rule.Rows, grant?.Rows), grant, rule.Name);
    }

    /// <summary>Items of a grant that was named which the asker's label alone keeps back: a program that got fewer columns than its grant names, and no word, would go on with half of them.</summary>
    private static List<ItemCard> Above(Question asked, RuleSet rules, Rule rule, Grant grant) =>
    [
        .. asked.Resource.Items.Where(i => i.Applied > Label(asked.Actor, rules) && grant.Items.Any(g => g.Item == i.Id) && rule.Levels.TryGetValue(i.Applied, out var verdict) && verdict != Verdict.Refuse
            && asked.Select?.Contains(i.Column, StringComparer.OrdinalIgnoreCase) != false),
    ];

    private static ItemDecision Item(ItemCard item, Question asked, RuleSet rules, Rule rule, Grant? grant)
    {
        if (item.Applied > Label(asked.Actor, rules))
        {
            return new(item, Verdict.Refuse, Why.AboveLabel.With(item.Applied));
        }

        var verdict = rule.Levels.TryGetValue(item.Applied, out var found) ? found : Verdict.Refuse;
        if (grant is null)
        {
            return verdict switch
            {
                Verdict.Allow => new(item, verdict, item.Applied <= Level.L2 ? Why.Open : Why.OwnData),
                Verdict.Mask => new(item, verdict, item.Level is null ? Why.Unclassified : Why.Sensitive.With(item.Applied)) { Mask = rule.Mask },
                _ => new(item, verdict, Why.NotShown.With(item.Applied)),
            };
        }

        var granted = grant.Items.FirstOrDefault(i => i.Item == item.Id);
        return (granted, verdict) switch
        {
            (null, _) => new(item, Verdict.Refuse, Why.NotGranted.With(grant.Number)),
            (_, Verdict.Refuse) => new(item, Verdict.Refuse, Why.NotShown.With(item.Applied)),
            // Whoever approved chose for one receiver, the policy holds for all: what tells less of the two.
            (_, Verdict.Mask) when Masks.Stronger(granted.Mask, rule.Mask) != granted.Mask => new(item, Verdict.Mask, Why.Sensitive.With(item.Applied)) { Mask = rule.Mask },
            ({ Mask: { } mask }, _) => new(item, Verdict.Mask, Why.GrantedMasked.With(grant.Number)) { Mask = mask },
            _ => new(item, Verdict.Allow, Why.Granted.With(grant.Number)),
        };
    }

    private static Level Label(Actor actor, RuleSet rules) => actor.Label is { } label ? (Level)label : rules.Unlabelled;

    private static class Why
    {
        public static readonly Text Open = new("公开级别", "open level");
        public static readonly Text OwnData = new("本单位数据", "your own unit's data");
        public static readonly Text Sensitive = new("敏感级别 {0}，按规定脱敏显示", "level {0}: shown masked");
        public static readonly Text Unclassified = new("尚未分级，按 L3 脱敏显示", "not classified yet: treated as L3 and shown masked");
        public static readonly Text AboveLabel = new("{0} 级数据高于您的安全标记", "level {0} is above your security label");
        public static readonly Text NotShown = new("{0} 级数据不向您的岗位提供", "level {0} is not shown to your post");
        public static readonly Text Granted = new("授权 {0}", "grant {0}");
        public static readonly Text GrantedMasked = new("授权 {0} 要求脱敏", "grant {0} prescribes a mask");
        public static readonly Text NotGranted = new("不在授权 {0} 的范围内", "not part of grant {0}");
    }
}
