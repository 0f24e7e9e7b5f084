// Requests and decisions over the real API: who may do what when, what becomes of it, what a stranger sees of it.
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

public sealed class RequestTests(SharedCity city) : IClassFixture<SharedCity>
{
    [Fact]
    public async Task A_basket_becomes_one_request_for_each_resource_under_a_common_number()
    {
        var (first, second) = (await city.Resource(), await city.Resource());
        var made = await Json(await city.AskerSteward.PostAsJsonAsync("/api/v1/requests", new
        {
            resources = new[] { new { resource = first.Id }, new { resource = second.Id } }, purpose = "核对资格", scene = "发放", basis = "第五条", until = city.Today.AddDays(9).ToString("yyyy-MM-dd"),
        }));
        made.GetArrayLength().ShouldBe(2);
        made.EnumerateArray().Select(r => r.GetProperty("together").GetString()).Distinct().Count().ShouldBe(1);
        made.EnumerateArray().Select(r => r.GetProperty("number").GetString()![^3..]).ShouldBe(["-01", "-02"]);
        made[0].GetProperty("state").GetString().ShouldBe("Review");
    }

    [Fact]
    public async Task An_unconditional_resource_is_granted_at_once_and_its_unit_is_told()
    {
        var resource = await city.Resource(SharingKind.Unconditional);
        var request = (await Json(await city.Ask(city.AskerSteward, resource.Id)))[0];
        request.GetProperty("state").GetString().ShouldBe("Granted");
        var grant = request.GetProperty("grant").GetString();
        using var program = await city.Program(grant!);
        (await Json(await program.GetAsync($"/api/v1/data/{grant}"))).GetProperty("rows").GetArrayLength().ShouldBe(3);
        using var scope = city.Services.CreateScope();
        scope.ServiceProvider.GetRequiredService<SharingDb>().Notices.Where(n => n.Unit == SharedCity.Source).ToList().ShouldContain(n => n.Kind == "granted-at-once" && n.Subject.Contains(grant!));
    }

    [Fact]
    public async Task Asking_again_undoes_neither_a_quota_nor_a_revocation_and_people_are_told_why_it_is_theirs()
    {
        var resource = await city.Resource(SharingKind.Unconditional);
        var grant = (await Json(await city.Ask(city.AskerSteward, resource.Id, ["code", "town"])))[0].GetProperty("grant").GetString()!;
        await Json(await city.Engineer.PutAsJsonAsync($"/api/v1/grants/{grant}/quota", new { dailyCalls = 100_000, dailyRows = 20 }));
        var again = await city.Ask(city.AskerSteward, resource.Id, ["code"]);
        (await again.Content.ReadAsStringAsync()).ShouldContain(grant);
        (await Refusal(again)).ShouldBe("SHR-017");

        // More than it has: for people, who see the quota; and once only while that is open.
        var more = (await Json(await city.Ask(city.AskerSteward, resource.Id)))[0];
        (more.GetProperty("state").GetString(), more.GetProperty("why").GetString()!.Contains(grant, StringComparison.Ordinal)).ShouldBe(("Review", true));
        var twice = await city.Ask(city.AskerSteward, resource.Id);
        (await twice.Content.ReadAsStringAsync()).ShouldContain(more.GetProperty("number").GetString()!);
        (await Refusal(twice)).ShouldBe("SHR-016");
        await Json(await city.Step(city.AskerSteward, more.GetProperty("number").GetString()!, "Withdraw"));

        await Json(await city.SourceSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/revoke", new { reason = "超范围使用" }));
        var anew = (await Json(await city.Ask(city.AskerSteward, resource.Id, ["code", "town"])))[0];
        (anew.GetProperty("state").GetString(), anew.GetProperty("grant").GetString()).ShouldBe(("Review", null));
        System.Net.WebUtility.HtmlDecode(await city.Engineer.GetStringAsync(new Uri($"/requests/{anew.GetProperty("number").GetString()}?lang=zh-CN", UriKind.Relative))).ShouldContain("曾被撤销：超范围使用");
    }

    [Fact]
    public async Task What_its_holder_ended_is_given_again_at_once_and_another_use_beside_one_in_force_is_for_people()
    {
        var resource = await city.Resource(SharingKind.Unconditional);
        var grant = (await Json(await city.Ask(city.AskerSteward, resource.Id, ["code"])))[0].GetProperty("grant").GetString()!;
        await Json(await city.AskerSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/revoke", new { reason = "不再需要" }));
        (await Json(await city.Ask(city.AskerSteward, resource.Id, ["code"])))[0].GetProperty("state").GetString().ShouldBe("Granted");
        var other = await Json(await city.AskerSteward.PostAsJsonAsync("/api/v1/requests", new
        {
            resources = new[] { new { resource = resource.Id } }, purpose = "另一用途", scene = "发放", basis = "第五条", until = city.Today.AddDays(9).ToString("yyyy-MM-dd"),
        }));
        other[0].GetProperty("state").GetString().ShouldBe("Review");
        other[0].GetProperty("why").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_renewal_is_asked_for_once_and_closed_with_the_reason_when_its_grant_is_revoked()
    {
        var grant = await city.Granted((await city.Resource()).Id, days: 5);
        async Task<HttpResponseMessage> Renew() => await city.AskerSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/renew", new { until = city.Today.AddDays(60).ToString("yyyy-MM-dd") });
        var number = (await Json(await Renew())).GetProperty("number").GetString()!;
        (await Refusal(await Renew())).ShouldBe("SHR-016");
        await Json(await city.SourceSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/revoke", new { reason = "用途已结束" }));
        var closed = await Json(await city.AskerSteward.GetAsync($"/api/v1/requests/{number}"));
        closed.GetProperty("state").GetString().ShouldBe("Withdrawn");
        closed.GetProperty("answer").GetString()!.ShouldContain("用途已结束");
        closed.GetProperty("options").GetArrayLength().ShouldBe(0);
        var late = await Renew();
        (await late.Content.ReadAsStringAsync()).ShouldContain(grant);
        (await Refusal(late)).ShouldBe("SHR-021");
    }

    [Fact]
    public async Task What_is_not_shared_is_refused_with_its_legal_basis()
    {
        var resource = await city.Resource(SharingKind.Refused);
        var answer = await city.Ask(city.AskerSteward, resource.Id);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("《模拟条例》第八条");
    }

    [Theory]
    [InlineData("amount", "AtLeast", "很多")]
    [InlineData("no_such", "Equal", "1")]
    [InlineData("amount", "Equal", "5-")]
    [InlineData("amount", "Equal", "1); DROP TABLE x; --")]
    public async Task Rows_that_do_not_fit_the_items_of_the_resource_are_refused(string column, string @is, string value) =>
        (await Refusal(await city.Ask(city.AskerSteward, (await city.Resource()).Id, filter: new { column, @is, value }))).ShouldBe("SHR-006");

    [Theory]
    [InlineData("town", "望春街道", "Granted")]
    [InlineData("name", "张三", "Review")]
    public async Task Filter_on_what_is_not_given_in_clear_is_for_people_to_decide_though_the_resource_is_open(string column, string value, string state)
    {
        var resource = await city.Resource(SharingKind.Unconditional);
        var made = await Json(await city.Ask(city.AskerSteward, resource.Id, ["code", "town"], new { column, @is = "Equal", value }));
        made[0].GetProperty("state").GetString().ShouldBe(state);
    }

    [Fact]
    public async Task Rows_asked_for_in_the_form_are_shown_in_words_and_are_all_that_is_given()
    {
        var resource = await city.Resource();
        var form = $"/requests/new?resource={resource.Id}&lang=zh-CN";
        var page = await city.AskerSteward.GetStringAsync(new Uri(form, UriKind.Relative));
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        async Task<HttpResponseMessage> Sent(string item, string test, string value) => await city.AskerSteward.PostAsync(new Uri(form, UriKind.Relative), new FormUrlEncodedContent(
        [
            new("_handler", "request"), new("__RequestVerificationToken", token), .. resource.Items.Select(i => KeyValuePair.Create("Item", $"{resource.Id}/{i.Column}")),
            new("RowItem", $"{resource.Id}/{item}"), new("RowIs", test), new("RowValue", value), new("RowItem", $"{resource.Id}/"), new("RowIs", "Equal"), new("RowValue", ""),
            new("Use", "核对补贴资格"), new("Scene", "补贴发放"), new("Basis", "第五条"), new("Until", city.Today.AddDays(9).ToString("yyyy-MM-dd")), new("Often", "Daily"), new("Way", "Api"),
        ]));
        (await (await Sent("amount", "AtLeast", "很多")).Content.ReadAsStringAsync()).ShouldContain("SHR-006");
        var number = (await Sent("town", "OneOf", "方岩镇，龙山镇")).Headers.Location!.ToString().Split('/')[^1];
        System.Net.WebUtility.HtmlDecode(await city.Engineer.GetStringAsync(new Uri($"/requests/{number}?lang=zh-CN", UriKind.Relative))).ShouldContain("街镇 属于 “方岩镇”、“龙山镇”");
        await Json(await city.Step(city.Engineer, number, "Conform"));
        var grant = (await Json(await city.Step(city.SourceSteward, number, "Approve"))).GetProperty("grant").GetString()!;
        using var program = await city.Program(grant);
        (await Json(await program.GetAsync($"/api/v1/data/{grant}"))).GetProperty("rows").EnumerateArray().ShouldHaveSingleItem().GetProperty("town").GetString().ShouldBe("方岩镇");
    }

    [Fact]
    public async Task Basket_takes_only_what_may_be_asked_for()
    {
        async Task<string> Put(HttpClient who, Guid resource) => await Refusal(await who.PutAsync(new Uri($"/api/v1/basket/{resource}", UriKind.Relative), null));
        (await Put(city.AskerSteward, (await city.Resource(SharingKind.Refused)).Id)).ShouldBe("SHR-003");
        (await Put(city.SourceSteward, (await city.Resource()).Id)).ShouldBe("SHR-004");
        (await Put(city.AskerSteward, Guid.NewGuid())).ShouldBe("SHR-005");
    }

    [Fact]
    public async Task Page_of_a_resource_says_why_one_may_not_and_what_to_do()
    {
        async Task<string> Page(HttpClient who, Guid resource) => System.Net.WebUtility.HtmlDecode(await who.GetStringAsync(new Uri($"/catalog/{resource}?lang=zh-CN", UriKind.Relative)));
        (await Page(city.AskerSteward, (await city.Resource(SharingKind.Refused)).Id)).ShouldContain("《模拟条例》第八条");
        var resource = (await city.Resource()).Id;
        (await Page(city.AskerSteward, resource)).ShouldContain("经主管部门审查、数源单位审核后获得授权");
        var number = await city.Asked(resource);
        (await Page(city.AskerSteward, resource)).ShouldContain($"本单位的申请 {number} 正在办理");
        await Json(await city.Step(city.Engineer, number, "Conform"));
        var grant = (await Json(await city.Step(city.SourceSteward, number, "Approve"))).GetProperty("grant").GetString();
        (await Page(city.AskerSteward, resource)).ShouldContain($"本单位已获授权 {grant}");
        (await Page(city.StrangerSteward, resource)).ShouldNotContain(grant!);
    }

    [Fact]
    public async Task A_conditional_one_needs_the_bureau_and_then_the_source_unit_and_each_knows_what_is_theirs()
    {
        var number = await city.Asked((await city.Resource()).Id);
        (await Refusal(await city.Step(city.SourceSteward, number, "Approve"))).ShouldBe("SHR-007");
        (await Refusal(await city.Step(city.SourceSteward, number, "Conform"))).ShouldBe("SHR-008");
        (await Refusal(await city.Step(city.AskerSteward, number, "Conform"))).ShouldBe("SHR-008");
        await Json(await city.Step(city.Engineer, number, "Conform"));
        (await Refusal(await city.Step(city.Engineer, number, "Approve"))).ShouldBe("SHR-009");

        var seen = await Json(await city.Engineer.GetAsync($"/api/v1/requests/{number}"));
        var approve = seen.GetProperty("options").EnumerateArray().Single(o => o.GetProperty("step").GetString() == "Approve");
        approve.GetProperty("may").GetBoolean().ShouldBeFalse();
        approve.GetProperty("why").GetString().ShouldNotBeNullOrEmpty();

        var done = await Json(await city.Step(city.SourceSteward, number, "Approve"));
        done.GetProperty("state").GetString().ShouldBe("Granted");
        done.GetProperty("grant").GetString().ShouldStartWith("SQ-");
    }

    [Fact]
    public async Task A_refusal_needs_a_reason_and_may_be_disputed_once()
    {
        var number = await city.Asked((await city.Resource()).Id);
        await Json(await city.Step(city.Engineer, number, "Conform"));
        (await Refusal(await city.Step(city.SourceSteward, number, "Refuse"))).ShouldBe("SHR-012");
        await Json(await city.Step(city.SourceSteward, number, "Refuse", "与职责无关"));
        (await Refusal(await city.Step(city.SourceSteward, number, "Dispute", "不服"))).ShouldBe("SHR-010");
        (await Json(await city.Step(city.AskerSteward, number, "Dispute", "依据充分"))).GetProperty("state").GetString().ShouldBe("Mediation");
        (await Refusal(await city.Step(city.SourceSteward, number, "Refuse", "坚持"))).ShouldBe("SHR-008");
        using var mediator = city.Door(); // the operator: another engineer than the one who reviewed
        await Json(await city.Step(mediator, number, "Refuse", "维持"));
        (await Refusal(await city.Step(city.AskerSteward, number, "Dispute", "再次"))).ShouldBe("SHR-014");
    }

    [Fact]
    public async Task Mediation_may_end_in_a_grant()
    {
        var number = await city.Asked((await city.Resource()).Id);
        await Json(await city.Step(city.Engineer, number, "Refuse", "材料不足"));
        await Json(await city.Step(city.AskerSteward, number, "Dispute", "材料已补"));
        using var mediator = city.Door();
        (await Json(await city.Step(mediator, number, "Approve"))).GetProperty("grant").GetString().ShouldStartWith("SQ-");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_reviewed_a_request_does_not_decide_on_it_after_a_dispute(bool conform)
    {
        var number = await city.Asked((await city.Resource()).Id);
        if (conform)
        {
            await Json(await city.Step(city.Engineer, number, "Conform"));
        }

        await Json(await city.Step(conform ? city.SourceSteward : city.Engineer, number, "Refuse", "与职责无关"));
        await Json(await city.Step(city.AskerSteward, number, "Dispute", "依据充分"));
        foreach (var step in new[] { "Approve", "Refuse" })
        {
            (await Refusal(await city.Step(city.Engineer, number, step, "由我决定"))).ShouldBe("SHR-011", step);
        }

        using var mediator = city.Door();
        (await Json(await city.Step(mediator, number, "Approve"))).GetProperty("state").GetString().ShouldBe("Granted");
    }

    [Fact]
    public async Task A_clock_counts_working_days_by_the_table_of_limits_and_turns_red()
    {
        var number = await city.Asked((await city.Resource()).Id);
        var request = await Json(await city.Engineer.GetAsync($"/api/v1/requests/{number}"));
        var (made, due) = (request.GetProperty("made").GetDateTimeOffset().InCity(), request.GetProperty("due").GetDateTimeOffset().InCity());
        (due - made).TotalDays.ShouldBeInRange(2, 14);
        due.TimeOfDay.ShouldBe(TimeSpan.Zero);
        request.GetProperty("light").GetString().ShouldBe("Green");
        RequestClock(due.AddMinutes(1), made, due).ShouldBe(Requests.Light.Red);
        RequestClock(made + (0.9 * (due - made)), made, due).ShouldBe(Requests.Light.Yellow);
    }

    [Fact]
    public async Task A_stranger_sees_neither_request_nor_grant_and_cannot_act_on_them()
    {
        var resource = await city.Resource();
        var grant = await city.Granted(resource.Id);
        var number = await city.Asked(resource.Id);
        (await Refusal(await city.StrangerSteward.GetAsync($"/api/v1/requests/{number}"))).ShouldBe("SHR-001");
        (await Refusal(await city.Step(city.StrangerSteward, number, "Withdraw"))).ShouldBe("SHR-001");
        (await Refusal(await city.StrangerSteward.GetAsync($"/api/v1/grants/{grant}"))).ShouldBe("SHR-020");
        (await Refusal(await city.StrangerSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/keys", new { name = "x" }))).ShouldBe("SHR-020");
        (await Refusal(await city.StrangerSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/revoke", new { reason = "x" }))).ShouldBe("SHR-020");
        (await Refusal(await city.StrangerSteward.GetAsync($"/api/v1/data/{grant}"))).ShouldBe("SHR-020");
        (await Json(await city.StrangerSteward.GetAsync("/api/v1/requests?size=200"))).GetProperty("total").GetInt64().ShouldBe(0);
        (await Json(await city.StrangerSteward.GetAsync("/api/v1/grants?size=200"))).GetProperty("total").GetInt64().ShouldBe(0);
        // The source unit gave it, but takes nothing under it.
        (await Refusal(await city.SourceSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/keys", new { name = "x" }))).ShouldBe("SHR-020");
        (await Refusal(await city.SourceSteward.GetAsync($"/api/v1/data/{grant}"))).ShouldBe("SHR-020");
    }

    [Fact]
    public async Task A_renewal_prolongs_and_never_widens()
    {
        var grant = await city.Granted((await city.Resource()).Id, days: 5);
        async Task<HttpResponseMessage> Renew(object ask) => await city.AskerSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/renew", ask);
        var until = city.Today.AddDays(60).ToString("yyyy-MM-dd");
        (await Refusal(await Renew(new { until, purpose = "另作他用" }))).ShouldBe("SHR-022");
        (await Refusal(await Renew(new { until, items = new[] { "name" } }))).ShouldBe("SHR-022");
        var number = (await Json(await Renew(new { until }))).GetProperty("number").GetString()!;
        await Json(await city.Step(city.Engineer, number, "Conform"));
        (await Json(await city.Step(city.SourceSteward, number, "Approve"))).GetProperty("grant").GetString().ShouldBe(grant);
        (await Json(await city.AskerSteward.GetAsync($"/api/v1/grants/{grant}"))).GetProperty("until").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddDays(58));
    }

    [Theory]
    [InlineData("town", "望春街道", "Granted")]
    [InlineData("name", "张三", "Review")]
    public async Task A_renewal_is_for_people_to_decide_where_its_rows_are_chosen_by_what_is_not_given_in_clear(string column, string value, string state)
    {
        var resource = await city.Resource(SharingKind.Unconditional);
        var made = (await Json(await city.Ask(city.AskerSteward, resource.Id, ["code", "town"], new { column, @is = "Equal", value }, days: 5)))[0];
        var grant = made.GetProperty("grant").GetString();
        if (made.GetProperty("state").GetString() == "Review")
        {
            var number = made.GetProperty("number").GetString()!;
            await Json(await city.Step(city.Engineer, number, "Conform"));
            grant = (await Json(await city.Step(city.SourceSteward, number, "Approve"))).GetProperty("grant").GetString();
        }

        var until = city.Today.AddDays(60).ToString("yyyy-MM-dd");
        (await Json(await city.AskerSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/renew", new { until }))).GetProperty("state").GetString().ShouldBe(state);
    }

    [Fact]
    public async Task An_approval_of_a_renewal_may_mask_more_and_not_less()
    {
        var (grant, program, _) = await city.Ready(masks: new { name = "Hash" });
        var until = city.Today.AddDays(60).ToString("yyyy-MM-dd");
        var number = (await Json(await city.AskerSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/renew", new { until }))).GetProperty("number").GetString()!;
        await Json(await city.Step(city.Engineer, number, "Conform"));
        (await city.SourceSteward.GetStringAsync($"/requests/{number}")).ShouldContain("name=Null");
        foreach (var looser in new object[] { new Dictionary<string, string?> { ["name"] = null }, new { name = "Partial", town = "Full" } })
        {
            var refused = await city.Step(city.SourceSteward, number, "Approve", masks: looser);
            (await refused.Content.ReadAsStringAsync()).ShouldContain("续期只能收紧脱敏");
            (await Refusal(refused)).ShouldBe("SHR-006");
        }

        await Json(await city.Step(city.SourceSteward, number, "Approve", masks: new { name = "Null", town = "Full" }));
        var items = (await Json(await city.AskerSteward.GetAsync($"/api/v1/grants/{grant}"))).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("mask").GetString());
        items.Order().ShouldBe([null, null, null, "Full", "Null"]);
        var row = (await Json(await program.GetAsync($"/api/v1/data/{grant}"))).GetProperty("rows")[0];
        (row.GetProperty("name").GetString(), row.GetProperty("town").GetString(), row.GetProperty("code").GetString()).ShouldBe((null, "***", "A1"));
    }

    [Fact]
    public async Task The_chain_of_evidence_holds_every_act_and_is_whole()
    {
        await city.Granted((await city.Resource()).Id);
        using var scope = city.Services.CreateScope();
        (await scope.ServiceProvider.GetRequiredService<ILedgerCheck>().Run(default)).Faults.ShouldBeEmpty();
    }

    private static Requests.Light? RequestClock(DateTimeOffset now, DateTimeOffset from, DateTimeOffset due) => Requests.Clocks.LightOf(new() { StageAt = from, DueAt = due }, now);
}
