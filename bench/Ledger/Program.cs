// In: seconds a run and callers at once. Out: evidenced appends a second and their latency, sharing commits and with a commit each, in the same run.
using System.Diagnostics;
using System.Globalization;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Ledger;
using Microsoft.Extensions.DependencyInjection;

var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
var callers = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 128;
var settings = new Settings(Directory.CreateTempSubdirectory("lizhou-bench-ledger-").FullName);
var services = new ServiceCollection().AddLogging();
services.AddKernel(settings);
new LedgerModule().Services(services, settings);
await using var house = services.BuildServiceProvider();
var state = house.GetRequiredService<StateStore>();
await SchemaScripts.Apply(state, typeof(LedgerModule).Assembly);
var ledger = house.GetRequiredService<ILedger>();

var moved = new Exchange
{
    Provider = Guid.NewGuid(), Receiver = Guid.NewGuid(), Grant = Guid.NewGuid(), Purpose = "办理不动产登记", Resource = Guid.NewGuid(), Snapshot = 7,
    Items = ["name", "id_number", "address"], Rows = 1, Bytes = 312, Digest = new string('a', 64), Duration = TimeSpan.FromMilliseconds(3), Tracking = new string('b', 32),
};
var evidence = new Evidence("rows.read", "330784000001", Evidence.Done) { Exchange = moved };

for (var round = 0; round < 2; round++)
{
    await Measure("shared commits", () => ledger.Append(Actor.System, evidence, default));
    await Measure("a commit each (comparator)", async () =>
    {
        await using var connection = await state.Open();
        await using var transaction = await connection.BeginTransactionAsync();
        await ledger.Append(connection, transaction, Actor.System, evidence, default);
        await transaction.CommitAsync();
    });
}

Console.WriteLine($"whole: {(await house.GetRequiredService<ILedgerCheck>().Run(default)).Whole}, {await Count():N0} entries, {new FileInfo(state.File!).Length / 1024.0 / 1024:N0} MiB");
Directory.Delete(settings.Data, recursive: true);

async Task Measure(string name, Func<Task> append)
{
    var watch = Stopwatch.StartNew();
    var cpu = Process.GetCurrentProcess().TotalProcessorTime;
    var each = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
    {
        List<double> took = [];
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            var begun = Stopwatch.GetTimestamp();
            await append();
            took.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        return took;
    })));
    var all = each.SelectMany(t => t).Order().ToList();
    var spent = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds * 1000 / all.Count;
    Console.WriteLine($"{name,-28} {callers} callers: {all.Count / watch.Elapsed.TotalSeconds,8:N0} a second, {spent:N0} CPU µs each, "
        + $"p50 {all[all.Count / 2]:N1} ms, p99 {all[(int)(all.Count * 0.99)]:N1} ms, worst {all[^1]:N0} ms");
}

async Task<long> Count()
{
    await using var connection = await state.Open();
    return Convert.ToInt64(await connection.Scalar(null, $"SELECT COUNT(*) FROM ledger_entry"), CultureInfo.InvariantCulture);
}
