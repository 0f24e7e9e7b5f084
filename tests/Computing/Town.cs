// A real county with two resources of people and payments and rows in them, and the ways to send models in and to run them.
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using Lizhou.Tests;
using Lizhou.Tests.Support;

namespace Lizhou.Computing.Tests;

public sealed class Town : County, IAsyncLifetime
{
    public const string Bureau = "模拟市大数据发展管理局";

    public Guid Unit { get; private set; }

    /// <summary>The operator of this machine: an engineer.</summary>
    public HttpClient Engineer { get; private set; } = null!;

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await Open();
        Engineer = Door();
        Unit = (await Json(await Engineer.PostAsJsonAsync("/api/v1/units", new { name = Bureau, code = "113307843077566033", kind = "Department" }))).GetProperty("id").GetGuid();
    }

    /// <summary>Publishes a resource: id, code and the name of its table.</summary>
    public async Task<(Guid Id, string Code, string Table)> Publish(string name, params (string Name, string Column, string Type, bool Key, string Level)[] items)
    {
        var made = await Json(await Engineer.PostAsJsonAsync("/api/v1/resources", new
        {
            @class = "303001", name, unit = Unit, summary = "模拟", sharing = "Conditional", condition = "用于业务办理", ways = new[] { "Api" }, cycle = "Daily",
            items = items.Select(i => new { name = i.Name, column = i.Column, type = i.Type, key = i.Key, required = i.Key, check = "None", level = i.Level }),
        }));
        var (id, at) = (made.GetProperty("id").GetGuid(), $"/api/v1/resources/{made.GetProperty("id").GetGuid()}");
        await Json(await Engineer.PostAsJsonAsync($"{at}/submit", new { }));
        await Json(await Engineer.PostAsJsonAsync($"{at}/review", new { pass = true }));
        var code = (await Json(await Engineer.PostAsJsonAsync($"{at}/publish", new { opinion = "同意" }))).GetProperty("code").GetString()!;
        return (id, code, $"r_{code.Replace('/', '_')}");
    }

    /// <summary>Collects rows and waits for the batch to end: its number.</summary>
    public async Task<string> Collect(string resource, params (string Name, byte[] Bytes)[] files)
    {
        using var form = new MultipartFormDataContent { { new StringContent(resource), "resource" } };
        foreach (var (name, bytes) in files)
        {
            form.Add(new ByteArrayContent(bytes), "files", name);
        }

        var number = (await Json(await Engineer.PostAsync("/api/v1/batches", form))).GetProperty("number").GetString()!;
        JsonElement batch = default;
        await Wait.Until(async () =>
        {
            batch = (await Json(await Engineer.GetAsync($"/api/v1/batches/{number}"))).GetProperty("batch");
            return batch.GetProperty("state").GetString() is not ("Received" or "Loading");
        });
        batch.GetProperty("state").GetString().ShouldBe("Landed", batch.ToString());
        return number;
    }

    public Task<string> Collect(string resource, string csv) => Collect(resource, ("模拟.csv", Encoding.UTF8.GetBytes(csv)));

    /// <summary>The text of a model.</summary>
    public static string Text(string name, string sql, string more = "key: []", string layer = "standard") => $"""
        ---
        name: {name}
        title: {name}（模拟）
        layer: {layer}
        owner: {Bureau}
        class: "303001"
        {more}
        ---
        {sql}
        """;

    public async Task<JsonElement> Save(string text) => await Json(await Engineer.PostAsJsonAsync("/api/v1/models/", new { text }));

    /// <summary>The refusal of a model: its code and what it says.</summary>
    public async Task<(string Code, string Detail)> Refused(string text)
    {
        var answer = await Engineer.PostAsJsonAsync("/api/v1/models/", new { text });
        answer.IsSuccessStatusCode.ShouldBeFalse(await answer.Content.ReadAsStringAsync());
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return (problem.GetProperty("code").GetString()!, problem.GetProperty("detail").GetString()!);
    }

    /// <summary>Runs models and waits: the run as it ended.</summary>
    public async Task<JsonElement> Run(object ask)
    {
        var number = (await Json(await Engineer.PostAsJsonAsync("/api/v1/model-runs/", ask))).GetProperty("number").GetString();
        JsonElement run = default;
        await Wait.Until(async () => (run = await Json(await Engineer.GetAsync($"/api/v1/model-runs/{number}"))).GetProperty("state").GetString() is not ("Waiting" or "Running"));
        return run;
    }

    public Task<JsonElement> Run(params string[] models) => Run(new { models });

    /// <summary>A step of a run.</summary>
    public static JsonElement Step(JsonElement run, string model) => run.GetProperty("steps").EnumerateArray().First(s => s.GetProperty("model").GetString() == model);

    /// <summary>The rows a SELECT gives the engineer, cells by |.</summary>
    public async Task<IReadOnlyList<string>> Query(string sql)
    {
        var answer = await Json(await Engineer.PostAsJsonAsync("/api/v1/sql/", new { sql, purpose = "query", seconds = 30 }));
        return [.. answer.GetProperty("rows").EnumerateArray().Select(r => string.Join('|', r.EnumerateArray().Select(c => c.ToString())))];
    }

    /// <summary>The first column of a Parquet file, as texts.</summary>
    public static async Task<IReadOnlyList<string>> Read(string file)
    {
        await using var engine = new DuckDBConnection("DataSource=:memory:");
        await engine.OpenAsync();
        await using var command = engine.CreateCommand();
        command.CommandText = $"SELECT * FROM read_parquet('{file}')";
        await using var rows = await command.ExecuteReaderAsync();
        var read = new List<string>();
        while (await rows.ReadAsync())
        {
            read.Add(rows.GetString(0));
        }

        return read;
    }

    public new async ValueTask DisposeAsync()
    {
        Engineer.Dispose();
        await base.DisposeAsync();
    }
}
