// What people read of an exchange in the ledger, on pages and in refusals: names instead of ids and of the program's own words.
using System.Net.Http.Json;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

[Collection(nameof(DataCity))]
public sealed class SharingWordsTests(SharedCity city)
{
    [Fact]
    public async Task The_ledgers_export_names_units_grants_resources_items_digest_and_detail_beside_the_ids()
    {
        var (grant, program, resource) = await city.Ready(masks: new { name = "Hash" });
        await program.GetAsync($"/api/v1/data/{grant}?format=csv");
        var lines = (await (await city.Engineer.GetAsync($"/api/v1/ledger/export?format=csv&act=rows.&grant={grant}")).Content.ReadAsStringAsync()).Split('\n');
        foreach (var column in new[] { "提供机构名称", "使用机构名称", "授权编号", "目录名称", "信息项", "摘要", "明细" })
        {
            lines[0].ShouldContain(column);
        }

        foreach (var said in new[] { "模拟民政局", "模拟人社局", grant, resource.Name, "散列", "CSV 文件" })
        {
            lines[1].ShouldContain(said);
        }
    }

    [Fact]
    public async Task The_page_of_an_entry_and_of_a_request_name_the_masks()
    {
        var (grant, program, _) = await city.Ready(masks: new { name = "Hash" });
        await program.GetAsync($"/api/v1/data/{grant}?format=csv");
        var entry = (await Json(await city.Engineer.GetAsync($"/api/v1/ledger/entries?act=rows.&grant={grant}"))).GetProperty("items")[0].GetProperty("seq").GetInt64();
        var page = System.Net.WebUtility.HtmlDecode(await city.Engineer.GetStringAsync($"/ledger/{entry}"));
        page.ShouldContain("散列");
        page.ShouldContain("CSV 文件");
        page.ShouldNotContain("Hash<");
        var request = (await Json(await city.Engineer.GetAsync($"/api/v1/requests?q={(await Json(await city.Engineer.GetAsync($"/api/v1/grants/{grant}"))).GetProperty("resourceName").GetString()}"))).GetProperty("items").EnumerateArray().First(r => r.ToString().Contains(grant, StringComparison.Ordinal)).GetProperty("number").GetString();
        System.Net.WebUtility.HtmlDecode(await city.Engineer.GetStringAsync($"/requests/{request}")).ShouldContain("散列");
    }

    [Fact]
    public async Task The_page_of_a_grant_shows_its_last_day_and_not_the_midnight_after_it()
    {
        var grant = await city.Granted((await city.Resource()).Id, days: 30);
        var page = await city.AskerSteward.GetStringAsync($"/grants/{grant}");
        page.ShouldContain(city.Today.AddDays(30).ToString("yyyy-MM-dd"));
        page.ShouldNotContain(city.Today.AddDays(31).ToString("yyyy-MM-dd"));
    }

    [Fact]
    public async Task A_webhooks_address_that_is_too_long_is_told_its_length()
    {
        var grant = await city.Granted((await city.Resource()).Id, way: "Subscription");
        var refused = await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "试", hook = new { url = "https://example.org/" + new string('a', 1000) } });
        refused.IsSuccessStatusCode.ShouldBeFalse();
        (await refused.Content.ReadAsStringAsync()).ShouldContain("1020");
    }
}
