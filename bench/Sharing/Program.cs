// The real host on loopback. `calls [CALLS] [CALLERS]`: that many evidenced small calls of the data API, the callers in a process of their own on the same cores.
// `files [Rows]`: that many rows delivered as a file with its signed manifest, from the wish until it can be fetched.
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Sharing.Bench;
using Lizhou.Tests;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

const int Rows = 20_000;
if (args is ["callers", var of, var count, var rowsThere])
{
    Callers.Run(of, int.Parse(count), int.Parse(rowsThere));
    return;
}

var what = args.Length > 0 ? args[0] : "calls";
var much = args.Length > 1 ? int.Parse(args[1]) : what == "files" ? 10_000_000 : 40_000;
Guid source = new("01930000-0000-7000-8000-00000000000a"), asker = new("01930000-0000-7000-8000-00000000000b");
await using var city = new County(demo: true) { Grows = false };
await city.Open();
await Units();
using var engineer = await city.As(Roles.Engineer);
using var provider = await city.AsStewardOf(source);
using var receiver = await city.AsStewardOf(asker);
var grant = await Granted(what == "files" ? much : Rows);
if (what == "files")
{
    await Files();
}
else
{
    await Calls(much, args.Length > 2 ? int.Parse(args[2]) : 64);
}

async Task Units()
{
    using var scope = city.Services.CreateScope();
    var root = Guid.Parse("01930000-0000-7000-8000-000000000001");
    var done = await scope.ServiceProvider.GetRequiredService<IUnitsBulk>().Register(
        [new(root, "113307843077566033", "模拟市", null, true), new(source, "11330600MB1573660P", "模拟民政局", root, true), new(asker, "11332500MB1601924J", "模拟人社局", root, true)], [], Actor.System, default);
    _ = done.Refused ? throw new InvalidOperationException(done.Problem!.ToString()) : 0;
}

async Task<string> Granted(int rows)
{
    ItemCard[] items =
    [
        ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("姓名", column: "name", level: Level.L3), ItemCard.Of("街镇", column: "town", level: Level.L1),
        ItemCard.Of("地址", column: "address", level: Level.L3), ItemCard.Of("金额", ItemType.Money, "amount", level: Level.L2), ItemCard.Of("日期", ItemType.Date, "born", level: Level.L3),
        ItemCard.Of("次数", ItemType.Integer, "times", level: Level.L1), ItemCard.Of("备注", column: "note", level: Level.L1),
    ];
    var entry = new ResourceEntry
    {
        Class = "303001", Name = "低保对象", Unit = source, Summary = "模拟", Format = ResourceFormat.Database, Sharing = SharingKind.Conditional, Condition = "用于业务办理", Ways = [SharingWay.Api], Items = items,
    };
    using var scope = city.Services.CreateScope();
    var card = (await scope.ServiceProvider.GetRequiredService<ICatalogBulk>().Publish([entry], Actor.System, default)).Value[0];
    var path = Path.Combine(city.Data, "rows.csv");
    await using (var csv = new StreamWriter(path))
    {
        await csv.WriteLineAsync("编号,姓名,街镇,地址,金额,日期,次数,备注");
        for (var i = 0; i < rows; i++)
        {
            await csv.WriteLineAsync($"C{i},模拟{i % 9000},望春街道,模拟省模拟市望春街道第{i % 5000}号,{i % 100000 / 100m:F2},{new DateOnly(1950, 1, 1).AddDays(i % 20000):yyyy-MM-dd},{i % 1000},");
        }
    }

    var begun = Stopwatch.GetTimestamp();
    await using (var content = File.OpenRead(path))
    {
        var collected = await scope.ServiceProvider.GetRequiredService<IIntake>().Collect(card.Code, "a.csv", content, "bench", keep: false, Actor.System, default);
        _ = collected.Refused ? throw new InvalidOperationException(collected.Problem!.ToString()) : 0;
    }

    Console.WriteLine($"{rows:N0} rows of {new FileInfo(path).Length / (double)rows:F0} bytes collected in {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s");
    File.Delete(path);
    var until = DateTimeOffset.UtcNow.AddDays(30).ToString("yyyy-MM-dd");
    var asked = await County.Json(await receiver.PostAsJsonAsync("/api/v1/requests", new { resources = new[] { new { resource = card.Id } }, purpose = "核对补贴资格", scene = "补贴发放", basis = "《模拟办法》第五条", until, delivery = what == "files" ? "File" : "Api" }));
    var number = asked[0].GetProperty("number").GetString();
    await County.Json(await engineer.PostAsJsonAsync($"/api/v1/requests/{number}/steps", new { step = "Conform" }));
    var given = (await County.Json(await provider.PostAsJsonAsync($"/api/v1/requests/{number}/steps", new { step = "Approve", masks = new { name = "Partial" } }))).GetProperty("grant").GetString()!;
    (await engineer.PutAsJsonAsync($"/api/v1/grants/{given}/quota", new { dailyCalls = 100_000_000, dailyRows = 10_000_000_000 })).EnsureSuccessStatusCode();
    return given;
}

async Task Calls(int calls, int callers)
{
    var secret = (await County.Json(await receiver.PostAsJsonAsync($"/api/v1/grants/{grant}/keys", new { name = "bench" }))).GetProperty("secret").GetString()!;
    await city.Label(grant, 4);
    using var others = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["callers", grant, $"{callers}", $"{Rows}"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
    await others.StandardInput.WriteLineAsync($"{city.Address.Authority}\n{secret}");
    foreach (var (kind, what) in new[] { (Callers.Kind.SamePage, "the same page"), (Callers.Kind.OneOfHundred, "one of a hundred rows by its key"), (Callers.Kind.AnyRow, "any row by its key") })
    {
        foreach (var note in new[] { ", warm-up", "", "" })
        {
            var before = Callers.Cpu();
            await others.StandardInput.WriteLineAsync($"{kind} {calls}");
            var round = JsonSerializer.Deserialize<Callers.Round>(await others.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The callers ended."))!;
            var cpu = Callers.Cpu() - before;
            Console.WriteLine(
                $"{what}{note}: {calls / round.Seconds:N0} calls/s; p50 {round.P50:F1} ms, p99 {round.P99:F1} ms, worst {round.Worst:F0} ms; CPU µs a call: server {cpu * 1000 / calls:N0}, callers {round.Cpu * 1000 / calls:N0}; load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        }
    }
}

async Task Files()
{
    foreach (var format in new[] { "Parquet", "Csv", "Parquet", "Csv", "Parquet", "Csv" })
    {
        var begun = Stopwatch.GetTimestamp();
        var made = await County.Json(await receiver.PostAsJsonAsync("/api/v1/deliveries", new { grant, name = "bench", file = new { format } }));
        var number = made.GetProperty("number").GetString();
        var run = await Wait.For(
            async () => (await County.Json(await receiver.GetAsync(new Uri($"/api/v1/deliveries/{number}/runs", UriKind.Relative)))).GetProperty("items").EnumerateArray().FirstOrDefault(),
            r => r.ValueKind != JsonValueKind.Undefined && r.GetProperty("result").GetString() != "Running", TimeSpan.FromMinutes(5));
        Console.WriteLine($"{format}: {run.GetProperty("result").GetString()}, {much:N0} rows, {run.GetProperty("bytes").GetInt64() / 1e6:N0} MB, {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s from the wish");
    }
}
