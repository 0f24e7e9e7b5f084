// 累计交换 and 安全交换, and notices before a grant ends.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Kernel;
using Lizhou.Sharing.Grants;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

public sealed class MetricTests(SharedCity city) : IClassFixture<SharedCity>
{
    private static JsonElement? Line(JsonElement view, string name) =>
        view.GetProperty("lines").EnumerateArray().Cast<JsonElement?>().FirstOrDefault(l => l!.Value.GetProperty("name").GetString() == name);

    [Fact]
    public async Task Rows_exchanged_are_those_the_ledger_covers_and_a_stranger_sees_none()
    {
        var grant = await city.Granted((await city.Resource()).Id);
        using var program = await city.Program(grant);
        await Json(await program.GetAsync($"/api/v1/data/{grant}"));
        await Json(await program.GetAsync($"/api/v1/data/{grant}/changes"));
        await program.GetAsync($"/api/v1/data/{grant}?select=nothing");
        var line = Line(await Json(await city.AskerSteward.GetAsync("/api/v1/exchange?by=Grant")), grant)!.Value;
        (line.GetProperty("calls").GetInt64(), line.GetProperty("refused").GetInt64()).ShouldBe((2, 1));
        (line.GetProperty("exchanged").GetInt64(), line.GetProperty("secured").GetInt64()).ShouldBe((6, 6));
        var units = await Json(await city.Engineer.GetAsync("/api/v1/exchange"));
        Line(units, "模拟人社局")!.Value.GetProperty("secured").GetInt64().ShouldBe(Line(units, "模拟人社局")!.Value.GetProperty("exchanged").GetInt64());
        Line(await Json(await city.SourceSteward.GetAsync("/api/v1/exchange?by=Provider")), "模拟民政局").ShouldNotBeNull();
        (await Json(await city.StrangerSteward.GetAsync("/api/v1/exchange?by=Grant"))).GetProperty("lines").GetArrayLength().ShouldBe(0);
        using var auditor = await city.As(Roles.AuditAdministrator);
        Line(await Json(await auditor.GetAsync("/api/v1/exchange?by=Grant")), grant).ShouldNotBeNull();
        (await auditor.GetStringAsync("/exchange")).ShouldContain("交换统计");
        foreach (var month in new[] { "2026-13", "9999-12", "0001-01" })
        {
            (await Refusal(await city.Engineer.GetAsync($"/api/v1/exchange?month={month}"))).ShouldBe("SHR-031");
        }

        (await city.AskerSteward.GetStringAsync("/deliveries")).ShouldContain("安全交换");

        // A row that left without evidence shows at once.
        using var scope = city.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<SharingDb>();
        var use = db.Uses.Single(u => u.Granted == db.Grants.Single(g => g.Number == grant).Id);
        use.Rows++;
        await db.SaveChangesAsync();
        line = Line(await Json(await city.AskerSteward.GetAsync("/api/v1/exchange?by=Grant")), grant)!.Value;
        (line.GetProperty("exchanged").GetInt64(), line.GetProperty("secured").GetInt64()).ShouldBe((7, 6));
    }

    [Fact]
    public async Task Calls_are_the_answered_ones_and_refused_calls_those_of_every_reason_and_only_answered_ones_use_up_the_day()
    {
        var grant = await city.Granted((await city.Resource()).Id);
        using var program = await city.Program(grant);
        await Json(await city.Engineer.PutAsJsonAsync($"/api/v1/grants/{grant}/quota", new { dailyCalls = 2, dailyRows = 5000 }));
        async Task<string> Refused(string query) => await Refusal(await program.GetAsync($"/api/v1/data/{grant}{query}"));
        (await Refused("?select=nothing")).ShouldStartWith("POL-");
        (await Refused("?limit=0")).ShouldBe("SHR-031");
        (await Refused("?format=csv&limit=1")).ShouldBe("SHR-035");
        (await Refused("/changes?since=nonsense")).ShouldStartWith("POL-");
        await Json(await program.GetAsync($"/api/v1/data/{grant}"));
        await Json(await program.GetAsync($"/api/v1/data/{grant}?limit=1"));
        (await Refused("")).ShouldBe("SHR-032");
        var line = Line(await Json(await city.AskerSteward.GetAsync("/api/v1/exchange?by=Grant")), grant)!.Value;
        (line.GetProperty("calls").GetInt64(), line.GetProperty("refused").GetInt64()).ShouldBe((2, 5));
        (await Json(await city.AskerSteward.GetAsync($"/api/v1/grants/{grant}/cost"))).GetProperty("calls").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task A_unit_is_told_once_that_its_grant_is_about_to_end()
    {
        var grant = await city.Granted((await city.Resource()).Id, days: 5);
        var round = city.Services.GetRequiredService<NoticeExpiry>();
        await round.Look(default);
        await round.Look(default);
        using var scope = city.Services.CreateScope();
        scope.ServiceProvider.GetRequiredService<SharingDb>().Notices.Where(n => n.Kind == "expiring").ToList().Count(n => n.Path == $"/grants/{grant}").ShouldBe(1);
    }
}
