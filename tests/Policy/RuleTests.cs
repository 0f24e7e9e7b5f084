// The rule book: versions, what differs, the way back; the editor's form; the dry run tells what would be seen otherwise and of which calls.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Policy.Rules;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Policy.Tests;

public sealed class RuleTests
{
    private static readonly (ItemCard, ColumnType)[] Items =
    [
        (ItemCard.Of("姓名", column: "name", level: Level.L3), ColumnType.Text), (ItemCard.Of("街镇", column: "town", level: Level.L1), ColumnType.Text),
    ];

    [Fact]
    public async Task A_version_counts_with_the_next_decision_and_an_older_one_can_be_published_again()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, [["张三", "望春街道"]]);
        async Task<object?> Name() => (await house.Gate.Read(new(resource.Id, "preview"), House.Engineer, default)).Value.Rows[0][0];
        (await Name()).ShouldBe("张*");

        var stricter = RuleSet.Default with { Rules = [.. RuleSet.Default.Rules.Select(r => r with { Mask = MaskKind.Full })] };
        (await house.Rules.Save(0, stricter.ToString(), " ", House.Engineer, default)).Problem!.Code.ShouldBe("POL-018");
        (await house.Rules.Save(0, stricter.ToString(), "stricter", House.Engineer, default)).Value.ShouldBe(1);
        (await Name()).ShouldBe("***");

        var first = (await house.Rules.Versions(default)).Single(v => v.Version == 0);
        (await house.Rules.Save(1, first.Rules, "back", House.Engineer, default)).Value.ShouldBe(2);
        (await Name()).ShouldBe("张*");
        (await house.Rules.Save(1, first.Rules, "too late", House.Engineer, default)).Problem!.Code.ShouldBe("POL-016");
        house.Ledger.Entries.Count(e => e.Act == "policy.changed").ShouldBe(2);
    }

    [Fact]
    public void Versions_differ_rule_by_rule_and_field_by_field()
    {
        var rules = RuleSet.Default.Rules;
        var after = new RuleSet { Unlabelled = Level.L1, Rules = [rules[1], rules[0] with { OwnUnit = false }, new() { Name = "new" }] };

        RuleDifference.Between(RuleSet.Default, RuleSet.Default).ShouldBeEmpty();
        var changes = RuleDifference.Between(RuleSet.Default, after);
        changes.Select(c => (c.Rule, c.Field)).ShouldBe([("", "unlabelled"), ("granted", ""), ("engineer", "place"), ("own-unit", "place"), ("own-unit", "ownUnit"), ("new", "")]);
        changes.Single(c => c.Field == "ownUnit").ShouldBe(new("own-unit", "ownUnit", "true", "false"));
    }

    [Fact]
    public void The_form_gives_back_the_rules_it_was_made_of()
    {
        var rules = RuleSet.Default with
        {
            Rules =
            [
                .. RuleSet.Default.Rules,
                new()
                {
                    Name = "some", Resources = ["303001/*", "304/1"], Purposes = ["audit"], From = new DateOnly(2026, 3, 1).Midnight(), Until = new DateOnly(2026, 4, 1).Midnight(),
                    Rows = new Condition.OneOf("town", ["a", "b"]), Mask = MaskKind.Noise, Levels = new Dictionary<Level, Verdict> { [Level.L1] = Verdict.Allow, [Level.L2] = Verdict.Mask, [Level.L3] = Verdict.Refuse, [Level.L4] = Verdict.Refuse },
                },
            ],
        };

        RuleForm.Of(rules, 3).ToRules().Value.ToString().ShouldBe(rules.ToString());
    }

    [Fact]
    public void The_form_moves_adds_and_removes_rules_and_names_the_one_that_is_wrong()
    {
        var form = RuleForm.Of(RuleSet.Default, 0);

        form.After("up.2").Rules.Select(r => r.Name).ShouldBe(["own-unit", "granted", "engineer"]);
        form.After("down.0").Rules.Select(r => r.Name).ShouldBe(["engineer", "own-unit", "granted"]);
        form.After("remove.1").Rules.Select(r => r.Name).ShouldBe(["own-unit", "granted"]);
        form.After("add").Rules.Count.ShouldBe(4);
        foreach (var nonsense in new[] { "up.0", "down.2", "remove.99", "up.-1", "drop", "" })
        {
            form.After(nonsense).Rules.ShouldBe(form.Rules, nonsense);
        }

        foreach (var wrong in new[] { form.Rules[1] with { Rows = "{" }, form.Rules[1] with { From = "yesterday" }, form.Rules[1] with { Mask = "" }, form.Rules[1] with { Rows = """{"sql":"1=1"}""" } })
        {
            (form with { Rules = [wrong] }).ToRules().Problem!.ToString().ShouldContain("engineer");
        }

        (form with { Rules = [] }).ToRules().Problem!.Code.ShouldBe("POL-017");
        RuleForm.Read(new FormCollection(new() { ["Count"] = "1000000000", ["Seen"] = "x" })).Rules.Count.ShouldBe(100);
    }

    [Theory]
    [InlineData("""{"unlabelled":"L9"}""", "unlabelled must be one of L1, L2, L3, L4")]
    [InlineData("""{"rules":[{"name":"a","levels":{"L9":"Allow"}}]}""", "must be one of L1, L2, L3, L4")]
    [InlineData("""{"rules":[{"name":"a","levels":{"L1":"Perhaps"}}]}""", "rules[0].levels.L1 must be one of Allow")]
    [InlineData("""{"rules":[{"name":"a","ownUnit":"yes"}]}""", "rules[0].ownUnit must be true or false")]
    [InlineData("""{"rules":{}}""", "rules must be a list")]
    [InlineData("""{"unlabeled":"L2"}""", "unlabeled is not known; there are unlabelled, rules")]
    [InlineData("""{"rules":[{}]}""", "rules[0] lacks name")]
    [InlineData("""{"rules":[{"name":"a","levls":{}}]}""", "rules[0].levls is not known; there are name")]
    [InlineData("""{"unlabelled":}""", "is no valid JSON (line 1, byte 15)")]
    [InlineData("null", "it is null where an object with rules belongs")]
    [InlineData("""{"rules":null}""", "rules must be a list")]
    [InlineData("""{"rules":[{"name":"a"},null]}""", "rules[1] is nothing")]
    [InlineData("""{"rules":[{"name":"a","roles":null}]}""", "rules[0].roles must be a list")]
    [InlineData("""{"rules":[{"name":"a"},{"name":"b","roles":["engineer","god"]}]}""", "rules[1].roles[1]: there is no role “god”; there are steward, engineer,")]
    public void A_rule_set_that_cannot_be_read_is_refused_with_field_and_values_and_no_type(string json, string told)
    {
        var refused = RuleBook.Read(json).Problem!;
        refused.Code.ShouldBe("POL-017");
        refused.What.En.ShouldContain(told);
        refused.What.Zh.Replace("JSON", "", StringComparison.Ordinal).ShouldNotContain(" is ", Case.Insensitive);
        refused.ToString().ShouldNotContain("Lizhou.");
        refused.ToString().ShouldNotContain("System.");
    }

    [Fact]
    public async Task The_dry_run_names_readers_items_and_the_calls_that_would_be_answered_otherwise_and_saves_nothing()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, [["张三", "望春街道"]]);
        var (used, unused) = (house.Granted(resource, null, ("name", null)), house.Granted(resource, null, ("town", null)));
        await house.Put(used);
        await house.Put(unused);
        var trial = new TryRules(house.Rules, house.Grants, house.Catalog, new Counted(used.Id, new(7, 90), []), house.Clock);

        (await trial.Run(RuleSet.Default, default)).Value.Count.ShouldBe(0);
        var masked = RuleSet.Default with { Rules = [.. RuleSet.Default.Rules.Take(2), RuleSet.Default.Rules[2] with { Levels = new Dictionary<Level, Verdict> { [Level.L1] = Verdict.Allow, [Level.L3] = Verdict.Mask } }] };
        var told = (await trial.Run(masked, default)).Value;

        (told.Grants, told.Resources, told.Count).ShouldBe((2, 1, 1));
        told.Altered[0].Reader.ShouldContain(used.Number);
        told.Altered[0].Items.ShouldBe([new("name", new(Verdict.Allow, null), new(Verdict.Mask, MaskKind.Partial))]);
        (told.Altered[0].Lately, told.Lately).ShouldBe((new Exchanged(7, 90), new Exchanged(7, 90)));
        (await house.Rules.Current(default)).Value.Version.ShouldBe(0);
    }

    [Fact]
    public async Task The_stronger_of_the_masks_of_grant_and_policy_applies_and_the_dry_run_counts_what_it_alters()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, [["张三", "望春街道"]]);
        var (partly, emptied) = (house.Granted(resource, null, ("name", MaskKind.Partial)), house.Granted(resource, null, ("name", MaskKind.Null)));
        await house.Put(partly);
        await house.Put(emptied);
        async Task<object?> Name(Grant grant) => (await house.Gate.Read(new(resource.Id, grant.Purpose) { Grant = grant.Id }, House.Foreigner, default)).Value.Rows[0][0];
        RuleSet With(MaskKind mask) => RuleSet.Default with
        {
            Rules = [.. RuleSet.Default.Rules.Take(2), RuleSet.Default.Rules[2] with { Mask = mask, Levels = new Dictionary<Level, Verdict> { [Level.L1] = Verdict.Allow, [Level.L3] = Verdict.Mask } }],
        };
        ((string)(await Name(partly))!).ShouldBe("张*");

        var told = (await new TryRules(house.Rules, house.Grants, house.Catalog, new Counted(partly.Id, new(7, 90), []), house.Clock).Run(With(MaskKind.Null), default)).Value;
        told.Altered.Where(a => a.Lately.Calls > 0).ShouldHaveSingleItem().Items.ShouldBe([new("name", new(Verdict.Mask, MaskKind.Partial), new(Verdict.Mask, MaskKind.Null))]);
        (told.Count, told.Lately).ShouldBe((1, new Exchanged(7, 90)), "a grant that has the mask already is not altered");
        (await house.Rules.Save(0, With(MaskKind.Null).ToString(), "stricter", House.Engineer, default)).Refused.ShouldBeFalse();
        (await Name(partly)).ShouldBeNull();
        (await Name(emptied)).ShouldBeNull();

        (await house.Rules.Save(1, With(MaskKind.Hash).ToString(), "looser", House.Engineer, default)).Refused.ShouldBeFalse();
        ((string)(await Name(partly))!).Length.ShouldBe(32);
        (await Name(emptied)).ShouldBeNull("the grant's own mask is the stronger one");
    }

    [Fact]
    public async Task The_dry_run_counts_what_readers_without_a_grant_were_given_each_call_once()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, [["张三", "望春街道"]]);
        var trial = new TryRules(house.Rules, house.Grants, house.Catalog, new Counted(Guid.NewGuid(), new(1, 1), new()
        {
            [(resource.Id, House.Owner)] = new(3, 60), [(resource.Id, House.Other)] = new(500, 500), [(resource.Id, null)] = new(1000, 1000), [(Guid.NewGuid(), House.Owner)] = new(2000, 2000),
        }), house.Clock);
        var refusing = RuleSet.Default with
        {
            Rules = [.. RuleSet.Default.Rules.Select(r => r.OwnUnit ? r with { Levels = new Dictionary<Level, Verdict>(r.Levels) { [Level.L3] = Verdict.Refuse } } : r)],
        };

        var told = (await trial.Run(refusing, default)).Value;

        told.Count.ShouldBe(1, "the steward of the source unit; one without a label saw nothing of it before");
        told.Altered[0].Lately.ShouldBe(new Exchanged(3, 60));
        told.Lately.ShouldBe(new Exchanged(3, 60));
        var nothing = (await trial.Run(RuleSet.Default with { Rules = [] }, default)).Value;
        nothing.Altered.Count(a => a.Lately == new Exchanged(3, 60)).ShouldBe(2, "with a label and without");
        nothing.Lately.Calls.ShouldBe(nothing.Altered.Select(a => a.Lately).Distinct().Sum(a => a.Calls), "each call once");
    }

    private sealed class Counted(Guid grant, Exchanged moved, Dictionary<(Guid Resource, Guid? Receiver), Exchanged> others) : IExchanges
    {
        public Task<IReadOnlyList<(Guid Grant, string Hour, Exchanged Moved)>> Called(DateTimeOffset since, CancellationToken stop) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<(Guid Resource, Guid? Receiver), Exchanged>> WithoutGrant(DateTimeOffset since, CancellationToken stop) =>
            Task.FromResult<IReadOnlyDictionary<(Guid Resource, Guid? Receiver), Exchanged>>(others);

        public Task<IReadOnlyDictionary<Guid, Exchanged>> ByGrant(DateTimeOffset since, CancellationToken stop) =>
            Task.FromResult<IReadOnlyDictionary<Guid, Exchanged>>(new Dictionary<Guid, Exchanged> { [grant] = moved });

        public Task<IReadOnlyList<Movement>> Of(IReadOnlyList<long> entries, CancellationToken stop) => Task.FromResult<IReadOnlyList<Movement>>([]);

        public Task<IReadOnlyList<long>> Tellable(IReadOnlyList<long> entries, DateOnly today, CancellationToken stop) => Task.FromResult<IReadOnlyList<long>>([]);
    }
}
