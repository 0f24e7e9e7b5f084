using System.Net;
using System.Text.Json;

namespace Lizhou.Host.Tests;

public sealed class SmallPushTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_push_of_a_few_rows_lands_without_a_file_of_its_own_and_is_kept_judged_and_undone_like_any_batch(bool keyed)
    {
        await using var city = await Unflushed();
        var (id, code) = await city.Publish(keyed);
        await city.Register("till", code);

        var first = await city.Push("till", """[{"id":"A1","name":"模拟一","amount":"1.50"},{"id":"A2","name":"模拟二","amount":"x"}]""");
        Counts(first).ShouldBe((2, 1, 1, 0));
        var second = await city.Push("till", """[{"id":"A1","name":"模拟三","amount":"2"},{"id":"A3","name":"模拟四","amount":"3"}]""");
        Counts(second).ShouldBe((2, 2, 0, 0));

        var rows = keyed ? 2 : 3;
        await Holds(city, files: 0, buffered: rows, rows: rows);
        Directory.EnumerateFiles(Path.Combine(city.Data, "lake", "data"), "*.parquet", SearchOption.AllDirectories).ShouldBeEmpty();
        var rejects = await city.Get($"api/v1/batches/{first.GetProperty("number").GetString()}/rejects");
        rejects.GetProperty("total").GetInt64().ShouldBe(1);
        using var steward = await city.AsStewardOf(city.Unit);
        (await WholeCity.Page(steward, $"/catalog/{id}?tab=sample")).ShouldContain("模拟三");

        (await city.Upkept("flush")).GetProperty("good").GetBoolean().ShouldBeTrue();
        await Holds(city, files: 1, buffered: 0, rows: rows);
        var number = second.GetProperty("number").GetString()!;
        (await city.Post($"api/v1/batches/{number}/undo", new { confirm = number, reason = "模拟" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await city.Lake()).GetProperty("rows").GetInt64().ShouldBe(1);
        var after = await WholeCity.Page(steward, $"/catalog/{id}?tab=sample");
        (after.Contains("模拟一"), after.Contains("模拟三")).ShouldBe((true, false));
        (await city.Upkept("verify")).GetProperty("outcome").GetString()!.ShouldContain("完好");
    }

    [Fact]
    public async Task A_push_of_many_rows_is_a_file_and_the_same_rows_again_are_duplicates_in_either_form()
    {
        await using var city = await Unflushed();
        var (_, code) = await city.Publish(keyed: true);
        await city.Register("till", code);
        var few = JsonSerializer.Serialize(Enumerable.Range(0, 5).Select(i => new { id = $"B{i}", name = "模拟", amount = $"{i}" }));
        var many = JsonSerializer.Serialize(Enumerable.Range(0, 60).Select(i => new { id = $"B{i}", name = "模拟", amount = $"{i}" }));

        Counts(await city.Push("till", few)).ShouldBe((5, 5, 0, 0));
        Counts(await city.Push("till", many)).ShouldBe((60, 55, 0, 5));
        await Holds(city, files: 1, buffered: 5, rows: 60);
        Counts(await city.Push("till", few)).ShouldBe((5, 0, 0, 5));
    }

    /// <summary>A city whose next flush by itself, every ten minutes by the clock, is not about to come: what is held until then is looked at here.</summary>
    private static async Task<WholeCity> Unflushed()
    {
        var left = TimeSpan.FromSeconds(600 - (DateTimeOffset.UtcNow.ToUnixTimeSeconds() % 600));
        if (left < TimeSpan.FromSeconds(90))
        {
            await Task.Delay(left + TimeSpan.FromSeconds(1));
        }

        return await WholeCity.Open();
    }

    private static (long Read, long Accepted, long Rejected, long Duplicate) Counts(JsonElement batch)
    {
        var counts = batch.GetProperty("counts");
        return (counts.GetProperty("read").GetInt64(), counts.GetProperty("accepted").GetInt64(), counts.GetProperty("rejected").GetInt64(), counts.GetProperty("duplicate").GetInt64());
    }

    private static async Task Holds(WholeCity city, long files, long buffered, long rows)
    {
        var lake = await city.Lake();
        (lake.GetProperty("files").GetInt64(), lake.GetProperty("bufferedRows").GetInt64(), lake.GetProperty("rows").GetInt64()).ShouldBe((files, buffered, rows));
    }
}
