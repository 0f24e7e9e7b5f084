using CsCheck;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake.Masks;
using Lizhou.Policy.Rules;

namespace Lizhou.Policy.Tests;

public sealed class DecisionTests
{
    private static readonly Guid Owner = Guid.Parse("01930000-0000-7000-8000-000000000001");
    private static readonly Guid Other = Guid.Parse("01930000-0000-7000-8000-000000000002");

    [Fact]
    public void A_steward_sees_the_own_units_L3_item_in_clear_and_L4_masked()
    {
        var decisions = Ask(Resource(Level.L1, Level.L3, Level.L4), Actor(Roles.Steward, Owner)).Value.Items;
        decisions.Select(d => d.Verdict).ShouldBe([Verdict.Allow, Verdict.Allow, Verdict.Mask]);
    }

    [Fact]
    public void An_engineer_sees_sensitive_items_of_every_unit_masked()
    {
        var decisions = Ask(Resource(Level.L2, Level.L3, Level.L4), Actor(Roles.Engineer, null)).Value.Items;
        decisions.Select(d => d.Verdict).ShouldBe([Verdict.Allow, Verdict.Mask, Verdict.Mask]);
    }

    [Fact]
    public void An_item_nobody_classified_is_treated_as_L3() =>
        Ask(Resource((Level?)null), Actor(Roles.Engineer, null)).Value.Items.Single().Verdict.ShouldBe(Verdict.Mask);

    [Fact]
    public void A_steward_of_another_unit_is_refused_and_told_to_ask() =>
        Ask(Resource(Level.L1), Actor(Roles.Steward, Other)).Problem!.Code.ShouldBe("POL-003");

    [Theory]
    [InlineData(Roles.SystemAdministrator)]
    [InlineData(Roles.SecurityAdministrator)]
    [InlineData(Roles.AuditAdministrator)]
    public void No_administrator_reads_business_data(string role) =>
        Ask(Resource(Level.L1), Actor(role, Owner)).Problem!.Code.ShouldBe("POL-002");

    [Theory]
    [InlineData("11010519491231002X", "110105********002X")]
    [InlineData("13812345678", "138****5678")]
    [InlineData("张三", "张*")]
    [InlineData("欧阳修", "欧**")]
    [InlineData("示例市东城街道望春路1号", "示****")]
    [InlineData("王", "*")]
    [InlineData("𠮷田", "𠮷*")]
    public void A_masked_text_keeps_only_what_helps_to_recognise_it(string value, string masked) =>
        Mask(value).ShouldBe(masked);

    [Fact]
    public void A_mask_never_shows_more_than_ten_characters_of_a_value() =>
        Gen.String.Sample(value =>
        {
            var shown = Mask(value).EnumerateRunes().Count(r => r.Value != '*');
            return shown <= Math.Min(10, value.EnumerateRunes().Count());
        });

    [Fact]
    public void What_is_above_the_label_is_refused_even_with_the_role()
    {
        var decisions = Ask(Resource(Level.L1, Level.L2, Level.L3), Actor(Roles.Steward, Owner) with { Label = 2 }).Value.Items;
        decisions.Select(d => d.Verdict).ShouldBe([Verdict.Allow, Verdict.Allow, Verdict.Refuse]);
        Ask(Resource(Level.L3), Actor(Roles.Steward, Owner) with { Label = 2 }).Problem!.Code.ShouldBe("POL-010");
    }

    [Theory]
    [InlineData(Roles.Steward)]
    [InlineData(Roles.Engineer)]
    public void Whom_nobody_labelled_sees_no_L3_nor_L4_even_with_the_role(string role)
    {
        var decisions = Ask(Resource(Level.L1, Level.L2, Level.L3, Level.L4, null), Actor(role, Owner) with { Label = null }).Value.Items;
        decisions.Select(d => d.Verdict).ShouldBe([Verdict.Allow, Verdict.Allow, Verdict.Refuse, Verdict.Refuse, Verdict.Refuse]);
    }

    [Fact]
    public void A_refusal_leads_to_a_request_already_filled()
    {
        var refusal = Ask(Resource(Level.L1), Actor(Roles.Steward, Other)).Problem!;
        refusal.Link.ShouldBe(RequestForm.For(Guid.Empty, "preview"));
    }

    [Theory]
    [InlineData("revoked", "POL-006")]
    [InlineData("expired", "POL-007")]
    [InlineData("early", "POL-008")]
    [InlineData("foreign", "POL-005")]
    [InlineData("other purpose", "POL-009")]
    public void A_grant_that_does_not_carry_is_refused_with_its_reason(string fault, string code)
    {
        var resource = Resource(Level.L1);
        var grant = Granted(resource, Other);
        grant = fault switch
        {
            "revoked" => grant with { State = GrantState.Revoked },
            "expired" => grant with { Until = Now },
            "early" => grant with { From = Now.AddTicks(1) },
            "foreign" => grant with { Unit = Owner },
            _ => grant,
        };
        var purpose = fault == "other purpose" ? "another" : grant.Purpose;
        Decision.Of(new(resource, Actor(Roles.Steward, Other), purpose, Now, grant.Id, grant), RuleSet.Default).Problem!.Code.ShouldBe(code);
    }

    [Fact]
    public void Under_a_named_grant_only_its_items_are_seen_whatever_role_one_has()
    {
        var resource = Resource(Level.L1, Level.L4, Level.L3);
        var grant = Granted(resource, Owner) with { Items = [new(resource.Items[1].Id), new(resource.Items[2].Id, MaskKind.Hash)] };
        var decided = Decision.Of(new(resource, Actor(Roles.Engineer, Owner), grant.Purpose, Now, grant.Id, grant), RuleSet.Default).Value;
        decided.Items.Select(d => d.Verdict).ShouldBe([Verdict.Refuse, Verdict.Allow, Verdict.Mask]);
        decided.Items[2].Mask.ShouldBe(MaskKind.Hash);
    }

    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private static Grant Granted(ResourceCard resource, Guid unit) => new(
        Guid.Parse("01930000-0000-7000-8000-0000000000aa"), "SQ-1", resource.Id, unit, "checking benefits", [.. resource.Items.Select(i => new GrantItem(i.Id))], null, Now.AddDays(-1), Now.AddDays(1));

    private static Result<Decided> Ask(ResourceCard resource, Actor actor) => Decision.Of(new(resource, actor, "preview", Now), RuleSet.Default);

    private static string Mask(string value) => MaskText.Apply(new(MaskWay.Partial, MaskOf.Text), [], value);

    private static ResourceCard Resource(params Level?[] levels) => new(
        Guid.Empty, "3001001/1", "示例", Owner, null, "t", 1, ResourceState.Published, SharingKind.Conditional, UpdateCycle.Daily,
        [.. levels.Select((l, i) => Item(l) with { Id = new Guid(i + 1, 0, 0, new byte[8]) })]);

    private static ItemCard Item(Level? level) =>
        new(Guid.Empty, "项", "item", ItemType.Text, null, null, null, false, false, level, CheckCharacter.None, null, null, null);

    private static Actor Actor(string role, Guid? unit) => new(Guid.Empty, "模拟", unit, new HashSet<string>([role])) { Label = 4 };
}
