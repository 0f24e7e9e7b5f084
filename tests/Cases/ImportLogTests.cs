// Logs of other systems as they come, on both databases: in any order, with odd dates, encodings, doubles and words nobody mapped; what becomes of every row is told, and the same log again makes nothing new.
using System.Net;
using System.Text;
using Lizhou.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Cases.Tests;

public sealed class ImportLogTests(CaseCity city) : ImportLogStory(city), IClassFixture<CaseCity>;

public sealed class ImportLogTestsOnPostgreSql(PostgresCaseCity city) : ImportLogStory(city), IClassFixture<PostgresCaseCity>;

public abstract class ImportLogStory(CaseCity city)
{
    private const string Untidy =
        """
        id;at;state;team;caller;sla;moved
        A1;3/4/2016 9:00;新建;甲组;钱女士;Y;0
        A1;5/4/2016 9:00;关闭;乙组;钱女士;N;1
        A1;3/4/2016 11:00;处理中;甲组;?;Y;0
        A1;4/4/2016 9:00;已解决;乙组;?;Y;1
        A1;4/4/2016 9:00;已解决;乙组;?;Y;1
        A2;13/4/2016 8:00;处理中;?;?;?;?
        A2;13/4/2016 7:00;-100;?;?;?;?
        A2;31/2/2016 7:00;处理中;?;?;?;?
        ?;13/4/2016 7:00;处理中;?;?;?;?
        A2;?;处理中;?;?;?;?
        A2;1/1/2199 0:00;处理中;?;?;?;?
        """;

    private static string Map(string source) => Logs.Map(source, "group: team\nreporter: { name: caller }\nlimit: { met: sla, yes: \"Y\", no: \"N\" }\ncounts: { reassigned: moved }");

    [Fact]
    public async Task Every_row_of_an_untidy_log_is_in_one_count_and_unknown_words_are_named()
    {
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!.GetBytes(Untidy);

        var told = await Logs.Import(city.Bureau, Logs.Gzip(gbk), Map("untidy"), "old.csv.gz");

        told.GetProperty("rows").ToString().ShouldBe("""{"read":11,"taken":6,"duplicate":1,"passed":0,"rejected":4,"noRows":0}""");
        told.GetProperty("rejects").EnumerateArray().Sum(r => r.Of("rows")).ShouldBe(4);
        told.GetProperty("rejects").EnumerateArray().SelectMany(r => r.GetProperty("lines").EnumerateArray()).Select(l => l.GetInt64()).Order().ShouldBe([9, 10, 11, 12]);
        told.Of("unknown", "state", "-100").ShouldBe(1);
        told.Of("cases", "written").ShouldBe(2);
        told.Of("cases", "open").ShouldBe(1);
        told.Of("events", "outOfOrder").ShouldBe(2, "one row of each case stood behind a later one");
    }

    [Fact]
    public async Task A_case_is_told_by_acts_of_the_flow_with_where_each_stood_and_no_clock_of_then_pages_anybody_now()
    {
        await Logs.Import(city.Bureau, Untidy, Map("story"));
        var number = (await County.Json(await city.Bureau.GetAsync("/api/v1/cases?from=2016-04-03&to=2016-04-03&size=200"))).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("number").GetString()!)
            .ToList().First(n => Story(n).GetAwaiter().GetResult().GetProperty("events")[0].GetProperty("log").GetProperty("source").GetString() == "story");
        var detail = await Story(number);

        number.ShouldStartWith("SJ20160403-");
        detail.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("act").GetString()).ShouldBe(["report", "accept", "file", "dispatch", "feedback", "verified", "close"]);
        detail.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("log").GetProperty("implied").GetBoolean()).ShouldBe([false, true, true, false, false, true, false]);
        detail.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("log").Of("line")).ShouldBe([2, 4, 4, 4, 5, 3, 3]);
        detail.GetProperty("case").GetProperty("outcome").GetString().ShouldBe("Late", "the log says that its limit was missed");
        detail.GetProperty("clocks").GetArrayLength().ShouldBe(0);
        detail.GetProperty("reporters")[0].GetProperty("name").GetString().ShouldBe("钱**", "who called is masked as everybody is");
        (await city.Services.GetRequiredService<Acting.TellOverdue>().Look(default)).ShouldBe(0);

        async Task<System.Text.Json.JsonElement> Story(string n) => await city.Detail(n);
    }

    [Fact]
    public async Task The_same_log_again_makes_nothing_new_and_one_that_has_grown_adds_what_is_new()
    {
        var first = string.Join('\n', Untidy.Split('\n').Where(l => !l.Contains("关闭", StringComparison.Ordinal)));
        (await Logs.Import(city.Bureau, first, Map("twice"))).Of("cases", "open").ShouldBe(2);
        var before = await Logs.Measures(city.Bureau, "source=twice");
        (await Logs.Import(city.Bureau, first, Map("twice"))).GetProperty("cases").ToString().ShouldStartWith("""{"found":2,"written":0,"continued":0,"already":2,"changed":0""");
        (await Logs.Measures(city.Bureau, "source=twice")).ToString().ShouldBe(before.ToString());

        (await Logs.Import(city.Bureau, Untidy, Map("twice"))).GetProperty("cases").ToString().ShouldStartWith("""{"found":2,"written":0,"continued":1,"already":1,"changed":0""");
        (await Logs.Measures(city.Bureau, "source=twice")).Of("cases", "ended").ShouldBe(1);
        (await County.Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null))).Of("different").ShouldBe(0);
    }

    [Fact]
    public async Task An_open_case_goes_on_here_and_what_was_done_here_is_never_written_over()
    {
        await Logs.Import(city.Bureau, "id,at,state\nB1,2026-03-02 09:00,新建", Logs.Map("cut-over"));
        var number = (await County.Json(await city.Bureau.GetAsync("/api/v1/cases?from=2026-03-02&to=2026-03-02"))).GetProperty("items")[0].GetProperty("number").GetString()!;
        await County.Json(await city.Act(city.Bureau, number, "accept", new { @class = "0102" }));

        (await Logs.Import(city.Bureau, "id,at,state\nB1,2026-03-02 09:00,新建\nB1,2026-03-03 09:00,关闭", Logs.Map("cut-over"))).GetProperty("cases").GetProperty("changedCases")[0].GetString().ShouldBe("B1");

        CaseCity.State(await city.Detail(number)).ShouldBe("filing");
        (await city.Detail(number)).GetProperty("case").GetProperty("dueAt").GetString().ShouldNotBeNull("its clock runs since somebody has taken it on");
    }

    [Fact]
    public async Task A_case_without_a_class_that_comes_back_to_its_handling_here_has_no_clock_of_one()
    {
        await Logs.Import(city.Bureau, "id,at,state\nC1,2026-03-04 09:00,挂起", Logs.Map("classless"));
        var number = (await County.Json(await city.Bureau.GetAsync("/api/v1/cases?from=2026-03-04&to=2026-03-04"))).GetProperty("items")[0].GetProperty("number").GetString()!;

        CaseCity.State(await County.Json(await city.Act(city.Bureau, number, "resume"))).ShouldBe("handling");
    }

    [Fact]
    public async Task A_check_tells_the_same_and_writes_nothing()
    {
        var told = await Logs.Import(city.Bureau, Untidy, Map("dry"), check: true);

        told.Of("cases", "found").ShouldBe(2);
        told.Of("unknown", "state", "-100").ShouldBe(1);
        (await County.Refusal(await city.Bureau.GetAsync(new Uri("/api/v1/cases/measures?source=dry", UriKind.Relative)))).ShouldBe("CAS-006", "nothing of that name is there");
    }

    [Fact]
    public async Task Figures_are_counted_from_the_events_and_where_the_log_counts_otherwise_both_are_shown()
    {
        await Logs.Import(city.Bureau, Untidy, Map("figures"));

        var m = await Logs.Measures(city.Bureau, "source=figures");

        m.GetProperty("cases").ToString().ShouldBe("""{"all":2,"ended":1,"open":1,"outcomes":{"Late":1}}""");
        m.Real("throughput", "medianHours").ShouldBe(48);
        Step("reported").Real("waits", "medianHours").ShouldBe(1.5, "2 h, and the hour of a row whose word is not known");
        Step("handling").Real("waits", "medianHours").ShouldBe(22);
        Step("handling").Of("open").ShouldBe(1);
        m.GetProperty("reassigned").ToString().ShouldBe("""{"cases":1,"times":1,"perCase":0.5}""");
        m.GetProperty("limit").ToString().ShouldBe("""{"judged":1,"met":0,"missed":1,"metShare":0,"unjudged":0}""");
        m.GetProperty("checks").EnumerateArray().ShouldAllBe(c => c.GetProperty("agrees").GetBoolean());
        (await Logs.Measures(city.Bureau, "source=figures&from=2016-04-13")).Of("cases", "all").ShouldBe(1);
        (await Logs.Measures(city.Bureau, "source=figures&class=0102")).Of("cases", "all").ShouldBe(0);

        System.Text.Json.JsonElement Step(string state) => m.GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("state").GetString() == state);
    }

    [Theory]
    [InlineData("who,at,state\nA,2016-01-01,新建", "CAS-042")]
    [InlineData("", "TAB-019")]
    [InlineData("<?xml version=\"1.0\"?><!DOCTYPE log [<!ENTITY a \"aaaa\">]><log/>", "TAB-024")]
    [InlineData("<log><trace><event><string key=\"concept:name\" value=\"a\"/>", "TAB-002")]
    [InlineData("<log><trace><event><string key=\"other\" value=\"a\"/></event></trace></log>", "CAS-042")]
    [InlineData("<html><body/></html>", "CAS-044")]
    public async Task What_is_no_log_is_refused_and_nothing_is_written(string log, string code)
    {
        var answer = await Logs.Send(city.Bureau, Encoding.UTF8.GetBytes(log), "log", Logs.Map("bad"));

        (await County.Refusal(answer)).ShouldBe(code);
        (await County.Refusal(await city.Bureau.GetAsync(new Uri("/api/v1/cases/measures?source=bad", UriKind.Relative)))).ShouldBe("CAS-006", "nothing of that name is there");
    }

    [Fact]
    public async Task A_nest_of_tags_and_a_packed_bomb_are_refused()
    {
        var nest = Encoding.UTF8.GetBytes("<log>" + string.Concat(Enumerable.Repeat("<a>", 5_000)));
        (await County.Refusal(await Logs.Send(city.Bureau, nest, "log.xes", Logs.Map("bad")))).ShouldBe("CAS-044");
        var bomb = Logs.Gzip(Encoding.ASCII.GetBytes("id,at,state\n" + new string('a', 64 << 20)));
        (await County.Refusal(await Logs.Send(city.Bureau, bomb, "log.csv.gz", Logs.Map("bad")))).ShouldBe("TAB-006");
    }

    [Fact]
    public async Task A_map_that_is_wrong_is_refused_with_line_and_column_and_others_than_the_bureau_import_nothing()
    {
        var answer = await Logs.Send(city.Bureau, "id,at,state\n"u8.ToArray(), "log.csv", Logs.Map("bad", "colour: red"));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("第 6 行第 1 列");
        (await County.Refusal(await Logs.Send(city.Cleaner, "id,at,state\n"u8.ToArray(), "log.csv", Logs.Map("bad")))).ShouldBe("CAS-010");
        (await County.Refusal(await city.Cleaner.GetAsync("/api/v1/cases/measures"))).ShouldBe("CAS-010");
        (await County.Refusal(await city.Bureau.PostAsync("/api/v1/cases/imports", new StringContent("x")))).ShouldBe("CAS-043");
    }

    [Fact]
    public async Task An_xes_log_is_read_by_event_with_the_attributes_of_its_trace()
    {
        const string Xes =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <log xes.version="1.0" xmlns="http://www.xes-standard.org/">
              <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
              <global scope="event"><string key="concept:name" value="?"/></global>
              <string key="concept:name" value="the log itself"/>
              <trace>
                <string key="concept:name" value="T-1"/><date key="REG_DATE" value="2011-10-01T00:38:44.546+02:00"/>
                <event><string key="concept:name" value="A_SUBMITTED"/><string key="lifecycle:transition" value="COMPLETE"/><date key="time:timestamp" value="2011-10-01T00:38:44.546+02:00"/><string key="org:resource" value="112"><string key="inner" value="x"/></string></event>
                <event><date key="time:timestamp" value="2011-10-01T02:38:44.546+02:00"/><string key="concept:name" value="W_WORK"/><string key="lifecycle:transition" value="SCHEDULE"/></event>
                <event><date key="time:timestamp" value="2011-10-02T00:38:44.546+02:00"/><string key="concept:name" value="W_WORK"/><string key="lifecycle:transition" value="COMPLETE"/></event>
                <event/>
              </trace>
              <trace><string key="concept:name" value="T-2"/></trace>
            </log>
            """;
        const string Map =
            """
            source: bpi
            case: "case:concept:name"
            time: { column: "time:timestamp", format: iso, zone: Europe/Amsterdam }
            state: { column: "concept:name", steps: { A_SUBMITTED: reported, W_WORK: handling } }
            lifecycle: { column: "lifecycle:transition", take: [COMPLETE] }
            resource: "org:resource"
            """;

        var told = await Logs.Import(city.Bureau, Logs.Gzip(Encoding.UTF8.GetBytes(Xes)), Map, "bpi.xes.gz");

        told.GetProperty("rows").ToString().ShouldBe("""{"read":4,"taken":2,"duplicate":0,"passed":1,"rejected":1,"noRows":0}""");
        told.Of("cases", "written").ShouldBe(1);
        var m = await Logs.Measures(city.Bureau, "source=bpi");
        m.GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("state").GetString() == "reported").Real("waits", "medianHours").ShouldBe(24);
    }
}
