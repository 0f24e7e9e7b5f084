// A small city with one unit, its resources and batches, kept through the doors everyone uses.
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Lizhou.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Host.Tests;

internal sealed class WholeCity : IAsyncDisposable
{
    private readonly County county = new();
    private HttpClient door = null!;

    public Guid Unit { get; private set; }

    public string Data => county.Data;

    public static async Task<WholeCity> Open()
    {
        var city = new WholeCity();
        await city.county.Open();
        city.door = city.county.Door();
        var unit = await County.Json(await city.Post("api/v1/units", new { name = "模拟测试局", code = "113307843077566033", kind = "Department" }));
        city.Unit = unit.GetProperty("id").GetGuid();
        return city;
    }

    public void Advance(TimeSpan span) => county.Advance(span);

    public Task<HttpClient> As(string role) => county.As(role);

    public Task<HttpClient> AsStewardOf(Guid unit) => county.AsStewardOf(unit);

    public Task<HttpResponseMessage> Post(string path, object body) => door.PostAsJsonAsync(path, body);

    public async Task<JsonElement> Get(string path) => await County.Json(await door.GetAsync(new Uri(path, UriKind.Relative)));

    /// <summary>A page as a person sees it.</summary>
    public static Task<string> Page(HttpClient person, string path) => person.GetStringAsync(new Uri(path, UriKind.Relative));

    /// <summary>A published resource with a number, a name and an amount.</summary>
    public async Task<(Guid Id, string Code)> Publish(bool keyed = false, string name = "模拟资源")
    {
        object[] items =
        [
            new { name = "编号", column = "id", type = "Text", length = 20, level = "L1", key = keyed }, new { name = "姓名", column = "name", type = "Text", length = 50, level = "L1" },
            new { name = "金额", column = "amount", type = "Money", level = "L1" },
        ];
        var made = await County.Json(await Post("api/v1/resources", new
        {
            @class = "303001", name, unit = Unit, summary = "模拟", sharing = "Unconditional", ways = new[] { "Table" }, cycle = "Daily", items,
        }));
        return await Promote(made.GetProperty("id").GetGuid());
    }

    /// <summary>Submits, passes and publishes the open version.</summary>
    public async Task<(Guid Id, string Code)> Promote(Guid id)
    {
        await County.Json(await Post($"api/v1/resources/{id}/submit", new { }));
        await County.Json(await Post($"api/v1/resources/{id}/review", new { pass = true }));
        return (id, (await County.Json(await Post($"api/v1/resources/{id}/publish", new { opinion = "同意" }))).GetProperty("code").GetString()!);
    }

    /// <summary>Lands a file; the number of its batch.</summary>
    public async Task<string> Collect(string resource, string csv, string drift = "Refuse")
    {
        using var form = new MultipartFormDataContent { { new StringContent(resource), "resource" }, { new StringContent(drift), "drift" } };
        var file = new ByteArrayContent(Encoding.UTF8.GetBytes(csv));
        file.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        form.Add(file, "file", "模拟.csv");
        var number = (await County.Json(await door.PostAsync(new Uri("api/v1/batches", UriKind.Relative), form))).GetProperty("number").GetString()!;
        (await Ended(number)).GetProperty("state").GetString().ShouldBe("Landed");
        return number;
    }

    /// <summary>A batch once it has ended.</summary>
    public async Task<JsonElement> Ended(string batch) =>
        (await Wait.For(() => Get($"api/v1/batches/{batch}"), b => b.GetProperty("batch").GetProperty("state").GetString() is not ("Received" or "Loading"))).GetProperty("batch");

    /// <summary>Registers a source that is pushed to, one batch a second.</summary>
    public async Task Register(string source, string resource, string drift = "Refuse") => await County.Json(await Post("api/v1/sources", new
    {
        code = source, name = "模拟推送", resource, drift, settings = new { way = "push", groupSeconds = 1 },
    }));

    /// <summary>Pushes rows and waits for the batch that has them.</summary>
    public async Task<JsonElement> Push(string source, string rows)
    {
        using var body = new StringContent(rows, Encoding.UTF8, "application/json");
        var receipt = (await County.Json(await door.PostAsync(new Uri($"api/v1/push/{source}", UriKind.Relative), body))).GetProperty("id").GetString();
        var taken = await Wait.For(() => Get($"api/v1/push/{source}/{receipt}"), r => r.GetProperty("batch").ValueKind == JsonValueKind.String);
        return await Ended(taken.GetProperty("batch").GetString()!);
    }

    /// <summary>How many entries of the ledger tell of an act.</summary>
    public async Task<long> Evidence(string act)
    {
        await using var connection = await county.Services.GetRequiredService<StateStore>().Open();
        return Convert.ToInt64(await connection.Scalar(null, $"SELECT COUNT(*) FROM ledger_entry WHERE act = {act}"));
    }

    /// <summary>Runs a statement past every guard, as a fault would.</summary>
    public async Task Damage(string sql)
    {
        await using var connection = await county.Services.GetRequiredService<StateStore>().Open();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<JsonElement> Lake() => (await Kept()).GetProperty("lake");

    /// <summary>Starts a task by hand and waits for its end.</summary>
    public async Task<JsonElement> Upkept(string task)
    {
        var before = Of(await Kept(), task).GetProperty("ended");
        await County.Json(await Post($"api/v1/keeping/lake/{task}", new { }));
        var after = await Wait.For(Kept, k => Of(k, task).GetProperty("state").GetString() == "idle" && Of(k, task).GetProperty("ended").ToString() != before.ToString());
        return Of(after, task);
    }

    public async ValueTask DisposeAsync()
    {
        door.Dispose();
        await county.DisposeAsync();
    }

    private static JsonElement Of(JsonElement kept, string task) => kept.GetProperty("tasks").EnumerateArray().Single(t => t.GetProperty("task").GetString() == task);

    private Task<JsonElement> Kept() => Get("api/v1/keeping/lake");
}
