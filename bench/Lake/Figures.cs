// In: a folder. Out: a lake of many tables in it, and what it costs to open, query and write.
using System.Diagnostics;
using System.Globalization;
using Lizhou.Kernel;
using Lizhou.Lake.Reading;

namespace Lizhou.Lake.Bench;

internal static class Place
{
    public static readonly byte[] Key = new byte[32];

    public static async Task<(StateStore, Engine, Warehouse)> Open(string folder)
    {
        var state = new StateStore(Path.Combine(folder, "state.db"));
        await SchemaScripts.Apply(state, typeof(Warehouse).Assembly);
        var engine = new Engine(new EngineOptions([Warehouse.DataFolder(folder)], Path.Combine(folder, "temp")) { MemoryLimit = 512L << 20 });
        return (state, engine, await Warehouse.Open(state, engine, folder, Key, TimeProvider.System));
    }
}

internal static class Seed
{
    private static readonly NewColumn[] Columns =
    [
        new("id", ColumnType.Int64), new("name", ColumnType.Text), new("day", ColumnType.Date), new("amount", ColumnType.Decimal(18, 2)), new("at", ColumnType.Timestamp),
        new("code", ColumnType.Text), new("town", ColumnType.Text), new("state", ColumnType.Int32), new("score", ColumnType.Float64), new("note", ColumnType.Text),
    ];

    public const string Rows = """
        SELECT i::BIGINT AS id, 'name ' || i AS name, DATE '2026-01-01' + i::INT AS day, (i * 1.25)::DECIMAL(18,2) AS amount, TIMESTAMP '2026-01-01' + INTERVAL (i) HOUR AS at,
          'c' || i % 7 AS code, 't' || i % 16 AS town, (i % 3)::INT AS state, i / 3.0 AS score, NULL::VARCHAR AS note FROM range(100) AS r(i)
        """;

    /// <summary>Tables of ten columns, each with one file of a hundred rows (the same bytes under its own name).</summary>
    public static async Task Run(string folder, int tables)
    {
        var (state, engine, lake) = await Place.Open(folder);
        StagedFile? first = null;
        await Parallel.ForEachAsync(Enumerable.Range(0, tables).Chunk(16), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (chunk, stop) =>
        {
            foreach (var i in chunk)
            {
                var table = (await lake.CreateTable("landing", $"table_{i:D5}", Columns, new Terms($"create {i}"), stop)).Value;
                var file = await Copy(table);
                Measure.Check(await lake.Append(table, [file], new Terms($"append {i}"), stop));
            }
        });
        await lake.DisposeAsync();
        engine.Dispose();
        state.Dispose();

        async Task<StagedFile> Copy(Table table)
        {
            first ??= (await lake.Stage(table, Rows, []))!;
            var path = lake.NewFile(table);
            File.Copy(first.Path, path);
            return first with { Path = path };
        }
    }
}

internal static class Measure
{
    public static async Task Run(string folder)
    {
        var (clock, run) = (Stopwatch.StartNew(), Guid.CreateVersion7());
        var (state, engine, lake) = await Place.Open(folder);
        var opened = clock.Elapsed.TotalSeconds;
        var afterOpen = Rss();

        var tables = await Tables(lake);
        var (median, most) = await Queries(lake, engine, tables);
        var afterQueries = Rss();
        var buffered = await Rate(2000, 1, i => lake.Buffer(tables[i % 200], [[(long)i, "n", "2026-01-01", "1.5", "2026-01-01 00:00:00", "c", "t", 1, 0.5, null]], new Terms($"{run} buffer {i}")));
        var staged = new List<(Table, StagedFile)>();
        for (var i = 0; i < 2000; i++)
        {
            var table = tables[(i * 7) % tables.Count];
            staged.Add((table, (await lake.Stage(table, Seed.Rows, []))!));
        }

        var one = await Rate(1000, 1, i => lake.Append(staged[i].Item1, [staged[i].Item2], new Terms($"{run} one {i}")));
        var many = await Rate(1000, 16, i => lake.Append(staged[1000 + i].Item1, [staged[1000 + i].Item2], new Terms($"{run} many {i}")));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {tables.Count:N0} | {opened:F2} | {afterOpen} | {median:F1} / {most:F1} | {afterQueries} | {buffered} | {one} | {many} | {Rss()} |"));
        await lake.DisposeAsync();
        engine.Dispose();
        state.Dispose();
    }

    private static async Task<List<Table>> Tables(Warehouse lake)
    {
        var (tables, after) = (new List<Table>(), "");
        while (await lake.List("landing", after, 5000) is { Count: > 0 } page)
        {
            tables.AddRange(page);
            after = page[^1].Name;
        }

        var full = new List<Table>(tables.Count);
        foreach (var table in tables)
        {
            full.Add((await lake.Get(table.Id))!);
        }

        return full;
    }

    private static async Task<(double Median, double Most)> Queries(Warehouse lake, Engine engine, List<Table> tables)
    {
        var times = new List<double>();
        for (var i = 0; i < 50; i++)
        {
            var table = tables[(i * 997) % tables.Count];
            var clock = Stopwatch.StartNew();
            var plan = (await lake.Plan(table.Id))!;
            var rows = await engine.Rows(plan, (relation, _) => $"SELECT count(*), sum(amount) FROM {relation} WHERE town = 't3'", r => r.GetInt64(0));
            times.Add(clock.Elapsed.TotalMilliseconds);
            if (rows[0] == 0)
            {
                throw new InvalidOperationException("The query found nothing.");
            }
        }

        times.Sort();
        return (times[25], times[^1]);
    }

    /// <summary>Writes a second and CPU milliseconds a write; the latter does not depend on who else uses the machine.</summary>
    private static async Task<string> Rate(int writes, int writers, Func<int, Task<Result<Write>>> write)
    {
        var (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await Parallel.ForEachAsync(Enumerable.Range(0, writes), new ParallelOptions { MaxDegreeOfParallelism = writers }, async (i, _) => Check(await write(i)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{writes / clock.Elapsed.TotalSeconds:F0} / {(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / writes:F2}");
    }

    /// <summary>A refusal ends the run.</summary>
    public static void Check(Result<Write> write) => ArgumentNullException.ThrowIfNull(write.Value);

    private static long Rss() => Process.GetCurrentProcess() is var me && me.WorkingSet64 is var bytes ? bytes >> 20 : 0;
}
