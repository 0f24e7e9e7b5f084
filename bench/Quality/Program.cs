// Figures of data quality.
//   dotnet run -c Release --project bench/Quality -- scan [--rows N [--rounds N]]     a hundred rules and the whole profile in one pass, beside the bare engine's SUMMARIZE
//   dotnet run -c Release --project bench/Quality -- suggest FOLDER      rules found in dirty tables, scored against the clean ones
using System.Globalization;
using Lizhou.Quality.Bench;

switch (args)
{
    case ["scan", .. var options]:
        var numbers = options.Where((_, i) => i % 2 == 1).Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToList();
        await ScanBench.Run(numbers.Count > 0 ? numbers[0] : 2_000_000, numbers.Count > 1 ? (int)numbers[1] : 3);
        return 0;
    case ["suggest", var folder, .. var rest]:
        return SuggestBench.Run(folder, rest is ["--details"]);
    default:
        await Console.Error.WriteLineAsync("scan [--rows N [--rounds N]] | suggest FOLDER [--details]");
        return 2;
}
