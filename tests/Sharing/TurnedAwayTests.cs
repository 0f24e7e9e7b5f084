// Whoever asks for what is not theirs, or comes with a key that does not count, is in the ledger: without what they were refused, and without filling it.
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

/// <summary>Time moves here, so nobody else shares this city.</summary>
public sealed class TurnedAwayTests : IAsyncLifetime
{
    private readonly SharedCity city = new();

    public ValueTask InitializeAsync() => city.InitializeAsync();

    public ValueTask DisposeAsync() => city.DisposeAsync();

    [Fact]
    public async Task Whoever_asks_for_another_units_grant_request_delivery_or_application_is_in_the_ledger_without_what_they_were_refused()
    {
        var resource = await city.Resource();
        var request = await city.Asked((await city.Resource()).Id);
        var grant = await city.Granted(resource.Id, items: ["code"], way: "Subscription");
        var hook = await city.Delivery(grant, new { hook = new { url = "https://127.0.0.1:9/" } });
        var key = (await Json(await city.AskerSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/keys", new { name = "试" }))).GetProperty("card").GetProperty("id").GetGuid();
        var application = await Application.Registered(city, grant);
        var stranger = city.StrangerSteward;
        (string Act, string Subject, string Code, Func<Task<HttpResponseMessage>> Try)[] tries =
        [
            ("grant.refused", grant, "SHR-020", () => stranger.GetAsync($"/api/v1/grants/{grant}")),
            ("grant.refused", grant, "SHR-020", () => stranger.GetAsync($"/api/v1/grants/{grant}/cost")),
            ("grant.refused", grant, "SHR-020", () => stranger.PostAsJsonAsync($"/api/v1/grants/{grant}/revoke", new { reason = "别家的" })),
            ("grant.refused", grant, "SHR-020", () => stranger.PostAsJsonAsync($"/api/v1/grants/{grant}/renew", new { until = city.Today.AddDays(9).ToString("yyyy-MM-dd") })),
            ("grant.refused", grant, "SHR-020", () => stranger.PostAsJsonAsync($"/api/v1/grants/{grant}/keys", new { name = "x" })),
            ("grant.refused", grant, "SHR-020", () => stranger.DeleteAsync($"/api/v1/grants/{grant}/keys/{key}")),
            ("grant.refused", grant, "SHR-020", () => stranger.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "x", file = new { format = "Csv" } })),
            ("grant.refused", grant, "SHR-023", () => city.AskerSteward.DeleteAsync($"/api/v1/grants/{grant}/keys/{Guid.NewGuid()}")),
            ("grant.refused", grant, "SHR-008", () => city.AskerSteward.PutAsJsonAsync($"/api/v1/grants/{grant}/quota", new { dailyCalls = 9, dailyRows = 9 })),
            ("request.refused", request, "SHR-001", () => stranger.GetAsync($"/api/v1/requests/{request}")),
            ("request.refused", request, "SHR-001", () => city.Step(stranger, request, "Approve")),
            ("delivery.refused", hook, "SHR-042", () => stranger.GetAsync($"/api/v1/deliveries/{hook}")),
            ("delivery.refused", hook, "SHR-042", () => stranger.GetAsync($"/api/v1/deliveries/{hook}/runs")),
            ("delivery.refused", hook, "SHR-042", () => stranger.PostAsJsonAsync($"/api/v1/deliveries/{hook}/steps", new { step = "Send" })),
            ("delivery.refused", hook, "SHR-010", () => city.SourceSteward.PostAsJsonAsync($"/api/v1/deliveries/{hook}/steps", new { step = "Send" })),
            ("application.refused", application.Id.ToString(), "SHR-060", () => stranger.GetAsync($"/api/v1/applications/{application.Id}")),
            ("application.refused", application.Id.ToString(), "SHR-061", () => city.AskerSteward.DeleteAsync($"/api/v1/applications/{application.Id}/tokens/{Guid.NewGuid()}")),
            ("data.refused", grant, "SHR-020", () => stranger.GetAsync($"/api/v1/data/{grant}")),
            ("data.refused", grant, "SHR-020", () => stranger.GetAsync($"/api/v1/data/{grant}/openapi.json")),
            ("data.refused", grant, "SHR-020", () => stranger.GetAsync($"/api/v1/data/{grant}/files")),
            ("data.refused", grant, "SHR-020", () => stranger.GetAsync($"/api/v1/data/{grant}/files/{Guid.NewGuid()}/manifest")),
        ];
        foreach (var (act, subject, code, attempt) in tries)
        {
            (await Refusal(await attempt())).ShouldBe(code, act);
            await OneMinute();
            var entry = (await Entries("refused")).Last(e => e["act"] != "delivery.refused" || e["actor"] != Guid.Empty.ToString());
            (entry["act"], entry["subject"], entry["result"]).ShouldBe((act, subject, code));
            entry["actor"].ShouldNotBe(Guid.Empty.ToString());
            new[] { entry["provider"], entry["resource"], entry["grant_id"], entry["purpose"] }.ShouldAllBe(v => v == null);
            string.Concat(entry.Values).ShouldNotContain(resource.Name);
        }
    }

    [Fact]
    public async Task Knocking_in_a_loop_writes_two_entries_a_minute_and_nothing_a_caller_made_up()
    {
        var grant = await city.Granted((await city.Resource()).Id);
        var before = (await Entries("grant.refused")).Count;
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => city.StrangerSteward.GetAsync($"/api/v1/grants/{grant}")));
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => city.StrangerSteward.GetAsync($"/api/v1/grants/SQ-2026-9{i:D4}")));
        (await Refusal(await city.StrangerSteward.GetAsync("/api/v1/grants/330722199001011234"))).ShouldBe("SHR-020");
        (await Entries("grant.refused")).Count.ShouldBe(before + 1);
        await OneMinute();
        await OneMinute();

        var entries = (await Entries("grant.refused")).Skip(before).ToList();
        entries.Count.ShouldBe(2);
        JsonElement Detail(int at) => JsonDocument.Parse(entries[at]["detail"]!).RootElement;
        (Detail(0).GetProperty("times").GetInt32(), Detail(1).GetProperty("times").GetInt32()).ShouldBe((1, 80));
        Detail(1).GetProperty("subjects").GetArrayLength().ShouldBe(20);
        entries.ShouldAllBe(e => !string.Concat(e.Values).Contains("330722199001011234", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_or_token_that_is_forged_revoked_or_out_of_date_is_in_the_ledger_and_is_not_kept_there()
    {
        var grant = await city.Granted((await city.Resource()).Id);
        var made = await Json(await city.AskerSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/keys", new { name = "试" }));
        var application = await Application.Registered(city, grant);
        var token = (await Json(await application.Fetch())).GetProperty("access_token").GetString()!;
        async Task<string> Came(string bearer)
        {
            using var program = city.Visitor();
            program.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
            var answer = await program.GetAsync($"/api/v1/data/{grant}");
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            answer.Headers.WwwAuthenticate.ToString().ShouldContain("invalid_token");
            return await Refusal(answer);
        }

        var (key, forged, altered) = (made.GetProperty("secret").GetString()!, "lz_" + new string('A', 43), token[..^6] + (token[^6] == 'A' ? 'B' : 'A') + token[^5..]);
        await Json(await city.AskerSteward.DeleteAsync($"/api/v1/grants/{grant}/keys/{made.GetProperty("card").GetProperty("id").GetGuid()}"));
        (await Came(forged)).ShouldBe("IDN-063");
        (await Came(altered)).ShouldBe("IDN-063");
        (await Came(key)).ShouldBe("IDN-064");
        city.Advance(TimeSpan.FromMinutes(31));
        (await Came(token)).ShouldBe("IDN-064");
        (await Came(altered)).ShouldBe("IDN-063");
        await OneMinute();

        var entries = await Entries("token.refused");
        var of = (await Id(grant)).ToString();
        entries.Select(e => (e["subject"], e["result"])).ShouldBe(
            [("unknown", "IDN-063"), ($"grant:{of}", "IDN-064"), ($"application:{application.Id}", "IDN-064"), ("unknown", "IDN-063")], ignoreOrder: true);
        entries.ShouldAllBe(e => e["detail"]!.Contains("\"from\":\"", StringComparison.Ordinal));
        string[] secrets = [key[..12], forged, token[^20..], altered[^20..], token.Split('.')[1][..20]];
        entries.ShouldAllBe(e => !secrets.Any(s => string.Concat(e.Values).Contains(s, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_address_that_guessed_too_often_is_in_the_ledger_with_how_often()
    {
        var grant = await city.Granted((await city.Resource()).Id);
        using var forger = city.Visitor();
        forger.DefaultRequestHeaders.Authorization = new("Bearer", "lz_" + new string('A', 43));
        for (var guess = 0; guess < 70; guess++)
        {
            await forger.GetAsync($"/api/v1/data/{grant}");
        }

        await OneMinute();
        (await Entries("token.refused")).Select(e => (e["result"], JsonDocument.Parse(e["detail"]!).RootElement.GetProperty("times").GetInt32()))
            .ShouldBe([("IDN-063", 1), ("IDN-016", 1), ("IDN-063", 59), ("IDN-016", 9)]);
    }

    /// <summary>A minute goes by, and what was counted is written.</summary>
    private async Task OneMinute()
    {
        city.Advance(TimeSpan.FromSeconds(61));
        await city.Services.GetRequiredService<Ledger.NoteRefusals>().Look(default);
    }

    private async Task<Guid> Id(string grant) => Guid.Parse((await Json(await city.Engineer.GetAsync($"/api/v1/grants/{grant}"))).GetProperty("id").GetString()!);

    private async Task<List<Dictionary<string, string?>>> Entries(string act)
    {
        await using var connection = await city.Services.GetRequiredService<StateStore>().Open();
        return await connection.Rows(
            null, $"SELECT * FROM ledger_entry WHERE act LIKE {"%" + act} ORDER BY seq", r => Enumerable.Range(0, r.FieldCount).ToDictionary(r.GetName, i => r.IsDBNull(i) ? null : Convert.ToString(r.GetValue(i)))).ToListAsync();
    }
}
