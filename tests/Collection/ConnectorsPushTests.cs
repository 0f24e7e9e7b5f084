using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Lizhou.Collection.Connectors.Push;
using Lizhou.Collection.Sources;
using Lizhou.Collection.Sources.Upload;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Lizhou.Collection.Tests;

public sealed class ConnectorsPushTests
{
    private const string Three = """[{"id":1,"name":"模拟一"},{"id":2,"name":"模拟二"},{"id":3}]""";

    [Theory]
    [InlineData("application/json", Three)]
    [InlineData("application/x-ndjson", "{\"id\":1,\"name\":\"模拟一\"}\r\n\n{\"id\":2,\"name\":\"模拟二\"}\n{\"id\":3}")]
    public async Task Rows_are_durable_when_they_are_answered_and_become_one_batch(string type, string body)
    {
        await using var house = await Open();
        (await (await Push(house, body, type)).Content.ReadFromJsonAsync<PushReceipt>(house.Json))!.Rows.ShouldBe(3);
        await Push(house, """[{"id":4}]""");
        (await Group(house)).ShouldBe(1);
        var batch = await house.Scalar<string>($"SELECT id FROM batch");
        (await house.FileOf(Guid.Parse(batch))).ShouldBe("{\"id\":1,\"name\":\"模拟一\"}\n{\"id\":2,\"name\":\"模拟二\"}\n{\"id\":3}\n{\"id\":4}\n");
        (await Group(house)).ShouldBe(0);
        (await house.Scalar<long>($"SELECT SUM(row_count) FROM source_run")).ShouldBe(4);
    }

    [Fact]
    public async Task Csv_rows_become_objects_by_their_header()
    {
        await using var house = await Open();
        (await Push(house, "id,name\n1,\"模拟,一\"\n2,模拟二\n", "text/csv")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Group(house);
        (await house.FileOf(Guid.Parse(await house.Scalar<string>($"SELECT id FROM batch")))).ShouldBe("{\"id\":\"1\",\"name\":\"模拟,一\"}\n{\"id\":\"2\",\"name\":\"模拟二\"}\n");
    }

    [Fact]
    public async Task Fifty_equal_pushes_at_once_are_one_push_with_one_answer()
    {
        await using var house = await Open();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Push(house, Three, key: "same")));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Accepted);
        (await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()))).Distinct().Count().ShouldBe(1);
        (await house.Scalar<long>($"SELECT COUNT(*) FROM source_push")).ShouldBe(1);
    }

    [Fact]
    public async Task The_same_key_gets_the_same_answer_after_a_restart_and_after_its_batch()
    {
        var data = Directory.CreateTempSubdirectory("lizhou-push-").FullName;
        try
        {
            string first;
            await using (var house = await Open(data: data))
            {
                first = await (await Push(house, Three, key: "once")).Content.ReadAsStringAsync();
            }

            await using (var house = await SourceHouse.Open(data: data))
            {
                (await (await Push(house, Three, key: "once")).Content.ReadAsStringAsync()).ShouldBe(first);
                await Group(house);
                (await (await Push(house, Three, key: "once")).Content.ReadAsStringAsync()).ShouldBe(first);
                (await Group(house)).ShouldBe(0);
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task A_key_used_again_for_other_rows_is_refused()
    {
        await using var house = await Open();
        await Push(house, Three, key: "k");
        var answer = await Push(house, """[{"id":9}]""", key: "k");
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("SRC-031");
    }

    [Fact]
    public async Task A_group_claimed_before_a_crash_becomes_the_same_batch_and_not_a_second()
    {
        await using var house = await Open();
        await Push(house, Three);
        await Group(house);

        // As if the program had died between the batch's commit and its own memory of it: the group is asked for again.
        await using (var connection = await house.Services.GetRequiredService<Kernel.StateStore>().Open())
        {
            await Kernel.Sql.Execute(connection, null, $"UPDATE source_push SET batch = NULL, body = {Encoding.UTF8.GetBytes("{\"id\":1}\n")}");
        }

        await Group(house);
        (await house.Scalar<long>($"SELECT COUNT(*) FROM batch")).ShouldBe(1);
    }

    public static TheoryData<string, string, string> WrongBodies => new()
    {
        { "application/json", "", "SRC-032" }, { "application/json", "[]", "SRC-032" }, { "application/json", "[1]", "SRC-032" }, { "application/json", "[{\"id\":1}", "SRC-032" },
        { "application/json", "[{\"\\ud800\":1}]", "SRC-032" }, { "application/x-ndjson", "{\"\\ud800\":1}", "SRC-032" },
        { "application/json", "[{\"id\":\"\\udc00\"}]", "SRC-032" }, { "application/x-ndjson", "{\"id\":\"\\udc00\"}", "SRC-032" },
        { "application/json", "[{\"id\":1,\"id\":2}]", "SRC-032" }, { "application/json", $"[{{\"id\":{new string('[', 100_000)}{new string(']', 100_000)}}}]", "SRC-032" },
        { "application/x-ndjson", "{\"id\":1}\n{\"id\":", "SRC-032" }, { "application/x-ndjson", "[1]", "SRC-032" }, { "application/x-ndjson", "{\"id\":1} {\"id\":2}", "SRC-032" },
        { "application/x-ndjson", $"{{\"id\":\"{new string('x', 2_000_000)}\"}}", "SRC-032" }, { "text/html", "<p>", "SRC-034" }, { "application/xml", "<a/>", "SRC-034" },
    };

    [Theory]
    [MemberData(nameof(WrongBodies))]
    public async Task A_wrong_body_is_refused_whole(string type, string body, string code)
    {
        await using var house = await Open();
        var answer = await (await Push(house, body, type)).Content.ReadAsStringAsync();
        answer.ShouldContain(code);
        answer.ShouldNotContain("LineNumber");
        answer.ShouldNotContain("Start");
        (await house.Scalar<long>($"SELECT COUNT(*) FROM source_push")).ShouldBe(0);
    }

    [Fact]
    public async Task Names_of_fields_take_little_room_however_long_and_many_they_are()
    {
        await using var house = await Open();
        await Push(house, $"[{{\"{new string('长', 15_000)}\":1,\"{new string('长', 15_001)}\":1}}]");
        await Push(house, $"[{{{string.Join(',', Enumerable.Range(0, 900).Select(i => $"\"{i}{new string('x', 195)}\":{i}"))}}}]");
        await Push(house, "{\"" + new string('深', 400) + "\":{" + string.Join(',', Enumerable.Range(0, 3000).Select(i => $"\"n{i}\":1")) + "}}", "application/x-ndjson");
        (await house.Scalar<long>($"SELECT COUNT(DISTINCT fields) FROM source_push")).ShouldBe(3);
        (await house.Scalar<long>($"SELECT MAX(LENGTH(CAST(fields AS BLOB))) FROM source_push")).ShouldBeLessThan(70_000);
        (await house.Scalar<long>($"SELECT LENGTH(fields) FROM source_push ORDER BY received_at LIMIT 1")).ShouldBeInRange(400, 600, "two names that differ at their ends stay two");
        await Group(house);
        (await house.Scalar<long>($"SELECT COUNT(*) FROM source_push WHERE fields IS NOT NULL OR batch IS NULL")).ShouldBe(0);
    }

    [Fact]
    public async Task A_sender_with_a_new_field_in_each_push_makes_few_batches_and_other_sources_have_their_turn()
    {
        await using var house = await Open();
        await house.Register("other", new PushSettings(1));
        for (var i = 0; i < 250; i++)
        {
            await Push(house, $"[{{\"id\":{i},\"strange{i}\":1}}]");
        }

        await Push(house, Three);
        (await house.Client.PostAsync("/api/v1/push/other", new StringContent("[{\"id\":1,\"strange\":1}]", Encoding.UTF8, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await house.Client.PostAsync("/api/v1/push/other", new StringContent(Three, Encoding.UTF8, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await Group(house)).ShouldBe(6);
        var order = (await house.Scalar<string>($"SELECT group_concat(source_name, ',') FROM (SELECT source_name FROM batch ORDER BY number)")).Split(',');
        order.Take(4).Order().ShouldBe(["模拟other", "模拟other", "模拟rows", "模拟rows"]);
        order.Skip(4).ShouldAllBe(name => name == "模拟rows");
        (await house.Scalar<string>($"SELECT group_concat(row_count, ',') FROM (SELECT row_count FROM source_run r JOIN source s ON s.id = r.source JOIN batch b ON b.id = r.batch WHERE s.code = 'rows' ORDER BY b.number)")).ShouldBe("100,100,50,3");
    }

    [Fact]
    public async Task What_came_later_never_goes_before_a_push_whose_fields_do_not_fit_with_the_first()
    {
        await using var house = await Open();
        await Push(house, """[{"id":1,"name":"先"}]""");
        await Push(house, """[{"id":1,"姓名":"中"}]""");
        await Push(house, """[{"id":1,"name":"后"}]""");
        (await Group(house)).ShouldBe(3);
        var files = new List<string>();
        foreach (var batch in (await house.Scalar<string>($"SELECT group_concat(id, ',') FROM (SELECT id FROM batch ORDER BY number)")).Split(','))
        {
            files.Add(await house.FileOf(Guid.Parse(batch)));
        }

        files.ShouldBe(["{\"id\":1,\"name\":\"先\"}\n", "{\"id\":1,\"姓名\":\"中\"}\n", "{\"id\":1,\"name\":\"后\"}\n"]);
    }

    [Fact]
    public async Task A_packed_body_is_unpacked_and_a_bomb_is_refused()
    {
        await using var house = await Open(new SourceLimits { PushBytes = 8 << 20 });
        (await Push(house, Three, packed: true)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var bomb = await Push(house, "[" + new string(' ', 100 << 20) + "]", packed: true);
        bomb.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await bomb.Content.ReadAsStringAsync()).ShouldContain("SRC-023");
    }

    [Fact]
    public async Task A_large_push_is_a_batch_of_its_own()
    {
        await using var house = await Open(new SourceLimits { SmallPushBytes = 1024 });
        var rows = string.Join('\n', Enumerable.Range(0, 2000).Select(i => "{\"id\":" + i + "}"));
        await Push(house, rows, "application/x-ndjson");
        await Push(house, Three);
        (await Group(house)).ShouldBe(2);
        Directory.EnumerateFiles(Path.Combine(house.Settings.Data, "push")).ShouldBeEmpty();
        (await house.Scalar<long>($"SELECT MAX(row_count) FROM source_run")).ShouldBe(2000);
    }

    [Fact]
    public async Task What_a_crash_left_of_a_push_is_swept_when_it_is_old_and_what_waits_is_not()
    {
        await using var house = await Open(new SourceLimits { SmallPushBytes = 1024 });
        await Push(house, string.Join('\n', Enumerable.Range(0, 2000).Select(i => "{\"id\":" + i + "}")), "application/x-ndjson");
        var folder = Path.Combine(house.Settings.Data, "push");
        var waiting = Directory.EnumerateFiles(folder).Single();
        var (old, young) = (Path.Combine(folder, "old"), Path.Combine(folder, "young"));
        await File.WriteAllTextAsync(old, "{");
        await File.WriteAllTextAsync(young, "{");
        var sweep = ActivatorUtilities.GetServiceOrCreateInstance<SweepPushes>(house.Services);
        (await sweep.Look(default)).ShouldBe(0);

        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-25));
        File.SetLastWriteTimeUtc(waiting, DateTime.UtcNow.AddHours(-25));
        (await sweep.Look(default)).ShouldBe(1);
        Directory.EnumerateFiles(folder).Order().ShouldBe(new[] { waiting, young }.Order());
        (await Group(house)).ShouldBe(1);
    }

    [Fact]
    public async Task When_too_much_waits_the_sender_is_told_when_to_come_back()
    {
        await using var house = await Open(new SourceLimits { WaitingBytes = 50 });
        (await Push(house, Three)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var full = await Push(house, Three);
        full.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        full.Headers.RetryAfter.ShouldNotBeNull();
        await Group(house);
        (await Push(house, Three)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Another_units_source_looks_as_if_it_did_not_exist()
    {
        await using var house = await Open();
        using var other = house.As("steward", SourceHouse.OtherUnit);
        (await other.PostAsync("/api/v1/push/rows", new StringContent(Three, Encoding.UTF8, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await other.GetStringAsync("/api/v1/sources")).ShouldContain("\"total\":0");
        using var nobody = new HttpClient { BaseAddress = house.Client.BaseAddress };
        (await nobody.PostAsync("/api/v1/push/rows", new StringContent(Three))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await house.Scalar<long>($"SELECT COUNT(*) FROM ledger_entry WHERE act = 'push.refused'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_broken_upload_goes_on_where_it_was_and_is_one_batch()
    {
        await using var house = await SourceHouse.Open();
        await house.Register("files", new UploadSettings());
        var content = Encoding.UTF8.GetBytes("编号,姓名\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i},模拟{i}\n")));
        var made = await house.Client.PostAsJsonAsync("/api/v1/uploads", new { source = "files", name = "模拟 人口.csv", length = content.Length });
        var upload = (await made.Content.ReadFromJsonAsync<UploadView>(house.Json))!;
        var at = $"/api/v1/uploads/{upload.Id}";

        await Should.ThrowAsync<HttpRequestException>(() => Append(house, at, 0, new StreamContent(new BreaksAfter(content, 30_000)) { Headers = { ContentLength = content.Length } }));
        var reached = await Offset(house, at); // how much arrived before the connection broke is the network's business
        reached.ShouldBeLessThanOrEqualTo(30_000);
        (await house.Client.PostAsync($"{at}/complete", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Append(house, at, 1, new ByteArrayContent(content))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        HttpStatusCode went;
        do
        {
            reached = await Offset(house, at);
            went = (await Append(house, at, reached, new ByteArrayContent(content, (int)reached, content.Length - (int)reached))).StatusCode;
        }
        while (went is HttpStatusCode.Conflict or HttpStatusCode.Locked);
        went.ShouldBe(HttpStatusCode.NoContent);
        var first = await house.Client.PostAsync($"{at}/complete", null);
        first.StatusCode.ShouldBe(HttpStatusCode.Accepted, await first.Content.ReadAsStringAsync());
        (await house.Client.PostAsync($"{at}/complete", null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await house.FileOf(Guid.Parse(await house.Scalar<string>($"SELECT id FROM batch")))).ShouldBe(Encoding.UTF8.GetString(content));
        (await house.Scalar<long>($"SELECT COUNT(*) FROM batch")).ShouldBe(1);
    }

    private static async Task<SourceHouse> Open(SourceLimits? limits = null, string? data = null)
    {
        var house = await SourceHouse.Open(limits, data, new FakeTimeProvider(DateTimeOffset.UtcNow));
        await house.Register("rows", new PushSettings(1));
        return house;
    }

    private static Task<int> Group(SourceHouse house)
    {
        if (house.Services.GetRequiredService<TimeProvider>() is FakeTimeProvider clock)
        {
            clock.Advance(TimeSpan.FromMinutes(2));
        }

        return house.Services.GetRequiredService<GroupPushes>().Look(default);
    }

    private static Task<HttpResponseMessage> Push(SourceHouse house, string body, string type = "application/json", string? key = null, bool packed = false)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        if (packed)
        {
            using var into = new MemoryStream();
            using (var gzip = new GZipStream(into, CompressionLevel.SmallestSize))
            {
                gzip.Write(bytes);
            }

            bytes = into.ToArray();
        }

        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/push/rows") { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (packed)
        {
            request.Content.Headers.ContentEncoding.Add("gzip");
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return house.Client.SendAsync(request);
    }

    private static Task<HttpResponseMessage> Append(SourceHouse house, string at, long offset, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, at) { Content = content };
        request.Headers.Add("Upload-Offset", offset.ToString());
        return house.Client.SendAsync(request);
    }

    private static async Task<long> Offset(SourceHouse house, string at)
    {
        var answer = await house.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, at));
        return long.Parse(answer.Headers.GetValues("Upload-Offset").Single());
    }

    private sealed class BreaksAfter(byte[] content, int at) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position >= at ? throw new IOException("broken") : base.ReadAsync(buffer[..Math.Min(buffer.Length, at - (int)Position)], cancellationToken);
    }
}
