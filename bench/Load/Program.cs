// Measures the governed load beside the bare engine over the same rows, alternating, and prints medians. Nothing but the figures leaves it.
//   dotnet run -c Release --project bench/Load -- [pairs|checks|encodings|bulk] [--rows N] [--pairs N] [--dir DIR] [--bad SHARE]
using Lizhou.Load.Bench;

var what = args.FirstOrDefault(a => !a.StartsWith('-')) ?? "pairs";
string? Option(string name) => Array.IndexOf(args, "--" + name) is var at and >= 0 ? args[at + 1] : null;
var rows = long.Parse(Option("rows") ?? "4000000");
var pairs = int.Parse(Option("pairs") ?? "5");
var bad = double.Parse(Option("bad") ?? "0.001");
var folder = Option("dir") ?? Path.Combine(Path.GetTempPath(), "lizhou-bench-load");

await using var place = await Place.Open(folder);
Console.WriteLine($"{rows:N0} rows, {Environment.ProcessorCount} cores, load average {Place.LoadAverage()}, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
switch (what)
{
    case "pairs":
        await Pairs.Run(place, rows, pairs, bad);
        break;
    case "checks":
        await Checks.Run(place, rows, pairs);
        break;
    case "encodings":
        await Encodings.Run(place, rows, pairs, bad);
        break;
    case "bulk":
        await Bulk.Run(place, rows, bad);
        break;
    default:
        Console.Error.WriteLine($"unknown: {what}");
        return 2;
}

return 0;
