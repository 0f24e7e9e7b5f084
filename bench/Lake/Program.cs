// Figures of the lake at 1,000 and 22,261 tables: open, memory, first query, small commits a second. Each number of tables runs in a process of its own.
//   dotnet run -c Release --project bench/Lake [-- 1000 22261 | seed TABLES FOLDER | measure FOLDER]
using System.Diagnostics;
using System.Globalization;
using Lizhou.Lake.Bench;

if (args is ["measure", var place])
{
    await Measure.Run(place);
    return;
}

if (args is ["seed", var count, var where])
{
    Directory.CreateDirectory(where);
    await Seed.Run(where, int.Parse(count, CultureInfo.InvariantCulture));
    return;
}

Console.WriteLine("| tables | open s | RSS after open MB | first query ms (p50 / max of 50) | RSS then MB | buffered rows: writes/s / CPU ms each, one writer | appends of staged files, one writer | same, 16 writers | RSS at end MB |");
Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
foreach (var tables in args.Length > 0 ? args.Select(a => int.Parse(a, CultureInfo.InvariantCulture)) : [1000, 22261])
{
    var folder = Directory.CreateTempSubdirectory("lizhou-bench-").FullName;
    await Seed.Run(folder, tables);
    using var run = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["measure", folder]) { UseShellExecute = false })!;
    await run.WaitForExitAsync();
    Directory.Delete(folder, recursive: true);
}
