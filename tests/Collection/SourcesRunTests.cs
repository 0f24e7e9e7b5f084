using System.Net;
using System.Net.Http.Json;
using Lizhou.Collection.Sources;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Lizhou.Collection.Tests;

public sealed class SourcesRunTests
{
    private static readonly DatabaseSettings Nowhere = new(DatabaseKind.PostgreSql, "127.0.0.1", 1, "x", "u", Tls.Off, "public", "t");
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Missed_runs_are_caught_up_once_and_a_source_has_one_job()
    {
        await using var house = await SourceHouse.Open(clock: clock);
        await house.Register("hourly", Nowhere, e => e with { Schedule = new("0 * * * *") });
        var start = house.Services.GetRequiredService<StartDueSources>();
        (await start.Look(default)).ShouldBe(0);
        clock.Advance(TimeSpan.FromHours(30.5));
        (await start.Look(default)).ShouldBe(1);
        (await start.Look(default)).ShouldBe(0);
        clock.Advance(TimeSpan.FromHours(1));
        (await start.Look(default)).ShouldBe(1);
        (await house.Scalar<long>($"SELECT COUNT(*) FROM job")).ShouldBe(1);
        (await house.Source("hourly")).NextAt!.Value.ShouldBe(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_paused_source_is_never_due_and_a_resumed_one_is_due_at_its_next_time()
    {
        await using var house = await SourceHouse.Open(clock: clock);
        await house.Register("daily", Nowhere, e => e with { Schedule = new("0 9 * * *") });
        await house.Client.PostAsync("/api/v1/sources/daily/pause", null);
        clock.Advance(TimeSpan.FromDays(3));
        (await house.Services.GetRequiredService<StartDueSources>().Look(default)).ShouldBe(0);
        await house.Client.PostAsync("/api/v1/sources/daily/resume", null);
        (await house.Source("daily")).NextAt!.Value.ShouldBe(new DateTimeOffset(2026, 11, 27, 1, 0, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"code":"bare","name":"模拟","resource":"330784-01-001/0001"}""")]
    [InlineData("""{"code":"bare","name":"模拟","resource":"330784-01-001/0001","settings":null}""")]
    [InlineData("""{"code":"bare","name":"模拟","settings":{"way":"push"}}""")]
    [InlineData("""{"code":"bare","name":"模拟","resource":"330784-01-001/0001","settings":{"way":"api","url":"http://127.0.0.1","records":null},"schedule":{}}""")]
    [InlineData("""{"code":"bare","name":"模拟","resource":"330784-01-001/0001","settings":{"way":"database"}}""")]
    [InlineData("""{"code":"bare","name":"模拟","resource":"330784-01-001/0001","settings":{"way":"push"},"mapping":{"a":null}}""")]
    [InlineData("null")]
    public async Task A_body_that_leaves_things_out_is_refused_and_no_failure_of_the_city(string body)
    {
        await using var house = await SourceHouse.Open();
        await house.Register("there", new UploadSettings());
        StringContent Body() => new(body, System.Text.Encoding.UTF8, "application/json");
        ((int)(await house.Client.PostAsync("/api/v1/sources", Body())).StatusCode).ShouldBeInRange(400, 422);
        ((int)(await house.Client.PutAsync("/api/v1/sources/there", Body())).StatusCode).ShouldBeInRange(400, 422);
        ((int)(await house.Client.PostAsync("/api/v1/uploads", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"))).StatusCode).ShouldBeInRange(400, 422);
    }

    [Fact]
    public async Task No_catalogue_entry_no_source()
    {
        await using var house = await SourceHouse.Open();
        var answer = await house.Client.PostAsJsonAsync("/api/v1/sources", new SourceEntry("none", "模拟", "no/such", null, new UploadSettings()), house.Json);
        answer.IsSuccessStatusCode.ShouldBeFalse();
        (await house.Scalar<long>($"SELECT COUNT(*) FROM ledger_entry WHERE act = 'collection.refused'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("UPPER")]
    [InlineData("a")]
    [InlineData("../x")]
    [InlineData("a b")]
    [InlineData("数据")]
    public async Task A_code_is_safe_in_addresses_and_folder_names(string code)
    {
        await using var house = await SourceHouse.Open();
        (await house.Client.PostAsJsonAsync("/api/v1/sources", new SourceEntry(code, "模拟", SourceHouse.Resource, null, new UploadSettings()), house.Json)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_taken_code_is_refused_and_an_empty_secret_field_keeps_the_secret()
    {
        await using var house = await SourceHouse.Open();
        await house.Register("db", Nowhere, e => e with { Secret = "first" });
        (await house.Client.PostAsJsonAsync("/api/v1/sources", new SourceEntry("db", "模拟二", SourceHouse.Resource, null, Nowhere), house.Json)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await house.Client.PutAsJsonAsync("/api/v1/sources/db", new SourceEntry("db", "模拟三", SourceHouse.Resource, null, Nowhere), house.Json)).StatusCode.ShouldBe(HttpStatusCode.OK);
        house.Services.GetRequiredService<Secrets>().Open(await house.Source("db")).ShouldBe("first");
        await house.Client.PutAsJsonAsync("/api/v1/sources/db", new SourceEntry("db", "模拟三", SourceHouse.Resource, null, Nowhere, Secret: ""), house.Json);
        house.Services.GetRequiredService<Secrets>().Open(await house.Source("db")).ShouldBeNull();
    }

    [Fact]
    public async Task Another_table_begins_at_its_beginning_and_another_timeout_does_not()
    {
        await using var house = await SourceHouse.Open();
        await house.Register("db", Nowhere);
        await Mark(house);
        await house.Client.PutAsJsonAsync("/api/v1/sources/db", new SourceEntry("db", "模拟db", SourceHouse.Resource, null, Nowhere with { TimeoutSeconds = 5 }), house.Json);
        (await house.Source("db")).Watermark.ShouldBe(new Watermark("7"));
        await house.Client.PutAsJsonAsync("/api/v1/sources/db", new SourceEntry("db", "模拟db", SourceHouse.Resource, null, Nowhere with { Table = "other" }), house.Json);
        (await house.Source("db")).Watermark.ShouldBeNull();
    }

    [Fact]
    public async Task A_run_the_program_died_in_is_shown_as_interrupted()
    {
        await using var house = await SourceHouse.Open();
        var view = await house.Register("db", Nowhere);
        await using (var db = new SourcesDb(house.Services.GetRequiredService<Kernel.StateStore>()))
        {
            db.Runs.Add(new SourceRun { Id = Guid.CreateVersion7(DateTimeOffset.UtcNow.AddHours(-1)), Source = view.Id, StartedAt = DateTimeOffset.UtcNow, Result = RunResult.Running });
            await db.SaveChangesAsync();
        }

        await house.Run("db");
        (await house.Scalar<long>($"SELECT COUNT(*) FROM source_run WHERE result = 'Interrupted'")).ShouldBe(1);
        (await house.Scalar<long>($"SELECT COUNT(*) FROM source_run WHERE result = 'Running'")).ShouldBe(0);
    }

    private static async Task Mark(SourceHouse house)
    {
        await using var db = new SourcesDb(house.Services.GetRequiredService<Kernel.StateStore>());
        (await db.Sources.SingleAsync()).Watermark = new("7");
        await db.SaveChangesAsync();
    }
}
