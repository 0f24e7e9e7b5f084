// Who goes on seeing a case that has left them: the town it was reported from, the unit that sent it up, each unit that ever had a part in handling it. They see, and act no more.
using System.Net.Http.Json;
using System.Text.Json;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class SightTests(CaseCity city) : SightPromises(city), IClassFixture<CaseCity>;

public sealed class SightTestsOnPostgreSql(PostgresCaseCity city) : SightPromises(city), IClassFixture<PostgresCaseCity>;

public abstract class SightPromises(CaseCity city)
{
    private const string Town = "330784001";
    private const string OtherTown = "330784002";

    [Fact]
    public async Task The_town_that_whistled_the_town_it_was_reported_from_and_who_had_a_leg_still_see_it_and_nobody_else()
    {
        var mine = await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-duties", new { node = OtherTown, duty = "dispatcher", unit = CaseCity.Water }));
        var number = await city.Dispatched();
        (await Sees(city.Plumber, number)).ShouldBeFalse("it lies in another town");

        // Through the other town's hands, and up again by its whistle.
        await Json(await city.Act(city.Bureau, number, "raise", new { reason = "需部门到场" }));
        await Json(await city.Act(city.Bureau, number, "lower", new { node = OtherTown, reason = "由该镇协调" }));
        (await Sees(city.Plumber, number)).ShouldBeTrue();
        (await Json(await city.Act(city.Plumber, number, "whistle", new { reason = "请部门到场" }))).GetProperty("case").GetProperty("loop").GetString().ShouldBe("Large");
        (await Sees(city.Plumber, number)).ShouldBeTrue("it whistled");
        (await Refusal(await city.Act(city.Plumber, number, "redispatch", new { reason = "改派" }))).ShouldBe("CAS-003", "to see is not to act");

        // The cleaners had a leg, which has ended.
        await Json(await city.Act(city.Bureau, number, "redispatch", new { reason = "改派" }));
        await Json(await city.Act(city.Bureau, number, "dispatch", new { unit = CaseCity.Water }));
        (await Sees(city.Cleaner, number)).ShouldBeTrue();

        // The town it was reported from, whoever sent it up.
        var other = await city.Report("桥头积水，镇里处理不了");
        await Json(await city.Act(city.Bureau, other, "whistle", new { reason = "请部门到场" }));
        (await Sees(city.Cleaner, other)).ShouldBeFalse();
        var theirs = await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-duties", new { node = Town, duty = "patrol", unit = CaseCity.Cleaning }));
        (await Sees(city.Cleaner, other)).ShouldBeTrue();
        (await Sees(city.Plumber, other)).ShouldBeFalse();
        foreach (var duty in new[] { mine, theirs })
        {
            (await city.Bureau.PostAsync($"/api/v1/case-duties/{duty.GetProperty("id").GetString()}/end", null)).EnsureSuccessStatusCode();
        }

        (await Sees(city.Cleaner, other)).ShouldBeFalse("the duty has ended");
        (await Sees(city.Plumber, number)).ShouldBeTrue("what the unit did stays");
        (await Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);
    }

    /// <summary>The case itself and the lists, short and long, must say the same.</summary>
    private static async Task<bool> Sees(HttpClient who, string number)
    {
        async Task<bool> Listed(string query) => (await Json(await who.GetAsync(new Uri($"/api/v1/cases?{query}", UriKind.Relative)))).GetProperty("items").EnumerateArray().Any(c => c.GetProperty("number").GetString() == number);
        var (one, listed, found) = ((await who.GetAsync(new Uri($"/api/v1/cases/{number}", UriKind.Relative))).IsSuccessStatusCode, await Listed("size=200"), await Listed($"q={number}"));
        (listed, found).ShouldBe((one, one));
        return one;
    }
}
