// The day's quota at every way of handing over: messages stop where it ends and go on the next day, a table is not begun that it cannot hold, and each fetch of a file is a call.
using System.Net;
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Sharing.Deliveries;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

/// <summary>Time moves here, so no other class shares this city; each test has grants of its own.</summary>
public sealed class QuotaTests(SharedCity city) : IClassFixture<SharedCity>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await city.SignIn();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_subscription_sends_what_the_day_leaves_and_the_rest_the_next_day()
    {
        await using var receiver = await Receiver.Open();
        var grant = await Granted(rows: 2, way: "Subscription");
        var number = await city.Delivery(grant, new { hook = new { url = receiver.Url, all = true } });
        var run = await city.Run(number);

        (run.GetProperty("result").GetString(), run.GetProperty("inserted").GetInt64()).ShouldBe(("Refused", 2));
        run.GetProperty("note").GetString()!.ShouldStartWith("SHR-034");
        receiver.Got.SelectMany(m => m.Changes).Count().ShouldBe(2);
        (await Used(grant)).ShouldBe(2);
        var next = (await Json(await city.AskerSteward.GetAsync($"/api/v1/deliveries/{number}"))).GetProperty("nextAt").GetDateTimeOffset();
        next.InCity().Date.ShouldBe(city.Today.AddDays(1).ToDateTime(default));

        city.Advance(TimeSpan.FromDays(1));
        await city.RunNow(number, RunCause.Schedule);
        receiver.Got.SelectMany(m => m.Changes).Order(StringComparer.Ordinal).ShouldBe(["Inserted A1", "Inserted A2", "Inserted A3"]);
        (await Used(grant)).ShouldBe(1);
        using var scope = city.Services.CreateScope();
        scope.ServiceProvider.GetRequiredService<SharingDb>().Deliveries.Single(d => d.Number == number).State.ShouldBe(DeliveryState.Active);
    }

    [Fact]
    public async Task What_a_receiver_did_not_take_is_given_back_to_the_day()
    {
        await using var receiver = await Receiver.Open();
        receiver.Answer = 500;
        var grant = await Granted(rows: 3, way: "Subscription");
        var number = await city.Delivery(grant, new { hook = new { url = receiver.Url, all = true } });
        (await city.Run(number)).GetProperty("result").GetString().ShouldBe("Failed");
        (await Used(grant)).ShouldBe(0);
        receiver.Answer = 200;
        await city.RunNow(number, RunCause.Hand);
        (await city.Runs(number))[0].GetProperty("result").GetString().ShouldBe("Delivered");
        (await Used(grant)).ShouldBe(3);
    }

    [Fact]
    public async Task A_table_of_more_rows_than_the_day_leaves_is_not_begun()
    {
        var place = await Place.Open("PostgreSql");
        var grant = await Granted(rows: 2, way: "Push");
        var number = await city.Delivery(grant, place.Ask);
        var run = await city.Run(number);
        run.GetProperty("result").GetString().ShouldBe("Refused");
        run.GetProperty("note").GetString()!.ShouldStartWith("SHR-034");
        await SetQuota(grant, calls: 100, rows: 3);
        await city.RunNow(number, RunCause.Hand);
        (await place.Rows()).Count.ShouldBe(3);
        (await Used(grant)).ShouldBe(3);
    }

    [Fact]
    public async Task Each_fetch_of_a_file_its_manifest_or_signature_is_a_call_of_the_day_and_an_entry_and_its_rows_count_once()
    {
        var grant = await Granted(rows: 3, way: "File");
        using var program = await city.Program(grant);
        var run = (await city.Run(await city.Delivery(grant, new { file = new { format = "Csv" } }))).GetProperty("id").GetString();
        await SetQuota(grant, calls: await Calls(grant) + 5, rows: 3);
        var at = $"/api/v1/data/{grant}/files";
        foreach (var door in new[] { $"{at}/{run}", $"{at}/{run}", $"{at}/{run}/manifest", $"{at}/{run}/signature", at })
        {
            (await program.GetAsync(door)).StatusCode.ShouldBe(HttpStatusCode.OK, door);
        }

        foreach (var door in new[] { $"{at}/{run}", $"{at}/{run}/manifest", $"{at}/{run}/signature", at })
        {
            var spent = await program.GetAsync(door);
            spent.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests, door);
            spent.Headers.RetryAfter.ShouldNotBeNull();
        }

        (await Used(grant)).ShouldBe(3);
        var entries = (await Json(await city.Engineer.GetAsync($"/api/v1/ledger/entries?act=file.fetched&grant={grant}"))).GetProperty("items").EnumerateArray().ToList();
        entries.Select(e => e.GetProperty("detail").GetString()!).Count(d => d.Contains("manifest.json", StringComparison.Ordinal)).ShouldBe(1);
        entries.Select(e => e.GetProperty("detail").GetString()!).Count(d => d.Contains("manifest.cms", StringComparison.Ordinal)).ShouldBe(1);
        entries.Count.ShouldBe(4);
        entries.ShouldAllBe(e => e.ToString().Contains(run!, StringComparison.Ordinal));
    }

    private async Task<string> Granted(long rows, string way)
    {
        var grant = await city.Granted((await city.Resource()).Id, way: way);
        await SetQuota(grant, calls: 100, rows);
        return grant;
    }

    private async Task SetQuota(string grant, long calls, long rows) => await Json(await city.Engineer.PutAsJsonAsync($"/api/v1/grants/{grant}/quota", new { dailyCalls = calls, dailyRows = rows }));

    private async Task<Grants.GrantUse?> Use(string grant)
    {
        using var scope = city.Services.CreateScope();
        await scope.ServiceProvider.GetRequiredService<Data.Quota>().Look(default);
        var db = scope.ServiceProvider.GetRequiredService<SharingDb>();
        var id = db.Grants.Single(g => g.Number == grant).Id;
        return db.Uses.AsEnumerable().SingleOrDefault(u => u.Granted == id && u.Day == city.Today);
    }

    private async Task<long> Used(string grant) => (await Use(grant))?.Rows ?? 0;

    private async Task<long> Calls(string grant) => (await Use(grant))?.Calls ?? 0;
}
