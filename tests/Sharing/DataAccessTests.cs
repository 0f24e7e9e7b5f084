// Who the data API answers, and what the ledger tells of it: keys, guesses, grants that end or are revoked, the evidence of what went out.
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Lizhou.Contracts.Collection;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

[Collection(nameof(DataCity))]
public sealed class DataAccessTests(SharedCity city)
{
    [Theory]
    [InlineData("select=state", "POL-012")]
    [InlineData("order=state", "POL-012")]
    [InlineData("state=eq.1", "POL-012")]
    [InlineData("select=state&format=csv", "POL-012")]
    [InlineData("after=abc", "POL-013")]
    [InlineData("amount=eq.x", "LAK-018")]
    public async Task A_question_that_is_refused_is_in_the_ledger_without_what_it_asked(string query, string code)
    {
        var (grant, program, _) = await city.Ready();
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}?{query}"))).ShouldBe(code);
        var entries = (await Json(await city.Engineer.GetAsync($"/api/v1/ledger/entries?act=rows.&grant={grant}"))).GetProperty("items").EnumerateArray().ToList();
        var entry = entries.ShouldHaveSingleItem();
        entry.GetProperty("result").GetString().ShouldBe(code);
        entry.GetRawText().ShouldNotContain("state");
    }

    [Theory]
    [InlineData("?limit=2")]
    [InlineData("?code=eq.A2")]
    [InlineData("?code=eq.none&count=true")]
    [InlineData("?format=csv")]
    [InlineData("?format=ndjson")]
    [InlineData("/changes?limit=2")]
    public async Task The_evidence_has_length_and_digest_of_the_very_bytes_that_came(string door)
    {
        var (grant, program, _) = await city.Ready();
        for (var times = 1; times <= 3; times++)
        {
            var body = await program.GetByteArrayAsync($"/api/v1/data/{grant}{door}");
            var entry = (await Json(await city.Engineer.GetAsync($"/api/v1/ledger/entries?act=rows.&grant={grant}"))).GetProperty("items")[0];
            (entry.GetProperty("bytes").GetInt64(), entry.GetProperty("digest").GetString()).ShouldBe((body.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(body))), $"{times}");
        }
    }

    [Theory]
    [InlineData("?format=csv")]
    [InlineData("/changes?format=ndjson")]
    public async Task An_answer_breaks_off_when_its_grant_ends_while_it_is_sent(string door)
    {
        var rows = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"R{i},模拟,望春街道,1.00,{new string('x', 600)}\n"));
        var resource = await city.Resource(rows: "编号,姓名,街镇,金额,备注\n" + rows);
        var grant = await city.Granted(resource.Id);
        using var program = await city.Program(grant);
        using var answer = await program.GetAsync($"/api/v1/data/{grant}{door}", HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var body = await answer.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1000]);
        await Json(await city.SourceSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/revoke", new { reason = "用途已结束" }));
        city.Advance(TimeSpan.FromSeconds(1)); // the gate does not look at each block
        await Should.ThrowAsync<Exception>(() => body.CopyToAsync(Stream.Null));
        var cut = await Wait.For(
            async () => (await Json(await city.Engineer.GetAsync($"/api/v1/ledger/entries?act=rows.&grant={grant}&result=POL-006"))).GetProperty("items"), found => found.GetArrayLength() == 1);
        cut[0].GetProperty("detail").GetString()!.ShouldContain("sent");
    }

    [Fact]
    public async Task The_ledger_finds_what_went_out_under_a_grant_by_its_number_as_by_its_id()
    {
        var (grant, program, _) = await city.Ready();
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        async Task<List<JsonElement>> Found(string by) =>
            [.. (await Json(await city.Engineer.GetAsync($"/api/v1/ledger/entries?act=rows.read&grant={by}"))).GetProperty("items").EnumerateArray()];
        var byNumber = await Found(grant);
        byNumber.ShouldHaveSingleItem();
        (await Found(byNumber[0].GetProperty("grant").GetString()!)).Select(e => e.GetProperty("seq").GetInt64()).ShouldBe(byNumber.Select(e => e.GetProperty("seq").GetInt64()));
        (await Found("SQ-1999-00001")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_that_is_not_the_grants_is_not_found_whosever_it_is()
    {
        var (grant, _, _) = await city.Ready();
        var (other, _, _) = await city.Ready();
        async Task<Guid> Key(string of) => (await Json(await city.AskerSteward.PostAsJsonAsync($"/api/v1/grants/{of}/keys", new { name = "试" }))).GetProperty("card").GetProperty("id").GetGuid();
        var (own, foreign) = (await Key(grant), await Key(other));
        (await Refusal(await city.AskerSteward.DeleteAsync($"/api/v1/grants/{grant}/keys/{foreign}"))).ShouldBe("SHR-023");
        (await Refusal(await city.AskerSteward.DeleteAsync($"/api/v1/grants/{grant}/keys/{Guid.NewGuid()}"))).ShouldBe("SHR-023");
        (await city.AskerSteward.DeleteAsync($"/api/v1/grants/{grant}/keys/{own}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var again = await city.AskerSteward.DeleteAsync($"/api/v1/grants/{grant}/keys/{own}");
        again.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await city.SourceSteward.DeleteAsync($"/api/v1/grants/{other}/keys/{foreign}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_revoked_grant_is_refused_with_the_very_next_call()
    {
        var (grant, program, _) = await city.Ready();
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
        var (grant, program, resource) = await city.Ready();
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
        var (grant, program, resource) = await city.Ready();
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
        var (grant, program, _) = await city.Ready();
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
