// What a process that was killed had counted and not written is counted from the ledger at the next start; refusals for a spent quota do not fill it.
using System.Net;
using System.Net.Http.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Sharing.Data;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

[Collection(nameof(DataCity))]
public sealed class CatchUpTests(SharedCity city)
{
    [Theory]
    [InlineData("DELETE FROM sharing_use WHERE granted = '{0}'")]
    [InlineData("UPDATE sharing_use SET calls = 1, rows = 3 WHERE granted = '{0}'")]
    [InlineData("SELECT 1")]
    public async Task What_a_killed_process_had_not_written_is_counted_from_the_ledger_once(string lost)
    {
        var (grant, program, _) = await city.Ready();
        foreach (var limit in new[] { 1, 2, 1000 })
        {
            (await program.GetAsync($"/api/v1/data/{grant}?limit={limit}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        var moved = await Moved(grant);
        (await Use(grant)).ShouldBe(moved);
        await Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, lost, await Id(grant)));

        for (var start = 0; start < 2; start++)
        {
            await using var anew = new Quota(city.Services.GetRequiredService<StateStore>(), city.Services.GetRequiredService<IRefusalNotes>(), city.Services.GetRequiredService<IExchanges>(), city.Services.GetRequiredService<TimeProvider>());
            await anew.CatchUp(default);
            (await Stored(grant)).ShouldBe(moved);
        }
    }

    [Fact]
    public async Task A_file_counts_once_however_often_it_was_fetched_and_each_fetch_is_a_call()
    {
        var grant = await city.Granted((await city.Resource()).Id, way: "File");
        using var program = await city.Program(grant);
        var run = (await city.Run(await city.Delivery(grant, new { file = new { format = "Csv" } }))).GetProperty("id").GetString();
        foreach (var part in new[] { "", "", "/manifest" })
        {
            (await program.GetAsync($"/api/v1/data/{grant}/files/{run}{part}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        var rows = (await Use(grant)).Rows;
        rows.ShouldBe(3);
        await Run($"UPDATE sharing_use SET calls = 0, rows = 0 WHERE granted = '{await Id(grant)}'");
        await using var anew = new Quota(city.Services.GetRequiredService<StateStore>(), city.Services.GetRequiredService<IRefusalNotes>(), city.Services.GetRequiredService<IExchanges>(), city.Services.GetRequiredService<TimeProvider>());
        await anew.CatchUp(default);
        (await Stored(grant)).ShouldBe(new(3, rows));
    }

    [Fact]
    public async Task Calls_refused_for_a_spent_quota_are_one_entry_and_say_which_limit_it_was()
    {
        var (grant, program, _) = await city.Ready();
        await Json(await city.Engineer.PutAsJsonAsync($"/api/v1/grants/{grant}/quota", new { dailyCalls = 1, dailyRows = 5000 }));
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var call = 0; call < 20; call++)
        {
            var spent = await program.GetAsync($"/api/v1/data/{grant}");
            spent.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            (await spent.Content.ReadAsStringAsync()).ShouldContain("每日 1 次已用完");
        }

        var entries = (await Json(await city.Engineer.GetAsync($"/api/v1/ledger/entries?act=data.refused&grant={grant}"))).GetProperty("items");
        entries.GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task The_head_of_a_file_is_told_without_its_rows_and_data_has_none()
    {
        var grant = await city.Granted((await city.Resource()).Id, way: "File");
        using var program = await city.Program(grant);
        var run = (await city.Run(await city.Delivery(grant, new { file = new { format = "Csv" } }))).GetProperty("id").GetString();
        var head = await program.SendAsync(new(HttpMethod.Head, $"/api/v1/data/{grant}/files/{run}"));
        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        (await Use(grant)).Rows.ShouldBe(0, "nothing left");
        var got = await program.GetAsync($"/api/v1/data/{grant}/files/{run}");
        (head.Headers.ETag, head.Content.Headers.ContentLength, head.Headers.AcceptRanges.Single()).ShouldBe((got.Headers.ETag, got.Content.Headers.ContentLength, "bytes"));
        (await program.SendAsync(new(HttpMethod.Head, $"/api/v1/data/{grant}/files/{Guid.NewGuid()}"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        foreach (var door in new[] { "", "/changes" })
        {
            var data = await program.SendAsync(new(HttpMethod.Head, $"/api/v1/data/{grant}{door}"));
            (data.StatusCode, data.Content.Headers.Allow.Single()).ShouldBe((HttpStatusCode.MethodNotAllowed, "GET"));
        }
    }

    [Fact]
    public async Task An_empty_selection_and_a_key_named_with_a_line_break_are_refused_naming_the_field()
    {
        var (grant, program, _) = await city.Ready();
        foreach (var empty in new[] { "select=", "select=,", "select=%20" })
        {
            var refused = await program.GetAsync($"/api/v1/data/{grant}?{empty}");
            (refused.StatusCode, (await refused.Content.ReadAsStringAsync()).Contains("select", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.BadRequest, true));
        }

        foreach (var name in new[] { "a\r\nb", "a\u0007", "\ta b\nc" })
        {
            var refused = await city.AskerSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/keys", new { name });
            refused.IsSuccessStatusCode.ShouldBeFalse();
            (await refused.Content.ReadAsStringAsync()).ShouldContain("name");
        }
    }

    private async Task<Exchanged> Moved(string grant)
    {
        var id = await Id(grant);
        return (await city.Services.GetRequiredService<IExchanges>().ByGrant(DateTimeOffset.MinValue, default))[id];
    }

    private async Task<Exchanged> Use(string grant)
    {
        await city.Services.GetRequiredService<Quota>().Look(default);
        return await Stored(grant);
    }

    private async Task<Exchanged> Stored(string grant)
    {
        using var scope = city.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<SharingDb>();
        var id = db.Grants.Single(g => g.Number == grant).Id;
        var uses = db.Uses.Where(u => u.Granted == id).ToList();
        return new(uses.Sum(u => u.Calls), uses.Sum(u => u.Rows));
    }

    private async Task<Guid> Id(string grant) => (await Grants.SharedGrant.Find(city.Services.GetRequiredService<StateStore>(), grant, default))!.Id;

    private async Task Run(string sql)
    {
        await using var connection = await city.Services.GetRequiredService<StateStore>().Open(default);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
