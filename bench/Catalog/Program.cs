// In: how many resources (22,261 when nothing is said). Out: how long the bulk door takes, and the latency of searches over HTTP beside a LIKE scan of the same names.
using System.Diagnostics;
using System.Globalization;
using Lizhou.Catalog;
using Lizhou.Catalog.Bench;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Ledger;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 22_261;
var folder = Directory.CreateTempSubdirectory("lizhou-bench-catalog").FullName;
var builder = WebApplication.CreateBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
var settings = new Settings(folder, Environment.GetEnvironmentVariable("LIZHOU_STATE"));
builder.Services.AddKernel(settings);
Module[] modules = [new LedgerModule(), new CatalogModule()];
foreach (var module in modules)
{
    module.Services(builder.Services, settings);
}

builder.Services.AddSingleton(new Subscriptions(builder.Services));
builder.Services.AddSingleton<IUnits, FortyUnits>();
builder.Services.AddAuthentication("bench").AddScheme<AuthenticationSchemeOptions, Everybody>("bench", null);
builder.Services.AddAuthorization();
await using var app = builder.Build();
var state = app.Services.GetRequiredService<StateStore>();
await SchemaScripts.Apply(state, typeof(Module).Assembly);
app.UseAuthentication();
app.UseAuthorization();
foreach (var module in modules)
{
    await SchemaScripts.Apply(state, module.Assembly);
    module.Routes(app);
}

var entries = Sample.Entries(count);
var watch = Stopwatch.StartNew();
var cpu = Process.GetCurrentProcess().TotalProcessorTime;
var done = await app.Services.GetRequiredService<ICatalogBulk>().Publish(entries, Actor.System, default);
Console.WriteLine($"bulk: {done.Value.Count:N0} resources of 15 items created and published in {watch.Elapsed.TotalSeconds:N1} s ({(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds:N1} CPU s)");
Console.WriteLine($"state: {(state.File is { } file ? new FileInfo(file).Length / 1024.0 / 1024 : 0):N0} MiB");

// Searching is measured on a quiet city: the facts of the bulk have been carried.
await using (var connection = await state.Open())
{
    await connection.Execute(null, $"UPDATE outbox SET done_at = told_at");
}

await app.StartAsync();
using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
foreach (var (kind, queries) in Sample.Queries())
{
    await Measure(kind, [.. queries], q => client.GetByteArrayAsync(new Uri($"/api/v1/resources?{q}", UriKind.Relative)));
}

await using (var connection = await state.Open())
{
    await Measure("comparator: LIKE over names and bodies", Sample.Words, async word =>
        _ = await connection.Scalar(null, $"SELECT COUNT(*) FROM resource r JOIN resource_version v ON v.resource = r.id WHERE v.body LIKE {"%" + word + "%"}"), rounds: 2);
}

await app.StopAsync();
Directory.Delete(folder, recursive: true);
return 0;

static async Task Measure(string kind, string[] queries, Func<string, Task> ask, int rounds = 20)
{
    foreach (var query in queries)
    {
        await ask(query);
    }

    var times = new List<double>();
    var before = Process.GetCurrentProcess().TotalProcessorTime;
    for (var round = 0; round < rounds; round++)
    {
        foreach (var query in queries)
        {
            var start = Stopwatch.GetTimestamp();
            await ask(query);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    var spent = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds / times.Count;
    times.Sort();
    Console.WriteLine($"{kind}: n={times.Count} p50 {times[times.Count / 2]:N1} ms, p95 {times[(int)(times.Count * 0.95)]:N1} ms, max {times[^1]:N1} ms, {spent:N1} CPU ms each");
}
