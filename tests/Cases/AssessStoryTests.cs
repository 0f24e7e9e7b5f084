// The assessment on the real program, on both databases: a reduced month of generated cases gives its counts; each figure opens its cases; an appeal that is accepted changes the figures from then on and none before.
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Cases.Assessing;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class AssessStoryTests(CaseCity city) : AssessStory(city), IClassFixture<CaseCity>;

public sealed class AssessStoryTestsOnPostgreSql(PostgresCaseCity city) : AssessStory(city), IClassFixture<PostgresCaseCity>;

public abstract class AssessStory(CaseCity city)
{
    private const string Month = "from=2016-12-01&to=2016-12-31";

    [Fact]
    public async Task A_reduced_month_of_a_log_gives_its_figures_and_each_opens_its_cases()
    {
        // A tenth of Tianmen's month: 100 filed, 97 due by its end, 91 of them closed, 74 in time.
        var log = new System.Text.StringBuilder("id,at,state,due\n");
        for (var i = 0; i < 100; i++)
        {
            var (due, end) = (i < 97 ? "15/12/2016 17:00" : "15/1/2017 17:00", i < 74 ? "14/12/2016 10:00" : i < 91 ? "20/12/2016 10:00" : null);
            log.AppendLine(CultureInfo.InvariantCulture, $"T{i},1/12/2016 9:00,新建,{due}").AppendLine(CultureInfo.InvariantCulture, $"T{i},2/12/2016 9:00,处理中,{due}");
            if (end is not null)
            {
                log.AppendLine(CultureInfo.InvariantCulture, $"T{i},{end},关闭,{due}");
            }
        }

        (await Logs.Import(city.Bureau, log.ToString(), Logs.Map("month", "limit: { due: due }\nknown: log"))).Of("cases", "written").ShouldBe(100);
        var told = await Assess(Month);
        var all = told.GetProperty("all");
        (Figure(all, "accepted"), Figure(all, "closed"), Figure(all, "closed-in-time"), Figure(all, "filed-right")).ShouldBe(((100, 0, 100), (91, 97, 93.81m), (74, 97, 76.29m), (100, 100, 100)));
        Figure(all, "urgent-closed").ShouldBe((0, 0, null), "no value");
        var checks = told.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("what").GetString() == "due");
        (checks.GetProperty("agrees").GetBoolean(), checks.Of("differ")).ShouldBe((false, 97), "a log names no unit of ours: its cases are no unit's");
        (await Assess($"{Month}&by=Area")).GetProperty("subjects").GetArrayLength().ShouldBe(0, "they lie in no town");
        (await Behind($"{Month}&metric=closed-in-time")).Count.ShouldBe(74);
        var late = await Behind($"{Month}&metric=closed-in-time&top=false");
        late.Count.ShouldBe(97);
        (await city.Detail(late[0])).GetProperty("events").GetArrayLength().ShouldBeGreaterThan(1);
        Figure((await Assess("from=2017-01-01&to=2017-01-31")).GetProperty("all"), "closed").ShouldBe((0, 3, 0));
        (await Assess("from=2017-01-01&to=2017-01-31&by=Class")).GetProperty("all").Of("cases").ShouldBeGreaterThanOrEqualTo(9, "open ones stay in sight");
        (await city.Bureau.GetStringAsync(new Uri($"/cases/assessment?{Month}&metric=closed&top=true", UriKind.Relative))).ShouldContain("93.81");
        (await city.Bureau.GetStringAsync(new Uri($"/api/v1/cases/assessment/file?format=csv&{Month}", UriKind.Relative))).ShouldContain("93.81");
        (await city.Bureau.GetByteArrayAsync(new Uri($"/api/v1/cases/assessment/file?format=xlsx&{Month}", UriKind.Relative)))[..2].ShouldBe("PK"u8.ToArray());
        (await Assess("from=1999-01-01&to=1999-01-31")).GetProperty("all").Of("cases").ShouldBe(0);
        (await city.Bureau.GetStringAsync(new Uri("/cases/assessment?from=1999-01-01&to=1999-01-31", UriKind.Relative))).ShouldContain("没有可评价的事件");
    }

    [Fact]
    public async Task An_appeal_that_is_accepted_by_somebody_else_counts_from_then_on_and_every_step_is_in_the_ledger()
    {
        var number = await city.Dispatched();
        await Json(await city.Act(city.Cleaner, number, "feedback", new { result = "已清理" }));
        await Json(await city.Act(city.Bureau, number, "rework", new { reason = "仍有残留" }));
        await Json(await city.Act(city.Cleaner, number, "feedback", new { result = "再次清理" }));
        await Json(await city.Act(city.Bureau, number, "verified", new { result = "已核实" }));
        await Json(await city.Act(city.Bureau, number, "close"));
        var running = await city.Dispatched();
        (await Behind("metric=due-many")).ShouldContain(number);
        (await Behind("metric=filed-many")).ShouldContain(running);
        (await Behind("metric=due-many")).ShouldNotContain(running, "what runs is not due yet");
        Subject(await Assess("")).GetProperty("scored").GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("points").ToString()).ShouldContain("4.8", "one failed verification of five points");
        (await Behind($"metric=rework&subject={CaseCity.Cleaning}")).ShouldContain(number);

        var body = new { asks = "NoRework", reason = "残留系他人所弃" };
        (await Refusal(await city.Plumber.PostAsJsonAsync($"/api/v1/cases/{number}/appeals", body))).ShouldBe("CAS-001");
        (await Refusal(await city.Bureau.PostAsJsonAsync($"/api/v1/cases/{number}/appeals", body))).ShouldBe("CAS-065");
        (await Refusal(await city.Cleaner.PostAsJsonAsync($"/api/v1/cases/{number}/appeals", body with { reason = " " }))).ShouldBe("KRN-001");
        var appeal = await Json(await city.Cleaner.PostAsJsonAsync($"/api/v1/cases/{number}/appeals", body));
        (await Refusal(await city.Cleaner.PostAsJsonAsync($"/api/v1/cases/{number}/appeals", body))).ShouldBe("CAS-066");
        (await Behind("metric=rework")).ShouldContain(number, "it waits");
        var before = DateTimeOffset.UtcNow;
        await Wait.Until(() => DateTimeOffset.UtcNow > before.AddMilliseconds(1));
        var id = appeal.GetProperty("id").GetGuid();
        (await Refusal(await city.Cleaner.PostAsJsonAsync($"/api/v1/cases/appeals/{id}/decision", new { accepted = true, words = "属实" }))).ShouldBe("CAS-010");
        await Json(await city.Bureau.PostAsJsonAsync($"/api/v1/cases/appeals/{id}/decision", new { accepted = true, words = "属实" }));
        (await Refusal(await city.Bureau.PostAsJsonAsync($"/api/v1/cases/appeals/{id}/decision", new { accepted = false, words = "再想" }))).ShouldBe("CAS-068");
        (await Refusal(await city.Bureau.PostAsJsonAsync($"/api/v1/cases/appeals/{Guid.NewGuid()}/decision", new { accepted = false, words = "无" }))).ShouldBe("CAS-067");

        (await Behind("metric=rework")).ShouldNotContain(number);
        (await Behind($"metric=rework&asOf={Uri.EscapeDataString(before.ToString("O"))}")).ShouldContain(number, "as it was known then");
        var own = await Assess("", city.Cleaner);
        own.GetProperty("subjects").EnumerateArray().Select(s => s.GetProperty("key").GetString()).ShouldBe([$"{CaseCity.Cleaning}"]);
        (await Refusal(await city.Cleaner.GetAsync(new Uri("/api/v1/cases/assessment?by=Area", UriKind.Relative)))).ShouldBe("CAS-062");
        (await Json(await city.Plumber.GetAsync(new Uri("/api/v1/cases/appeals", UriKind.Relative)))).GetArrayLength().ShouldBe(0);
        (await city.Bureau.GetStringAsync("/cases/appeals")).ShouldContain("残留系他人所弃");
        using var auditor = await city.As(Roles.AuditAdministrator);
        foreach (var act in new[] { "case-appeal.made", "case-appeal.decided" })
        {
            (await auditor.GetStringAsync($"/api/v1/ledger/entries?act={act}&subject={number}")).ShouldContain(act);
        }

        foreach (var by in new[] { "Post", "Area", "Class" })
        {
            (await Assess($"by={by}")).GetProperty("subjects").GetArrayLength().ShouldBeGreaterThan(0, by);
            (await city.Bureau.GetAsync(new Uri($"/cases/assessment?by={by}", UriKind.Relative))).IsSuccessStatusCode.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Nobody_decides_an_appeal_of_their_own_and_a_case_left_out_counts_nowhere()
    {
        var number = await city.Dispatched();
        using var scope = city.Services.CreateScope();
        var use = scope.ServiceProvider.GetRequiredService<AppealCount>();
        var both = new Actor(Guid.NewGuid(), "测试", CaseCity.Cleaning, new HashSet<string>([Roles.Engineer, Roles.Steward], StringComparer.Ordinal));
        var made = (await use.Run(number, new(AppealAsks.Exclude, "重复上报"), both, TestContext.Current.CancellationToken)).Value;
        (await use.Decide(made.Id, new(true, "自己同意"), both, TestContext.Current.CancellationToken)).Problem!.Code.ShouldBe("CAS-069");
        (await Behind("metric=filed-many")).ShouldContain(number);
        await Json(await city.Bureau.PostAsJsonAsync($"/api/v1/cases/appeals/{made.Id}/decision", new { accepted = true, words = "确系重复" }));
        (await Behind("metric=filed-many")).ShouldNotContain(number);
        (await Behind($"metric=filed-many&asOf={Uri.EscapeDataString(made.MadeAt.ToString("O"))}")).ShouldContain(number);
    }

    [Fact]
    public async Task A_scheme_that_is_not_whole_is_refused_and_a_good_draft_counts_from_when_another_person_publishes_it()
    {
        const string Schemes = "/api/v1/cases/assessment/schemes";
        var shipped = (await Json(await city.Bureau.GetAsync(Schemes))).EnumerateArray().Last().GetProperty("text").GetString()!;
        var bad = new { text = shipped.Replace("weight: 50 %", "weight: 51 %", StringComparison.Ordinal), note = "试" };
        var wrong = await city.Bureau.PostAsJsonAsync(Schemes, bad);
        (await wrong.Content.ReadAsStringAsync()).ShouldContain("101");
        (await Refusal(wrong)).ShouldBe("CAS-061");
        (await Json(await city.Bureau.PostAsJsonAsync($"{Schemes}/check", bad)))[0].Of("line").ShouldBeGreaterThan(1);
        (await Refusal(await city.Cleaner.PostAsJsonAsync($"{Schemes}/check", bad))).ShouldBe("CAS-010");
        var held = (await Assess("")).Of("scheme");
        (await Refusal(await city.Cleaner.PostAsJsonAsync(Schemes, new { text = shipped, note = "试" }))).ShouldBe("CAS-010");
        var text = shipped.Replace("zh: 组织保障, en: Organisation, weight: 5 %", "zh: 组织保障, en: Organisation, weight: 4 %", StringComparison.Ordinal).Replace("zh: 督办, en: Supervision, weight: 5 %", "zh: 督办, en: Supervision, weight: 6 %", StringComparison.Ordinal);
        var draft = (await Json(await city.Bureau.PostAsJsonAsync(Schemes, new { text, note = "督办加一分" }))).Of("version");
        (await Assess("")).Of("scheme").ShouldBe(held, "a draft counts for nobody");
        var file = Path.Combine(city.Data, "schemes.yaml");
        await File.WriteAllTextAsync(file, bad.text);
        var (exit, said) = await city.Command("cases", "assess", "schemes", "check", file);
        (exit, said.Contains("101", StringComparison.Ordinal)).ShouldBe((1, true), said);
        (await city.Command("cases", "assess", "schemes", "show")).Said.ShouldContain("督办加一分");
        var page = await city.Bureau.GetStringAsync($"/cases/assessment/schemes?version={draft}");
        page.ShouldContain("督办加一分");
        page.ShouldContain("4 %，人工评分");
        (await Refusal(await city.Bureau.PostAsync(new Uri($"{Schemes}/{draft}/publish", UriKind.Relative), null))).ShouldBe("CAS-060");
        (await Refusal(await city.Cleaner.PostAsync(new Uri($"{Schemes}/{draft}/publish", UriKind.Relative), null))).ShouldBe("CAS-010");
        using var second = await city.Colleague();
        (await Refusal(await second.PostAsync(new Uri($"{Schemes}/99/publish", UriKind.Relative), null))).ShouldBe("CAS-076");
        var before = DateTimeOffset.UtcNow;
        await Json(await second.PostAsync(new Uri($"{Schemes}/{draft}/publish", UriKind.Relative), null));
        (await Refusal(await second.PostAsync(new Uri($"{Schemes}/{draft}/publish", UriKind.Relative), null))).ShouldBe("CAS-077");
        (await Assess("")).Of("scheme").ShouldBe(draft);
        (await Assess($"asOf={Uri.EscapeDataString(before.ToString("O"))}")).Of("scheme").ShouldBe(held, "as of before it counted");
        (await city.Bureau.GetStringAsync($"{Schemes}/{draft}/yaml")).ShouldBe(text);
        (await Refusal(await city.Bureau.GetAsync(new Uri("/api/v1/cases/assessment/cases?metric=nothing", UriKind.Relative)))).ShouldBe("CAS-063");
        foreach (var act in new[] { "case-scheme.drafted", "case-scheme.published" })
        {
            using var auditor = await city.As(Roles.AuditAdministrator);
            (await auditor.GetStringAsync($"/api/v1/ledger/entries?act={act}&subject={draft}")).ShouldContain(act);
        }
    }

    [Fact]
    public async Task Zones_are_judged_as_areas_of_class_2_and_figures_are_split_by_matters_and_components()
    {
        const string Component = "9101";
        (await city.Bureau.PutAsJsonAsync("/api/v1/case-classes", new { code = Component, family = "公用设施", name = "路灯", limits = new { Ordinary = new { amount = 2, unit = "Workdays" } }, component = true })).EnsureSuccessStatusCode();
        async Task<string> Filed(string place, string @class)
        {
            var number = (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/cases", new { words = "路灯不亮或垃圾", place, @class }))).GetProperty("number").GetString()!;
            await Json(await city.Act(city.Bureau, number, "accept", new { @class }));
            await Json(await city.Act(city.Bureau, number, "file"));
            return number;
        }

        var (lamp, rubbish) = (await Filed("330784901", Component), await Filed("330784105", "0102"));
        var areas = (await Assess("by=Area")).GetProperty("subjects").EnumerateArray().ToDictionary(s => s.GetProperty("key").GetString()!, s => s.GetProperty("scheme").GetString()!);
        (areas["330784901"], areas["330784105"]).ShouldBe(("区域评价（二类）", "区域评价（一类）"));
        (await Assess("by=Area&scheme=area-2")).GetProperty("subjects").EnumerateArray().Select(s => s.GetProperty("scheme").GetString()).Distinct().ShouldBe(["区域评价（二类）"]);
        (await Behind("metric=filed-many&by=Kind&subject=component")).ShouldBe([lamp]);
        (await Behind("metric=filed-many&component=false")).ShouldContain(rubbish);
        (await Behind("metric=filed-many&component=false")).ShouldNotContain(lamp);
        var kinds = (await Assess("by=Kind")).GetProperty("subjects").EnumerateArray().Select(s => s.GetProperty("key").GetString());
        kinds.ShouldBe(["component", "event"]);
        (await city.Bureau.GetStringAsync(new Uri("/cases/assessment?by=Kind&component=true", UriKind.Relative))).ShouldContain("部件");
        (await city.Bureau.GetStringAsync(new Uri("/cases/assessment?by=Area", UriKind.Relative))).ShouldContain("区域评价（二类）");
        (await city.Bureau.GetStringAsync(new Uri("/cases/classes", UriKind.Relative))).ShouldContain("路灯");
    }

    [Fact]
    public async Task What_a_patrol_handled_on_the_spot_is_a_useful_report_once_it_was_passed()
    {
        async Task<string> Seen()
        {
            var number = (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/cases", new { words = "路边有一堆垃圾", place = "330784001", source = "Patrol" }))).GetProperty("number").GetString()!;
            await Json(await city.Act(city.Bureau, number, "self-handle", new { @class = "0102", result = "已清理" }));
            return number;
        }

        using var second = await city.Colleague();
        var (passed, waits, refused) = (await Seen(), await Seen(), await Seen());
        await Json(await city.Act(second, passed, "audit"));
        await Json(await city.Act(second, refused, "audit-refuse", new { reason = "仍有残留" }));
        await Json(await city.Act(second, refused, "reject", new { reason = "不属受理范围" }));
        (await Behind("metric=patrol-useful")).ShouldBe([passed]);
        (await Behind("metric=patrol-useful&top=false")).ShouldBe([passed, waits, refused], ignoreOrder: true);
    }

    [Fact]
    public async Task What_a_consultation_gives_out_counts_for_its_unit_and_what_was_not_accepted_is_judged_neither_way()
    {
        var (number, twice) = (await city.Report(), await city.Report());
        await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0102" }));
        await Json(await city.Act(city.Bureau, number, "file"));
        await Json(await Consult.Step(city.Bureau, number, "Call", new { words = "谁先处置", members = new[] { CaseCity.Water } }));
        await Json(await Consult.Step(city.Bureau, number, "Conclude", new { words = "水务主办", early = "险情紧急", tasks = new[] { new { unit = CaseCity.Water, hours = 4 } } }));
        (await Behind($"metric=dispatched-many&subject={CaseCity.Water}")).ShouldContain(number);
        await Json(await city.Act(city.Plumber, number, "feedback", new { result = "已排水" }));
        (await Behind($"metric=handled-in-time&subject={CaseCity.Water}")).ShouldContain(number);

        async Task<JsonElement> Measures() => await Json(await city.Bureau.GetAsync(new Uri("/api/v1/cases/measures?source=Hotline", UriKind.Relative)));
        var before = await Measures();
        await Json(await city.Act(city.Bureau, twice, "merge", new { parent = number }));
        var after = await Measures();
        after.Of("cases", "ended").ShouldBe(before.Of("cases", "ended") + 1);
        after.GetProperty("limit").ToString().ShouldBe(before.GetProperty("limit").ToString());
    }

    private static (decimal Top, long Bottom, decimal? Value) Figure(JsonElement subject, string name)
    {
        var m = subject.GetProperty("metrics").EnumerateArray().Single(f => f.GetProperty("name").GetString() == name);
        decimal? Number(string of) => m.TryGetProperty(of, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDecimal() : null;
        return (Number("top")!.Value, (long)(Number("bottom") ?? 0), Number("value"));
    }

    private static JsonElement Subject(JsonElement told) => told.GetProperty("subjects").EnumerateArray().Single(s => s.GetProperty("key").GetString() == $"{CaseCity.Cleaning}");

    private async Task<JsonElement> Assess(string query, HttpClient? who = null) => await Json(await (who ?? city.Bureau).GetAsync(new Uri($"/api/v1/cases/assessment?{query}", UriKind.Relative)));

    private async Task<List<string>> Behind(string query) => [.. (await Json(await city.Bureau.GetAsync(new Uri($"/api/v1/cases/assessment/cases?{query}", UriKind.Relative)))).EnumerateArray().Select(n => n.GetString()!)];
}
