// Governed load (types, trimming, two check characters, a format, a code list, quality bits, provenance, rejects, profile) against the bare engine's
// typed read_csv → zstd Parquet over the same rows.
using Lizhou.Lake;

namespace Lizhou.Load.Bench;

internal static class Pairs
{
    public const long RowsPerChunk = 330_000;

    public static async Task Run(Place place, long rows, int pairs, double bad)
    {
        // The bare engine stops at the first bad cell, so it gets the same rows without any.
        var clean = Path.Combine(place.Staging, "clean.csv");
        Write(clean, 1, rows, 0);
        var chunks = new List<LoadChunk>();
        for (long first = 1; first <= rows; first += RowsPerChunk)
        {
            var path = Path.Combine(place.Staging, $"chunk{chunks.Count}.csv");
            Write(path, first, Math.Min(RowsPerChunk, rows - first + 1), bad);
            chunks.Add(new LoadChunk(chunks.Count, 0, path));
        }

        Console.WriteLine($"{new FileInfo(clean).Length / (double)rows:F0} bytes a row, {chunks.Count} chunks, {bad:P1} bad rows");
        List<Took> bare = [], governed = [];
        long bareBytes = 0, governedBytes = 0;
        for (var i = 0; i <= pairs; i++)
        {
            var plain = Path.Combine(place.Staging, "bare.parquet");
            var one = await Place.Time(() => place.Engine.Write(s => s.Execute(Bare(clean, plain))));
            bareBytes = new FileInfo(plain).Length;
            LoadOutcome? outcome = null;
            var plan = place.Plan();
            var two = await Place.Time(async () => outcome = (await new GovernedLoad(place.Lake).Run(plan, chunks.ToAsyncEnumerable())).Value);
            governedBytes = outcome!.Files.Sum(f => f.Bytes);
            if (outcome.Counts.Read != rows)
            {
                throw new InvalidOperationException($"read {outcome.Counts.Read}");
            }

            Console.WriteLine($"  {(i == 0 ? "warm-up" : i)}: bare {one.Wall:F2} s / {one.Cpu:F2} CPU s, governed {two.Wall:F2} s / {two.Cpu:F2} CPU s, rejected {outcome.Counts.Rejected}, load {Place.LoadAverage()}");
            new GovernedLoad(place.Lake).Clear(plan);
            if (i > 0)
            {
                bare.Add(one);
                governed.Add(two);
            }
        }

        var (b, g) = (Took.Median(bare), Took.Median(governed));
        Console.WriteLine($"bare     {rows / b.Wall / 1e6:F2} M rows/s, {b.Cpu / rows * 1e6:F2} CPU µs a row, {bareBytes / (double)rows:F1} B a row");
        Console.WriteLine($"governed {rows / g.Wall / 1e6:F2} M rows/s, {g.Cpu / rows * 1e6:F2} CPU µs a row, {governedBytes / (double)rows:F1} B a row");
        Console.WriteLine($"ratio    {Took.Ratio(bare, governed)}; storage {governedBytes / (double)bareBytes:F2}");
    }

    public static void Write(string path, long first, long count, double bad)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        new PersonRows(bad).Write(file, first, count);
    }

    public static string Bare(string from, string to) => $$"""
        COPY (SELECT * FROM read_csv({{SqlText.Literal(from)}}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', columns = {'_record': 'BIGINT',
        'id': 'VARCHAR', 'unit': 'VARCHAR', 'name': 'VARCHAR', 'phone': 'VARCHAR', 'birth': 'DATE', 'amount': 'DECIMAL(12,2)', 'number': 'BIGINT', 'reported': 'TIMESTAMP',
        'address': 'VARCHAR', 'class': 'VARCHAR', 'note': 'VARCHAR'})) TO {{SqlText.Literal(to)}} (FORMAT parquet, COMPRESSION zstd)
        """;
}
