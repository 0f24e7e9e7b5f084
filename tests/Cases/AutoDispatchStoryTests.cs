// A published row that is automatic, on the real program and both databases: a case that is filed goes to its unit at once, with evidence; given back, it waits for a person.
using System.Net.Http.Json;
using Lizhou.Kernel;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class AutoDispatchStoryTests(CaseCity city) : AutoDispatchStory(city), IClassFixture<CaseCity>;

public sealed class AutoDispatchStoryTestsOnPostgreSql(PostgresCaseCity city) : AutoDispatchStory(city), IClassFixture<PostgresCaseCity>;

public abstract class AutoDispatchStory(CaseCity city)
{
    [Fact]
    public async Task A_filed_case_is_dispatched_by_the_published_row_and_given_back_waits_for_a_person()
    {
        var table = "事件分类,地点,级别,主办单位,协办单位,时限,优先级,自动\n0102,,,模拟环卫中心,,6 小时,,是\n";
        var version = (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-dispatch", new { text = table, note = "环卫自动派遣" }))).GetProperty("version").GetInt32();
        using (var second = await city.Colleague())
        {
            await Json(await second.PostAsync(new Uri($"/api/v1/case-dispatch/{version}/publish", UriKind.Relative), null));
        }

        var number = await city.Report();
        await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0102" }));
        var filed = await Json(await city.Act(city.Bureau, number, "file"));
        (CaseCity.State(filed), filed.GetProperty("case").GetProperty("unit").GetString()).ShouldBe(("handling", "模拟环卫中心"));
        var sent = filed.GetProperty("events").EnumerateArray().Last();
        (sent.GetProperty("act").GetString(), sent.GetProperty("name").GetString(), sent.GetProperty("reason").GetString()).ShouldBe(("dispatch", Actor.System.Name, $"派单目录版本 {version} 第 2 行自动派遣"));
        sent.GetProperty("behalf").GetString().ShouldNotBeNullOrEmpty("the one who published the table");
        filed.GetProperty("clocks").EnumerateArray().Last(c => !c.GetProperty("whole").GetBoolean()).GetProperty("limit").GetProperty("amount").GetInt32().ShouldBe(6);
        using (var auditor = await city.As(Roles.AuditAdministrator))
        {
            (await auditor.GetStringAsync($"/api/v1/ledger/entries?act=case.dispatched&subject={number}")).ShouldContain("case.dispatched");
        }

        await Json(await city.Act(city.Cleaner, number, "ask-return", new { reason = "不归本单位" }));
        var back = await Json(await city.Act(city.Bureau, number, "grant-return"));
        CaseCity.State(back).ShouldBe("dispatching");
        CaseCity.State(await Json(await city.Act(city.Bureau, number, "dispatch", new { unit = CaseCity.Water, reason = "水管破裂所致" }))).ShouldBe("handling");
        (await Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null))).Of("different").ShouldBe(0);

        var other = await city.Report(@class: "0201");
        await Json(await city.Act(city.Bureau, other, "accept", new { @class = "0201" }));
        CaseCity.State(await Json(await city.Act(city.Bureau, other, "file"))).ShouldBe("dispatching", "no row answers it");
    }
}
