// What is hostile at the doors of cases: texts that would end the program, words without an end, cases and names that are not one's own.
using System.Net.Http.Json;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class CaseDoorTests(CaseCity city) : IClassFixture<CaseCity>
{
    [Fact]
    public async Task A_flow_is_checked_for_who_may_publish_it_and_whoever_else_asks_is_in_the_evidence()
    {
        var deep = new { text = new string('[', 50_000) };
        (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-flows/check", deep)))[0].GetProperty("what").GetString().ShouldBe("不能使用锚点，嵌套不得超过 20 层。");
        (await Refusal(await city.Bureau.PostAsJsonAsync("/api/v1/case-flows", new { deep.text, note = "试" }))).ShouldBe("CAS-011");
        (await Refusal(await city.Bureau.PostAsJsonAsync("/api/v1/case-flows/check", new { text = new string('#', 100_001) }))).ShouldBe("KRN-001");
        (await Refusal(await city.Cleaner.PostAsJsonAsync("/api/v1/case-flows/check", deep))).ShouldBe("CAS-010");
        using var auditor = await city.As(Roles.AuditAdministrator);
        (await auditor.GetStringAsync("/api/v1/ledger/entries?act=case-flow.checked")).ShouldContain("CAS-010");
    }

    [Fact]
    public async Task A_place_of_a_duty_is_a_code_and_no_essay_and_a_deadline_has_a_hundred_pauses_at_most()
    {
        var essay = new string('9', 5_000);
        (await Refusal(await city.Bureau.PostAsJsonAsync("/api/v1/case-duties", new { node = essay, duty = "acceptor" }))).ShouldBe("KRN-001");
        for (var i = 0; i < 3; i++)
        {
            (await Refusal(await city.Plumber.PostAsJsonAsync("/api/v1/case-duties", new { node = "330784001", duty = "acceptor" }))).ShouldBe("CAS-010");
        }

        using var auditor = await city.As(Roles.AuditAdministrator);
        var told = await Json(await auditor.GetAsync("/api/v1/ledger/entries?act=case-duty.save&size=100"));
        told.GetProperty("items").EnumerateArray().Count(e => e.GetProperty("result").GetString() == "CAS-010").ShouldBe(1, "further ones of the minute are counted, not written one by one");

        var (from, limit) = (new DateTimeOffset(2026, 3, 2, 1, 0, 0, TimeSpan.Zero), 4);
        object Ask(IEnumerable<object?> pauses) => new { from, amount = limit, unit = "WorkHours", pauses };
        (await Refusal(await city.Bureau.PostAsJsonAsync("/api/v1/calendar/deadline", Ask([null])))).ShouldBe("KRN-001");
        (await Refusal(await city.Bureau.PostAsJsonAsync("/api/v1/calendar/deadline", Ask(Enumerable.Range(0, 101).Select(i => new { from = from.AddMinutes(i), until = from.AddMinutes(i), reason = "" }))))).ShouldBe("KRN-001");
        await Json(await city.Bureau.PostAsJsonAsync("/api/v1/calendar/deadline", Ask(Enumerable.Range(0, 100).Select(i => new { from = from.AddMinutes(i), until = from.AddMinutes(i), reason = "" }))));
    }

    [Fact]
    public async Task A_case_is_not_merged_into_one_the_actor_may_not_see_and_it_is_told_as_if_there_were_none()
    {
        await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-duties", new { node = "330784002", duty = "acceptor", unit = CaseCity.Water }));
        var own = (await Json(await city.Plumber.PostAsJsonAsync("/api/v1/cases", new { words = "水管漏水一天了", place = "330784002" }))).GetProperty("number").GetString()!;
        var (foreign, none) = (await city.Report(), "SJ20000101-000001");
        var answers = new List<string>();
        foreach (var parent in new[] { foreign, none })
        {
            var refused = await city.Act(city.Plumber, own, "merge", new { parent });
            (await Refusal(refused)).ShouldBe("CAS-006");
            answers.Add((await refused.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("title").GetString()!);
        }

        answers[0].ShouldBe(answers[1]);
    }

    [Fact]
    public async Task Names_of_citizens_are_sealed_where_they_lie_masked_where_they_are_shown_and_in_full_only_by_the_way_that_leaves_evidence()
    {
        var number = await city.Report();
        await Json(await city.Bureau.PostAsJsonAsync($"/api/v1/cases/{number}/acts", new { act = "accept", fields = new { @class = "0102" }, behalf = "孙先生" }));
        var shown = (await city.Bureau.GetStringAsync($"/api/v1/cases/{number}")) + await city.Bureau.GetStringAsync($"/cases/{number}");
        shown.ShouldNotContain("孙先生");
        shown.ShouldNotContain("钱女士");
        (await city.Detail(number)).GetProperty("events")[1].GetProperty("behalf").GetString().ShouldBe("孙**");

        var state = city.Services.GetRequiredService<StateStore>();
        var kept = await state.Read($"SELECT name || coalesce(phone, '') FROM case_reporter UNION ALL SELECT behalf FROM case_event WHERE behalf IS NOT NULL", r => r.GetString(0), default);
        kept.ShouldNotBeEmpty();
        kept.ShouldAllBe(k => !k.Contains('钱') && !k.Contains('孙') && !k.Contains("13800000000"));

        var revealed = await Json(await city.Bureau.PostAsync($"/api/v1/cases/{number}/reporters", null));
        revealed.EnumerateArray().Select(r => r.GetProperty("name").GetString()).ShouldBe(["钱女士", "孙先生"]);
        using var auditor = await city.As(Roles.AuditAdministrator);
        (await auditor.GetStringAsync($"/api/v1/ledger/entries?act=case.shown&subject={number}")).ShouldContain("case.shown");
    }
}
