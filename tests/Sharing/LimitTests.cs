// How long a step of a request may take: set by the bureau for days to come, with its reason; clocks that run keep their end.
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Sharing.Requests;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

public sealed class LimitTests(SharedCity city) : LimitPromises(city), IClassFixture<SharedCity>;

public sealed class LimitTestsOnPostgreSql(PostgresCity city) : LimitPromises(city), IClassFixture<PostgresCity>;

public abstract class LimitPromises(SharedCity city)
{
    [Fact]
    public async Task A_new_limit_counts_for_steps_that_begin_after_it_and_open_clocks_keep_theirs()
    {
        var open = await city.Asked((await city.Resource()).Id);
        var before = await Due(open);
        var workdays = before == await City(4) ? 6 : 4; // another than the one it has
        before.ShouldNotBe(await City(workdays));
        (await Set("Review", workdays, "审查力量不足")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Due(open)).ShouldBe(before);
        (await Due(await city.Asked((await city.Resource()).Id))).ShouldBe(await City(workdays));

        // From a day to come: in the table, not yet in force.
        (await Set("Review", 30, "年末集中清理", city.Today.AddDays(3))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Due(await city.Asked((await city.Resource()).Id))).ShouldBe(await City(workdays));
        using var scope = city.Services.CreateScope();
        var (db, calendar) = (scope.ServiceProvider.GetRequiredService<SharingDb>(), scope.ServiceProvider.GetRequiredService<IWorkCalendar>());
        var later = scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(3);
        (await Clocks.Due(db, calendar, RequestState.Review, later, default)).ShouldBe(await calendar.After(later, 30, default));

        // An earlier day again: what was announced for later stands, and this one holds until then; the two of one day are one.
        (await Set("Review", workdays, "人手已补充")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var lines = (await Lines()).Where(l => l.GetProperty("stage").GetString() == "Review").ToList();
        lines.Count.ShouldBe(3);
        (lines[0].GetProperty("workdays").GetInt32(), lines[0].GetProperty("validUntil").ValueKind).ShouldBe((30, JsonValueKind.Null));
        (lines[1].GetProperty("workdays").GetInt32(), lines[1].GetProperty("reason").GetString(), lines[1].GetProperty("validUntil").GetString()).ShouldBe((workdays, "人手已补充", lines[0].GetProperty("validFrom").GetString()));
        lines[2].GetProperty("validUntil").GetString().ShouldBe(lines[1].GetProperty("validFrom").GetString());

        // Every word of it is in the ledger, those taken back too.
        (await Told("done")).Count(t => t.Contains("年末集中清理", StringComparison.Ordinal)).ShouldBe(1);
        (await Told("done")).Last().ShouldContain($"\"before\":{workdays}");
    }

    [Fact]
    public async Task Only_the_bureau_sets_a_limit_with_a_reason_a_step_that_has_a_clock_and_a_day_not_gone_by()
    {
        (await Refusal(await Set("Decision", 4, " "))).ShouldBe("KRN-001");
        (await Refusal(await Set("Decision", 0, "x"))).ShouldBe("KRN-001");
        (await Refusal(await Set("Decision", 251, "x"))).ShouldBe("KRN-001");
        (await Refusal(await Set("Granted", 4, "x"))).ShouldBe("KRN-001");
        (await Refusal(await Set("Decision", 4, "x", city.Today.AddDays(-1)))).ShouldBe("SHR-070");
        (await Told("SHR-070")).ShouldNotBeEmpty();
        (await Refusal(await Set("Decision", 4, "x", by: city.SourceSteward))).ShouldBe("SHR-008");
        (await Told("SHR-008")).ShouldNotBeEmpty();
        (await Lines()).Single(l => l.GetProperty("stage").GetString() == "Decision").GetProperty("workdays").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task The_page_shows_them_and_sets_them()
    {
        var page = await city.Engineer.GetStringAsync(new Uri("/requests/limits?lang=zh-CN", UriKind.Relative));
        WebUtility.HtmlDecode(page).ShouldContain("共享申请各环节的办理工作日");
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        using var form = new FormUrlEncodedContent(
        [
            new("_handler", "limit"), new("__RequestVerificationToken", token), new("Stage", "Mediation"), new("Workdays", "12"), new("First", city.Today.ToString("yyyy-MM-dd")), new("Reason", "协调涉及多部门"),
        ]);
        (await city.Engineer.PostAsync(new Uri("/requests/limits", UriKind.Relative), form)).StatusCode.ShouldBe(HttpStatusCode.Found);
        WebUtility.HtmlDecode(await city.Engineer.GetStringAsync(new Uri("/requests/limits", UriKind.Relative))).ShouldContain("协调涉及多部门");
        (await city.SourceSteward.GetAsync(new Uri("/requests/limits", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private Task<HttpResponseMessage> Set(string stage, int workdays, string reason, DateOnly? from = null, HttpClient? by = null) =>
        (by ?? city.Engineer).PutAsJsonAsync("/api/v1/requests/limits", new { stage, workdays, reason, from });

    private async Task<List<JsonElement>> Lines() => [.. (await Json(await city.Engineer.GetAsync("/api/v1/requests/limits"))).EnumerateArray()];

    private async Task<DateTimeOffset> Due(string request) => (await Json(await city.Engineer.GetAsync($"/api/v1/requests/{request}"))).GetProperty("due").GetDateTimeOffset();

    /// <summary>So many working days from now.</summary>
    private async Task<DateTimeOffset> City(int workdays)
    {
        using var scope = city.Services.CreateScope();
        return await scope.ServiceProvider.GetRequiredService<IWorkCalendar>().After(scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow(), workdays, default);
    }

    /// <summary>What the ledger says of limits that ended so.</summary>
    private async Task<List<string>> Told(string result)
    {
        await using var connection = await city.Services.GetRequiredService<StateStore>().Open();
        return await connection.Rows(null, $"SELECT detail FROM ledger_entry WHERE act = {"request.limit"} AND result = {result} ORDER BY seq", r => r.IsDBNull(0) ? "{}" : r.GetString(0)).ToListAsync();
    }
}
