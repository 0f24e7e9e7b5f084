// Rows leave in the way that was granted and as often, at every door; what was granted before this was held to keeps what it had.
using System.Net;
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Sharing.Deliveries;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

/// <summary>Time moves here, so no other class shares this city; each test has grants of its own.</summary>
public sealed class GrantedUseTests(SharedCity city) : IClassFixture<SharedCity>, IAsyncLifetime
{
    private const string OtherWay = "SHR-018";
    private const string Taken = "SHR-019";
    private const string OtherUse = "SHR-024";

    public async ValueTask InitializeAsync() => await city.SignIn();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Another_way_than_the_granted_one_is_refused_at_every_door_and_is_in_the_ledger()
    {
        var resource = await city.Resource();
        var api = await city.Granted(resource.Id);
        foreach (var ask in new object[] { new { grant = api, name = "x", file = new { format = "Csv" } }, new { grant = api, name = "x", hook = new { url = "https://127.0.0.1:9/" } } })
        {
            (await Refusal(await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", ask))).ShouldBe(OtherWay);
        }

        var push = new { kind = "PostgreSql", host = "127.0.0.1", port = 5432, database = "d", user = "u", table = "t" };
        (await Refusal(await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", new { grant = api, name = "x", table = push }))).ShouldBe(OtherWay);
        (await Refusals(api, "delivery.refused", OtherWay)).ShouldBe(3);

        var file = await city.Granted(resource.Id, way: "File");
        using var program = await city.Program(file);
        string[] doors = ["", "?format=csv", "?select=code", "/changes", "/changes?format=ndjson", "/changes?since=now"];
        foreach (var door in doors)
        {
            (await Refusal(await program.GetAsync($"/api/v1/data/{file}{door}"))).ShouldBe(OtherWay, door);
        }

        program.DefaultRequestHeaders.Add("X-Road-Client", "LIZHOU/GOV/11332500MB1601924J");
        (await Refusal(await program.GetAsync($"/r1/LIZHOU/GOV/11330600MB1573660P/{Uri.EscapeDataString(resource.Code)}/{file}"))).ShouldBe(OtherWay);
        (await Refusals(file, "data.refused", OtherWay)).ShouldBe(doors.Length + 1);
        (await Refusal(await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", new { grant = file, name = "x", hook = new { url = "https://127.0.0.1:9/" } }))).ShouldBe(OtherWay);
        (await city.Run(await city.Delivery(file, new { file = new { format = "Csv" } }))).GetProperty("result").GetString().ShouldBe("Delivered");
    }

    [Fact]
    public async Task A_grant_of_before_keeps_the_ways_it_had()
    {
        var grant = await city.Granted((await city.Resource()).Id, way: null);
        using var program = await city.Program(grant);
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await city.Run(await city.Delivery(grant, new { file = new { format = "Csv" } }))).GetProperty("result").GetString().ShouldBe("Delivered");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?format=csv")]
    [InlineData("/changes")]
    [InlineData("/changes?format=ndjson")]
    public async Task A_single_use_of_the_data_API_is_over_when_all_rows_were_taken(string door)
    {
        var grant = await city.Granted((await city.Resource()).Id, often: "Once");
        using var program = await city.Program(grant);
        (await program.GetAsync($"/api/v1/data/{grant}{door}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var again in new[] { "", "?format=parquet", "?code=eq.A1", "/changes" })
        {
            (await Refusal(await program.GetAsync($"/api/v1/data/{grant}{again}"))).ShouldBe(Taken, again);
        }

        city.Advance(TimeSpan.FromDays(8));
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}"))).ShouldBe(Taken);
    }

    [Fact]
    public async Task Pages_belong_to_one_use_and_it_does_not_outlast_its_day()
    {
        var grant = await city.Granted((await city.Resource()).Id, often: "Once");
        using var program = await city.Program(grant);
        (await Json(await program.GetAsync($"/api/v1/data/{grant}?town=eq.x"))).GetProperty("rows").GetArrayLength().ShouldBe(0, "nothing was taken");
        var first = await Json(await program.GetAsync($"/api/v1/data/{grant}?limit=2"));
        (await Json(await program.GetAsync($"/api/v1/data/{grant}?limit=2&after={first.GetProperty("next").GetString()}"))).GetProperty("rows").GetArrayLength().ShouldBe(1);
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?limit=2"))).ShouldBe(Taken);

        var half = await city.Granted((await city.Resource()).Id, often: "Once");
        using var slow = await city.Program(half);
        (await slow.GetAsync($"/api/v1/data/{half}?limit=2")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await slow.GetAsync($"/api/v1/data/{half}?limit=2")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Json(await city.AskerSteward.GetAsync($"/api/v1/grants/{half}/cost")); // writes what was counted
        city.Advance(TimeSpan.FromDays(1));
        (await Refusal(await slow.GetAsync($"/api/v1/data/{half}?limit=2"))).ShouldBe(Taken);
    }

    [Fact]
    public async Task A_use_is_one_question_whether_it_has_a_filter_or_not()
    {
        var grant = await city.Granted((await city.Resource()).Id, often: "Once");
        using var program = await city.Program(grant);
        for (var again = 0; again < 2; again++)
        {
            (await program.GetAsync($"/api/v1/data/{grant}?limit=1")).StatusCode.ShouldBe(HttpStatusCode.OK, "the same rows are no other use");
        }

        foreach (var probe in new[] { "?limit=1&code=eq.A2", "?code=eq.A2", "?format=csv&town=eq.方岩镇" })
        {
            (await Refusal(await program.GetAsync($"/api/v1/data/{grant}{probe}"))).ShouldBe(OtherUse, probe);
        }

        (await Refusals(grant, "data.refused", OtherUse)).ShouldBe(3);
        (await program.GetAsync($"/api/v1/data/{grant}?format=csv")).StatusCode.ShouldBe(HttpStatusCode.OK, "all rows of the question that was begun");
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?limit=1"))).ShouldBe(Taken);

        var filtered = await city.Resource();
        var other = await city.Granted(filtered.Id, often: "Daily");
        using var second = await city.Program(other);
        (await second.GetAsync($"/api/v1/data/{other}?limit=1&town=eq.望春街道")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Refusal(await second.GetAsync($"/api/v1/data/{other}?limit=1"))).ShouldBe(OtherUse);
        await city.Collect(filtered, "编号,姓名,街镇,金额,备注\nA9,赵六,望春街道,1.00,\n");
        (await Refusal(await second.GetAsync($"/api/v1/data/{other}?limit=1&town=eq.望春街道"))).ShouldBe(OtherUse, "the data changed since it began");
    }

    [Fact]
    public async Task A_daily_grant_is_used_once_on_each_day()
    {
        var grant = await city.Granted((await city.Resource()).Id, often: "Daily");
        using var program = await city.Program(grant);
        for (var day = 0; day < 2; day++)
        {
            (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await Refusal(await program.GetAsync($"/api/v1/data/{grant}"))).ShouldBe(Taken);
            city.Advance(TimeSpan.FromDays(1));
        }
    }

    [Fact]
    public async Task A_single_delivery_ends_with_its_run_and_its_file_is_fetched_as_often_as_one_likes()
    {
        var grant = await city.Granted((await city.Resource()).Id, way: "File", often: "Once");
        using var program = await city.Program(grant);
        var number = await city.Delivery(grant, new { file = new { format = "Csv" }, cron = "0 3 * * *" });
        var run = await city.Run(number);
        run.GetProperty("result").GetString().ShouldBe("Delivered");
        (await city.State(number)).ShouldBe("Ended");
        for (var i = 0; i < 2; i++)
        {
            (await program.GetAsync($"/api/v1/data/{grant}/files/{run.GetProperty("id").GetString()}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await Refusal(await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "x", file = new { format = "Csv" } }))).ShouldBe(Taken);
    }

    [Fact]
    public async Task A_daily_delivery_waits_for_the_next_day_and_has_no_second_beside_it()
    {
        var grant = await city.Granted((await city.Resource()).Id, way: "File", often: "Daily");
        var number = await city.Delivery(grant, new { file = new { format = "Csv" }, cron = "*/5 * * * *" });
        (await city.Run(number)).GetProperty("result").GetString().ShouldBe("Delivered");
        (await Refusal(await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "x", file = new { format = "Csv" } }))).ShouldBe("SHR-006");
        await city.RunNow(number, RunCause.Hand);
        var second = (await city.Runs(number))[0];
        (second.GetProperty("result").GetString(), second.GetProperty("note").GetString()!.StartsWith(Taken, StringComparison.Ordinal)).ShouldBe(("Refused", true));
        (await Json(await city.AskerSteward.GetAsync($"/api/v1/deliveries/{number}"))).GetProperty("nextAt").GetDateTimeOffset().InCity().Date.ShouldBe(city.Today.AddDays(1).ToDateTime(default));
        city.Advance(TimeSpan.FromDays(1)); // whoever is signed in is so no more
        await city.RunNow(number, RunCause.Hand);
        using var scope = city.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<SharingDb>();
        var delivery = db.Deliveries.Single(d => d.Number == number).Id;
        db.Runs.Count(r => r.Delivery == delivery && r.Result == RunResult.Delivered).ShouldBe(2);
    }

    private async Task<int> Refusals(string grant, string act, string code) =>
        (await Json(await city.Engineer.GetAsync($"/api/v1/ledger/entries?act={act}&grant={grant}&result={code}"))).GetProperty("total").GetInt32();
}
