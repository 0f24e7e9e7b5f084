using System.Net;
using System.Net.Http.Json;
using Lizhou.Tests;
using static Lizhou.Tests.County;

namespace Lizhou.Organisation.Tests;

/// <summary>修正率: what is found wrong in the register is mended or answered, and counted.</summary>
public sealed class CorrectionTests(SharedCounty county) : IClassFixture<SharedCounty>
{
    private const string Path = "/api/v1/corrections";

    [Fact]
    public async Task Report_is_mended_only_after_the_entry_was_changed_and_the_rate_counts_it()
    {
        var (unit, person) = await Listed("模拟修正局", "错名字");
        using var reader = await county.AsStewardOf((await county.Unit("模拟读者局" + Guid.NewGuid().ToString()[..4])).GetProperty("id").GetGuid());
        using var keeper = await county.AsStewardOf(unit);
        var report = await Report(reader, person, "姓名应为“=对名字”");
        (await Refusal(await reader.PostAsJsonAsync(Path, new { kind = "Person", entry = person, wrong = "再说一遍" }))).ShouldBe("ORG-014");
        (await Refusal(await Settle(reader, report, true))).ShouldBe("ORG-008");
        (await Refusal(await Settle(keeper, report, true))).ShouldBe("ORG-015");

        (await keeper.PutAsJsonAsync($"/api/v1/people/{person}", new { name = "=对名字", unit })).EnsureSuccessStatusCode();
        (await Settle(keeper, report, true)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Refusal(await Settle(keeper, report, true))).ShouldBe("ORG-006");

        var left = await Report(reader, person, "电话不对");
        (await Rate(keeper, unit)).ShouldBe((2, 1, 0, 0.5m));
        (await Refusal(await Settle(keeper, left, false))).ShouldBe("KRN-001", "a refusal to mend needs its reason");
        (await Settle(keeper, left, false, "核实无误")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Rate(keeper, unit)).ShouldBe((2, 1, 1, 1m));
        var items = (await Json(await keeper.GetAsync(new Uri($"{Path}?unit={unit}&state=Declined", UriKind.Relative)))).GetProperty("items");
        items.EnumerateArray().ShouldHaveSingleItem().GetProperty("answer").GetString().ShouldBe("核实无误");
        (await keeper.GetStringAsync(new Uri($"{Path}/export?unit={unit}&format=csv", UriKind.Relative))).ShouldContain("核实无误");
    }

    [Fact]
    public async Task What_is_reported_about_a_unit_itself_is_the_bureaus_to_settle_and_its_steward_is_told_so()
    {
        var unit = (await county.Unit("模拟自改局" + Guid.NewGuid().ToString()[..4])).GetProperty("id").GetGuid();
        using var steward = await county.AsStewardOf(unit);
        var report = (await Json(await steward.PostAsJsonAsync(Path, new { kind = "Unit", entry = unit, wrong = "名称有误" }))).GetGuid();
        (await Refusal(await Settle(steward, report, false, "无误"))).ShouldBe("ORG-019");
        (await Settle(county.Engineer, report, false, "核实无误")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Reports_of_a_unit_are_seen_by_its_keepers_the_bureau_and_the_one_who_reported()
    {
        var (unit, person) = await Listed("模拟被报局", "张某");
        using var reporter = await county.AsStewardOf((await county.Unit("模拟报告局" + Guid.NewGuid().ToString()[..4])).GetProperty("id").GetGuid());
        using var stranger = await county.AsStewardOf((await county.Unit("模拟旁观局" + Guid.NewGuid().ToString()[..4])).GetProperty("id").GetGuid());
        await Report(reporter, person, "岗位有误");
        foreach (var (who, count) in new[] { (reporter, 1), (county.Engineer, 1), (stranger, 0) })
        {
            (await Json(await who.GetAsync(new Uri($"{Path}?unit={unit}", UriKind.Relative)))).GetProperty("total").GetInt32().ShouldBe(count);
        }
    }

    private static Task<HttpResponseMessage> Settle(HttpClient who, Guid report, bool mended, string? answer = null) => who.PostAsJsonAsync($"{Path}/{report}/settle", new { mended, answer });

    private static async Task<Guid> Report(HttpClient who, Guid person, string wrong) => (await Json(await who.PostAsJsonAsync(Path, new { kind = "Person", entry = person, wrong }))).GetGuid();

    private static async Task<(int Reported, int Mended, int Declined, decimal Rate)> Rate(HttpClient who, Guid unit)
    {
        var all = (await Json(await who.GetAsync(new Uri($"{Path}/rate?unit={unit}", UriKind.Relative)))).GetProperty("all");
        return (all.GetProperty("reported").GetInt32(), all.GetProperty("mended").GetInt32(), all.GetProperty("declined").GetInt32(), all.GetProperty("rate").GetDecimal());
    }

    private async Task<(Guid Unit, Guid Person)> Listed(string unit, string name)
    {
        var id = (await county.Unit(unit + Guid.NewGuid().ToString()[..4])).GetProperty("id").GetGuid();
        return (id, (await Json(await county.Engineer.PostAsJsonAsync("/api/v1/people", new { name, unit = id }))).GetGuid());
    }
}
