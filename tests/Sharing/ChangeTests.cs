// The change feed: what came, changed and went between two snapshots, masked as the grant says, page by page; corrections to those who took rows; conditional requests.
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Tests.Support;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

public sealed class ChangeTests(SharedCity city) : ChangePromises(city), IClassFixture<SharedCity>;

public sealed class ChangeTestsOnPostgreSql(PostgresCity city) : ChangePromises(city), IClassFixture<PostgresCity>;

public abstract class ChangePromises(SharedCity city)
{
    private const string Head = "编号,姓名,街镇,金额,备注\n";

    private async Task<(string Grant, HttpClient Program, ResourceCard Resource)> Ready(object? masks = null, string[]? items = null, object? filter = null)
    {
        var resource = await city.Resource();
        var grant = await city.Granted(resource.Id, masks, items, filter);
        return (grant, await city.Program(grant), resource);
    }

    private static Task<HttpResponseMessage> Ask(HttpClient program, string grant, string? since = null, int limit = 1000) =>
        program.GetAsync($"/api/v1/data/{grant}/changes?limit={limit}{(since is null ? "" : $"&since={since}")}");

    private static string Cursor(JsonElement page) => page.GetProperty("cursor").GetString()!;

    private static List<string> Told(JsonElement page, string column = "code") =>
        [.. page.GetProperty("changes").EnumerateArray().Select(c => $"{c.GetProperty("op").GetString()} {c.GetProperty("row").GetProperty(column)}").Order(StringComparer.Ordinal)];

    [Fact]
    public async Task The_feed_tells_what_came_changed_and_went_as_the_grant_shows_it()
    {
        var (grant, program, resource) = await Ready(masks: new { name = "Partial" }, filter: new { column = "town", @is = "Equal", value = "望春街道" });
        var first = await Json(await Ask(program, grant));
        Told(first).ShouldBe(["Inserted A1", "Inserted A3"]);
        first.GetProperty("more").GetBoolean().ShouldBeFalse();

        // A1 moves out of the grant's rows, A2 into them, A3 changes, B1 is new.
        await city.Collect(resource, Head + "A1,张三,方岩镇,10.00,\nA2,李四,望春街道,20.50,\nA3,王五五,望春街道,31.00,好\nB1,赵六,望春街道,1.00,\nB2,钱七,方岩镇,1.00,\n");
        var answer = await Ask(program, grant, Cursor(first));
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("李四");
        var then = await Json(answer);
        Told(then).ShouldBe(["Changed A3", "Inserted A2", "Inserted B1", "Withdrawn A1"]);
        Told(then, "name").ShouldContain("Inserted 李*");
        string Id(JsonElement page, string code) => page.GetProperty("changes").EnumerateArray().First(c => c.GetProperty("row").GetProperty("code").GetString() == code).GetProperty("id").GetString()!;
        Id(then, "A3").ShouldBe(Id(first, "A3"));
        Told(await Json(await Ask(program, grant, Cursor(then)))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_the_receiver_may_not_see_is_none()
    {
        var (grant, program, resource) = await Ready(masks: new { name = "Partial" }, items: ["code", "name"]);
        var first = await Json(await Ask(program, grant));
        await city.Collect(resource, Head + "A1,张丰,方岩镇,99.00,改\n");
        Told(await Json(await Ask(program, grant, Cursor(first)))).ShouldBeEmpty();
        await city.Collect(resource, Head + "A1,李丰,方岩镇,99.00,改\n");
        Told(await Json(await Ask(program, grant, Cursor(first)))).ShouldBe(["Changed A1"]);
    }

    [Fact]
    public async Task Pages_stay_within_one_pair_of_snapshots_and_each_row_comes_once()
    {
        var (grant, program, resource) = await Ready();
        var (rows, cursor, pages, more) = (new List<string>(), (string?)null, 0, true);
        while (more)
        {
            var page = await Json(await Ask(program, grant, cursor, limit: 2));
            rows.AddRange(Told(page));
            (cursor, more, pages) = (Cursor(page), page.GetProperty("more").GetBoolean(), pages + 1);
            if (pages == 1)
            {
                await city.Collect(resource, Head + "C1,赵六,方岩镇,1.00,\n");
            }
        }

        pages.ShouldBe(2);
        rows.Order(StringComparer.Ordinal).ShouldBe(["Inserted A1", "Inserted A2", "Inserted A3"]);
        Told(await Json(await Ask(program, grant, cursor))).ShouldBe(["Inserted C1"]);
    }

    [Fact]
    public async Task The_cursor_of_a_plain_read_leads_into_the_feed_and_all_of_it_comes_as_lines()
    {
        var (grant, program, resource) = await Ready();
        var read = await Json(await program.GetAsync($"/api/v1/data/{grant}"));
        await city.Collect(resource, Head + "A1,张三,望春街道,11.00,\nC1,赵六,方岩镇,1.00,\n");
        var lines = (await program.GetStringAsync($"/api/v1/data/{grant}/changes?format=ndjson&since={read.GetProperty("changes").GetString()}")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonDocument.Parse(l).RootElement).ToList();
        lines[..^1].Select(l => $"{l.GetProperty("_op")} {l.GetProperty("code")}").Order(StringComparer.Ordinal).ShouldBe(["Changed A1", "Inserted C1"]);
        lines[^1].GetProperty("_op").GetString().ShouldBe("Cursor");
        Told(await Json(await Ask(program, grant, lines[^1].GetProperty("_id").GetString()))).ShouldBeEmpty();
        var now = await Json(await Ask(program, grant, "now"));
        await city.Collect(resource, Head + "C2,赵六,方岩镇,1.00,\n");
        Told(await Json(await Ask(program, grant, Cursor(now)))).ShouldBe(["Inserted C2"]);
    }

    [Fact]
    public async Task A_forged_foreign_or_stale_cursor_is_refused()
    {
        var (grant, program, resource) = await Ready();
        var mine = Cursor(await Json(await Ask(program, grant)));
        var other = await city.Granted(resource.Id);
        using var others = await city.Program(other);
        (await Refusal(await Ask(others, other, mine))).ShouldBe("POL-013");
        (await Refusal(await Ask(others, grant, mine))).ShouldBe("SHR-030");
        (await Refusal(await Ask(program, grant, (mine[0] == 'A' ? 'B' : 'A') + mine[1..]))).ShouldBe("POL-013");
        (await Refusal(await Ask(program, grant, "bm90IG91cnM"))).ShouldBe("POL-013");
        (await Refusal(await Ask(program, grant, mine, limit: 100_000))).ShouldBe("SHR-031");
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}/changes?format=exe"))).ShouldBe("SHR-033");
        (await city.Visitor().GetAsync($"/api/v1/data/{grant}/changes")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await Json(await city.SourceSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/revoke", new { reason = "用途已结束" }));
        (await Refusal(await Ask(program, grant, mine))).ShouldBe("POL-006");
    }

    [Fact]
    public async Task Who_took_rows_is_told_how_many_were_corrected_and_gets_the_difference()
    {
        var (grant, program, resource) = await Ready();
        await Json(await program.GetAsync($"/api/v1/data/{grant}"));
        await city.Collect(resource, Head + "A1,张三,望春街道,11.00,\nC1,赵六,方岩镇,1.00,\n");
        var told = await Wait.For(async () => await Json(await program.GetAsync($"/api/v1/data/{grant}/corrections")), c => c.GetArrayLength() == 1);
        (told[0].GetProperty("changed").GetInt64(), told[0].GetProperty("withdrawn").GetInt64()).ShouldBe((1, 0));
        Told(await Json(await Ask(program, grant, told[0].GetProperty("since").GetString()))).ShouldContain("Changed A1");
        (await city.AskerSteward.GetStringAsync($"/grants/{grant}")).ShouldContain("更正通知");
    }

    [Fact]
    public async Task A_commit_to_another_table_leaves_the_answer_unchanged()
    {
        var (grant, program, resource) = await Ready();
        var first = await program.GetAsync($"/api/v1/data/{grant}");
        program.DefaultRequestHeaders.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.ToString());
        await city.Resource();
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await program.GetAsync($"/api/v1/data/{grant}?limit=1")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await city.Collect(resource, Head + "D1,赵六,方岩镇,1.00,\n");
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
