using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Lizhou.Tests;

namespace Lizhou.Host.Tests;

/// <summary>What other rooms do and the catalogue must hear.</summary>
public sealed class CatalogueFollowsTests
{
    [Fact]
    public async Task A_column_the_catalogue_does_not_know_becomes_a_draft_for_its_steward_and_once_published_is_collected()
    {
        await using var city = await WholeCity.Open();
        var (id, code) = await city.Publish();
        using var steward = await city.AsStewardOf(city.Unit);
        var number = await city.Collect(code, "编号,姓名,金额,登记日期\n1,模拟一,1.5,2026-01-02\n2,模拟二,2,2026-01-03\n", "Add");

        var draft = await Draft(city, id);
        var item = draft.GetProperty("entry").GetProperty("items").EnumerateArray().Last();
        (item.GetProperty("name").GetString(), item.GetProperty("type").GetString()).ShouldBe(("登记日期", "Date"));
        item.GetProperty("meaning").GetString()!.ShouldContain(number);
        draft.GetProperty("published").GetInt32().ShouldBe(1);
        (await WholeCity.Page(steward, "/")).ShouldContain($"批次 {number} 等带来 1 个新列，待核对");
        (await WholeCity.Page(steward, $"/catalog/{id}/edit")).ShouldContain("登记日期");

        await city.Promote(id);
        await city.Collect(code, "编号,姓名,金额,登记日期\n3,模拟三,1.5,2026-03-04\n", "Add");
        (await WholeCity.Page(steward, $"/catalog/{id}?tab=sample")).ShouldContain("2026-03-04");
        (await WholeCity.Page(steward, "/")).ShouldNotContain("待核对");
    }

    [Fact]
    public async Task A_proposal_its_steward_discarded_does_not_come_back_with_the_next_batch()
    {
        await using var city = await WholeCity.Open();
        var (id, code) = await city.Publish();
        await city.Collect(code, "编号,姓名,金额,备用列\n1,模拟,1,x\n", "Add");
        await Draft(city, id);
        await County.Json(await city.Post($"api/v1/resources/{id}/discard", new { }));

        await city.Collect(code, "编号,姓名,金额,备用列,来源\n2,模拟,1,x,y\n", "Add");
        var names = (await Draft(city, id)).GetProperty("entry").GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString());
        names.ShouldBe(["编号", "姓名", "金额", "来源"]);
    }

    [Fact]
    public async Task A_resource_that_a_source_still_fills_is_not_retired_and_the_refusal_names_the_source()
    {
        await using var city = await WholeCity.Open();
        var (id, code) = await city.Publish();
        await city.Register("till", code);

        var refused = await city.Post($"api/v1/resources/{id}/retire", new { opinion = "机构撤并" });
        (await refused.Content.ReadAsStringAsync()).ShouldContain("数据源“模拟推送”（till）");
        (await city.Post("api/v1/sources/till/pause", new { })).EnsureSuccessStatusCode();
        await County.Json(await city.Post($"api/v1/resources/{id}/retire", new { opinion = "机构撤并" }));
    }

    [Fact]
    public async Task A_renamed_unit_is_found_by_its_new_name_and_by_the_old_one_no_more()
    {
        await using var city = await WholeCity.Open();
        await city.Publish();
        (await Found(city, "模拟测试局")).ShouldBe(1);
        using var engineer = await city.As(Roles.Engineer);
        (await engineer.PutAsJsonAsync($"/api/v1/units/{city.Unit}", new { name = "虚构统计局", code = "113307843077566033", kind = "Department" })).EnsureSuccessStatusCode();

        await Wait.For(() => city.Get($"api/v1/resources?q={Uri.EscapeDataString("虚构统计局")}"), f => f.GetProperty("page").GetProperty("total").GetInt64() == 1);
        (await Found(city, "模拟测试局")).ShouldBe(0);
    }

    [Fact]
    public async Task The_workbench_shows_the_reviews_that_are_mine_and_my_drafts()
    {
        await using var city = await WholeCity.Open();
        using var steward = await city.AsStewardOf(city.Unit);
        using var engineer = await city.As(Roles.Engineer);
        object entry = new
        {
            @class = "303001", name = "待审资源", unit = city.Unit, summary = "模拟", sharing = "Unconditional", ways = new[] { "Table" }, cycle = "Daily",
            items = new[] { new { name = "编号", type = "Text", length = 20 } },
        };
        var id = (await County.Json(await steward.PostAsJsonAsync("/api/v1/resources", entry))).GetProperty("id").GetGuid();
        var drafted = await WholeCity.Page(steward, "/");
        drafted.ShouldContain("我的草稿");
        drafted.ShouldNotContain("待审资源");

        await County.Json(await steward.PostAsJsonAsync($"/api/v1/resources/{id}/submit", new { }));
        (await WholeCity.Page(steward, "/")).ShouldContain("待审资源");
        (await WholeCity.Page(engineer, "/")).ShouldNotContain("待审资源");
        await County.Json(await steward.PostAsJsonAsync($"/api/v1/resources/{id}/review", new { pass = true }));
        (await WholeCity.Page(engineer, "/")).ShouldContain($"/catalog/{id}/review");
        (await WholeCity.Page(steward, "/")).ShouldNotContain($"/catalog/{id}/review");
    }

    private static Task<JsonElement> Draft(WholeCity city, Guid resource) => Wait.For(
        async () => (await city.Get($"api/v1/resources/{resource}")) is var shown && shown.GetProperty("opened") is { ValueKind: JsonValueKind.Number } opened
            ? await city.Get($"api/v1/resources/{resource}?version={opened.GetInt32()}")
            : shown,
        r => r.GetProperty("opened").ValueKind == JsonValueKind.Number && r.GetProperty("version").GetInt32() == r.GetProperty("opened").GetInt32());

    private static async Task<long> Found(WholeCity city, string words) =>
        (await city.Get($"api/v1/resources?q={Uri.EscapeDataString(words)}")).GetProperty("page").GetProperty("total").GetInt64();
}
