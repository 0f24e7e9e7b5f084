// The whole way of a file – recognised, cut into chunks, loaded under governance – for the same rows in UTF-8 and in GB18030, alternating; medians and their ratio.
using System.Runtime.CompilerServices;
using System.Text;
using Lizhou.Lake;
using Lizhou.Tabular;

namespace Lizhou.Load.Bench;

internal static class Encodings
{
    public static async Task Run(Place place, long rows, int pairs, double bad)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        string utf8 = Path.Combine(place.Staging, "utf8.csv"), gb18030 = Path.Combine(place.Staging, "gb18030.csv");
        Pairs.Write(utf8, 1, rows, bad);
        await using (var to = new StreamWriter(gb18030, append: false, Encoding.GetEncoding("gb18030"), 1 << 20))
        {
            foreach (var line in File.ReadLines(utf8))
            {
                await to.WriteAsync(line + "\n");
            }
        }

        Console.WriteLine($"UTF-8 {new FileInfo(utf8).Length / 1e6:F0} MB, GB18030 {new FileInfo(gb18030).Length / 1e6:F0} MB, {bad:P1} bad rows");
        List<Took> asUtf8 = [], asGb18030 = [];
        for (var i = 0; i <= pairs; i++)
        {
            // Each goes first in every other pair: what warms or slows the machine meanwhile falls on both.
            var (first, second) = (await Once(place, i % 2 == 0 ? utf8 : gb18030, rows), await Once(place, i % 2 == 0 ? gb18030 : utf8, rows));
            var (one, two) = i % 2 == 0 ? (first, second) : (second, first);
            Console.WriteLine($"  {(i == 0 ? "warm-up" : i)}: UTF-8 {one.Wall:F2} s / {one.Cpu:F2} CPU s, GB18030 {two.Wall:F2} s / {two.Cpu:F2} CPU s, load {Place.LoadAverage()}");
            if (i > 0)
            {
                asUtf8.Add(one);
                asGb18030.Add(two);
            }
        }

        var (u, g) = (Took.Median(asUtf8), Took.Median(asGb18030));
        Console.WriteLine($"UTF-8    {rows / u.Wall / 1e6:F2} M rows/s, {u.Cpu / rows * 1e6:F2} CPU µs a row");
        Console.WriteLine($"GB18030  {rows / g.Wall / 1e6:F2} M rows/s, {g.Cpu / rows * 1e6:F2} CPU µs a row");
        Console.WriteLine($"ratio    {Took.Ratio(asUtf8, asGb18030)}");
    }

    private static async Task<Took> Once(Place place, string path, long rows)
    {
        var plan = place.Plan();
        LoadOutcome? outcome = null;
        var took = await Place.Time(async () => outcome = (await new GovernedLoad(place.Lake).Run(plan, Chunks(path, Path.Combine(place.Staging, "cut")))).Value);
        new GovernedLoad(place.Lake).Clear(plan);
        return outcome!.Counts.Read == rows ? took : throw new InvalidOperationException($"read {outcome.Counts.Read} of {rows}");
    }

    private static async IAsyncEnumerable<LoadChunk> Chunks(string path, string folder, [EnumeratorCancellation] CancellationToken stop = default)
    {
        var shape = Inspector.Inspect(path).Value.Tables[0].Shape;
        var sequence = 0;
        await foreach (var chunk in Chunker.Run(path, shape, folder, new ChunkOptions { Columns = [.. Enumerable.Range(1, Place.Columns.Count)] }, stop))
        {
            yield return new LoadChunk(sequence++, 0, chunk.Path) { Owned = true };
        }
    }
}
