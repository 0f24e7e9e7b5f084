// What is sent with an act and would be lost, a key used twice, on whose behalf; a move to the flow a case has; a conclusion that names a unit twice; what the public reads of a case nobody leads; working days in words.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Collection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class ActDoorTests(CaseCity city) : IClassFixture<CaseCity>
{
    [Fact]
    public async Task What_no_act_asks_for_is_refused_by_its_name_as_JSON_and_as_a_form()
    {
        var number = await city.Report();
        (HttpResponseMessage Answer, string Field)[] all =
        [
            (await city.Act(city.Bureau, number, "accept", new { @class = "0102", foo = "x" }), "foo"), (await city.Act(city.Bureau, number, "accept", new { @class = "0102", grad = "Larger" }), "grad"),
            (await city.ActWith(city.Bureau, number, "accept", [], null, ("class", "0102"), ("foo", "x")), "foo"),
        ];
        foreach (var (answer, field) in all)
        {
            (await Refusal(answer)).ShouldBe("CAS-006", field);
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("faults")[0].GetProperty("field").GetString().ShouldBe(field);
        }

        CaseCity.State(await city.Detail(number)).ShouldBe("reported");
        await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0102", hours = "3" }));
    }

    [Fact]
    public async Task A_key_that_was_used_for_another_act_is_refused_and_the_same_act_again_is_done_once()
    {
        var number = await city.Report();
        await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0102" }, key: "k1"));
        var again = await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0102" }, key: "k1"));
        again.GetProperty("events").GetArrayLength().ShouldBe(2);
        var other = await city.Act(city.Bureau, number, "file", key: "k1");
        (await Refusal(other)).ShouldBe("CAS-140");
        (await other.Content.ReadAsStringAsync()).ShouldContain("批转");
        CaseCity.State(await city.Detail(number)).ShouldBe("filing");
        await Json(await city.Act(city.Bureau, number, "file", key: "k2"));
    }

    [Fact]
    public async Task On_whose_behalf_an_act_is_taken_is_told_as_the_word_of_who_took_it()
    {
        var number = await city.Report();
        await Json(await city.Bureau.PostAsJsonAsync($"/api/v1/cases/{number}/acts", new { act = "accept", fields = new { @class = "0102" }, behalf = "市长" }));
        (await city.Bureau.GetStringAsync($"/cases/{number}")).ShouldContain("未经核实");
    }

    [Fact]
    public async Task A_case_moved_to_the_version_it_has_stays_as_it_is()
    {
        var number = await city.Report();
        var version = (await city.Detail(number)).GetProperty("case").GetProperty("flow").GetInt32();
        var moved = await Json(await city.Bureau.PostAsJsonAsync($"/api/v1/cases/{number}/flow", new { version }));
        moved.GetProperty("events").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_conclusion_that_names_a_unit_twice_is_told_so()
    {
        var number = await city.Dispatched();
        await Json(await Consult.Step(city.Bureau, number, "Call", new { words = "谁先处置", members = new[] { CaseCity.Water } }));
        var twice = new[] { new { unit = CaseCity.Water }, new { unit = CaseCity.Water } };
        var refused = await Consult.Step(city.Bureau, number, "Conclude", new { words = "水务主办", early = "险情紧急", tasks = twice });
        (await Refusal(refused)).ShouldBe("CAS-006");
        (await refused.Content.ReadAsStringAsync()).ShouldContain("同一单位不能重复");
        var unknown = await Consult.Step(city.Bureau, number, "Conclude", new { words = "水务主办", early = "险情紧急", tasks = new[] { new { unit = Guid.NewGuid() } } });
        (await unknown.Content.ReadAsStringAsync()).ShouldContain("没有这个单位");
    }

    [Fact]
    public async Task The_public_reads_no_lead_unit_of_a_case_that_waits_to_be_dispatched_again()
    {
        var number = await city.Dispatched();
        using var anybody = city.Visitor();
        async Task<string> Progress() => await anybody.GetStringAsync(new Uri($"/progress?number={number}", UriKind.Relative));
        (await Progress()).ShouldContain("模拟环卫中心");
        await Json(await city.Act(city.Cleaner, number, "feedback", new { result = "已清理" }));
        await Json(await city.Act(city.Bureau, number, "verified", new { result = "已核实" }));
        await Json(await city.Act(city.Bureau, number, "close"));
        (await Progress()).ShouldContain("模拟环卫中心", customMessage: "who settled it");
        await Json(await city.Act(city.Bureau, number, "unsatisfied", new { reason = "又脏了" }));
        (await Progress()).ShouldSatisfyAllConditions(p => p.ShouldContain("待派遣"), p => p.ShouldNotContain("模拟环卫中心"));
    }

    [Fact]
    public async Task Working_days_say_that_the_day_they_begin_is_not_counted()
    {
        async Task<JsonElement> Told(LimitUnit unit) => await Json(await city.Bureau.PostAsJsonAsync("/api/v1/calendar/deadline", new { amount = 1, unit = unit.ToString(), from = "2026-03-06T08:30:00+08:00" }));
        var days = await Told(LimitUnit.Workdays);
        days.GetProperty("due").GetDateTimeOffset().ShouldBe(new(2026, 3, 9, 17, 30, 0, TimeSpan.FromHours(8)));
        days.GetProperty("note").GetString().ShouldBe("当日不计，从次日起满 1 个工作日到期；当日余下的工作时间列在下面，不算一个工作日。");
        (await Told(LimitUnit.WorkHours)).GetProperty("note").GetString().ShouldBe("");
        (await city.Bureau.GetStringAsync("/calendar?from=2026-03-06T08:30&amount=1&unit=Workdays")).ShouldContain("当日不计");

        var number = await city.Report();
        (await city.Detail(number)).GetProperty("clocks").EnumerateArray().Single(c => c.GetProperty("whole").GetBoolean()).GetProperty("explained").GetProperty("note").GetString().ShouldStartWith("当日不计");
        (await city.Bureau.GetStringAsync($"/cases/{number}")).ShouldContain("当日不计");
    }
}
