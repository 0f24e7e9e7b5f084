// From a cell of a computed table to the line of the file it came from, over the real host: the row's sources through the policy, then the batch that brought them. `cell [ROWS]`.
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Computing.Bench;

internal static class CellBench
{
    private const string Bureau = "模拟市大数据发展管理局";
    private const int Asks = 300;

    public static async Task Run(int rows)
    {
        await using var city = new County(demo: false) { Grows = false };
        await city.Open();
        using var engineer = city.Door();
        var (code, table) = await Published(city, engineer);
        await Collected(engineer, code, rows);
        await Json(await engineer.PostAsJsonAsync("/api/v1/models/", new { text = $"---\nname: cell_a\ntitle: 明细（模拟）\nlayer: standard\nowner: {Bureau}\nclass: \"303001\"\nkey: [id]\n---\nSELECT id, town, n * 2 AS twice FROM {table}" }));
        var number = (await Json(await engineer.PostAsJsonAsync("/api/v1/model-runs/", new { models = new[] { "cell_a" } }))).GetProperty("number").GetString();
        await Wait.Until(async () => (await Json(await engineer.GetAsync($"/api/v1/model-runs/{number}"))).GetProperty("state").GetString() == "Built");

        var (dice, times, row) = (new Random(5), new List<double>(), new List<double>());
        var processor = TimeSpan.Zero;
        for (var i = 0; i < Asks; i++)
        {
            // The first ones are the engine's and the compiler's warming.
            processor = i == Asks / 10 ? Environment.CpuUsage.TotalTime : processor;
            var id = dice.Next(rows);
            var watch = Stopwatch.StartNew();
            var traced = await Json(await engineer.GetAsync($"/api/v1/models/cell_a/row?id=P{id:D8}"));
            row.Add(watch.Elapsed.TotalMilliseconds);
            var origin = traced.GetProperty("inputs")[0].GetProperty("rows").GetProperty("provenance")[0];
            var batch = await Json(await engineer.GetAsync($"/api/v1/batches/{origin.GetProperty("batch").GetString()}"));
            var name = batch.GetProperty("files")[origin.GetProperty("file").GetInt32()].GetProperty("name").GetString();
            times.Add(watch.Elapsed.TotalMilliseconds);
            if (name != "rows.csv" || origin.GetProperty("record").GetInt64() != id + 1)
            {
                throw new InvalidOperationException($"{id} led to {name}, {origin}");
            }
        }

        var spent = (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / (Asks - (Asks / 10));
        (times, row) = ([.. times.Skip(Asks / 10).Order()], [.. row.Skip(Asks / 10).Order()]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"a cell to its file and line, {rows:N0} rows: median {times[times.Count / 2]:0.0} ms, 95th of 100 {times[times.Count * 95 / 100]:0.0} ms, longest {times[^1]:0.0} ms; of it the sources of the row, median {row[row.Count / 2]:0.0} ms; {spent:0.0} ms of processor for each, both sides of the connection"));
    }

    private static async Task<(string Code, string Table)> Published(County city, HttpClient engineer)
    {
        var unit = (await Json(await engineer.PostAsJsonAsync("/api/v1/units", new { name = Bureau, code = "113307843077566033", kind = "Department" }))).GetProperty("id").GetGuid();
        await using var scope = city.Services.CreateAsyncScope();
        var made = await scope.ServiceProvider.GetRequiredService<ICatalogBulk>().Publish(
            [
                new()
                {
                    Class = "303001", Name = "明细来源（模拟）", Unit = unit, Summary = "模拟", Sharing = SharingKind.Conditional, Condition = "用于业务办理", Ways = [SharingWay.Api],
                    Items = [ItemCard.Of("编号", column: "id", key: true, level: Level.L1), ItemCard.Of("街镇", column: "town", level: Level.L1), ItemCard.Of("数", ItemType.Integer, "n", level: Level.L1)],
                },
            ],
            Actor.System, default);
        return (made.Value[0].Code, made.Value[0].Table);
    }

    private static async Task Collected(HttpClient engineer, string code, int rows)
    {
        var csv = new StringBuilder("编号,街镇,数\n");
        for (var i = 0; i < rows; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"P{i:D8},街镇{i % 30},{i % 1000}\n");
        }

        using var form = new MultipartFormDataContent { { new StringContent(code), "resource" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(csv.ToString())), "files", "rows.csv" } };
        var number = (await Json(await engineer.PostAsync("/api/v1/batches", form))).GetProperty("number").GetString();
        await Wait.Until(async () => (await Json(await engineer.GetAsync($"/api/v1/batches/{number}"))).GetProperty("batch").GetProperty("state").GetString() == "Landed");
    }

    private static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException(text);
    }
}
