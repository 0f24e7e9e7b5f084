// Who accepts calls the reporter back: names and numbers in full on the page of the case, without scripts; each look is evidence; nobody else is offered it.
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class ContactTests(CaseCity city) : IClassFixture<CaseCity>
{
    [Fact]
    public async Task Who_accepts_sees_the_number_once_they_ask_for_it_and_the_look_is_in_the_ledger_and_others_are_not_offered_it()
    {
        var number = await city.Dispatched();
        var same = await city.Report("同一堆垃圾");
        await Json(await city.Act(city.Bureau, same, "merge", new { parent = number, reason = "同一地点" }));
        var before = await city.Bureau.GetStringAsync($"/cases/{number}");
        before.ShouldContain("查看联系方式");
        before.ShouldNotContain("13800000000");
        var looks = await Looks(number);

        var (answer, page) = await PageForm.Send(city.Bureau, $"/cases/{number}", "contact", []);
        answer.EnsureSuccessStatusCode();
        page.ShouldSatisfyAllConditions(p => p.ShouldContain("13800000000"), p => p.ShouldContain("钱女士"), p => p.ShouldContain("本次查看已记入存证"));
        page.Split("13800000000").Length.ShouldBe(3, "that of the merged report too");
        (await Looks(number)).ShouldBe(looks + 1);
        (await city.Bureau.GetStringAsync($"/cases/{number}")).ShouldNotContain("13800000000", customMessage: "it is shown once");

        var handlers = await city.Cleaner.GetStringAsync($"/cases/{number}");
        handlers.ShouldContain("钱**");
        handlers.ShouldNotContain("查看联系方式");
    }

    [Fact]
    public async Task A_position_outside_the_city_that_a_program_sent_is_marked_on_the_page_of_its_case()
    {
        var outside = await Json(await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(city.Bureau, "/api/v1/cases", new { words = "远处的路灯不亮", x = -71.06, y = 42.36 }));
        (await city.Bureau.GetStringAsync($"/cases/{outside.GetProperty("number").GetString()}")).ShouldContain("在本市范围外");
        (await city.Bureau.GetStringAsync($"/cases/{await city.Report()}")).ShouldNotContain("在本市范围外");
    }

    private async Task<int> Looks(string number) =>
        (await Json(await city.Bureau.GetAsync($"/api/v1/ledger/entries?q={number}&size=200"))).GetProperty("items").EnumerateArray().Count(e => e.GetProperty("act").GetString() == "case.shown");
}
