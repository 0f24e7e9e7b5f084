// Very many rows out of a few chunk files, so that the disk need not hold the source; making those is not counted.
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Lizhou.Lake;

namespace Lizhou.Load.Bench;

internal static class Bulk
{
    public static async Task Run(Place place, long rows, double bad)
    {
        // Some different chunks are made beforehand and loaded again and again.
        var made = (int)Math.Min((rows + Pairs.RowsPerChunk - 1) / Pairs.RowsPerChunk, 24);
        var paths = new string[made];
        for (var i = 0; i < made; i++)
        {
            paths[i] = Path.Combine(place.Staging, $"chunk{i}.csv");
            Pairs.Write(paths[i], (i * Pairs.RowsPerChunk) + 1, Pairs.RowsPerChunk, bad);
        }

        var chunks = (int)((rows + Pairs.RowsPerChunk - 1) / Pairs.RowsPerChunk);
        var bytes = paths.Sum(p => new FileInfo(p).Length) * (chunks / (double)made);
        LoadOutcome? outcome = null;
        var took = await Place.Time(async () => outcome = (await new GovernedLoad(place.Lake).Run(place.Plan(), Chunks(paths, chunks))).Value);
        var counts = outcome!.Counts;
        Console.WriteLine($"{counts.Read:N0} rows ({bytes / 1e9:F1} GB) in {took.Wall:F0} s, {took.Cpu:F0} CPU s: {counts.Read / took.Wall / 1e6:F2} M rows/s; accepted {counts.Accepted:N0}, rejected {counts.Rejected:N0}");
        Console.WriteLine($"{outcome.Files.Sum(f => f.Bytes) / 1e9:F2} GB in {outcome.Files.Count} files; peak memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1e9:F2} GB; load {Place.LoadAverage()}");
    }

    private static async IAsyncEnumerable<LoadChunk> Chunks(string[] paths, int chunks, [EnumeratorCancellation] CancellationToken stop = default)
    {
        for (var i = 0; i < chunks; i++)
        {
            stop.ThrowIfCancellationRequested();
            yield return new LoadChunk(i, 0, paths[i % paths.Length]);
        }

        await Task.CompletedTask;
    }
}
