// Two units that collect the same are found by fingerprints of their columns, and whoever registers it anew is pointed to the source; levels are suggested from names and values, and changed by persons alone.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Quality.Tests;

public sealed class OnceAndLevelTests(QualityCity city) : IClassFixture<QualityCity>
{
    [Fact]
    public async Task What_two_units_collect_about_the_same_subjects_is_found_and_the_later_one_is_pointed_to_the_source()
    {
        ItemCard[] Items(string key, string address) => [ItemCard.Of(key, column: "no", key: true, required: true, level: Level.L1), ItemCard.Of(address, column: "place", level: Level.L1), ItemCard.Of("备注", column: "note", level: Level.L1)];
        var first = await city.Resource("低保对象", QualityCity.Source, Items("人员编号", "居住地址"));
        var second = await city.Resource("养老对象", QualityCity.Receiver, Items("人员编号", "现住址"));
        var apart = await city.Resource("门店", QualityCity.Receiver, Items("门店编号", "门店地址"));
        await city.Collect(first, Rows("R", 0, 300));
        await Looked(first, 300);
        await city.Collect(second, Rows("R", 60, 300));
        await city.Collect(apart, Rows("S", 0, 300));
        await Looked(second, 300);
        await Looked(apart, 300);

        var found = (await Json(await city.Engineer.GetAsync(new Uri("/api/v1/rules/once", UriKind.Relative)))).GetProperty("items").EnumerateArray().Single(r => r.GetProperty("resource").GetGuid() == second.Id || r.GetProperty("resource").GetGuid() == apart.Id || r.GetProperty("source").GetGuid() == first.Id);
        (found.GetProperty("source").GetGuid(), found.GetProperty("resource").GetGuid(), found.GetProperty("column").GetString()).ShouldBe((first.Id, second.Id, "place"));
        found.GetProperty("overlap").GetDouble().ShouldBeInRange(0.5, 0.85); // 240 of 360 values are common: 0.67

        using var scope = city.Services.CreateScope();
        var known = scope.ServiceProvider.GetRequiredService<IKnownSources>();
        var pointer = (await known.Of(second.Id, QualityCity.Receiver, second.Items, default))[0];
        (pointer.Resource, pointer.Item, pointer.SourceItem).ShouldBe((first.Id, "现住址", "居住地址"));
        // One that is not registered yet, by names alone.
        var draft = await known.Of(null, QualityCity.Receiver, [ItemCard.Of("人员编号", key: true), ItemCard.Of("居住地址")], default);
        draft.Select(k => (k.Resource, k.Overlap)).ShouldBe([(first.Id, null)]);
        (await known.Of(null, QualityCity.Receiver, [ItemCard.Of("树木编号", key: true), ItemCard.Of("树种")], default)).ShouldBeEmpty();
        (await city.Steward.GetStringAsync(new Uri("/quality/once", UriKind.Relative))).ShouldContain("养老对象");
    }

    [Fact]
    public async Task Numbers_given_out_one_after_the_other_are_no_common_subject_unless_more_items_say_so()
    {
        ItemCard[] Items(string key, string day, string other) => [ItemCard.Of(key, column: "no", key: true, required: true, level: Level.L1), ItemCard.Of(day, column: "made", level: Level.L1), ItemCard.Of(other, column: "other", level: Level.L1)];
        string Csv(string head, Func<int, string> other) => head + string.Concat(Enumerable.Range(1, 300).Select(i => $"SB{i:D10},{new DateOnly(2024, 1, 1).AddDays(i):yyyy-MM-dd},{other(i)}\n"));
        var lamps = await city.Resource("路灯", QualityCity.Source, Items("设备编号", "安装日期", "灯杆"));
        var cameras = await city.Resource("探头", QualityCity.Receiver, Items("设备编号", "启用日期", "点位"));
        var copied = await city.Resource("路灯台账", QualityCity.Receiver, Items("编号", "装灯日期", "杆"));
        await city.Collect(lamps, Csv("设备编号,安装日期,灯杆\n", i => $"杆{i * 7}"));
        await Looked(lamps, 300);
        await city.Collect(cameras, Csv("设备编号,启用日期,点位\n", i => $"路口{i * 3}"));
        await city.Collect(copied, Csv("编号,装灯日期,杆\n", i => $"杆{i * 7}"));
        await Looked(cameras, 300);
        await Looked(copied, 300);

        var found = (await Json(await city.Engineer.GetAsync(new Uri("/api/v1/rules/once?size=200", UriKind.Relative)))).GetProperty("items").EnumerateArray()
            .Where(r => new[] { lamps.Id, cameras.Id, copied.Id }.Contains(r.GetProperty("resource").GetGuid())).Select(r => (r.GetProperty("resource").GetGuid(), r.GetProperty("column").GetString())).ToList();
        found.ShouldBe([(copied.Id, "made"), (copied.Id, "other")], ignoreOrder: true);
    }

    [Theory]
    [InlineData("SB{0:D10}", 1, true), InlineData("{0}", 0, true), InlineData("SB2024{0:D6}", 1, true), InlineData("R{0}", 60, false), InlineData("330784{0:D4}X", 1, false)]
    public void A_counter_is_a_prefix_and_the_numbers_from_one_on(string form, int from, bool counts) =>
        Kept.Once.Counter.Is([.. Enumerable.Range(from, 300).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, form, i))], 300).ShouldBe(counts);

    [Fact]
    public void Numbers_with_gaps_are_no_counter() => Kept.Once.Counter.Is([.. Enumerable.Range(0, 300).Select(i => $"P{i * 7919 % 99991}")], 300).ShouldBeFalse();

    [Fact]
    public async Task Levels_are_suggested_from_names_and_values_and_a_person_confirms_or_declines()
    {
        var card = await city.Resource("出租登记", null, ItemCard.Of("登记号", column: "no", key: true, required: true, level: Level.L1), ItemCard.Of("开户账号", column: "account", level: Level.L2), ItemCard.Of("号", column: "contact", level: Level.L1), ItemCard.Of("街道", column: "street", level: Level.L3));
        await city.Collect(card, "登记号,开户账号,号,街道\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"T{i},{i},138{i:D8},东城街道\n")));
        await Looked(card, 40);
        var lines = (await Lines(card)).ToDictionary(l => l.GetProperty("column").GetString()!);
        lines["account"].GetProperty("suggested").GetString().ShouldBe("L4");
        lines["contact"].GetProperty("suggested").GetString().ShouldBe("L3", "its values are mobile numbers, whatever it is called");
        lines["street"].GetProperty("suggested").GetString().ShouldBe("L1");
        lines.ShouldNotContainKey("no");

        object Ask(string column, bool confirm, string? reason = null) => new { resource = card.Id, item = lines[column].GetProperty("item").GetGuid(), confirm, reason };
        var at = new Uri("/api/v1/rules/levels", UriKind.Relative);
        (await Refusal(await city.Steward.PostAsJsonAsync(at, Ask("street", true, "街道是公开信息")))).ShouldBe("QUA-413");
        (await Refusal(await city.Engineer.PostAsJsonAsync(at, Ask("street", true)))).ShouldBe("QUA-411");
        (await LevelOf(card, "street")).ShouldBe(Level.L3);
        (await Json(await city.Engineer.PostAsJsonAsync(at, Ask("account", true)))).GetBoolean().ShouldBeTrue();
        (await LevelOf(card, "account")).ShouldBe(Level.L4);
        (await Json(await city.Engineer.PostAsJsonAsync(at, Ask("street", true, "街道是公开信息")))).GetBoolean().ShouldBeTrue();
        (await LevelOf(card, "street")).ShouldBe(Level.L1);
        (await city.Engineer.PostAsJsonAsync(at, Ask("contact", false, "是单位总机"))).EnsureSuccessStatusCode();
        (await Lines(card)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Names_and_birth_dates_beside_an_id_number_are_not_suggested_to_be_lowered_and_what_is_bound_is_not_below_its_element()
    {
        ItemCard[] person = [ItemCard.Of("姓名", column: "name", level: Level.L3), ItemCard.Of("出生日期", ItemType.Date, "born", level: Level.L3)];
        var beside = await city.Resource("登记人员", null, [ItemCard.Of("证号", column: "id", key: true, required: true, level: Level.L3, check: CheckCharacter.IdNumber), .. person]);
        (await Lines(beside)).ShouldBeEmpty();
        var alone = await city.Resource("窗口人员", null, [ItemCard.Of("工号", column: "no", key: true, required: true, level: Level.L1), .. person]);
        (await Lines(alone)).Select(l => l.GetProperty("suggested").GetString()).ShouldBe(["L2", "L2"]);

        // Published before binding brought a level: it goes on, and the list says so.
        var old = await city.Resource("早先目录", null, ItemCard.Of("编号", column: "no", key: true, required: true, level: Level.L1), ItemCard.Of("号码", column: "num", level: Level.L1) with { Element = "id_number" });
        (await Lines(old)).Select(l => (l.GetProperty("column").GetString(), l.GetProperty("suggested").GetString())).ShouldBe([("num", "L3")]);
        (await city.Steward.GetStringAsync(new Uri("/quality/levels?lang=zh-CN", UriKind.Relative))).ShouldContain("早先目录");
    }

    [Fact]
    public async Task An_item_below_its_element_is_not_published_and_sensitive_items_for_everybody_need_the_bureaus_reason()
    {
        async Task<HttpResponseMessage> Step(string id, string step, object? ask = null) => await city.Engineer.PostAsJsonAsync($"/api/v1/resources/{id}/{step}", ask ?? new { });
        var made = await Json(await city.Engineer.PostAsJsonAsync("/api/v1/resources", new
        {
            @class = "303001", name = "级别检查目录", unit = QualityCity.Source, summary = "模拟", sharing = "Unconditional", ways = new[] { "Table" }, cycle = "Daily",
            items = new object[] { new { name = "编号", type = "Text", key = true, level = "L1" }, new { name = "号码", type = "Text", level = "L1" }, new { name = "开户账号", type = "Text", level = "L2" } },
        }));
        var (id, entry) = (made.GetProperty("id").GetString()!, made.GetProperty("entry"));
        var item = entry.GetProperty("items")[1].GetProperty("id").GetGuid();
        var bound = await Json(await Step(id, "elements", new { bindings = new[] { new { item, element = "id_number" } } }));
        bound.GetProperty("entry").GetProperty("items")[1].GetProperty("level").GetString().ShouldBe("L3");
        string.Join('\n', bound.GetProperty("hints").EnumerateArray().Select(h => h.GetString())).ShouldContain("L4");

        var lowered = System.Text.Json.Nodes.JsonNode.Parse(bound.GetProperty("entry").GetRawText())!;
        lowered["items"]![1]!["level"] = "L1";
        await Json(await city.Engineer.PutAsJsonAsync($"/api/v1/resources/{id}", lowered));
        (await Refusal(await Step(id, "submit"))).ShouldBe("CAT-033");

        lowered["items"]![1]!["level"] = "L3";
        await Json(await city.Engineer.PutAsJsonAsync($"/api/v1/resources/{id}", lowered));
        await Json(await Step(id, "submit"));
        await Json(await Step(id, "review", new { pass = true }));
        var page = System.Net.WebUtility.HtmlDecode(await city.Engineer.GetStringAsync(new Uri($"/catalog/{id}/review?lang=zh-CN", UriKind.Relative)));
        page.ShouldContain("请核对分级");
        page.ShouldContain("建议 L4");
        (await Refusal(await Step(id, "publish"))).ShouldBe("CAT-034");
        await Json(await Step(id, "publish", new { opinion = "依法须无条件提供，返回时脱敏" }));
    }

    private static string Rows(string prefix, int from, int many) => (prefix == "S" ? "门店编号,门店地址,备注\n" : prefix == "R" && from > 0 ? "人员编号,现住址,备注\n" : "人员编号,居住地址,备注\n")
        + string.Concat(Enumerable.Range(from, many).Select(i => $"{prefix}{i},{prefix}路{i}号,{prefix}备注{i * 7}{from}\n"));

    private async Task<List<JsonElement>> Lines(ResourceCard card) =>
        [.. (await Json(await city.Engineer.GetAsync(new Uri("/api/v1/rules/levels?size=200", UriKind.Relative)))).GetProperty("items").EnumerateArray().Where(l => l.GetProperty("resource").GetGuid() == card.Id)];

    private async Task<Level?> LevelOf(ResourceCard card, string column)
    {
        using var scope = city.Services.CreateScope();
        return (await scope.ServiceProvider.GetRequiredService<ICatalog>().Published(card.Id, default))!.Items.Single(i => i.Column == column).Level;
    }

    private Task<JsonElement> Looked(ResourceCard card, long rows) => Wait.For(
        async () => await Json(await city.Engineer.GetAsync(new Uri($"/api/v1/rules/of/{card.Code}", UriKind.Relative))), v => v.GetProperty("rows") is { ValueKind: JsonValueKind.Number } all && all.GetInt64() == rows);
}
