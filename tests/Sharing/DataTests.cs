// The data API of a grant: filters, order, pages within one snapshot, formats with masks, conditional requests, quota, and attacks on all of them.
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

public sealed class DataTests(SharedCity city) : IClassFixture<SharedCity>
{
    private async Task<(string Grant, HttpClient Program, ResourceCard Resource)> Ready(object? masks = null, string[]? items = null, object? filter = null)
    {
        var resource = await city.Resource();
        var grant = await city.Granted(resource.Id, masks, items, filter);
        return (grant, await city.Program(grant), resource);
    }

    private static List<string?> Column(JsonElement page, string column) => [.. page.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty(column).ToString())];

    [Fact]
    public async Task A_mask_or_an_omission_of_a_column_that_is_not_there_is_refused_and_a_column_is_known_in_any_case()
    {
        var (_, _, resource) = await Ready();
        var number = await city.Asked(resource.Id, null, null, 30);
        await Json(await city.Step(city.Engineer, number, "Conform"));
        (await Refusal(await city.Step(city.SourceSteward, number, "Approve", masks: new { nmae = "Full" }))).ShouldBe("SHR-006");
        (await Refusal(await city.SourceSteward.PostAsJsonAsync($"/api/v1/requests/{number}/steps", new { step = "Approve", leave = new[] { "姓名" } }))).ShouldBe("SHR-006");
        var grant = (await Json(await city.Step(city.SourceSteward, number, "Approve", masks: new { NAME = "Full" }))).GetProperty("grant").GetString()!;
        var page = await Json(await (await city.Program(grant)).GetAsync($"/api/v1/data/{grant}?limit=1"));
        page.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("column").GetString() == "name").GetProperty("mask").GetString().ShouldBe("Full");
    }

    [Fact]
    public async Task Filter_order_and_selection_are_structured()
    {
        var (grant, program, _) = await Ready();
        Column(await Json(await program.GetAsync($"/api/v1/data/{grant}?town=eq.望春街道&order=-amount&select=code,amount")), "code").ShouldBe(["A3", "A1"]);
        Column(await Json(await program.GetAsync($"/api/v1/data/{grant}?order=code&select=code,code,CODE&limit=1")), "code").ShouldBe(["A1"], "a column asked for twice comes once");
        Column(await Json(await program.GetAsync($"/api/v1/data/{grant}?amount=ge.20&amount=lt.30")), "code").ShouldBe(["A2"]);
        Column(await Json(await program.GetAsync($"/api/v1/data/{grant}?code=in.(A1,A3)")), "code").ShouldBe(["A1", "A3"]);
        Column(await Json(await program.GetAsync($"/api/v1/data/{grant}?note=is.null")), "code").ShouldBe(["A2"]);
        var where = Uri.EscapeDataString("""{"any":[{"column":"code","is":"Equal","value":"A2"},{"column":"town","is":"Equal","value":"望春街道"}]}""");
        (await Json(await program.GetAsync($"/api/v1/data/{grant}?where={where}&count=true"))).GetProperty("total").GetInt64().ShouldBe(3);
    }

    [Theory]
    [InlineData("town=x' OR 1=1 --", "SHR-031")]
    [InlineData("town=like.%25", "SHR-031")]
    [InlineData("where={\"sql\":\"1=1\"}", "SHR-031")]
    [InlineData("limit=100000", "SHR-031")]
    [InlineData("select=code\" FROM x --", "POL-012")]
    [InlineData("order=(SELECT 1)", "POL-012")]
    [InlineData("_batch=eq.1", "POL-012")]
    [InlineData("1%3D1) OR (1=eq.1", "POL-012")]
    [InlineData("after=bm90IG91cnM", "POL-013")]
    [InlineData("format=exe", "SHR-033")]
    public async Task Injection_is_refused(string query, string code)
    {
        var (grant, program, _) = await Ready();
        var answer = await program.GetAsync($"/api/v1/data/{grant}?{query}");
        (await Refusal(answer)).ShouldBe(code);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_value_that_looks_like_SQL_is_only_a_value()
    {
        var (grant, program, _) = await Ready();
        Column(await Json(await program.GetAsync($"/api/v1/data/{grant}?town=eq.{Uri.EscapeDataString("x' OR '1'='1")}")), "code").ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_stay_within_one_snapshot_while_rows_arrive()
    {
        var (grant, program, resource) = await Ready();
        var first = await Json(await program.GetAsync($"/api/v1/data/{grant}?order=code&limit=2"));
        await city.Collect(resource, "编号,姓名,街镇,金额,备注\nA0,赵六,方岩镇,1.00,\nA9,钱七,方岩镇,9.00,\n");
        var second = await Json(await program.GetAsync($"/api/v1/data/{grant}?order=code&limit=2&after={first.GetProperty("next").GetString()}"));
        Column(first, "code").Concat(Column(second, "code")).ShouldBe(["A1", "A2", "A3"]);
        second.GetProperty("snapshot").GetInt64().ShouldBe(first.GetProperty("snapshot").GetInt64());
        (await Json(await program.GetAsync($"/api/v1/data/{grant}"))).GetProperty("rows").GetArrayLength().ShouldBe(5);

        // The mark belongs to its question and its grant.
        var mark = first.GetProperty("next").GetString()!;
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?order=code&town=eq.x&after={mark}"))).ShouldBe("POL-013");
        var other = await city.Granted(resource.Id);
        using var others = await city.Program(other);
        (await Refusal(await others.GetAsync($"/api/v1/data/{other}?order=code&after={mark}"))).ShouldBe("POL-013");
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?order=code&after={(mark[0] == 'A' ? 'B' : 'A')}{mark[1..]}"))).ShouldBe("POL-013");
    }

    [Fact]
    public async Task A_masked_item_stays_masked_in_every_format_and_no_cell_is_a_formula()
    {
        var (grant, program, _) = await Ready(masks: new { name = "Partial" }, filter: new { column = "town", @is = "Equal", value = "望春街道" });
        foreach (var format in new[] { "json", "csv", "ndjson", "arrow", "parquet", "xlsx" })
        {
            var answer = await program.GetAsync($"/api/v1/data/{grant}?format={format}");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, format);
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            bytes.Length.ShouldBeGreaterThan(50, format);
            var text = format == "xlsx" ? Unzipped(bytes) : Encoding.UTF8.GetString(bytes);
            text.ShouldNotContain("张三", customMessage: format);
            text.ShouldNotContain("方岩镇", customMessage: format);
            if (format != "parquet")
            {
                text.ShouldContain("张*", customMessage: format);
            }
        }

        (await (await program.GetAsync($"/api/v1/data/{grant}?format=csv")).Content.ReadAsStringAsync()).ShouldContain("'=1+1");
        using var byAccept = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/data/{grant}");
        byAccept.Headers.Accept.ParseAdd("text/csv");
        (await program.SendAsync(byAccept)).Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
    }

    [Fact]
    public async Task What_was_not_asked_for_is_not_there()
    {
        var (grant, program, _) = await Ready(items: ["code", "town"]);
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?select=name"))).ShouldBe("POL-012");
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?name=eq.张三"))).ShouldBe("POL-012");
        (await (await program.GetAsync($"/api/v1/data/{grant}")).Content.ReadAsStringAsync()).ShouldNotContain("张");
    }

    [Fact]
    public async Task A_conditional_request_is_answered_whole_once_something_changed()
    {
        var (grant, program, resource) = await Ready();
        var first = await program.GetAsync($"/api/v1/data/{grant}");
        program.DefaultRequestHeaders.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.ToString());
        (await program.GetAsync($"/api/v1/data/{grant}?format=csv")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await city.Collect(resource, "编号,姓名,街镇,金额,备注\nB1,赵六,方岩镇,1.00,\n");
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_spent_quota_is_429_with_the_time_to_wait_and_only_the_bureau_sets_it()
    {
        var (grant, program, _) = await Ready();
        (await Refusal(await city.AskerSteward.PutAsJsonAsync($"/api/v1/grants/{grant}/quota", new { dailyCalls = 9, dailyRows = 9 }))).ShouldBe("SHR-008");
        await Json(await city.Engineer.PutAsJsonAsync($"/api/v1/grants/{grant}/quota", new { dailyCalls = 1, dailyRows = 1000 }));
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var spent = await program.GetAsync($"/api/v1/data/{grant}");
        spent.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        spent.Headers.RetryAfter!.Delta!.Value.TotalHours.ShouldBeInRange(0, 24.01);
    }

    [Fact]
    public async Task A_revoked_grant_is_refused_with_the_very_next_call()
    {
        var (grant, program, _) = await Ready();
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Refusal(await city.SourceSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/revoke", new { reason = "" }))).ShouldBe("SHR-012");
        await Json(await city.SourceSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/revoke", new { reason = "用途已结束" }));
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}"))).ShouldBe("POL-006");
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?format=csv"))).ShouldBe("POL-006");
        (await Refusal(await city.AskerSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/renew", new { until = city.Today.AddDays(9).ToString("yyyy-MM-dd") }))).ShouldBe("SHR-021");
    }

    [Fact]
    public async Task Who_took_rows_is_told_once_that_a_batch_was_withdrawn()
    {
        var (grant, program, resource) = await Ready();
        var unused = await city.Granted(resource.Id);
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var scope = city.Services.CreateScope();
        var (fact, delivery) = (new BatchUndone(Guid.NewGuid(), resource.Id, resource.Table, 1), Guid.NewGuid());
        var follow = ActivatorUtilities.CreateInstance<Grants.FollowUndone>(scope.ServiceProvider);
        await follow.Handle(fact, delivery, default);
        await follow.Handle(fact, delivery, default);
        var told = scope.ServiceProvider.GetRequiredService<SharingDb>().Notices.Where(n => n.Kind == "undone").ToList();
        told.Count(n => n.Path == $"/grants/{grant}" && n.Unit == SharedCity.Asker).ShouldBe(1);
        told.ShouldNotContain(n => n.Path == $"/grants/{unused}");
    }

    [Fact]
    public async Task A_key_opens_its_own_grant_and_nothing_else()
    {
        var (grant, program, resource) = await Ready();
        var other = await city.Granted(resource.Id);
        (await Refusal(await program.GetAsync($"/api/v1/data/{other}"))).ShouldBe("SHR-030");
        (await program.GetAsync($"/api/v1/grants/{grant}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await program.GetAsync("/api/v1/requests")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var forger = city.Visitor();
        (await forger.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        forger.DefaultRequestHeaders.Authorization = new("Bearer", "lz_" + new string('A', 43));
        (await forger.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Whoever_guesses_keys_waits_a_minute_and_nobody_at_another_address_does()
    {
        var (grant, program, _) = await Ready();
        // An address of this test alone.
        using var forger = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (to, stop) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.77"), 0));
                await socket.ConnectAsync(city.Address.Host, city.Address.Port, stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        }) { BaseAddress = city.Address };
        forger.DefaultRequestHeaders.Authorization = new("Bearer", "lz_" + new string('A', 43));
        for (var guess = 0; guess < 60; guess++)
        {
            (await forger.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        var refused = await forger.GetAsync($"/api/v1/data/{grant}");
        (refused.StatusCode, refused.Headers.RetryAfter?.Delta).ShouldBe((HttpStatusCode.TooManyRequests, TimeSpan.FromMinutes(1)));
        (await Refusal(refused)).ShouldBe("IDN-016");
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_grant_describes_its_own_API_and_names_only_its_items()
    {
        var (grant, program, _) = await Ready(items: ["code", "name"]);
        var document = await Json(await program.GetAsync($"/api/v1/data/{grant}/openapi.json"));
        var columns = document.GetProperty("components").GetProperty("schemas").GetProperty("row").GetProperty("properties").EnumerateObject().Select(p => p.Name);
        columns.ShouldBe(["code", "name"]);
        document.GetProperty("paths").TryGetProperty($"/api/v1/data/{grant}", out _).ShouldBeTrue();
    }

    private static string Unzipped(byte[] xlsx)
    {
        using var zip = new ZipArchive(new MemoryStream(xlsx));
        return string.Concat(zip.Entries.Select(e =>
        {
            using var reader = new StreamReader(e.Open());
            return reader.ReadToEnd();
        }));
    }
}

/// <summary>Time moves here, so nobody else shares this city.</summary>
public sealed class ExpiryTests
{
    [Fact]
    public async Task A_grant_ends_by_itself_and_the_call_is_told_why()
    {
        await using var city = new SharedCity();
        await city.InitializeAsync();
        var grant = await city.Granted((await city.Resource()).Id, days: 1);
        using var program = await city.Program(grant);
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        city.Advance(TimeSpan.FromDays(2));
        var refused = await program.GetAsync($"/api/v1/data/{grant}");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Refusal(refused)).ShouldBe("POL-007");
    }
}
