// A grant of a computed table: whoever took its rows hears when a model's run, or the undo of one, changed them.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Tests.Support;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

public sealed class ComputedTests(SharedCity city) : IClassFixture<SharedCity>
{
    private const string Head = "编号,姓名,街镇,金额,备注\n";

    [Fact]
    public async Task A_models_run_and_its_undo_reach_subscriptions_and_corrections()
    {
        var source = await city.Resource();
        var model = (await Json(await city.Engineer.PostAsJsonAsync("/api/v1/models/", new { text = Text(source) }))).GetProperty("id").GetGuid();
        await Run();
        var grant = await city.Granted(model, way: null);
        using var program = await city.Program(grant);
        await Json(await program.GetAsync($"/api/v1/data/{grant}"));
        await using var receiver = await Receiver.Open();
        await city.Run(await city.Delivery(grant, new { hook = new { url = receiver.Url }, onChange = true }));

        await city.Collect(source, Head + "A1,张三,望春街道,11.00,\n");
        var run = await Run();
        await Wait.For(() => Task.FromResult(receiver.Got.ToArray()), got => got.Length >= 2);
        receiver.Got.Last().Changes.ShouldBe(["Changed A1"]);
        await Corrected(1);

        await Json(await city.Engineer.PostAsJsonAsync($"/api/v1/model-runs/{run}/undo", new { reason = "测试" }));
        await Wait.For(() => Task.FromResult(receiver.Got.ToArray()), got => got.Length >= 3);
        receiver.Got.Last().Data.GetProperty("changes")[0].GetProperty("row").GetProperty("amount").GetDecimal().ShouldBe(10m);
        await Corrected(2);

        async Task Corrected(int times) =>
            (await Wait.For(async () => await Json(await program.GetAsync($"/api/v1/data/{grant}/corrections")), told => told.GetArrayLength() == times))[0].GetProperty("changed").GetInt64().ShouldBe(1);
    }

    private async Task<string> Run()
    {
        var number = (await Json(await city.Engineer.PostAsJsonAsync("/api/v1/model-runs/", new { models = new[] { "granted_amounts" } }))).GetProperty("number").GetString()!;
        JsonElement run = default;
        await Wait.Until(async () => (run = await Json(await city.Engineer.GetAsync($"/api/v1/model-runs/{number}"))).GetProperty("state").GetString() is not ("Waiting" or "Running"));
        run.GetProperty("state").GetString().ShouldBe("Built", run.ToString());
        return number;
    }

    private static string Text(ResourceCard source) => $"""
        ---
        name: granted_amounts
        title: 金额（模拟）
        layer: standard
        owner: 模拟民政局
        class: "303001"
        key: [code]
        ---
        SELECT code, town, amount FROM {source.Table}
        """;
}
