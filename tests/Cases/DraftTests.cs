// A draft of the dispatch table row by row: what a change makes of the rows, what is told of each, that it is taken back, and that only its maker writes and only another publishes what they looked at.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Dispatching;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class DraftTests(CaseCity city) : DraftPromises(city), IClassFixture<CaseCity>;

public sealed class DraftTestsOnPostgreSql(PostgresCaseCity city) : DraftPromises(city), IClassFixture<PostgresCaseCity>;

public abstract class DraftPromises(CaseCity city)
{
    private static readonly Desk Desk = Town.Desk with { Units = Town.Units.Select((u, i) => new Contracts.Organisation.UnitCard(u, $"U{i}", $"单位{i}", null, true)).ToDictionary(u => u.Id) };

    [Fact]
    public void Rows_are_added_changed_moved_and_removed_and_numbered_as_lines_of_a_file()
    {
        var rows = TableText.Read($"{TableText.Header}\n0102,,,单位0,,,,,\n\n01,,重大,单位1,,,9,,\n", Desk).Rows;
        rows.Select(r => r.Line).ShouldBe([2, 4], "a blank line of a file counts until something changes");
        string Now(EditDraft.Ask ask) => string.Join(' ', EditDraft.After(rows, ask, Desk).Rows!.Select(r => $"{r.Line}:{Desk.UnitName(r.Lead)}"));
        Now(new(DraftDo.Add, Row: new(Lead: "单位2"))).ShouldBe("2:单位0 3:单位1 4:单位2");
        Now(new(DraftDo.Add, To: 2, Row: new(Lead: "U2"))).ShouldBe("2:单位2 3:单位0 4:单位1");
        Now(new(DraftDo.Change, 4, Row: new(Lead: "单位2", Limit: "3 小时"))).ShouldBe("2:单位0 3:单位2");
        Now(new(DraftDo.Move, 4, 2)).ShouldBe("2:单位1 3:单位0");
        Now(new(DraftDo.Remove, 2)).ShouldBe("2:单位1");
        EditDraft.After(rows, new(DraftDo.Remove, 3), Desk).Wrong!.What.Zh.ShouldBe("没有这一行。");
        EditDraft.After(rows, new(DraftDo.Add, Row: new(Lead: "无此单位")), Desk).Wrong!.ShouldSatisfyAllConditions(f => f.Line.ShouldBe(4), f => f.What.Zh.ShouldBe("没有单位“无此单位”，或名称不唯一。"));
    }

    [Fact]
    public void What_has_gone_since_a_row_was_written_is_told_at_its_line()
    {
        var rows = TableText.Read($"{TableText.Header}\n0102,,,单位0,单位1,,,,\n0102,,重大,单位2,,,9,,\n", Desk).Rows;
        TableText.Faults(rows, Desk).ShouldBeEmpty();
        TableText.Faults([], Desk).ShouldHaveSingleItem();
        Desk Without(Guid unit) => Desk with { Units = Desk.Units.Where(u => u.Key != unit).ToDictionary() };
        TableText.Faults(rows, Without(Town.Units[2])).ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Line.ShouldBe(3), f => f.What.Zh.ShouldBe("主办单位已撤销。"));
        TableText.Faults(rows, Without(Town.Units[1])).ShouldHaveSingleItem().Line.ShouldBe(2);
        TableText.Faults(rows, Desk with { Classes = new Dictionary<string, Classes.CaseClass>() }).Select(f => f.Line).ShouldBe([2, 3]);
        TableText.Faults([.. rows, rows[0] with { Line = 4 }], Desk).ShouldHaveSingleItem().What.Zh.ShouldBe("与第 2 行重叠且优先级相同。");
    }

    [Fact]
    public void A_case_dispatched_by_a_row_goes_on_under_the_version_of_the_flow_the_row_names()
    {
        var other = FlowText.Read(PublishFlow.Shipped().Replace("zh: 反馈, en", "zh: 办结反馈, en", StringComparison.Ordinal), 2).Flow!;
        var lean = other with { Version = 3, States = other.States.Where(s => s.Key != "handling").ToDictionary() };
        var desk = Desk with { Flows = new Dictionary<int, CaseFlow> { [1] = Desk.Flow, [2] = other } };
        IReadOnlyList<DispatchRow> Rows(string flow, string auto, Desk on, out IReadOnlyList<TableFault> faults)
        {
            (var rows, faults) = TableText.Read($"{TableText.Header}\n0102,,,单位0,,,,{auto},{flow}\n", on);
            return rows;
        }

        Rows("9", "", desk, out var faults).ShouldBeEmpty();
        faults.Single().What.Zh.ShouldBe("没有流程版本“9”。");
        Rows("3", "", desk with { Flows = new Dictionary<int, CaseFlow> { [3] = lean, [4] = other with { Version = 4 } } }, out faults).ShouldBeEmpty();
        faults.Single().What.Zh.ShouldBe("流程版本 3 没有状态“处置中”，派遣后的事件不能按它办理。");

        var rows = Rows("1", "", desk, out faults);
        TableText.Read(TableText.Write(rows, desk), desk).Rows.Single().Flow.ShouldBe(1, "what is exported reads as it was");
        CaseWhole Sent(string auto, int to, params (string, string)[] fields)
        {
            var on = desk with { Table = new(7, Rows("1", auto, desk, out _)) };
            var whole = Decide.Report(Guid.NewGuid(), new("SJ20260302-000001", Town.Street, CaseSource.Hotline, "路边有垃圾", "", null, null, true), "0102", null, Town.Bureau, on, Town.Monday, Town.Monday).After;
            foreach (var (act, told) in new (string, (string, string)[])[] { ("accept", [("class", "0102")]), ("file", []), ("dispatch", fields) }.Take(auto.Length > 0 ? 2 : 3))
            {
                var done = Decide.Take(whole, new(act, told.ToDictionary(f => f.Item1, f => f.Item2, StringComparer.Ordinal)), null, Town.Bureau, on, Town.Monday.AddMinutes(1));
                done.Problem.ShouldBeNull();
                done.Value.Events.Aggregate(whole, Project.After).File.ShouldBeEquivalentTo(done.Value.After.File);
                whole = done.Value.After;
            }

            whole.File.State.ShouldBe("handling");
            whole.File.Flow.ShouldBe(to);
            return whole;
        }

        var row = Sent("", 1, ("unit", $"{Town.Units[0]}"));
        row.Stage!.Limit.ShouldBe(new(4, Contracts.Collection.LimitUnit.WorkHours), "its clock goes on");
        row.File.StayUntil.ShouldNotBeNull();
        Sent("是", 1);
        Sent("", 2, ("unit", $"{Town.Units[1]}"), ("reason", "本单位更近"));
    }

    [Fact]
    public async Task A_draft_is_written_by_its_maker_row_by_row_and_published_by_another_who_saw_it_so()
    {
        Task<HttpResponseMessage> Change(HttpClient who, int version, object ask) => who.PostAsJsonAsync($"/api/v1/case-dispatch/{version}/changes", ask);
        using var second = await city.Colleague();
        (await Refusal(await city.Cleaner.PostAsJsonAsync("/api/v1/case-dispatch/drafts", new { note = "无权" }))).ShouldBe("CAS-010");
        (await Refusal(await city.Bureau.PostAsJsonAsync("/api/v1/case-dispatch/drafts", new { from = 999, note = "无此版本" }))).ShouldBe("CAS-052");
        var draft = await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-dispatch/drafts", new { note = "逐行编辑" }));
        var version = draft.GetProperty("table").GetProperty("version").GetInt32();
        draft.GetProperty("faults").GetArrayLength().ShouldBe(1, "a table without a row is none");

        (await Refusal(await Change(city.Bureau, version, new { @do = "Add", row = new { @class = "01" } }))).ShouldBe("CAS-051");
        (await Refusal(await Change(second, version, new { @do = "Add", row = new { @class = "01", lead = "模拟环卫中心" } }))).ShouldBe("CAS-110");
        await Json(await Change(city.Bureau, version, new { @do = "Add", row = new { @class = "01", lead = "模拟环卫中心" } }));
        var both = await Json(await Change(city.Bureau, version, new { @do = "Add", row = new { @class = "0102", lead = "模拟水务局", limit = "2 小时", flow = "1" } }));
        both.GetProperty("faults")[0].GetProperty("line").GetInt32().ShouldBe(3, "they overlap");
        both.GetProperty("rows")[1].GetProperty("cells").GetProperty("flow").GetString().ShouldBe("1");
        both.GetProperty("gaps").GetArrayLength().ShouldBeGreaterThan(0);
        var mark = both.GetProperty("mark").GetString();
        (await Refusal(await second.PostAsync(new Uri($"/api/v1/case-dispatch/{version}/publish", UriKind.Relative), null))).ShouldBe("CAS-051");

        await Json(await Change(city.Bureau, version, new { @do = "Change", line = 3, seen = mark, row = new { @class = "0102", lead = "模拟水务局", priority = "5" } }));
        (await Refusal(await Change(city.Bureau, version, new { @do = "Remove", line = 2, seen = mark }))).ShouldBe("CAS-111");
        (await Refusal(await second.PostAsync(new Uri($"/api/v1/case-dispatch/{version}/publish?seen={mark}", UriKind.Relative), null))).ShouldBe("CAS-111");
        (await Json(await Change(city.Bureau, version, new { @do = "Move", line = 3, to = 2 }))).GetProperty("rows")[0].GetProperty("cells").GetProperty("class").GetString().ShouldBe("0102");
        (await Json(await Change(city.Bureau, version, new { @do = "Remove", line = 2 }))).GetProperty("rows").GetArrayLength().ShouldBe(1);
        string[] Rows(JsonElement of) => [.. of.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("cells").GetProperty("class").GetString()!)];
        Rows(await Json(await Change(city.Bureau, version, new { @do = "Back" }))).ShouldBe(["0102", "01"]);
        Rows(await Json(await Change(city.Bureau, version, new { @do = "Back" }))).ShouldBe(["01", "0102"]);
        Rows(await Json(await Change(city.Bureau, version, new { @do = "Back" }))).ShouldBe(["01", "0102"], "it was changed, not yet of a higher priority");
        (await Json(await city.Bureau.GetAsync(new Uri($"/api/v1/case-dispatch/{version}", UriKind.Relative)))).GetProperty("mark").GetString().ShouldBe(mark);
        await Json(await Change(city.Bureau, version, new { @do = "Back" }));
        Rows(await Json(await Change(city.Bureau, version, new { @do = "Back" }))).ShouldBeEmpty();
        (await Refusal(await Change(city.Bureau, version, new { @do = "Back" }))).ShouldBe("CAS-112");

        var last = await Json(await Change(city.Bureau, version, new { @do = "Add", row = new { @class = "0102", lead = "模拟环卫中心", flow = "1" } }));
        await Json(await second.PostAsync(new Uri($"/api/v1/case-dispatch/{version}/publish?seen={last.GetProperty("mark").GetString()}", UriKind.Relative), null));
        (await Refusal(await Change(city.Bureau, version, new { @do = "Remove", line = 2 }))).ShouldBe("CAS-054");
        var next = await Json(await second.PostAsJsonAsync("/api/v1/case-dispatch/drafts", new { from = version, note = "据此另起" }));
        Rows(next).ShouldBe(["0102"]);
    }
}
