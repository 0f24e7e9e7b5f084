// 一数一源: two units publish the same item about the same subjects, are both told, the bureau decides, one objects, it is decided anew; a model asks which source counts.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;
using Lizhou.Quality.Conflicts;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Quality.Tests;

public sealed class ConflictTests(QualityCity city) : IClassFixture<QualityCity>
{
    [Fact]
    public async Task Two_units_publish_the_same_the_bureau_decides_one_objects_and_a_model_learns_which_counts()
    {
        var ours = await city.Resource("户籍地址登记", QualityCity.Source, Key("公民身份号码"), ItemCard.Of("居住地址", column: "address", level: Level.L2));
        var theirs = await city.Resource("参保地址登记", QualityCity.Receiver, Key("公民 身份号码"), ItemCard.Of("居住地址（现）", column: "other", level: Level.L2), ItemCard.Of("居住地址", column: "addr", level: Level.L2));
        var conflict = await Wait.For(() => Find("居住地址"), c => c.ValueKind == JsonValueKind.Object);
        var number = conflict.GetProperty("number").GetString()!;
        conflict.GetProperty("sources").GetProperty("sources").GetArrayLength().ShouldBe(2);
        foreach (var told in new[] { city.Steward, city.ReceiverSteward })
        {
            (await told.GetStringAsync(new Uri("/", UriKind.Relative))).ShouldContain(number);
        }

        (await Refusal(await Step(city.Steward, number, "Decide", "我们的", ours))).ShouldBe("QUA-203");
        (await Refusal(await Step(city.Engineer, number, "Decide", " ", ours))).ShouldBe("QUA-205");
        await Json(await Step(city.Engineer, number, "Decide", "公安登记为准", ours));
        (await Sources(theirs, "addr"))!.Rule.ShouldBe([SurvivorStep.Authority, SurvivorStep.Recency]);
        (await Sources(theirs, "addr"))!.Sources.Single(s => s.Authority).Resource.ShouldBe(ours.Id);
        (await Sources(theirs, "other")).ShouldBeNull("an item of another name has one source");

        await Json(await Step(city.ReceiverSteward, number, "Dissent", "我们每月核实"));
        await Json(await Step(city.Engineer, number, "Decide", "维持", theirs));
        (await Refusal(await Step(city.ReceiverSteward, number, "Dissent", "再议"))).ShouldBe("QUA-204");
        (await Sources(ours, "address"))!.Sources.Single(s => s.Authority).Resource.ShouldBe(theirs.Id);

        var rate = await Json(await city.Engineer.GetAsync(new Uri("/api/v1/conflicts/rate", UriKind.Relative)));
        rate.GetProperty("items").GetInt64().ShouldBe(rate.GetProperty("alone").GetInt64() + 1);
        rate.GetProperty("rate").GetDecimal().ShouldBe(1m);
        (await city.Engineer.GetStringAsync(new Uri("/api/v1/conflicts/export?format=csv", UriKind.Relative))).ShouldContain("居住地址");
    }

    [Fact]
    public async Task An_authority_that_publishes_it_no_more_leaves_it_to_be_decided_anew_and_one_that_ended_still_shows_its_sources()
    {
        var root = Guid.Parse("01930000-0000-7000-8000-000000000001");
        var ours = await city.Resource("学历登记一", QualityCity.Source, Key("学籍号"), ItemCard.Of("最高学历", column: "degree", level: Level.L2));
        var theirs = await city.Resource("学历登记二", QualityCity.Receiver, Key("学籍号"), ItemCard.Of("最高学历", column: "degree", level: Level.L2));
        var third = await city.Resource("学历登记三", root, Key("学籍号"), ItemCard.Of("最高学历", column: "degree", level: Level.L2));
        var number = (await Wait.For(() => Find("最高学历"), c => c.ValueKind == JsonValueKind.Object && c.GetProperty("sources").GetProperty("sources").GetArrayLength() == 3)).GetProperty("number").GetString()!;
        await Json(await city.Engineer.PostAsJsonAsync($"/api/v1/conflicts/{number}/steps", new { step = "Decide", words = "教育为准", resource = ours.Id, item = ours.Items.First(i => i.Name == "最高学历").Id }));

        await Json(await city.Engineer.PostAsJsonAsync($"/api/v1/resources/{ours.Id}/retire", new { opinion = "停用" }));
        var lost = await Wait.For(() => Find("最高学历"), c => c.GetProperty("state").GetString() == "Found");
        lost.GetProperty("sources").GetProperty("reason").ValueKind.ShouldBe(JsonValueKind.Null);
        lost.GetProperty("sources").GetProperty("sources").GetArrayLength().ShouldBe(2);
        (await city.Engineer.GetStringAsync(new Uri($"/conflicts/{number}", UriKind.Relative))).ShouldContain("须重新裁定");

        await Json(await city.Engineer.PostAsJsonAsync($"/api/v1/resources/{theirs.Id}/retire", new { opinion = "停用" }));
        var ended = await Wait.For(() => Find("最高学历"), c => c.GetProperty("state").GetString() == "Ended");
        ended.GetProperty("sources").GetProperty("sources").EnumerateArray().Select(s => s.GetProperty("resource").GetGuid()).ShouldContain(third.Id);
        (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/conflicts/{number}", UriKind.Relative)))).GetProperty("state").GetString().ShouldBe("Ended");
    }

    [Fact]
    public async Task Registers_that_call_their_keys_alike_and_number_other_things_are_no_conflict_once_their_rows_show_it()
    {
        ItemCard[] Items() => [Key("检查编号"), ItemCard.Of("罚没金额", ItemType.Money, "fine", level: Level.L1)];
        ItemCard[] Same() => [Key("企业编号"), ItemCard.Of("注册资本", ItemType.Money, "capital", level: Level.L1)];
        string Rows(string header, string prefix) => $"{header}\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{prefix}{i:D4},{i}\n"));
        var (one, other) = (await city.Resource("消防检查", QualityCity.Source, Items()), await city.Resource("环保检查", QualityCity.Receiver, Items()));
        var (first, second) = (await city.Resource("企业登记", QualityCity.Source, Same()), await city.Resource("企业年报", QualityCity.Receiver, Same()));
        await Wait.For(() => Find("罚没金额"), c => c.ValueKind == JsonValueKind.Object && c.GetProperty("state").GetString() == "Found");
        await city.Collect(one, Rows("检查编号,罚没金额", "XF"));
        await city.Collect(other, Rows("检查编号,罚没金额", "HB"));
        await city.Collect(first, Rows("企业编号,注册资本", "QY"));
        await city.Collect(second, Rows("企业编号,注册资本", "QY"));
        (await Wait.For(() => Find("罚没金额"), c => c.GetProperty("state").GetString() == "Ended")).GetProperty("number").GetString().ShouldNotBeNull();
        (await Find("注册资本")).GetProperty("state").GetString().ShouldBe("Found", "they are about the same subjects");
        await Json(await city.Engineer.PostAsJsonAsync($"/api/v1/resources/{second.Id}/retire", new { opinion = "停用" }));
        await Wait.For(() => Find("注册资本"), c => c.GetProperty("state").GetString() == "Ended");
    }

    [Fact]
    public void A_small_register_within_a_large_one_is_not_apart_from_it_and_few_prints_say_nothing()
    {
        IReadOnlyList<ulong> Of(ulong from, ulong step, int many) => [.. Enumerable.Range(0, many).Select(i => from + ((ulong)i * step))];
        var large = Of(0, 10, 128);
        ApartBySubject.Apart(large, Of(0, 100, 40)).ShouldBeFalse("those of the small one that lie in the range of the large one are all in it");
        ApartBySubject.Apart(large, Of(5, 10, 128)).ShouldBeTrue();
        ApartBySubject.Apart(large, Of(5, 400, 128)).ShouldBeFalse("four of them lie in the range of the large one");
    }

    [Fact]
    public void The_same_is_the_same_name_kind_and_subject_whatever_its_letters_and_never_a_key()
    {
        ResourceCard Card(Guid unit, string key, string item, ItemType type = ItemType.Text) => new(
            Guid.NewGuid(), "1", "名", unit, null, "t", 1, ResourceState.Published, SharingKind.Unconditional, UpdateCycle.Daily, [Key(key), ItemCard.Of(item, type, "x") with { Id = Guid.NewGuid() }]);
        bool Same(ResourceCard one, ResourceCard other) => SameItems.Of([one, other]).Any(i => i.Several);
        var (a, b) = (Guid.NewGuid(), Guid.NewGuid());

        Same(Card(a, "证件号", "联系 电话"), Card(b, "证件号", "联系电话")).ShouldBeTrue();
        Same(Card(a, "证件号", "ＡＢ码"), Card(b, "证件号", "ab码")).ShouldBeTrue();
        Same(Card(a, "证件号", "电话"), Card(a, "证件号", "电话")).ShouldBeFalse("one unit is one source");
        Same(Card(a, "证件号", "电话"), Card(b, "信用代码", "电话")).ShouldBeFalse("of persons, and of firms");
        Same(Card(a, "证件号", "金额", ItemType.Money), Card(b, "证件号", "金额")).ShouldBeFalse("a number, and a text");
        Same(Card(a, "证件号", "金额", ItemType.Money), Card(b, "证件号", "金额", ItemType.Number)).ShouldBeTrue();
        var monthly = Card(b, "证件号", "金额") with { Items = [Key("证件号"), Key("月份"), ItemCard.Of("金额", column: "x")] };
        Same(Card(a, "证件号", "金额"), monthly).ShouldBeFalse("of a person, and of a person's month");
        SameItems.Of([Card(a, "证件号", "电话"), Card(b, "证件号", "地址")]).Select(i => i.Name).ShouldBe(["电话", "地址"], ignoreOrder: true);
    }

    private async Task<JsonElement> Find(string name) => (await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/conflicts?q={Uri.EscapeDataString(name)}", UriKind.Relative)))).GetProperty("items").EnumerateArray().FirstOrDefault();

    private static Task<HttpResponseMessage> Step(HttpClient who, string number, string step, string words, ResourceCard? card = null) =>
        who.PostAsJsonAsync($"/api/v1/conflicts/{number}/steps", new { step, words, resource = card?.Id, item = card?.Items.First(i => i.Name == "居住地址").Id });

    private async Task<ItemSources?> Sources(ResourceCard card, string column)
    {
        using var scope = city.Services.CreateScope();
        return await scope.ServiceProvider.GetRequiredService<ISources>().Of(card.Id, card.Items.First(i => i.Column == column).Id, default);
    }

    private static ItemCard Key(string name) => ItemCard.Of(name, column: "idno", key: true, required: true, level: Level.L3);
}
