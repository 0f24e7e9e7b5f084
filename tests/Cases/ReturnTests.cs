// What a lead unit may ask for how often, what becomes of a task an assisting unit gives back, and of supervision nobody answered: by the usual door.
using System.Net.Http.Json;
using System.Text.Json;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class ReturnTests(CaseCity city) : IClassFixture<CaseCity>
{
    private static readonly Guid Roads = Guid.Parse("01930000-0000-7000-8000-000000000001");

    [Fact]
    public async Task The_third_unit_that_returns_a_case_may_and_the_case_goes_up()
    {
        using var roads = await city.AsStewardOf(Roads);
        var number = await city.Dispatched();
        foreach (var (who, next) in new[] { (city.Cleaner, CaseCity.Water), (city.Plumber, Roads), (roads, (Guid?)null) })
        {
            await Json(await city.Act(who, number, "ask-return", new { reason = "不属本单位职责" }));
            await Json(await city.Act(city.Bureau, number, "grant-return"));
            if (next is { } unit)
            {
                await Json(await city.Act(city.Bureau, number, "dispatch", new { unit }));
            }
        }

        var detail = await city.Detail(number);
        detail.GetProperty("case").ShouldSatisfyAllConditions(c => c.GetProperty("returns").GetInt32().ShouldBe(3), c => c.GetProperty("loop").GetString().ShouldBe("Large"));
        detail.GetProperty("events").EnumerateArray().Last().GetProperty("act").GetString().ShouldBe("climbed");
        await Rebuilt();
    }

    [Theory]
    [InlineData("delay")]
    [InlineData("hold")]
    [InlineData("return")]
    public async Task A_unit_asks_twice_whatever_comes_of_it_and_the_next_unit_as_often(string what)
    {
        var number = await city.Dispatched();
        Task<HttpResponseMessage> Ask(HttpClient who) => city.Act(who, number, $"ask-{what}", what == "delay" ? new { reason = "下雨", hours = "3" } : new { reason = "下雨" });
        await Json(await Ask(city.Cleaner));
        await Json(await city.Act(city.Bureau, number, $"refuse-{what}", new { reason = "理由不足" }));
        await Json(await Ask(city.Cleaner));
        await Json(await city.Act(city.Bureau, number, $"refuse-{what}", new { reason = "理由不足" }));
        var third = await Ask(city.Cleaner);
        (await Refusal(third)).ShouldBe("CAS-004");
        (await third.Content.ReadAsStringAsync()).ShouldContain("未获批准的也计入");

        await Json(await city.Act(city.Bureau, number, "redispatch", new { reason = "换单位" }));
        await Json(await city.Act(city.Bureau, number, "dispatch", new { unit = CaseCity.Water }));
        await Json(await Ask(city.Plumber));
        await Json(await city.Act(city.Bureau, number, $"refuse-{what}", new { reason = "理由不足" }));
        await Json(await city.Act(city.Bureau, number, "redispatch", new { reason = "仍由原单位办理" }));
        await Json(await city.Act(city.Bureau, number, "dispatch", new { unit = CaseCity.Cleaning }));
        (await Refusal(await Ask(city.Cleaner))).ShouldBe("CAS-004", "what the unit asked before counts");
        await Rebuilt();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_task_an_assisting_unit_gave_back_is_settled_by_another_unit_or_none_and_the_lead_goes_on_by_the_same_clock(bool another)
    {
        using var roads = await city.AsStewardOf(Roads);
        var number = await city.Report();
        await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0102" }));
        await Json(await city.Act(city.Bureau, number, "file"));
        await Json(await city.Act(city.Bureau, number, "dispatch", new { unit = CaseCity.Cleaning, assists = $"{CaseCity.Water}" }));
        (await Refusal(await city.Act(city.Bureau, number, "rearrange", new { reason = "换单位" }))).ShouldBe("CAS-004", "nothing was given back");
        await Json(await city.Act(city.Plumber, number, "assist-return", new { reason = "没有管网" }));
        (await Refusal(await city.Act(city.Cleaner, number, "feedback", new { result = "已清理" }))).ShouldBe("CAS-004");
        (await Refusal(await city.Act(city.Cleaner, number, "rearrange", new { reason = "换单位" }))).ShouldBe("CAS-003");
        (await Refusal(await city.Act(city.Bureau, number, "rearrange", new { assists = $"{CaseCity.Cleaning}", reason = "换单位" }))).ShouldBe("CAS-006", "it leads");

        var due = (await city.Detail(number)).GetProperty("case").GetProperty("dueAt").GetDateTimeOffset();
        var after = await Json(await city.Act(city.Bureau, number, "rearrange", new { assists = another ? $"{Roads}" : "", reason = "另作安排" }));
        after.GetProperty("case").ShouldSatisfyAllConditions(c => c.GetProperty("dueAt").GetDateTimeOffset().ShouldBe(due), c => c.GetProperty("state").GetString().ShouldBe("handling"));
        var legs = after.GetProperty("legs").EnumerateArray().ToList();
        legs.Select(l => l.GetProperty("outcome").GetString()).ShouldBe(another ? [null, "Settled", null] : [null, "Settled"]);
        legs.Skip(1).ShouldAllBe(l => l.GetProperty("parent").GetString() == legs[0].GetProperty("id").GetString());
        if (another)
        {
            (await Refusal(await city.Act(city.Cleaner, number, "feedback", new { result = "已清理" }))).ShouldBe("CAS-004", "the new one has not reported yet");
            await Json(await city.Act(roads, number, "assist-done", new { result = "已围挡" }));
        }

        await Json(await city.Act(city.Cleaner, number, "feedback", new { result = "已清理" }));
        (await city.Bureau.GetStringAsync($"/cases/{number}")).ShouldContain("已退回，另作安排");
        await Rebuilt();
    }

    [Fact]
    public async Task A_case_is_not_closed_while_its_supervision_waits_for_an_answer()
    {
        var number = await city.Dispatched();
        await Json(await city.Act(city.Bureau, number, "supervise", new { reason = "群众多次反映", hours = "1" }));
        await Json(await city.Act(city.Cleaner, number, "feedback", new { result = "已清理" }));
        await Json(await city.Act(city.Bureau, number, "verified", new { result = "已核实" }));
        var refused = await city.Act(city.Bureau, number, "close");
        (await Refusal(refused)).ShouldBe("CAS-004");
        (await refused.Content.ReadAsStringAsync()).ShouldContain("督办尚未回复");
        await Json(await city.Act(city.Cleaner, number, "reply", new { result = "已清理并加派保洁" }));
        (await Json(await city.Act(city.Bureau, number, "close"))).GetProperty("case").ShouldSatisfyAllConditions(c => c.GetProperty("ended").GetBoolean().ShouldBeTrue(), c => c.GetProperty("supervised").GetBoolean().ShouldBeFalse());

        var voided = await city.Report();
        await Json(await city.Act(city.Bureau, voided, "accept", new { @class = "0102" }));
        await Json(await city.Act(city.Bureau, voided, "supervise", new { reason = "群众多次反映" }));
        (await Refusal(await city.Act(city.Bureau, voided, "void", new { reason = "重复" }))).ShouldBe("CAS-004");
    }

    private async Task Rebuilt() => (await Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);
}
