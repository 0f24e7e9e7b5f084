using CsCheck;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Policy.Masks;

namespace Lizhou.Policy.Tests;

public sealed class DecisionTests
{
    private static readonly Guid Owner = Guid.Parse("01930000-0000-7000-8000-000000000001");
    private static readonly Guid Other = Guid.Parse("01930000-0000-7000-8000-000000000002");

    [Fact]
    public void A_steward_sees_the_own_units_L3_item_in_clear_and_L4_masked()
    {
        var decisions = Decision.Of(Resource(Level.L1, Level.L3, Level.L4), Actor(Roles.Steward, Owner)).Value;
        decisions.Select(d => d.Verdict).ShouldBe([Verdict.Allow, Verdict.Allow, Verdict.Mask]);
    }

    [Fact]
    public void An_engineer_sees_sensitive_items_of_every_unit_masked()
    {
        var decisions = Decision.Of(Resource(Level.L2, Level.L3, Level.L4), Actor(Roles.Engineer, null)).Value;
        decisions.Select(d => d.Verdict).ShouldBe([Verdict.Allow, Verdict.Mask, Verdict.Mask]);
    }

    [Fact]
    public void An_item_nobody_classified_is_treated_as_L3() =>
        Decision.Of(Resource((Level?)null), Actor(Roles.Engineer, null)).Value.Single().Verdict.ShouldBe(Verdict.Mask);

    [Fact]
    public void A_steward_of_another_unit_is_refused_and_told_to_ask() =>
        Decision.Of(Resource(Level.L1), Actor(Roles.Steward, Other)).Problem!.Code.ShouldBe("POL-003");

    [Theory]
    [InlineData(Roles.SystemAdministrator)]
    [InlineData(Roles.SecurityAdministrator)]
    [InlineData(Roles.AuditAdministrator)]
    public void No_administrator_reads_business_data(string role) =>
        Decision.Of(Resource(Level.L1), Actor(role, Owner)).Problem!.Code.ShouldBe("POL-002");

    [Theory]
    [InlineData("11010519491231002X", "110105********002X")]
    [InlineData("13812345678", "138****5678")]
    [InlineData("张三", "张*")]
    [InlineData("欧阳修", "欧**")]
    [InlineData("示例市东城街道望春路1号", "示****")]
    [InlineData("王", "*")]
    [InlineData("𠮷田", "𠮷*")]
    public void A_masked_text_keeps_only_what_helps_to_recognise_it(string value, string masked) =>
        Mask.Text(Item(Level.L3), value).ShouldBe(masked);

    [Fact]
    public void A_mask_never_shows_more_than_ten_characters_of_a_value() =>
        Gen.String.Sample(value =>
        {
            var shown = Mask.Text(Item(Level.L4), value).EnumerateRunes().Count(r => r.Value != '*');
            return shown <= Math.Min(10, value.EnumerateRunes().Count());
        });

    private static ResourceCard Resource(params Level?[] levels) => new(
        Guid.Empty, "3001001/1", "示例", Owner, null, "t", 1, ResourceState.Published, SharingKind.Conditional, UpdateCycle.Daily,
        [.. levels.Select(Item)]);

    private static ItemCard Item(Level? level) =>
        new(Guid.Empty, "项", "item", ItemType.Text, null, null, null, false, false, level, CheckCharacter.None, null, null, null);

    private static Actor Actor(string role, Guid? unit) => new(Guid.Empty, "模拟", unit, new HashSet<string>([role]));
}
