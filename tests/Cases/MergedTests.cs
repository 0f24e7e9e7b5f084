// Whoever reported a case that was merged is answered by the one that is worked on for it: progress, result, a word on it, Open311; undone, it tells of itself again. On both databases.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Intake.Citizen;
using Lizhou.Cases.Ledger;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class MergedTests(CaseCity city) : MergedPromises(city), IClassFixture<CaseCity>;

public sealed class MergedTestsOnPostgreSql(PostgresCaseCity city) : MergedPromises(city), IClassFixture<PostgresCaseCity>;

public abstract class MergedPromises(CaseCity city)
{
    [Fact]
    public async Task Every_reporter_of_a_case_that_was_merged_reads_what_was_done_and_rates_it_once()
    {
        var (first, second, main) = (await Reported("merged-1"), await Reported("merged-2"), await Reported("merged-main"));
        await Merge(first, second); // And that into the next: it is followed to the end.
        await Merge(second, main);
        (await Progress(first, "merged-1")).ShouldSatisfyAllConditions(p => p.State.Zh.ShouldBe("待受理"), p => p.Ended.ShouldBeFalse(), p => p.Outcome.ShouldBeNull(), p => p.Into.ShouldBe(main), p => p.Mine!.MayRate.ShouldBeFalse());
        (await Rate(first, "merged-1", true)).ShouldBe("CAS-096");
        await Settled(main);

        var told = await Progress(first, "merged-1");
        told.ShouldSatisfyAllConditions(p => p.State.Zh.ShouldBe("结案"), p => p.Outcome.ShouldBe(Outcome.Normal), p => p.Unit.ShouldBe("模拟环卫中心"), p => p.Class.ShouldNotBe("—"), p => p.Mine!.Done.ShouldBe("已清理"), p => p.Mine!.MayRate.ShouldBeTrue());
        told.Steps.Select(s => s.State.Zh).ShouldBe(["待受理", "已合并", "待立案", "待派遣", "处置中", "待核查", "待结案", "结案"]);
        using var citizen = city.Visitor();
        (await citizen.GetStringAsync($"/progress?number={first}&key=merged-1")).ShouldSatisfyAllConditions(p => p.ShouldContain("已清理"), p => p.ShouldContain(main), p => p.ShouldContain("name=\"Good\""));

        (await Rate(first, "merged-1", false, "仍有异味")).ShouldBe("");
        (await Rate(first, "merged-1", true)).ShouldBe("CAS-096");
        (await Rate(second, "merged-2", true)).ShouldBe("", "each reporter has a word");
        (await Rate(main, "merged-main", true)).ShouldBe("");
        (await Progress(first, null)).Satisfied.ShouldBe(false);
        (await Progress(second, null)).Satisfied.ShouldBe(true);
        (await Progress(main, null)).Satisfied.ShouldBe(true);
        (await Satisfied(main)).ShouldBe(false, "a good word does not take back another's poor one");
        (await Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_report_of_a_channel_is_open_until_what_it_was_merged_into_ends_and_names_it()
    {
        var key = (await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-channels", new { name = "合并渠道（模拟）", source = nameof(CaseSource.Web), unit = CaseCity.Cleaning }))).GetProperty("secret").GetString()!;
        using var client = city.Visitor();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["api_key"] = key, ["service_code"] = "0102", ["address_id"] = "330784001", ["description"] = "路边有一堆垃圾" });
        var posted = await client.PostAsync("/open311/v2/requests.json", form);
        var report = JsonDocument.Parse(await posted.Content.ReadAsStringAsync()).RootElement[0].GetProperty("service_request_id").GetString()!;
        var main = await city.Report();
        await Merge(report, main);

        (await Request(client, report)).ShouldSatisfyAllConditions(r => r.GetProperty("status").GetString().ShouldBe("open"), r => r.GetProperty("status_notes").GetString()!.ShouldContain(main));
        (await Numbers(client, $"requests.json?api_key={key}&status=open")).ShouldBe([report]);
        (await Numbers(client, $"requests.json?api_key={key}&status=closed")).ShouldBeEmpty();
        await Settled(main);
        (await Request(client, report)).ShouldSatisfyAllConditions(r => r.GetProperty("status").GetString().ShouldBe("closed"), r => r.GetProperty("agency_responsible").ValueKind.ShouldNotBe(JsonValueKind.Undefined));
        (await Numbers(client, $"requests.json?api_key={key}&status=open")).ShouldBeEmpty();
        (await Numbers(client, $"requests.json?api_key={key}&status=closed")).ShouldBe([report]);

        var updates = JsonDocument.Parse(await client.GetStringAsync($"/open311/v2/servicerequestupdates.json?api_key={key}")).RootElement.EnumerateArray().ToList();
        updates.ShouldAllBe(u => u.GetProperty("service_request_id").GetString() == report);
        updates.Select(u => u.GetProperty("status").GetString()).Distinct().ShouldBe(["open", "closed"]);
        updates.Select(u => u.GetProperty("description").GetString()!).ShouldSatisfyAllConditions(all => all.ShouldContain(d => d.Contains(main)), all => all.ShouldContain(d => d.Contains("已清理")));
        updates.Select(u => u.GetProperty("update_id").GetString()).ShouldBeUnique();
    }

    [Fact]
    public async Task The_reporters_of_merged_cases_are_shown_in_full_to_who_accepts_and_an_undone_merge_tells_of_itself_again()
    {
        var (one, main) = (await Reported("undone"), await city.Report());
        var other = await city.Report("同一堆垃圾，另一人反映");
        await Merge(one, main);
        await Merge(other, main);
        var shown = (await Json(await city.Bureau.PostAsync($"/api/v1/cases/{main}/reporters", null))).EnumerateArray().Select(r => $"{r.GetProperty("case").GetString()} {r.GetProperty("name").GetString()}").ToList();
        shown.ShouldBe([$"{main} 钱女士", $"{other} 钱女士"], ignoreOrder: true);
        (await city.Detail(one)).GetProperty("into").GetString().ShouldBe(main);

        await Json(await city.Act(city.Bureau, one, "unmerge", new { reason = "不是同一处" }));
        (await Progress(one, "undone")).ShouldSatisfyAllConditions(p => p.Into.ShouldBeNull(), p => p.State.Zh.ShouldBe("待受理"));
        (await city.Detail(one)).GetProperty("into").ValueKind.ShouldBe(JsonValueKind.Null);
        await Settled(main);
        (await Progress(one, "undone")).ShouldSatisfyAllConditions(p => p.Ended.ShouldBeFalse(), p => p.Mine!.MayRate.ShouldBeFalse());
    }

    private async Task<string> Reported(string key)
    {
        await using var scope = city.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<ReportCase>().Take(new("路边有一堆垃圾", "330784001", CaseSource.Web, "0102", Key: key), [], PublicDoor.Public, default)).Value.File.Number;
    }

    private async Task Merge(string number, string into) => await Json(await city.Act(city.Bureau, number, "merge", new { parent = into }));

    private async Task Settled(string number)
    {
        await Json(await city.Act(city.Bureau, number, "accept", new { @class = "0102" }));
        await Json(await city.Act(city.Bureau, number, "file"));
        await Json(await city.Act(city.Bureau, number, "dispatch", new { unit = CaseCity.Cleaning }));
        await Json(await city.Act(city.Cleaner, number, "feedback", new { result = "已清理" }));
        await Json(await city.Act(city.Bureau, number, "verified", new { result = "已核实" }));
        await Json(await city.Act(city.Bureau, number, "close"));
    }

    private async Task<bool?> Satisfied(string number)
    {
        await using var scope = city.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<CasesDb>().Whole(number, default))!.File.Satisfied;
    }

    private async Task<string> Rate(string number, string key, bool good, string? words = null)
    {
        await using var scope = city.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<RateCase>().Run(new(number, key, good, words), default)).Problem?.Code ?? "";
    }

    private async Task<Progress> Progress(string number, string? key)
    {
        await using var scope = city.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<TellProgress>().Run(number, key, default))!;
    }

    private static async Task<JsonElement> Request(HttpClient client, string number) => JsonDocument.Parse(await client.GetStringAsync($"/open311/v2/requests/{number}.json")).RootElement[0];

    private static async Task<List<string?>> Numbers(HttpClient client, string path) =>
        [.. JsonDocument.Parse(await client.GetStringAsync($"/open311/v2/{path}")).RootElement.EnumerateArray().Select(r => r.GetProperty("service_request_id").GetString())];
}
