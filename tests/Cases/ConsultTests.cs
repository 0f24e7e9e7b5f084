// Consultations on the real program, on both databases: called, argued, concluded into a lead's and a co-unit's tasks that the case waits for; who may what; who is late is told; rows are what events say.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Cases.Consulting;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class ConsultTests(CaseCity city) : Consult(city), IClassFixture<CaseCity>;

public sealed class ConsultTestsOnPostgreSql(PostgresCaseCity city) : Consult(city), IClassFixture<PostgresCaseCity>;

public abstract class Consult(CaseCity city)
{
    [Fact]
    public async Task Units_are_called_say_what_they_hold_and_the_case_waits_for_the_tasks_of_the_conclusion()
    {
        var number = await city.Dispatched();
        (await Refusal(await city.Plumber.GetAsync($"/api/v1/cases/{number}"))).ShouldBe("CAS-001");
        await Json(await Step(city.Bureau, number, "Call", new { words = "积水与垃圾谁先处置", members = new[] { CaseCity.Cleaning, CaseCity.Water } }));
        (await Refusal(await Step(city.Bureau, number, "Call", new { words = "再来一次", members = new[] { CaseCity.Water } }))).ShouldBe("CAS-081");
        (await Refusal(await Step(city.Bureau, number, "Opinion", new { words = "我认为" }))).ShouldBe("CAS-083");
        (await Refusal(await Step(city.Plumber, number, "Conclude", new { words = "结论" }))).ShouldBe("CAS-003");
        (await city.Bureau.GetStringAsync($"/cases/{number}")).ShouldContain($"/cases/consultation/{number}");
        (await city.Detail(number, city.Plumber)).GetProperty("case").GetProperty("consulting").GetBoolean().ShouldBeTrue("a member sees the case");
        await Json(await Step(city.Plumber, number, "Material", new { words = "管网图", link = "https://example.org/map" }));
        await Json(await Step(city.Plumber, number, "Opinion", new { words = "先排水", key = "once" }));
        await Json(await Step(city.Plumber, number, "Opinion", new { words = "先排水", key = "once" }));
        (await Refusal(await Step(city.Bureau, number, "Conclude", new { words = "水务主办", tasks = new[] { new { unit = Guid.NewGuid() } } }))).ShouldBe("CAS-006");
        (await Refusal(await Step(city.Bureau, number, "Conclude", new { words = "不派任务", early = "情况紧急" }))).ShouldBe("CAS-005", "a lead unit is needed");
        (await Refusal(await Step(city.Bureau, number, "Conclude", new { words = "水务主办", tasks = new[] { new { unit = CaseCity.Water } } }))).ShouldBe("CAS-005", "one has not spoken, and may still");
        (await city.Bureau.GetStringAsync($"/cases/consultation/{number}")).ShouldContain("提前结论理由");
        var room = await Json(await Step(city.Bureau, number, "Conclude", new { words = "水务主办", early = "积水上涨，不再等待", minutes = "会商纪要全文", tasks = new object[] { new { unit = CaseCity.Water, hours = 4 }, new { unit = CaseCity.Cleaning, hours = 2 } } }));

        var one = room.GetProperty("consultations")[0];
        one.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("opinion").GetString()).ShouldBe([null, "先排水"]);
        one.GetProperty("early").GetString().ShouldBe("积水上涨，不再等待");
        one.GetProperty("materials")[0].GetProperty("link").GetString().ShouldBe("https://example.org/map");
        one.GetProperty("tasks").EnumerateArray().Select(t => t.GetProperty("lead").GetBoolean()).ShouldBe([true, false]);
        (await city.Detail(number)).GetProperty("events").EnumerateArray().Count(e => e.GetProperty("act").GetString() == "consult-opinion").ShouldBe(1);
        (await Refusal(await city.Act(city.Plumber, number, "feedback", new { result = "已排水" }))).ShouldBe("CAS-004");
        await Json(await city.Act(city.Cleaner, number, "assist-return", new { reason = "不属本单位" }));
        (await Refusal(await city.Act(city.Plumber, number, "feedback", new { result = "已排水" }))).ShouldBe("CAS-004");
        (await Room(number)).GetProperty("consultations")[0].GetProperty("tasks")[1].GetProperty("words").GetString().ShouldBe("不属本单位");
        (await city.Bureau.GetStringAsync($"/cases/consultation/{number}")).ShouldSatisfyAllConditions(p => p.ShouldContain("会商纪要全文"), p => p.ShouldContain("积水上涨，不再等待"));
        await Agrees();
    }

    [Fact]
    public async Task A_case_that_a_consultation_gave_to_another_unit_is_not_moved_by_the_table_that_was_in_force()
    {
        var version = (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-dispatch", new { text = "事件分类,地点,级别,主办单位,协办单位,时限,优先级,自动\n0408,,,模拟环卫中心,,8 工作时,,\n", note = "会商" }))).GetProperty("version").GetInt32();
        using var colleague = await city.Colleague();
        await Json(await colleague.PostAsync($"/api/v1/case-dispatch/{version}/publish", null));
        var number = await city.Report("河边有人倾倒", @class: "0408");
        await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0408" }));
        await Json(await city.Act(city.Bureau, number, "file"));
        await Json(await Step(city.Bureau, number, "Call", new { words = "谁来办", members = new[] { CaseCity.Water } }));
        await Json(await Step(city.Bureau, number, "Conclude", new { words = "水务主办", early = "紧急", tasks = new[] { new { unit = CaseCity.Water, hours = 4 } } }));
        var told = await Json(await city.Bureau.GetAsync(new Uri($"/api/v1/cases/dispatch/what-if?version={version}", UriKind.Relative)));
        var row = told.GetProperty("rows").EnumerateArray().Single(r => r.GetProperty("number").GetString() == number);
        (row.GetProperty("moved").GetBoolean(), row.GetProperty("thenName").GetString()).ShouldBe((false, "模拟水务局"));
    }

    [Fact]
    public async Task A_case_is_not_closed_while_a_consultation_is_open_and_why_not_is_told()
    {
        var number = await city.Dispatched();
        await Json(await city.Act(city.Cleaner, number, "feedback", new { result = "已清理" }));
        await Json(await city.Act(city.Bureau, number, "verified", new { result = "已核实" }));
        await Json(await Step(city.Bureau, number, "Call", new { words = "可否结案", members = new[] { CaseCity.Water } }));
        (await Refusal(await city.Act(city.Bureau, number, "close"))).ShouldBe("CAS-004");
        (await city.Detail(number)).GetProperty("options").EnumerateArray().Single(o => o.GetProperty("act").GetString() == "close").GetProperty("code").GetString().ShouldBe("CAS-004");
        (await Refusal(await Step(city.Bureau, number, "Conclude", new { words = "派给水务", tasks = new[] { new { unit = CaseCity.Water } } }))).ShouldBe("CAS-084");
        await Json(await Step(city.Bureau, number, "Drop", new { words = "无需会商" }));
        (await Refusal(await Step(city.Plumber, number, "Opinion", new { words = "晚了" }))).ShouldBe("CAS-082");
        await Json(await city.Act(city.Bureau, number, "close"));
        (await Refusal(await Step(city.Bureau, number, "Call", new { words = "再议", members = new[] { CaseCity.Water } }))).ShouldBe("CAS-002");
        await Agrees();
    }

    [Fact]
    public async Task While_a_consultation_is_open_the_case_is_not_moved_on_and_what_does_not_move_it_goes_on()
    {
        var number = await city.Report();
        await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0102" }));
        await Json(await city.Act(city.Bureau, number, "file"));
        await Json(await Step(city.Bureau, number, "Call", new { words = "谁来办", members = new[] { CaseCity.Water } }));
        (await Refusal(await city.Act(city.Bureau, number, "dispatch", new { unit = CaseCity.Cleaning }))).ShouldBe("CAS-004");
        var option = (await city.Detail(number)).GetProperty("options").EnumerateArray().Single(o => o.GetProperty("act").GetString() == "dispatch");
        (option.GetProperty("may").GetBoolean(), option.GetProperty("why").GetString()!.Contains("会商", StringComparison.Ordinal)).ShouldBe((false, true));
        await Json(await city.Act(city.Bureau, number, "supervise", new { reason = "抓紧" }));
        await Json(await city.Act(city.Bureau, number, "reply", new { result = "正在会商" }));
        await Json(await city.Act(city.Bureau, number, "whistle", new { reason = "需要部门到场" }));
        await Json(await Step(city.Plumber, number, "Opinion", new { words = "环卫来办" }));
        await Json(await Step(city.Bureau, number, "Conclude", new { words = "环卫主办", tasks = new[] { new { unit = CaseCity.Cleaning } } }));

        await Json(await Step(city.Bureau, number, "Call", new { words = "是否需要延期", members = new[] { CaseCity.Water } }));
        (await Refusal(await city.Act(city.Cleaner, number, "feedback", new { result = "已清理" }))).ShouldBe("CAS-004");
        await Json(await city.Act(city.Cleaner, number, "ask-hold", new { reason = "等会商结论" }));
        await Json(await city.Act(city.Bureau, number, "refuse-hold", new { reason = "不必挂账" }));
        await Json(await Step(city.Bureau, number, "Drop", new { words = "无需会商" }));
        await Json(await city.Act(city.Cleaner, number, "feedback", new { result = "已清理" }));
        await Json(await Step(city.Bureau, number, "Call", new { words = "可否通过", members = new[] { CaseCity.Water } }));
        (await Refusal(await city.Act(city.Bureau, number, "verified", new { result = "已核实" }))).ShouldBe("CAS-004");
        await Json(await Step(city.Plumber, number, "Opinion", new { words = "可以" }));
        await Json(await Step(city.Bureau, number, "Conclude", new { words = "可以通过" }));
        await Json(await city.Act(city.Bureau, number, "verified", new { result = "已核实" }));
        await Agrees();
    }

    [Fact]
    public async Task Nothing_is_told_of_who_is_in_time()
    {
        var number = await city.Dispatched();
        await Json(await Step(city.Bureau, number, "Call", new { words = "谁来办", hours = 1, members = new[] { CaseCity.Water } }));
        (await ActivatorUtilities.CreateInstance<TellAwaited>(city.Services).Look(default)).ShouldBe(0);
    }

    [Fact]
    public async Task A_task_by_a_conclusion_is_on_the_list_of_what_waits_until_the_act_that_ends_it_and_no_longer()
    {
        async Task<bool> Waits(string number, HttpClient who) => (await Json(await who.GetAsync(new Uri($"/api/v1/cases?mine=true&q={number}", UriKind.Relative)))).GetProperty("total").GetInt64() == 1;
        foreach (var (act, fields) in new (string, object)[] { ("assist-done", new { result = "已清理" }), ("assist-return", new { reason = "不属本单位" }) })
        {
            var number = await city.Dispatched();
            await Json(await Step(city.Bureau, number, "Call", new { words = "谁来办", members = new[] { CaseCity.Cleaning, CaseCity.Water } }));
            (await Waits(number, city.Plumber)).ShouldBeTrue("its opinion is awaited");
            await Json(await Step(city.Plumber, number, "Opinion", new { words = "水务主办" }));
            (await Waits(number, city.Plumber)).ShouldBeFalse();
            await Json(await Step(city.Bureau, number, "Conclude", new { words = "水务主办", early = "不再等待", tasks = new[] { new { unit = CaseCity.Water }, new { unit = CaseCity.Cleaning } } }));
            (await Waits(number, city.Cleaner)).ShouldBeTrue("it has a task by the conclusion");
            await Json(await city.Act(city.Cleaner, number, act, fields));
            (await Waits(number, city.Cleaner)).ShouldBeFalse(act);
            (await city.Detail(number)).GetProperty("legs").EnumerateArray().Select(l => (l.GetProperty("id").GetString(), l.GetProperty("parent").GetString())).ShouldBe([("4-0", null), ("7-0", "4-0"), ("7-1", "7-0")]);
        }

        await Agrees();
        var asked = await city.Dispatched();
        await Json(await Step(city.Bureau, asked, "Call", new { words = "谁来办", members = new[] { CaseCity.Water } }));
        await using (var connection = await city.Services.GetRequiredService<StateStore>().Open())
        {
            await connection.Execute(null, $"DELETE FROM case_awaited WHERE number = {asked}");
        }

        (await Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("numbers").EnumerateArray().Select(n => n.GetString()).ShouldContain(asked);
        (await Waits(asked, city.Plumber)).ShouldBeTrue("told again from the events");
        await Agrees();
    }

    internal static Task<HttpResponseMessage> Step(HttpClient who, string number, string step, object fields)
    {
        var body = JsonSerializer.SerializeToNode(fields)!.AsObject();
        body["step"] = step;
        return who.PostAsJsonAsync($"/api/v1/cases/{number}/consultation", body);
    }

    private async Task<JsonElement> Room(string number) => await Json(await city.Bureau.GetAsync(new Uri($"/api/v1/cases/{number}/consultation", UriKind.Relative)));

    private async Task Agrees() => (await Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);
}

public sealed class ConsultLateTests
{
    [Fact]
    public async Task Who_gives_no_opinion_in_time_is_told_once_and_who_gave_it_is_not()
    {
        await using var city = new CaseCity();
        await city.InitializeAsync();
        var number = await city.Dispatched();
        await Json(await Consult.Step(city.Bureau, number, "Call", new { words = "谁来办", hours = 1, members = new[] { CaseCity.Cleaning, CaseCity.Water } }));
        await Json(await Consult.Step(city.Cleaner, number, "Opinion", new { words = "我来办" }));
        city.Advance(TimeSpan.FromDays(20));
        var rounds = ActivatorUtilities.CreateInstance<TellAwaited>(city.Services);
        await rounds.Look(default);
        await rounds.Look(default);
        using var door = city.Door(); // Sessions have ended by then.
        (await city.Detail(number, door)).GetProperty("events").EnumerateArray().Count(e => e.GetProperty("act").GetString() == "consult-late").ShouldBe(1);
        (await Json(await door.GetAsync(new Uri($"/api/v1/cases/{number}/consultation", UriKind.Relative)))).GetProperty("consultations")[0].GetProperty("members").EnumerateArray().Select(m => m.GetProperty("late").GetBoolean()).ShouldBe([false, true]);
        (await Json(await door.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);
    }
}
