// Reports that may be of one thing are told with their reasons, and merged by people alone.
using System.Net.Http.Json;
using Lizhou.Cases.Centre;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class AlikeTests(CaseCity city) : IClassFixture<CaseCity>
{
    [Fact]
    public async Task The_same_thing_told_twice_nearby_is_suggested_and_what_is_elsewhere_or_of_something_else_is_not()
    {
        var first = await Told("解放路口路灯不亮，晚上很黑", "0110", 120.0300, 28.9000);
        var other = await Told("垃圾桶满了没有人收", "0102", 120.0301, 28.9001);
        var far = await Told("解放路口路灯不亮", "0110", 120.0700, 28.9400);
        var again = await Told("路灯坏了，解放路口晚上很黑", "0110", 120.0305, 28.9002);
        var found = (await Json(await city.Bureau.GetAsync($"/api/v1/cases/{again}/alike"))).EnumerateArray().ToList();
        found[0].GetProperty("number").GetString().ShouldBe(first);
        found[0].GetProperty("metres").GetDouble().ShouldBeInRange(40, 70);
        found.Select(f => f.GetProperty("number").GetString()).ShouldNotContain(other);
        found.Select(f => f.GetProperty("number").GetString()).ShouldNotContain(far);
        (await city.Detail(again)).GetProperty("case").GetProperty("state").GetString().ShouldBe("reported");

        var page = await (await city.Bureau.GetAsync($"/cases/{again}?merge={first}")).Content.ReadAsStringAsync();
        page.ShouldContain($"merge={first}");
        page.ShouldContain($"value=\"{first}\"");
        await Json(await city.Act(city.Bureau, again, "merge", new { parent = first }));
        (await city.Detail(first)).GetProperty("merged")[0].GetString().ShouldBe(again);
        (await Json(await city.Bureau.GetAsync($"/api/v1/cases/{other}/alike"))).EnumerateArray().ShouldNotContain(f => f.GetProperty("number").GetString() == again);
        (await Refusal(await city.Plumber.GetAsync($"/api/v1/cases/{again}/alike"))).ShouldBe("CAS-001");
    }

    [Theory]
    [InlineData("路灯不亮", "路灯不亮！", 1)]
    [InlineData("路灯不亮", "井盖丢失", 0)]
    [InlineData("", "", 0)]
    public void Words_are_as_alike_as_their_pairs_of_characters(string one, string other, double share) => FindAlike.Same(FindAlike.Pairs(one), FindAlike.Pairs(other)).ShouldBe(share);

    private async Task<string> Told(string words, string @class, double x, double y) =>
        (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/cases", new { words, place = "330784003", @class, x, y }))).GetProperty("number").GetString()!;
}
