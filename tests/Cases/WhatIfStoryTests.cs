// 派单推演 by its doors, on both databases: API, page, file; a day of 5,000 real cases, twice the same and in time.
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class WhatIfStoryTests(CaseCity city) : WhatIfStory(city), IClassFixture<CaseCity>;

public sealed class WhatIfStoryTestsOnPostgreSql(PostgresCaseCity city) : WhatIfStory(city), IClassFixture<PostgresCaseCity>;

public abstract class WhatIfStory(CaseCity city)
{
    private const string Door = "/api/v1/cases/dispatch/what-if";
    private const string Header = "事件分类,地点,级别,主办单位,协办单位,时限,优先级,自动\n";

    [Fact]
    public async Task Cases_of_a_period_are_told_by_another_table_and_another_duty_list_and_nothing_is_changed()
    {
        (await Refusal(await city.Bureau.GetAsync(new Uri(Door, UriKind.Relative)))).ShouldBe("CAS-058");
        List<string> numbers = [];
        for (var i = 0; i < 3; i++)
        {
            numbers.Add(await city.Dispatched());
        }

        await Json(await city.Act(city.Cleaner, numbers[0], "feedback", new { result = "已清理" }));
        await Json(await city.Act(city.Bureau, numbers[0], "verified", new { result = "已核实" }));
        await Json(await city.Act(city.Bureau, numbers[0], "close"));
        await city.Report();
        var table = Header + "0102,,,模拟水务局,模拟环卫中心,8 工作时,,是\n";
        async Task<string> Try(object ask) => await (await city.Bureau.PostAsJsonAsync(Door, ask)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        var text = await Try(new { table });
        (await Try(new { table })).ShouldBe(text, "to the last bit");
        var told = JsonDocument.Parse(text).RootElement;
        (told.Of("cases"), told.Of("undispatched"), told.Of("moved"), told.Of("otherLimit"), told.Of("auto")).ShouldBe((3, 1, 3, 3, 3));
        var rows = told.GetProperty("rows").EnumerateArray().ToList();
        rows.Select(r => r.GetProperty("number").GetString()).ShouldBe(numbers);
        rows.ShouldAllBe(r => r.GetProperty("nowName").GetString() == "模拟环卫中心" && r.GetProperty("thenName").GetString() == "模拟水务局" && r.GetProperty("thenAssists").GetString() == "模拟环卫中心" && r.GetProperty("line").GetInt32() == 2);
        rows[0].GetProperty("basis").GetString().ShouldBe("All", "one case was handled, by another unit");
        var units = told.GetProperty("units").EnumerateArray().ToDictionary(u => u.GetProperty("name").GetString()!, u => (u.Of("now", "cases"), u.Of("then", "cases")));
        (units["模拟环卫中心"], units["模拟水务局"]).ShouldBe(((3, 0), (0, 3)));

        var version = (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-dispatch", new { text = table, note = "试算" }))).GetProperty("version").GetInt32();
        (await Json(await city.Bureau.GetAsync(new Uri($"{Door}?version={version}", UriKind.Relative)))).GetProperty("rows").GetRawText().ShouldBe(told.GetProperty("rows").GetRawText());
        var page = await city.Bureau.GetStringAsync(new Uri($"/cases/dispatch/what-if?version={version}", UriKind.Relative));
        page.ShouldSatisfyAllConditions(p => p.ShouldContain(numbers[1]), p => p.ShouldContain("3 → 0"), p => p.ShouldContain("推演方法"));
        var csv = await city.Bureau.GetStringAsync(new Uri($"{Door}/file?format=csv&version={version}", UriKind.Relative));
        csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(4);
        using var cases = new FormUrlEncodedContent([new("table", table), new("format", "csv")]);
        (await (await city.Bureau.PostAsync($"{Door}/file", cases)).EnsureSuccessStatusCode().Content.ReadAsStringAsync()).ShouldBe(csv, "of the texts as of the draft");
        using var itself = new FormUrlEncodedContent([new("table", table), new("what", "table")]);
        (await (await city.Bureau.PostAsync($"{Door}/file", itself)).EnsureSuccessStatusCode().Content.ReadAsStringAsync()).ShouldBe(await city.Bureau.GetStringAsync(new Uri($"/api/v1/case-dispatch/{version}/csv", UriKind.Relative)));
        (await city.Bureau.GetStringAsync(new Uri("/cases/dispatch/what-if?from=1999-01-01&to=1999-01-31", UriKind.Relative))).ShouldContain("这段时间没有派遣过事件");

        var list = await city.Bureau.GetStringAsync(new Uri("/api/v1/case-duties/csv", UriKind.Relative));
        var same = JsonDocument.Parse(await Try(new { duties = list })).RootElement;
        (same.Of("moved"), same.GetProperty("rows").EnumerateArray().Count(r => r.GetProperty("posts").GetArrayLength() > 0)).ShouldBe((0, 0));
        var other = JsonDocument.Parse(await Try(new { duties = "节点,岗位,单位,生效日期,失效日期\n330784001,派遣员,模拟水务局,,\n" })).RootElement;
        other.GetProperty("posts").EnumerateArray().Where(p => p.GetProperty("duty").GetString() == "dispatcher").Select(p => (p.GetProperty("unit").GetString(), p.Of("now"), p.Of("then"))).ShouldBe([("主管部门", 3, 0), ("模拟水务局", 0, 3)]);
        other.GetProperty("posts").EnumerateArray().ShouldContain(p => p.GetProperty("unit").GetString() == "无人值班" && p.GetProperty("duty").GetString() == "chief");
        CaseCity.State(await city.Detail(numbers[1])).ShouldBe("handling");
    }

    [Fact]
    public async Task Others_than_the_bureau_and_what_cannot_be_tried_are_refused()
    {
        async Task<string> Refused(object ask, HttpClient? who = null) => await Refusal(await (who ?? city.Bureau).PostAsJsonAsync(Door, ask));
        (await Refused(new { table = Header }, city.Cleaner)).ShouldBe("CAS-010");
        using var mine = new FormUrlEncodedContent([new("table", Header + "0102,,,模拟水务局,,,,\n"), new("what", "table")]);
        (await Refusal(await city.Cleaner.PostAsync($"{Door}/file", mine))).ShouldBe("CAS-010");
        using var none = new FormUrlEncodedContent([new("duties", "节点,岗位,单位,生效日期,失效日期\n330784001,派遣员,模拟水务局,,\n"), new("what", "table")]);
        (await Refusal(await city.Bureau.PostAsync($"{Door}/file", none))).ShouldBe("CAS-058");
        using var unread = new FormUrlEncodedContent([new("table", Header + "0102,,,无此单位,,,,\n")]);
        (await Refusal(await city.Bureau.PostAsync($"{Door}/file", unread))).ShouldBe("CAS-051");
        (await Refused(new { version = 99 })).ShouldBe("CAS-052");
        (await Refused(new { table = Header + "0102,,,无此单位,,,,\n" })).ShouldBe("CAS-051");
        (await Refused(new { table = Header + "0102,,,模拟水务局,,,,\n01,,,模拟环卫中心,,,,\n" })).ShouldBe("CAS-051");
        (await Refused(new { duties = "节点,岗位,单位,生效日期,失效日期\n330784,门卫,,,\n" })).ShouldBe("CAS-056");
        (await Refused(new { duties = "节点\n" })).ShouldBe("CAS-056");
        (await Refused(new { from = "2026-01-02", to = "2026-01-01", table = Header + "0102,,,模拟水务局,,,,\n" })).ShouldBe("CAS-006", "a period ends after it begins");
        (await Refused(new { from = "2020-01-01", to = "2026-01-01", table = Header })).ShouldBe("CAS-057");
        (await Refusal(await city.Bureau.GetAsync(new Uri("/api/v1/cases/dispatch/gaps?from=2020-01-01&to=2026-01-01", UriKind.Relative)))).ShouldBe("CAS-057");
        (await Json(await city.Bureau.GetAsync(new Uri("/api/v1/cases/dispatch/gaps", UriKind.Relative)))).GetArrayLength().ShouldBe(0, "the bureau is on every duty of the city");
        (await Json(await city.Bureau.GetAsync(new Uri("/api/v1/cases/dispatch/gaps?from=1999-01-01&to=1999-01-03", UriKind.Relative))))[0].Of("days").ShouldBe(3, "before anybody was on duty");
        (await city.Bureau.GetStringAsync(new Uri("/cases/dispatch?from=1999-01-01&to=1999-01-03", UriKind.Relative))).ShouldContain("1999-01-03");
    }

    [Fact]
    public async Task A_day_of_5000_real_cases_is_told_within_30_seconds_and_twice_the_same()
    {
        var day = IncidentLogTests.Day(Path.Combine(Shared.Path("process/uci_incident"), "incident_event_log.csv.gz"), 5_000);
        string[] classes = [.. (await Json(await city.Bureau.GetAsync(new Uri("/api/v1/case-classes", UriKind.Relative)))).EnumerateArray().Select(c => c.GetProperty("code").GetString()!).Order(StringComparer.Ordinal)];
        var map = IncidentLogTests.Map.Replace("group: assignment_group", $"group: {{ column: assignment_group, units: {{ {string.Join(", ", Enumerable.Range(1, 90).Select(i => $"Group {i}: {(i % 2 == 0 ? "11330600MB1573660P" : "11332500MB1601924J")}"))} }} }}", StringComparison.Ordinal)
            .Replace("class: category", $"class: {{ column: category, codes: {{ {string.Join(", ", Enumerable.Range(1, 60).Select(i => $"Category {i}: \"{classes[i % classes.Length]}\""))} }} }}", StringComparison.Ordinal);
        (await Logs.Import(city.Bureau, day, map + "\nknown: log\n", "day.csv")).Of("cases", "written").ShouldBe(5_000);
        var ask = new { from = "2016-03-07", to = "2016-03-07", table = Header + ",,,模拟水务局,,4 工作时,,\n02,,,模拟环卫中心,,,1,\n" };
        List<string> answers = [];
        var (took, worked) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        for (var run = 0; run < 2; run++)
        {
            answers.Add(await (await city.Bureau.PostAsJsonAsync(Door, ask)).EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        }

        var spent = (Environment.CpuUsage.TotalTime - worked) / 2;
        TestContext.Current.SendDiagnosticMessage($"5,000 cases: {took.Elapsed.TotalSeconds / 2:0.0} s, of the processor {spent.TotalSeconds:0.0} s");
        spent.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        answers[1].ShouldBe(answers[0]);
        var told = JsonDocument.Parse(answers[0]).RootElement;
        (told.Of("cases") + told.Of("undispatched")).ShouldBe(5_000);
        told.Of("cases").ShouldBeGreaterThan(4_000);
        told.Of("moved").ShouldBeInRange(500, told.Of("cases") - 100);
        told.GetProperty("units").EnumerateArray().Sum(u => u.Of("then", "cases")).ShouldBe(told.Of("cases"));
        told.GetProperty("rows").EnumerateArray().Where(r => r.GetProperty("moved").GetBoolean()).ShouldAllBe(r => r.GetProperty("basis").GetString() != "None");
    }
}
