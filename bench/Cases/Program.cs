// In: seconds a run, callers at once, cases in the long list (0: none), a PostgreSQL connection string (none: SQLite).
// Or: what-if, cases of a day, a PostgreSQL connection string (none: SQLite): see WhatIfDay.
// Or: board, and the same: the assessment of a month. Or: recommend, and how many cases are learned from.
// Out: cases made and acts taken a second with their evidence, against a commit for each; ten thousand timers due at once; filters over the long list, against the same list paged by counting rows off.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Lizhou.Cases;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Bench;
using Lizhou.Cases.Ledger;
using Lizhou.Collection;
using Lizhou.Kernel;
using Lizhou.Ledger;
using Lizhou.Organisation;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

if (args is ["recommend", ..])
{
    Recommending.Run(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 40_000);
    return;
}

const int Timers = 10_000;
var (whatIf, board) = (args is ["what-if", ..], args is ["board", ..]);
args = board ? args[1..] : args;
var seconds = args.Length > 0 && !whatIf ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
var callers = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 128;
var many = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1_000_000;
var settings = new Settings(Directory.CreateTempSubdirectory("lizhou-bench-cases-").FullName) { State = args.ElementAtOrDefault(whatIf ? 2 : 3) };
var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
services.AddDataProtection();
services.AddKernel(settings);
Module[] modules = [new LedgerModule(), new OrganisationModule(), new CollectionModule(), new CasesModule()];
foreach (var module in modules)
{
    module.Services(services, settings);
}

await using var house = services.BuildServiceProvider();
var state = house.GetRequiredService<StateStore>();
foreach (var assembly in modules.Select(m => m.Assembly).Prepend(typeof(Module).Assembly))
{
    await SchemaScripts.Apply(state, assembly);
}

await modules[^1].Start(house, default);
var writer = house.GetRequiredService<CaseWriter>();
await writer.StartAsync(default);
var engineer = new Actor(Guid.NewGuid(), "测试", null, new HashSet<string>([Roles.Engineer], StringComparer.Ordinal));
if (whatIf)
{
    await new WhatIfDay(house, engineer, callers).Run();
    await writer.StopAsync(default);
    Directory.Delete(settings.Data, recursive: true);
    return;
}

var numbers = new ConcurrentQueue<string>();

async Task<bool> Report(IServiceProvider use)
{
    numbers.Enqueue((await use.GetRequiredService<ReportCase>().Run(new("路边有一堆垃圾", "330784001", Class: "0102", Name: "测试", Phone: "13800000000"), engineer, default)).Value.File.Number);
    return true;
}

async Task<bool> Accept(IServiceProvider use) =>
    numbers.TryDequeue(out var number) && !(await use.GetRequiredService<TakeAct>().Run(number, new("accept", new Dictionary<string, string> { ["class"] = "0102" }), engineer, default)).Refused;

if (board)
{
    await new LongList(house, engineer, many).Fill();
    await new MonthBoard(house, engineer).Run();
    await writer.StopAsync(default);
    Directory.Delete(settings.Data, recursive: true);
    return;
}

await Measure("(warming up)", callers, Report);
await Measure("(warming up)", callers / 2, Accept);
await Measure("creations, shared commits", callers, Report);
await Measure("creations, a commit each (comparator)", 1, Report);
while (numbers.Count < Timers)
{
    await Measure("(more cases)", callers, Report);
}

await Measure("transitions, shared commits", callers, Accept);

await using (var connection = await state.Open())
{
    await connection.Execute(null, $"UPDATE case_file SET late = 1");
    await connection.Execute(null, $"UPDATE case_file SET late = 0, due_at = '2024-01-01T00:00:00.0000000Z' WHERE number IN (SELECT number FROM case_file ORDER BY number LIMIT {Timers})");
}

var (begun, before) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);
var told = await house.GetRequiredService<TellOverdue>().Look(default);
Console.WriteLine($"{told:N0} timers due at once, all told in {Stopwatch.GetElapsedTime(begun).TotalSeconds:N1} s, {(Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds * 1000 / told:N0} CPU µs each");
if (many > 0)
{
    await new LongList(house, engineer, many).Run();
}

await writer.StopAsync(default);
Directory.Delete(settings.Data, recursive: true);

async Task Measure(string name, int at, Func<IServiceProvider, Task<bool>> act)
{
    var watch = Stopwatch.StartNew();
    var cpu = Process.GetCurrentProcess().TotalProcessorTime;
    var done = await Task.WhenAll(Enumerable.Range(0, at).Select(_ => Task.Run(async () =>
    {
        for (var mine = 0; ; mine++)
        {
            await using var scope = house.CreateAsyncScope();
            if (watch.Elapsed.TotalSeconds > seconds || !await act(scope.ServiceProvider))
            {
                return mine;
            }
        }
    })));
    var spent = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds * 1000 / Math.Max(1, done.Sum());
    Console.WriteLine($"{name,-40} {at,4} callers: {done.Sum():N0} done, {done.Sum() / watch.Elapsed.TotalSeconds,8:N0} a second, {spent:N0} CPU µs each");
}
