// Cases on the real program, on both databases: from a call to its closing, returned and redone on the way; who may what; the same report twice; two at once; what the rows say is what the events say.
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class CaseStoryTests(CaseCity city) : CaseStory(city), IClassFixture<CaseCity>;

public sealed class CaseStoryTestsOnPostgreSql(PostgresCaseCity city) : CaseStory(city), IClassFixture<PostgresCaseCity>;

public abstract class CaseStory(CaseCity city)
{
    [Fact]
    public async Task A_call_is_accepted_filed_dispatched_handled_failed_redone_verified_closed_and_asked_about()
    {
        var number = await city.Dispatched();
        (await city.Detail(number)).GetProperty("options").EnumerateArray().Where(o => o.GetProperty("may").GetBoolean()).Select(o => o.GetProperty("act").GetString()).ShouldContain("supervise");
        await Json(await city.Act(city.Cleaner, number, "feedback", new { result = "已清理" }));
        await Json(await city.Act(city.Bureau, number, "rework", new { reason = "仍有残留" }));
        await Json(await city.Act(city.Cleaner, number, "feedback", new { result = "再次清理" }));
        await Json(await city.Act(city.Bureau, number, "send-verify"));
        await Json(await city.Act(city.Bureau, number, "verified", new { result = "已核实" }));
        await Json(await city.Act(city.Bureau, number, "close"));
        var done = await Json(await city.Act(city.Bureau, number, "satisfied"));

        (await Refusal(await city.Act(city.Bureau, number, "satisfied"))).ShouldBe("CAS-004", "once a closing");
        CaseCity.State(done).ShouldBe("closed");
        done.GetProperty("case").GetProperty("outcome").GetString().ShouldBe("Normal");
        done.GetProperty("case").GetProperty("reworks").GetInt32().ShouldBe(1);
        done.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("act").GetString())
            .ShouldBe(["report", "accept", "file", "dispatch", "feedback", "rework", "feedback", "send-verify", "verified", "close", "satisfied"]);
        done.GetProperty("clocks").EnumerateArray().ShouldAllBe(c => c.GetProperty("met").GetBoolean());
        done.GetProperty("legs").EnumerateArray().Single().GetProperty("outcome").GetString().ShouldBe("Handled");
        done.GetProperty("reporters")[0].GetProperty("name").GetString().ShouldBe("钱**");
        (await Json(await city.Bureau.PostAsync($"/api/v1/cases/{number}/reporters", null)))[0].GetProperty("phone").GetString().ShouldBe("13800000000");
        (await city.Bureau.GetStringAsync($"/cases/{number}")).ShouldContain("再次清理");
        using var auditor = await city.As(Roles.AuditAdministrator);
        (await auditor.GetStringAsync($"/api/v1/ledger/entries?act=case.act&subject={number}")).ShouldContain("case.act");
    }

    [Fact]
    public async Task Who_has_no_part_in_a_case_is_told_there_is_none_and_who_has_may_only_what_is_theirs()
    {
        var number = await city.Dispatched();
        (await Refusal(await city.Plumber.GetAsync($"/api/v1/cases/{number}"))).ShouldBe("CAS-001");
        (await Refusal(await city.Act(city.Plumber, number, "feedback", new { result = "好了" }))).ShouldBe("CAS-001");
        ((int)(await city.Plumber.GetAsync($"/cases/{number}")).StatusCode).ShouldBe(404);
        (await Refusal(await city.Act(city.Bureau, number, "feedback", new { result = "好了" }))).ShouldBe("CAS-003");
        (await Refusal(await city.Act(city.Cleaner, number, "verified", new { result = "好了" }))).ShouldBe("CAS-002");
        (await Refusal(await city.Act(city.Cleaner, number, "feedback"))).ShouldBe("CAS-005");
        (await Refusal(await city.Act(city.Cleaner, number, "nothing"))).ShouldBe("CAS-002");
        (await Refusal(await city.Cleaner.PostAsync($"/api/v1/cases/{number}/reporters", null))).ShouldBe("CAS-003");
        var option = (await city.Detail(number, city.Cleaner)).GetProperty("options").EnumerateArray().Single(o => o.GetProperty("act").GetString() == "redispatch");
        (option.GetProperty("may").GetBoolean(), option.GetProperty("code").GetString()).ShouldBe((false, "CAS-003"));
        using var auditor = await city.As(Roles.AuditAdministrator);
        (await auditor.GetAsync("/api/v1/cases")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Every_act_told_to_be_open_is_taken_and_every_other_is_refused_as_it_was_told()
    {
        foreach (var who in new[] { city.Bureau, city.Cleaner })
        {
            var told = (await city.Detail(await city.Dispatched(), who)).GetProperty("options").EnumerateArray().Select(o => (Act: o.GetProperty("act").GetString()!, May: o.GetProperty("may").GetBoolean(), Code: o.GetProperty("code").GetString())).ToList();
            told.Count.ShouldBeGreaterThan(5);
            foreach (var (act, may, code) in told)
            {
                var answer = await city.Act(who, await city.Dispatched(), act, new { reason = "因为", result = "好了", hours = "2", node = "330784001001" });
                (answer.IsSuccessStatusCode ? null : await Refusal(answer)).ShouldBe(may ? null : code, act);
            }
        }
    }

    [Fact]
    public async Task A_report_sent_twice_even_at_once_is_one_case_and_so_is_an_act()
    {
        var key = Guid.NewGuid().ToString();
        var numbers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => city.Report(key: key)));
        numbers.Distinct().Count().ShouldBe(1);
        (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => city.Report()))).Distinct().Count().ShouldBe(20);

        var number = numbers[0];
        var acts = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => city.Act(city.Bureau, number, "accept", new { @class = "0102" }, key: "once")));
        acts.ShouldAllBe(a => a.IsSuccessStatusCode);
        (await city.Detail(number)).GetProperty("events").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Of_two_who_act_at_once_one_is_told_that_the_other_was_faster()
    {
        var number = await city.Dispatched();
        var revision = (await city.Detail(number)).GetProperty("case").GetProperty("revision").GetInt64();
        var both = await Task.WhenAll(city.Act(city.Cleaner, number, "feedback", new { result = "好了" }, revision), city.Act(city.Cleaner, number, "ask-hold", new { reason = "缺件" }, revision));
        both.Select(b => b.StatusCode).ShouldBe([HttpStatusCode.OK, HttpStatusCode.Conflict], ignoreOrder: true);
        (await Refusal(both.Single(b => !b.IsSuccessStatusCode))).ShouldBe("CAS-007");
    }

    [Theory]
    [InlineData("""{"words":"短"}""", "KRN-001")]
    [InlineData("""{"words":"路边有一堆垃圾","place":"999999"}""", "CAS-009")]
    [InlineData("""{"words":"路边有一堆垃圾","class":"9999"}""", "CAS-006")]
    [InlineData("""{"words":"路边有一堆垃圾","x":500,"y":3}""", "KRN-001")]
    [InlineData("""{"words":"路边有一堆垃圾","at":"2100-01-01T00:00:00Z"}""", "CAS-008")]
    [InlineData("""{"words":""", "HST-018")]
    public async Task What_is_wrong_with_a_report_is_told_and_nothing_is_made(string body, string code)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        (await Refusal(await city.Bureau.PostAsync("/api/v1/cases", content))).ShouldBe(code);
    }

    [Fact]
    public async Task What_the_rows_say_is_what_the_events_say_and_a_row_that_was_changed_is_found_and_told_again()
    {
        var number = await city.Dispatched();
        await Json(await city.Act(city.Cleaner, number, "ask-delay", new { hours = "3", reason = "下雨" }));
        await Json(await city.Act(city.Bureau, number, "grant-delay"));
        var rebuilt = await Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null));
        rebuilt.GetProperty("cases").GetInt64().ShouldBeGreaterThan(0);
        rebuilt.GetProperty("different").GetInt64().ShouldBe(0, rebuilt.ToString());

        await using (var connection = await city.Services.GetRequiredService<StateStore>().Open())
        {
            await connection.Execute(null, $"UPDATE case_file SET state = 'closed', unit = NULL WHERE number = {number}");
        }

        CaseCity.State(await city.Detail(number)).ShouldBe("closed");
        (await Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("numbers").EnumerateArray().Single().GetString().ShouldBe(number);
        CaseCity.State(await city.Detail(number)).ShouldBe("handling");
        (await Refusal(await city.Cleaner.PostAsync("/api/v1/cases/rebuild", null))).ShouldBe("CAS-010");
    }

    [Fact]
    public async Task The_list_filters_by_state_class_place_and_day_and_goes_on_where_it_ended()
    {
        var numbers = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            numbers.Add(await city.Report(@class: "0104"));
        }

        async Task<JsonElement> List(string query, HttpClient? who = null) => await Json(await (who ?? city.Bureau).GetAsync(new Uri($"/api/v1/cases?{query}", UriKind.Relative)));
        static IEnumerable<string?> Numbers(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("number").GetString());
        var first = await List("class=0104&state=reported&node=330784001&size=3");
        Numbers(first).ShouldBe(numbers.AsEnumerable().Reverse().Take(3));
        Numbers(await List($"class=0104&state=reported&node=330784001&size=3&after={first.GetProperty("after").GetString()}")).ShouldBe(numbers.AsEnumerable().Reverse().Skip(3));
        first.GetProperty("total").GetInt64().ShouldBe(5);
        (await List("class=0104&from=2020-01-01&to=2020-01-02")).GetProperty("total").GetInt64().ShouldBe(0);
        (await List($"q={numbers[0]}")).GetProperty("total").GetInt64().ShouldBe(1);
        (await List("class=0104&light=Red")).GetProperty("total").GetInt64().ShouldBe(0);
        (await List("class=0104", city.Plumber)).GetProperty("total").GetInt64().ShouldBe(0);

        var mine = await city.Dispatched();
        Numbers(await List("mine=true", city.Cleaner)).ShouldContain(mine);
        Numbers(await List("mine=true&size=200", city.Bureau)).ShouldNotContain(mine, "it waits for the unit, not for the bureau");
        (await city.Bureau.GetStringAsync("/cases?state=handling")).ShouldContain(mine);
    }

    [Fact]
    public async Task Cases_are_found_by_the_unit_their_row_names_also_once_they_have_ended()
    {
        var (open, ended) = (await city.Dispatched(), await city.Dispatched());
        await Json(await city.Act(city.Cleaner, ended, "feedback", new { result = "已清理" }));
        await Json(await city.Act(city.Bureau, ended, "verified", new { result = "已核实" }));
        await Json(await city.Act(city.Bureau, ended, "close"));
        var returned = await city.Dispatched();
        await Json(await city.Act(city.Bureau, returned, "redispatch", new { reason = "换单位" }));
        var page = await Json(await city.Bureau.GetAsync($"/api/v1/cases?unit={CaseCity.Cleaning}&size=200"));
        var found = page.GetProperty("items").EnumerateArray().ToDictionary(c => c.GetProperty("number").GetString()!, c => c.GetProperty("unit").GetString());
        found.Values.ShouldAllBe(u => u == "模拟环卫中心");
        found.Keys.ShouldContain(open);
        found.Keys.ShouldContain(ended);
        found.Keys.ShouldNotContain(returned, "nobody leads it");
        page.GetProperty("totalIsExact").GetBoolean().ShouldBeTrue();
        page.GetProperty("items").EnumerateArray().Where(c => c.GetProperty("loop").GetString() == "Small" && !c.GetProperty("ended").GetBoolean()).ShouldAllBe(c => c.GetProperty("stay").ValueKind == JsonValueKind.Object);
        (await Json(await city.Bureau.GetAsync($"/api/v1/cases?unit={CaseCity.Cleaning}&ended=true&q={ended}"))).GetProperty("total").GetInt64().ShouldBe(1);
        (await city.Bureau.GetStringAsync($"/cases?unit={CaseCity.Cleaning}&q={ended}")).ShouldSatisfyAllConditions(p => p.ShouldContain($"/cases/{ended}"), p => p.ShouldContain($"value=\"{CaseCity.Cleaning}\" selected"));
        (await city.Bureau.GetStringAsync($"/cases?unit={CaseCity.Water}&q={ended}")).ShouldNotContain($"/cases/{ended}");
        var clocks = (await city.Detail(open)).GetProperty("clocks").EnumerateArray().ToList();
        clocks.Where(c => c.GetProperty("loop").ValueKind == JsonValueKind.String).Select(c => c.GetProperty("loop").GetString()).ShouldBe(["Small"]);
        (await Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task An_extension_past_the_limit_of_the_whole_case_is_told_to_who_grants_it_and_by_the_case()
    {
        var number = await city.Dispatched();
        await Json(await city.Act(city.Cleaner, number, "ask-delay", new { hours = "400", reason = "下雨" }));
        (await city.Bureau.GetStringAsync($"/cases/{number}")).ShouldSatisfyAllConditions(p => p.ShouldContain("晚于整个案卷期限"), p => p.ShouldNotContain("本环节期限晚于整个案卷期限"));
        await Json(await city.Act(city.Bureau, number, "grant-delay"));
        var clock = (await city.Detail(number)).GetProperty("clocks").EnumerateArray().Single(c => c.GetProperty("beyond").GetBoolean());
        var more = clock.GetProperty("extensions").EnumerateArray().Single();
        (more.GetProperty("hours").GetDouble(), more.GetProperty("unit").GetString()).ShouldBe((400, "WorkHours"));
        clock.GetProperty("explained").GetProperty("lines").EnumerateArray().Aggregate(TimeSpan.Zero, (sum, l) => sum + TimeSpan.Parse(l.GetProperty("counted").GetString()!, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(TimeSpan.FromHours(404));
        (await city.Bureau.GetStringAsync($"/cases/{number}")).ShouldSatisfyAllConditions(p => p.ShouldContain("本环节期限晚于整个案卷期限"), p => p.ShouldContain("延期 400 工作时"));
    }

    [Fact]
    public async Task A_flow_whose_whole_limit_is_too_short_for_a_class_is_warned_of_and_may_be_published()
    {
        var checkedFlow = await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-flows/check", new { text = Flows.PublishFlow.Shipped().Replace("at-least: stages", "", StringComparison.Ordinal) }));
        checkedFlow.EnumerateArray().ShouldAllBe(f => f.GetProperty("warning").GetBoolean() && f.GetProperty("line").GetInt32() == 6);
        checkedFlow.EnumerateArray().Select(f => f.GetProperty("what").GetString()).ShouldContain(w => w!.Contains("私搭乱建", StringComparison.Ordinal) && w.Contains("20 工作日", StringComparison.Ordinal));
        (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-flows/check", new { text = Flows.PublishFlow.Shipped() }))).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_case_merged_into_another_keeps_its_reporter_there_and_can_be_taken_out_again()
    {
        var (main, same) = (await city.Report(), await city.Report("同一堆垃圾，又有人反映"));
        (await Refusal(await city.Act(city.Bureau, same, "merge", new { parent = same }))).ShouldBe("CAS-006");
        await Json(await city.Act(city.Bureau, same, "merge", new { parent = main }));
        (await city.Detail(main)).GetProperty("reporters").EnumerateArray().Select(r => r.GetProperty("case").GetString()).ShouldBe([main, same]);
        CaseCity.State(await Json(await city.Act(city.Bureau, same, "unmerge", new { reason = "不是同一处" }))).ShouldBe("reported");
        (await city.Detail(main)).GetProperty("merged").GetArrayLength().ShouldBe(0);
    }
}

/// <summary>A city whose clock, flow and duties these tests change.</summary>
public sealed class CaseChangeTests
{
    [Fact]
    public async Task A_case_past_its_limit_is_told_so_once_and_closes_late()
    {
        await using var city = new CaseCity();
        await city.InitializeAsync();
        var number = await city.Dispatched();
        city.Advance(TimeSpan.FromDays(20));
        using var handler = await city.AsStewardOf(CaseCity.Cleaning);
        using var bureau = await city.As(Roles.Engineer);
        await Wait.Until(async () => (await city.Detail(number, bureau)).GetProperty("events").EnumerateArray().Count(e => e.GetProperty("act").GetString() == "overdue") == 1);
        (await city.Detail(number, bureau)).GetProperty("case").GetProperty("light").GetString().ShouldBe("Red");
        await Json(await city.Act(handler, number, "feedback", new { result = "已清理" }));
        await Json(await city.Act(bureau, number, "verified", new { result = "已核实" }));
        (await Json(await city.Act(bureau, number, "close"))).GetProperty("case").GetProperty("outcome").GetString().ShouldBe("Late");
        (await city.Detail(number, bureau)).GetProperty("events").EnumerateArray().Count(e => e.GetProperty("act").GetString() == "overdue").ShouldBe(1);
    }

    [Fact]
    public async Task A_new_flow_is_for_new_cases_a_wrong_one_is_refused_with_its_line_and_a_case_is_moved_by_hand()
    {
        await using var city = new CaseCity();
        await city.InitializeAsync();
        var old = await city.Dispatched();
        var text = Flows.PublishFlow.Shipped();
        var wrong = await city.Bureau.PostAsJsonAsync("/api/v1/case-flows", new { text = text.Replace("en: To be accepted, limit: 30 minutes", "en: To be accepted, limit: soon", StringComparison.Ordinal), note = "试" });
        (await Refusal(wrong)).ShouldBe("CAS-011");
        (await wrong.Content.ReadAsStringAsync()).ShouldContain("10");
        (await Refusal(await city.Cleaner.PostAsJsonAsync("/api/v1/case-flows", new { text, note = "试" }))).ShouldBe("CAS-010");

        var next = text.Replace("zh: 反馈, en: Report it handled", "zh: 办结反馈, en: Report it done", StringComparison.Ordinal);
        (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-flows", new { text = next, note = "改名" }))).GetProperty("version").GetInt32().ShouldBe(2);
        (await city.Detail(await city.Dispatched())).GetProperty("case").GetProperty("flow").GetInt32().ShouldBe(2);
        (await city.Detail(old)).GetProperty("case").GetProperty("flow").GetInt32().ShouldBe(1);
        (await Json(await city.Bureau.PostAsJsonAsync($"/api/v1/cases/{old}/flow", new { version = 2 }))).GetProperty("case").GetProperty("flow").GetInt32().ShouldBe(2);
        (await Refusal(await city.Bureau.PostAsJsonAsync($"/api/v1/cases/{old}/flow", new { version = 9 }))).ShouldBe("CAS-012");
        (await Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_unit_on_duty_of_a_town_accepts_its_cases_and_the_bureau_changes_classes_from_today()
    {
        await using var city = new CaseCity();
        await city.InitializeAsync();
        var number = await city.Report();
        (await Refusal(await city.Act(city.Plumber, number, "accept", new { @class = "0102" }))).ShouldBe("CAS-001");
        var duty = await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-duties", new { node = "330784001", duty = "acceptor", unit = CaseCity.Water }));
        (await Json(await city.Act(city.Plumber, number, "accept", new { @class = "0102" }))).GetProperty("case").GetProperty("state").GetString().ShouldBe("filing");
        (await Refusal(await city.Bureau.PostAsJsonAsync("/api/v1/case-duties", new { node = "0", duty = "acceptor" }))).ShouldBe("CAS-015");
        (await Refusal(await city.Plumber.PostAsJsonAsync("/api/v1/case-duties", new { node = "330784001", duty = "acceptor" }))).ShouldBe("CAS-010");
        (await city.Bureau.PostAsync($"/api/v1/case-duties/{duty.GetProperty("id").GetString()}/end", null)).EnsureSuccessStatusCode();
        (await Refusal(await city.Act(city.Plumber, await city.Report(), "accept", new { @class = "0102" }))).ShouldBe("CAS-001");

        var classes = (await Json(await city.Bureau.GetAsync("/api/v1/case-classes"))).EnumerateArray().Select(c => c.GetProperty("code").GetString()).Distinct().Count();
        (await Json(await city.Bureau.GetAsync("/api/v1/case-duties/gaps"))).EnumerateArray().Count(g => g.GetProperty("class").ValueKind == JsonValueKind.String).ShouldBe(classes);
        var limits = new Dictionary<string, object> { ["Ordinary"] = new { amount = 2, unit = "Hours" } };
        (await city.Bureau.PutAsJsonAsync("/api/v1/case-classes", new { code = "0102", family = "市容环境", name = "暴露垃圾", unit = CaseCity.Cleaning, limits })).EnsureSuccessStatusCode();
        (await Refusal(await city.Bureau.PutAsJsonAsync("/api/v1/case-classes", new { code = "0102", family = "市容环境", name = "暴露垃圾", limits = new { } }))).ShouldBe("KRN-001");
        var handled = (await city.Detail(await city.Dispatched())).GetProperty("clocks").EnumerateArray().Last(c => !c.GetProperty("whole").GetBoolean());
        (handled.GetProperty("limit").GetProperty("amount").GetInt32(), handled.GetProperty("limit").GetProperty("unit").GetString()).ShouldBe((2, "Hours"));
        (await Json(await city.Bureau.GetAsync("/api/v1/case-duties/gaps"))).EnumerateArray().Count(g => g.GetProperty("class").ValueKind == JsonValueKind.String).ShouldBe(classes - 1);
    }
}
