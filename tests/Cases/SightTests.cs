// Who goes on seeing a case that has left them: the town it was reported from, the unit that sent it up, each unit that ever had a part in handling it. They see, and act no more.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Cases.Finding;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
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

    [Fact]
    public async Task What_waits_for_a_unit_as_lead_as_assisting_or_for_its_opinion_is_the_same_in_the_list_and_on_the_map()
    {
        var led = await city.Dispatched();
        var assisted = await city.Report("井盖破损，需断水");
        await Json(await city.Act(city.Bureau, assisted, "accept", new { @class = "0102" }));
        await Json(await city.Act(city.Bureau, assisted, "file"));
        await Json(await city.Act(city.Bureau, assisted, "dispatch", new { unit = CaseCity.Cleaning, assists = $"{CaseCity.Water}" }));
        var asked = await city.Dispatched();
        await Json(await city.Bureau.PostAsJsonAsync($"/api/v1/cases/{asked}/consultation", new { step = "Call", words = "谁先处置", members = new[] { CaseCity.Water } }));
        var done = await city.Dispatched();
        await Json(await city.Act(city.Cleaner, done, "feedback", new { result = "已清理" }));

        await Waits(city.Cleaner, CaseCity.Cleaning, [led, assisted, asked]);
        await Waits(city.Plumber, CaseCity.Water, [assisted, asked]);
        await Waits(city.Cleaner, CaseCity.Cleaning, [led], new(Q: led));
        await Json(await city.Act(city.Plumber, assisted, "assist-done", new { result = "已断水" }));
        await Waits(city.Plumber, CaseCity.Water, [asked]);
    }

    [Fact]
    public async Task The_map_counts_by_light_of_open_cases_and_without_one_of_ended_those_a_unit_may_see_alone()
    {
        var (late, early, ended) = (await city.Dispatched(), await city.Dispatched(), await city.Dispatched());
        await Json(await city.Act(city.Cleaner, ended, "feedback", new { result = "已清理" }));
        await Json(await city.Act(city.Bureau, ended, "verified", new { result = "已核实" }));
        await Json(await city.Act(city.Bureau, ended, "close"));
        using var scope = city.Services.CreateScope();
        await using (var connection = await scope.ServiceProvider.GetRequiredService<StateStore>().Open())
        {
            await connection.Execute(null, $"UPDATE case_file SET due_at = '2020-01-01T00:00:00.0000000Z', warn_at = '2020-01-01T00:00:00.0000000Z' WHERE number = {late}");
            await connection.Execute(null, $"UPDATE case_file SET due_at = '2090-01-01T00:00:00.0000000Z', warn_at = '2020-01-01T00:00:00.0000000Z' WHERE number = {early}");
        }

        async Task<(int Many, int Red, int Yellow, int Running)> Of(Guid unit, CaseFilter filter)
        {
            var counts = await scope.ServiceProvider.GetRequiredService<CountPlaces>().Run(filter, Steward(unit), default);
            return (counts.Sum(c => c.Many), counts.Sum(c => c.Red), counts.Sum(c => c.Yellow), counts.Sum(c => c.Running));
        }

        (await Of(CaseCity.Cleaning, new(Q: late, Ended: false))).ShouldBe((1, 1, 0, 1));
        (await Of(CaseCity.Cleaning, new(Q: early, Ended: false))).ShouldBe((1, 0, 1, 1));
        (await Of(CaseCity.Cleaning, new(Q: early, Ended: false, Light: Light.Red))).ShouldBe((0, 0, 0, 0));
        (await Of(CaseCity.Cleaning, new("closed", Q: ended, Ended: true))).ShouldBe((1, 0, 0, 0));
        (await Of(CaseCity.Cleaning, new("closed", Q: ended, Ended: true, Light: Light.Red))).ShouldBe((0, 0, 0, 0));
        (await Of(CaseCity.Water, new("closed", Q: ended, Ended: true))).ShouldBe((0, 0, 0, 0));
        (await Of(CaseCity.Water, new(Q: late))).ShouldBe((0, 0, 0, 0));
        await Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null)); // The limits are again what the events say.
    }

    private static Actor Steward(Guid unit) => new(Guid.NewGuid(), "测试", unit, new HashSet<string>([Roles.Steward], StringComparer.Ordinal));

    private async Task Waits(HttpClient who, Guid unit, string[] numbers, CaseFilter? filter = null)
    {
        filter = (filter ?? new()) with { Mine = true };
        var listed = (await Json(await who.GetAsync(new Uri($"/api/v1/cases?mine=true&size=200&q={filter.Q}", UriKind.Relative)))).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("number").GetString());
        using var scope = city.Services.CreateScope();
        var counts = await scope.ServiceProvider.GetRequiredService<CountPlaces>().Run(filter with { Ended = false }, Steward(unit), default);
        var open = await (await scope.ServiceProvider.GetRequiredService<FindCases>().Of(filter, Steward(unit), default)).Select(f => f.Number).ToListAsync();
        listed.Intersect(numbers).ShouldBe(numbers, ignoreOrder: true);
        listed.ShouldBe(open, ignoreOrder: true);
        counts.Sum(c => c.Many).ShouldBe(open.Count);
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
