// The dispatch table: what it answers, what is refused of it, that another person publishes it, that a case sent elsewhere says why, and that a row may have a case dispatched without a person, once.
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CsCheck;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Dispatching;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Tabular.Encodings;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class DispatchTests(CaseCity city) : DispatchPromises(city), IClassFixture<CaseCity>;

public sealed class DispatchTestsOnPostgreSql(PostgresCaseCity city) : DispatchPromises(city), IClassFixture<PostgresCaseCity>;

public abstract class DispatchPromises(CaseCity city)
{
    private const string Header = "事件分类,地点,级别,主办单位,协办单位,时限,优先级\n";

    private const string Automatic = "事件分类,地点,级别,主办单位,协办单位,时限,优先级,自动\n";

    /// <summary>The bureau leads nothing here: three units of three names.</summary>
    private static readonly Desk Desk = Town.Desk with { Units = Town.Units.Select((u, i) => new Contracts.Organisation.UnitCard(u, $"U{i}", $"单位{i}", null, true)).ToDictionary(u => u.Id) };

    [Fact]
    public void The_row_of_the_highest_priority_answers_and_a_dissolved_unit_none()
    {
        var (rows, faults) = TableText.Read(Header + $"01,,,单位0,单位1;U2,,\n0102,{Town.Street},,U1,,2 工作时,5\n0102,{Town.Street},重大,单位2,,,9\n", Desk);
        faults.ShouldBeEmpty();
        CheckTable.Overlaps(rows, Desk).ShouldBeEmpty();
        var table = new DispatchTable(3, rows);
        var file = Town.Reported().After.File;
        Proposal? Said(CaseFile of, params Guid[] gone) => table.Find(of, Desk.Nodes, u => !gone.Contains(u));
        Said(file)!.ShouldSatisfyAllConditions(p => (p.Version, p.Row, p.Lead).ShouldBe((3, 3, Town.Units[1])), p => p.Assists.ShouldBeEmpty(), p => p.Limit.ShouldBe(new(2, LimitUnit.WorkHours)));
        Said(file with { Place = Town.Village })!.Row.ShouldBe(3, "a place holds what is below it");
        Said(file with { Grade = Grade.Major })!.Row.ShouldBe(4);
        Said(file with { Place = Town.Centre })!.Assists.ShouldBe([Town.Units[1], Town.Units[2]]);
        Said(file, Town.Units[1])!.ShouldSatisfyAllConditions(p => p.Row.ShouldBe(2), p => p.Assists.ShouldBe([Town.Units[2]]));
        Said(file with { Class = null }).ShouldBeNull();
        Said(file with { Class = "0201" }).ShouldBeNull();
        JsonSerializer.Serialize(TableText.Read(TableText.Write(rows, Desk), Desk).Rows).ShouldBe(JsonSerializer.Serialize(rows), "what is exported reads as it was");
    }

    [Theory]
    [InlineData("3 工作日", 3, LimitUnit.Workdays)]
    [InlineData("3工作日", 3, LimitUnit.Workdays)]
    [InlineData("3 workdays", 3, LimitUnit.Workdays)]
    [InlineData("1 workday", 1, LimitUnit.Workdays)]
    [InlineData("4 work-hours", 4, LimitUnit.WorkHours)]
    [InlineData("4WorkHours", 4, LimitUnit.WorkHours)]
    [InlineData("30分钟", 30, LimitUnit.Minutes)]
    public void A_limit_is_read_with_or_without_a_blank_in_both_languages(string cell, int amount, LimitUnit unit) =>
        TableText.Read(Header + $"0102,,,单位0,,{cell},\n", Desk).Rows.Single().Limit.ShouldBe(new(amount, unit));

    [Theory]
    [InlineData("0102,,,单位0,,3,", "“3”不是时限，例如 4 工作时。")]
    [InlineData("0102,,,单位0,,3 2,", "“3 2”不是时限，例如 4 工作时。")]
    [InlineData("0102,,,单位0,,-3 工作日,", "“-3 工作日”不是时限，例如 4 工作时。")]
    [InlineData("99,,,单位0,,,", "没有以“99”开头的事件分类。")]
    [InlineData("0102,999,,单位0,,,", "没有节点“999”。")]
    [InlineData("0102,,很大,单位0,,,", "没有级别“很大”。")]
    [InlineData("0102,,,无此单位,,,", "没有单位“无此单位”，或名称不唯一。")]
    [InlineData("0102,,,单位0,单位0,,", "同一单位不能重复。")]
    [InlineData("0102,,,单位0,单位1；无此单位,,", "协办单位“单位1；无此单位”中有未知的单位。")]
    [InlineData("0102,,,单位0,,尽快,", "“尽快”不是时限，例如 4 工作时。")]
    [InlineData("0102,,,单位0,,,高", "“高”不是整数。")]
    [InlineData("0102,,,单位0", "应有 7 列，实为 4 列。")]
    public void A_line_that_cannot_be_read_is_told_with_its_number(string line, string what)
    {
        var (rows, faults) = TableText.Read(Header + "01,,,单位0,,,\n" + line, Desk);
        rows.Count.ShouldBe(1);
        faults.Select(f => (f.Line, f.What.Zh)).ShouldBe([(3, what)]);
    }

    [Theory]
    [InlineData("01,,,单位0,,,", "0102,,,单位1,,,", 3)]
    [InlineData("0102,330784,,单位0,,,", "01,330784001,,单位1,,,", 3)]
    [InlineData("0102,,重大,单位0,,,", "0102,,,单位1,,,", 3)]
    [InlineData("0102,,重大,单位0,,,", "0102,,一般,单位1,,,", 0)]
    [InlineData("0102,,,单位0,,,", "0102,,,单位1,,,1", 0)]
    public void Rows_of_one_priority_that_could_both_answer_are_told(string a, string b, int line) =>
        CheckTable.Overlaps(TableText.Read($"{Header}{a}\n{b}\n", Desk).Rows, Desk).Select(f => f.Line).ShouldBe(line == 0 ? Enumerable.Empty<int>() : [line]);

    [Fact]
    public void A_gap_names_the_class_and_how_many_places_none_answers_for()
    {
        IReadOnlyList<DispatchGap> Gaps(string lines) => CheckTable.Gaps(TableText.Read(Header + lines, Desk).Rows, Desk);
        Gaps($"0102,{Town.Street},,单位0,,,\n").Select(g => (g.Class, g.Places)).ShouldBe([("0102", 1)], "the centre itself");
        Gaps("0102,,重大,单位0,,,\n").Select(g => g.Places).ShouldBe([3], "other grades lack");
        Gaps(",,,单位0,,,\n").ShouldBeEmpty();
    }

    [Fact]
    public void What_the_table_said_is_kept_with_the_dispatch_and_its_limit_runs()
    {
        var desk = Desk with { Table = new(7, TableText.Read(Header + "0102,,,单位0,,2 工作时,\n", Desk).Rows) };
        var filed = Town.Take(Town.Take(Town.Reported().After, "accept", Town.Bureau, Town.Monday, ("class", "0102")).Value.After, "file", Town.Bureau, Town.Monday).Value.After;
        Result<Decided> Sent(Desk by, Guid unit, string? reason = null) =>
            Decide.Take(filed, new("dispatch", new Dictionary<string, string> { ["unit"] = $"{unit}", ["reason"] = reason ?? "" }), null, Town.Bureau, by, Town.Monday);

        Sent(desk, Town.Units[1]).Problem!.Code.ShouldBe("CAS-055");
        var elsewhere = Sent(desk, Town.Units[1], "单位0 正在抢险").Value.Events[0];
        (elsewhere.Reason, elsewhere.Detail.Lead, elsewhere.Detail.Proposed!.Lead).ShouldBe(("单位0 正在抢险", Town.Units[1], Town.Units[0]));
        var usual = Sent(desk, Town.Units[0]).Value.Events[0].Detail;
        (usual.Proposed!.Version, usual.Proposed.Row, usual.Stage!.Limit).ShouldBe((7, 2, new TimeLimit(2, LimitUnit.WorkHours)));
        var before = Sent(Desk, Town.Units[1]).Value.Events[0].Detail;
        (before.Proposed, before.Stage!.Limit).ShouldBe((null, new TimeLimit(4, LimitUnit.WorkHours)));
    }

    [Theory]
    [InlineData("是", true)]
    [InlineData("auto", true)]
    [InlineData("", false)]
    [InlineData("否", false)]
    public void A_row_is_automatic_where_it_says_so_and_an_earlier_table_has_none(string cell, bool auto)
    {
        var (rows, faults) = TableText.Read($"{Automatic}0102,,,单位0,,,,{cell}\n", Desk);
        faults.ShouldBeEmpty();
        rows.Single().Auto.ShouldBe(auto);
        TableText.Read(TableText.Write(rows, Desk), Desk).Rows.Single().Auto.ShouldBe(auto);
        TableText.Read(Header + "0102,,,单位0,,,\n", Desk).Rows.Single().Auto.ShouldBeFalse();
        TableText.Read($"{Automatic}0102,,,单位0,,,,也许\n", Desk).Faults.Single().What.Zh.ShouldBe("自动一列为“是”或空，不是“也许”。");
    }

    [Theory]
    [InlineData("gb18030")]
    [InlineData("utf-8")]
    public void A_table_reads_the_same_in_the_encoding_a_spreadsheet_wrote_it_in(string encoding)
    {
        var text = Header + $"01,,,单位0,单位1;U2,,\n0102,{Town.Street},,U1,,2 工作时,5\n";
        var bytes = (CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.UTF8).GetBytes(text.ReplaceLineEndings("\r\n"));
        JsonSerializer.Serialize(TableText.Read(WholeText.Read(bytes), Desk).Rows).ShouldBe(JsonSerializer.Serialize(TableText.Read(text, Desk).Rows));
    }

    [Fact]
    public void A_case_an_automatic_row_answers_goes_to_its_unit_when_it_is_filed_and_comes_back_to_people()
    {
        var desk = Desk with { Table = new(7, TableText.Read(Automatic + "0102,,重大,单位1,,,9,\n0102,,,单位0,,2 工作时,,是\n", Desk).Rows) { Behalf = "发布人" } };
        Decided Take(CaseWhole of, string act, Actor who, params (string Name, string Value)[] fields) => Decide.Take(of, new(act, fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal)), null, who, desk, Town.Monday).Value;
        Decided Filed(string grade) => Take(Take(Town.Reported().After, "accept", Town.Bureau, ("class", "0102"), ("grade", grade)).After, "file", Town.Bureau);

        var major = Filed("Major");
        (major.Events.Count, major.After.File.State).ShouldBe((1, "dispatching"), "another row answers it, which waits for a person");
        var sent = Filed("Ordinary");
        sent.Events.Select(e => (e.Act, e.Name, e.State)).ShouldBe([("file", Town.Bureau.Name, "dispatching"), ("dispatch", Actor.System.Name, "handling")]);
        var mine = sent.Events[1];
        (mine.Behalf, mine.Reason, mine.Detail.Lead, mine.Detail.Proposed!.Version, mine.Detail.Proposed.Row).ShouldBe(("发布人", "派单目录版本 7 第 3 行自动派遣", Town.Units[0], 7, 3));
        mine.Detail.Stage!.Limit.ShouldBe(new(2, LimitUnit.WorkHours));
        Project.Replay([.. Town.Reported().Events, .. sent.Events]).File.Unit.ShouldBe(Town.Units[0]);

        var back = Take(Take(sent.After, "ask-return", Town.Handlers[0], ("reason", "不归我单位")).After, "grant-return", Town.Bureau);
        (back.Events.Count, back.After.File.State).ShouldBe((1, "dispatching"));
        Take(back.After, "dispatch", Town.Bureau, ("unit", $"{Town.Units[1]}"), ("reason", "改派")).After.File.Unit.ShouldBe(Town.Units[1]);
    }

    [Fact]
    public void Over_any_history_the_program_dispatches_a_case_once_at_most_and_only_before_any_unit_had_it()
    {
        var desk = Desk with { Table = new(7, TableText.Read(Automatic + ",,,单位0,单位1,,,是\n", Desk).Rows) };
        var (alone, none) = (0, 0);
        DecideTests.Histories.Sample(history =>
        {
            var (whole, events) = DecideTests.Played(history, (_, _) => { }, desk);
            var sent = events.Where(e => e.Detail.Effects.Contains("assign")).ToList();
            sent.Count(e => e.Actor == Actor.System.Id).ShouldBeLessThanOrEqualTo(1);
            sent.Skip(1).ShouldAllBe(e => e.Actor != Actor.System.Id);
            events.Zip(events.Skip(1)).Where(p => p.First.Act == "file").ShouldAllBe(p => whole.Legs.Count == 0 || p.Second.Actor == Actor.System.Id || p.Second.Act == "climbed");
            JsonSerializer.Serialize(Project.Replay(events)).ShouldBe(JsonSerializer.Serialize(whole));
            _ = sent.Count > 0 && sent[0].Actor == Actor.System.Id ? Interlocked.Increment(ref alone) : Interlocked.Increment(ref none);
        }, iter: 300);
        alone.ShouldBeGreaterThan(10);
        none.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void A_duty_nobody_has_is_told_for_every_class_and_place_whose_lead_node_lacks_it_with_its_days()
    {
        var monday = new DateOnly(2026, 3, 2);
        var others = Town.Desk.Duties.Today.Where(d => d.Kind != "dispatcher").ToList();
        List<DutyGap> Gaps(string lines, params Nodes.Duty[] duties) => DutyGaps.Of(TableText.Read(Header + lines, Desk).Rows, [.. others, .. duties], new(monday, monday.AddDays(6)), Desk);
        Nodes.Duty At(string node, int from, int? until, Guid? unit = null) => new() { Node = node, Kind = "dispatcher", Unit = unit, ValidFrom = monday.AddDays(from), ValidUntil = until is { } end ? monday.AddDays(end) : null };

        Gaps(",,,单位0,,,\n", At(Town.Centre, -9, null)).ShouldBeEmpty();
        Gaps(",,,单位0,,,\n").Single().ShouldSatisfyAllConditions(g => (g.Duty, g.Days, g.First, g.Last, g.Node).ShouldBe(("dispatcher", 7, monday, monday.AddDays(6), null)), g => g.Classes.ShouldBe(["0102"]), g => g.Places.ShouldBe([Town.Centre, Town.Street, Town.Village]));
        Gaps(",,,单位0,,,\n", At(Town.Street, -9, 3), At(Town.Street, 5, null)).Select(g => (g.Days, Places: string.Join(' ', g.Places))).ShouldBe([(7, Town.Centre), (2, $"{Town.Street} {Town.Village}")], ignoreOrder: true);
        Gaps(",,,单位0,单位1,,\n", At(Town.Street, -9, null)).ShouldAllBe(g => g.Places.Count == 1 || g.Node == Town.Centre, "of two units a case goes up to the centre, where nobody is");
        Gaps(",,,单位0,单位1,,\n", At(Town.Street, -9, null)).SelectMany(g => g.Places).Order().ShouldBe([Town.Centre, Town.Street, Town.Village]);
        Gaps(",,,单位0,,,\n", At(Town.Centre, -9, null, Guid.NewGuid())).Single().Days.ShouldBe(7, "a dissolved unit does no duty");
    }

    [Fact]
    public async Task A_draft_is_published_by_another_person_and_binds_from_then_on()
    {
        Task<HttpResponseMessage> Draft(HttpClient who, string lines) => who.PostAsJsonAsync("/api/v1/case-dispatch", new { text = Header + lines, note = "模拟环卫优先" });
        Task<HttpResponseMessage> Publish(HttpClient who, int version) => who.PostAsync(new Uri($"/api/v1/case-dispatch/{version}/publish", UriKind.Relative), null);
        (await Refusal(await Draft(city.Cleaner, "0102,,,模拟环卫中心,,,\n"))).ShouldBe("CAS-010");
        (await Refusal(await Draft(city.Bureau, "0102,,,模拟环卫中心,,,\n01,,,模拟水务局,,,\n"))).ShouldBe("CAS-051");
        (await Refusal(await Publish(city.Bureau, 9))).ShouldBe("CAS-052");
        var look = await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-dispatch/check", new { text = Header + "0102,,,模拟环卫中心,,,\n01,,,模拟水务局,,,\n" }));
        look.GetProperty("faults")[0].GetProperty("line").GetInt32().ShouldBe(3);

        var version = (await Json(await Draft(city.Bureau, "0102,,,模拟环卫中心,,,\n"))).GetProperty("version").GetInt32();
        (await Refusal(await Publish(city.Bureau, version))).ShouldBe("CAS-053");
        (await city.Bureau.GetStringAsync("/cases/dispatch")).ShouldSatisfyAllConditions(p => p.ShouldContain("由主管部门另一人发布"), p => p.ShouldNotContain($"publish-{version}"));
        async Task<string> Filed()
        {
            var number = await city.Report();
            await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0102" }));
            await Json(await city.Act(city.Bureau, number, "file"));
            return number;
        }

        await Json(await city.Act(city.Bureau, await Filed(), "dispatch", new { unit = CaseCity.Water })); // A draft binds nobody.
        using var second = await city.Colleague();
        (await second.GetStringAsync("/cases/dispatch")).ShouldContain($"publish-{version}");
        await Json(await Publish(second, version));
        (await Refusal(await Publish(second, version))).ShouldBe("CAS-054");
        var case1 = await Filed();
        (await Refusal(await city.Act(city.Bureau, case1, "dispatch", new { unit = CaseCity.Water }))).ShouldBe("CAS-055");
        var sent = await Json(await city.Act(city.Bureau, case1, "dispatch", new { unit = CaseCity.Water, reason = "水管破裂所致" }));
        sent.GetProperty("events").EnumerateArray().Last().GetProperty("reason").GetString().ShouldBe("水管破裂所致");
        await Json(await city.Act(city.Bureau, await Filed(), "dispatch", new { unit = CaseCity.Cleaning }));
        (await city.Bureau.GetStringAsync($"/api/v1/case-dispatch/{version}/csv")).ShouldContain("0102,,,模拟环卫中心,,,");
        (await Json(await city.Bureau.GetAsync(new Uri("/api/v1/case-dispatch", UriKind.Relative))))[0].GetProperty("publishedBy").GetString().ShouldNotBeNullOrEmpty();
    }
}
