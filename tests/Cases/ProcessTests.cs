// The picture of the process is what the ledger of events says: where cases are, how they went between loops, and a day told again hour by hour; nobody counts cases that are none of theirs.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Kernel;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class ProcessTests(CaseCity city) : IClassFixture<CaseCity>
{
    [Fact]
    public async Task A_day_told_again_counts_each_case_in_the_state_it_was_in_at_that_hour()
    {
        var day = DateTimeOffset.Parse((await city.Detail(await city.Dispatched())).GetProperty("case").GetProperty("reportedAt").GetString()!, System.Globalization.CultureInfo.InvariantCulture).ToOffset(TimeSpan.FromHours(8));
        city.Advance(TimeSpan.FromHours(24));
        using var bureau = await city.As(Roles.Engineer);
        using var plumber = await city.AsStewardOf(CaseCity.Water);
        var closed = (await Json(await bureau.PostAsJsonAsync("/api/v1/cases", new { words = "路边有一堆垃圾", place = "330784001" }))).GetProperty("number").GetString()!;
        await Json(await city.Act(bureau, closed, "reject", new { reason = "不属于本市" }));
        var told = await Replay(bureau, day);
        var last = told.GetProperty("hours").EnumerateArray().Last();
        last.GetProperty("at").GetDateTimeOffset().ShouldBe(new DateTimeOffset(day.Year, day.Month, day.Day, 0, 0, 0, TimeSpan.FromHours(8)).AddDays(1));
        Of(told, last, "handling").ShouldBe(1);
        Of(told, last, "rejected").ShouldBe(0);
        told.GetProperty("hours")[0].GetProperty("many").EnumerateArray().Sum(m => m.GetInt32()).ShouldBe(0);
        Of(await Replay(plumber, day), last, "handling").ShouldBe(0);
        (await Refusal(await bureau.GetAsync("/api/v1/cases/replay?day=0001-01-01"))).ShouldBe("CAS-006");

        var picture = await Json(await bureau.GetAsync("/api/v1/cases/process"));
        var handling = picture.GetProperty("stages").EnumerateArray().Single(s => s.GetProperty("state").GetString() == "handling");
        (handling.GetProperty("many").GetInt32(), handling.GetProperty("byLoop")[1].GetInt32()).ShouldBe((1, 1));
        TimeSpan.Parse(handling.GetProperty("median").GetString()!, System.Globalization.CultureInfo.InvariantCulture).TotalHours.ShouldBeGreaterThan(23);
        picture.GetProperty("flows").EnumerateArray().Sum(f => f.GetProperty("many").GetInt32()).ShouldBe(2);
        (await Json(await plumber.GetAsync("/api/v1/cases/process"))).GetProperty("stages").GetArrayLength().ShouldBe(0);
        var page = await (await bureau.GetAsync($"/cases/process?day={day:yyyy-MM-dd}&hour=24")).Content.ReadAsStringAsync();
        page.ShouldContain("在办事件分布");
        page.ShouldContain("不予受理");
    }

    private static async Task<JsonElement> Replay(HttpClient who, DateTimeOffset day) => await Json(await who.GetAsync($"/api/v1/cases/replay?day={day:yyyy-MM-dd}"));

    private static int Of(JsonElement told, JsonElement hour, string state) =>
        told.GetProperty("states").EnumerateArray().Select(s => s.GetString()).ToList().IndexOf(state) is var i and >= 0 && i < hour.GetProperty("many").GetArrayLength() ? hour.GetProperty("many")[i].GetInt32() : 0;
}
