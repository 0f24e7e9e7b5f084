// In: a number of rows. Out: the time of a scan of 100 rules with the whole profile, of one after an append of a hundredth, and of the bare engine's SUMMARIZE, in one run.
using System.Diagnostics;
using System.Globalization;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Lake.Reading;

namespace Lizhou.Quality.Bench;

internal static class ScanBench
{
    private static readonly NewColumn[] Columns =
    [
        new("id", ColumnType.Int64), new("id_number", ColumnType.Text), new("name", ColumnType.Text), new("sex", ColumnType.Text), new("birth", ColumnType.Date),
        new("mobile", ColumnType.Text), new("uscc", ColumnType.Text), new("card", ColumnType.Text), new("plate", ColumnType.Text), new("town", ColumnType.Text),
        new("amount", ColumnType.Decimal(18, 2)), new("score", ColumnType.Float64), new("opened", ColumnType.Date), new("updated", ColumnType.Timestamp), new("note", ColumnType.Text),
    ];

    public static async Task Run(long rows, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("lizhou-quality-").FullName;
        try
        {
            await Measure(folder, rows, rounds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Measure(string folder, long rows, int rounds)
    {
        using var state = new StateStore(Path.Combine(folder, "state.db"));
        await SchemaScripts.Apply(state, typeof(Warehouse).Assembly);
        using var engine = new Engine(new EngineOptions([Warehouse.DataFolder(folder)], Path.Combine(folder, "temp")));
        await using var lake = await Warehouse.Open(state, engine, folder, new byte[32], TimeProvider.System);
        var table = (await lake.CreateTable("landing", "people", Columns, new Terms("create"))).Value;
        await Append(lake, table, 0, rows);
        var plan = new ScanPlan(Rules());
        var disk = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        Console.WriteLine($"{rows:N0} rows, {Columns.Length} columns, {plan.Tests.Count} rules, {engine.Options.Threads} threads, {disk >> 20:N0} MiB on disk, engine bounded to {engine.Options.MemoryLimit >> 20:N0} MiB, load {Load()}");

        var bare = new List<(double, double)>();
        var scans = new List<(double, double)>();
        ScanFound found = null!;
        for (var i = 0; i < rounds; i++)
        {
            bare.Add(await Timed(async () => await Summarize(engine, lake, table)));
            scans.Add(await Timed(async () => found = (await lake.Scan(table, plan)).Value));
        }

        var rules = await Timed(async () => await lake.Scan(table, plan with { Profile = false }));
        var profile = await Timed(async () => await lake.Scan(table, new ScanPlan([])));
        await Append(lake, table, rows, rows / 100);
        var states = found.Files.ToDictionary(f => f.Key, f => ScanState.FromBytes(f.Value.ToBytes())!);
        var bytes = found.Files.Values.Sum(f => (long)f.ToBytes().Length);
        var append = await Timed(async () => found = (await lake.Scan(table, plan, states)).Value);
        if (found.Total.Rows != rows + (rows / 100) || found.Read != 1)
        {
            throw new InvalidOperationException("The scan did not see what it should.");
        }

        Show("SUMMARIZE of the bare engine", Median(bare));
        Show("scan: rules and profile", Median(scans));
        Show("rules alone", rules);
        Show("profile alone", profile);
        Show("after an append of 1 %", append);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"scan / SUMMARIZE: {Median(scans).Wall / Median(bare).Wall:F2} wall, {Median(scans).Cpu / Median(bare).Cpu:F2} CPU; append / scan: {append.Wall / Median(scans).Wall:P1}; states {bytes / 1024:N0} KiB"));
        Console.WriteLine($"peak of the process: {Process.GetCurrentProcess().PeakWorkingSet64 >> 20:N0} MiB; load at the end {Load()}");
        Console.WriteLine($"rows failing some rule: {found.Total.Failed.Count(f => f > 0)} of {plan.Tests.Count} rules");
    }

    private static async Task Summarize(Engine engine, Warehouse lake, Table table)
    {
        var read = (await lake.Plan(table.Id))!;
        await engine.Rows(read, (relation, _) => $"SUMMARIZE SELECT * FROM {relation}", r => r.GetString(0));
    }

    private static async Task Append(Warehouse lake, Table table, long from, long rows)
    {
        for (var at = from; at < from + rows; at += 1_000_000)
        {
            var file = await lake.Stage(table, Select(at, Math.Min(at + 1_000_000, from + rows)), []);
            ArgumentNullException.ThrowIfNull((await lake.Append(table, [file!], new Terms($"append {at}"))).Value);
        }
    }

    /// <summary>Invented rows; one id number in a thousand has a wrong last character.</summary>
    private static string Select(long from, long until) => $"""
        WITH base AS (SELECT i, hash(i) AS h, DATE '1940-01-01' + CAST(hash(i + 7) % 29000 AS INTEGER) AS day FROM range({from}, {until}) AS t(i)),
        numbered AS (SELECT *, '330784' || strftime(day, '%Y%m%d') || lpad(CAST(h % 1000 AS VARCHAR), 3, '0') AS stem FROM base),
        checked AS (SELECT *, list_sum(list_transform(range(1, 18), lambda k: CAST(substr(stem, k, 1) AS INTEGER) * [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2][k])) % 11 AS rest FROM numbered)
        SELECT i AS id, stem || CASE WHEN h % 1009 = 0 THEN '!' ELSE substr('10X98765432', CAST(rest AS INTEGER) + 1, 1) END AS id_number,
          substr('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗', CAST(h % 20 AS INTEGER) + 1, 1) || substr('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚', CAST((h >> 8) % 20 AS INTEGER) + 1, 1) AS name,
          CASE WHEN (h % 1000) % 2 = 1 THEN '1' ELSE '2' END AS sex, day AS birth, '13' || lpad(CAST((h >> 5) % 1000000000 AS VARCHAR), 9, '0') AS mobile,
          ['113307843077566033', '113307000025923025', '11330600MB1573660P', '11332500MB1601924J', '1133100200267413X7'][CAST(h % 5 AS INTEGER) + 1] AS uscc,
          '622202' || lpad(CAST(h % 10000000000 AS VARCHAR), 13, '0') AS card, '浙G' || lpad(CAST(h % 100000 AS VARCHAR), 5, '0') AS plate,
          '330784' || lpad(CAST(1 + h % 14 AS VARCHAR), 3, '0') AS town, CAST((h % 10000000) / 100.0 AS DECIMAL(18, 2)) AS amount, (h % 100000) / 977.0 AS score,
          DATE '2020-01-01' + CAST(h % 2000 AS INTEGER) AS opened, TIMESTAMP '2026-01-01' + INTERVAL (CAST(h % 20000000 AS INTEGER)) SECOND AS updated,
          CASE WHEN h % 3 = 0 THEN NULL ELSE 'note ' || (h % 50000) END AS note FROM checked
        """;

    private static List<RowTest> Rules()
    {
        List<RowTest> rules =
        [
            // ten formats
            new RowTest.Matches("id_number", "[1-9][0-9]{16}[0-9Xx]"), new RowTest.Matches("name", "[一-龥·]{2,20}"), new RowTest.Matches("mobile", "1[3-9][0-9]{9}"),
            new RowTest.Matches("uscc", "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"), new RowTest.Matches("card", "62[0-9]{11,17}"), new RowTest.Matches("plate", "浙[A-Z][0-9A-Z]{5,6}"),
            new RowTest.Matches("town", "330784[0-9]{3}"), new RowTest.Matches("sex", "[0129]"), new RowTest.Matches("note", "note [0-9]+"), new RowTest.Matches("mobile", "(13|15|18)[0-9]+"),
            // five checks
            new RowTest.Checked("id_number", ValueCheck.IdNumber), new RowTest.Checked("uscc", ValueCheck.CreditCode), new RowTest.Checked("card", ValueCheck.BankCard),
            new RowTest.Checked("mobile", ValueCheck.Mobile), new RowTest.Checked("plate", ValueCheck.Plate),
            // ten across columns
            new RowTest.BornOn("id_number", "birth"), new RowTest.SexOf("id_number", "sex", ["1"], ["2"]), new RowTest.Compared("birth", Comparison.Less, "opened"),
            new RowTest.Compared("opened", Comparison.AtMost, "updated"), new RowTest.Compared("score", Comparison.AtMost, "amount"), new RowTest.Compared("id_number", Comparison.NotEqual, "card"),
            new RowTest.Denied(Both("sex", "1", "town", "330784099")), new RowTest.Denied(Both("sex", "2", "town", "330784098")), new RowTest.Denied(Both("uscc", "113307843077566033", "town", "330784097")),
            new RowTest.Denied(Both("plate", "浙G00000", "name", "王伟")),
        ];
        var towns = Enumerable.Range(1, 60).Select(i => $"330784{i:D3}").ToList();
        rules.AddRange(Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? new RowTest.Among("town", [.. towns.Take(14 + i)]) : new RowTest.Among("sex", [.. Enumerable.Range(0, 2 + i).Select(c => $"{c}")])));
        string[] all = ["id", "id_number", "name", "sex", "birth", "mobile", "uscc", "card", "plate", "town", "amount", "score", "opened", "updated"];
        rules.AddRange(all.Select(c => new RowTest.Holds(new Condition.Not(new Condition.Empty(c)))));
        for (var i = 0; rules.Count < 100; i++)
        {
            rules.Add(new RowTest.Holds((i % 5) switch
            {
                0 => new Condition.Compare("amount", Comparison.AtLeast, (decimal)i),
                1 => new Condition.Compare("score", Comparison.AtMost, 100.0 + i),
                2 => new Condition.Compare("birth", Comparison.AtLeast, new DateOnly(1900 + i, 1, 1)),
                3 => new Condition.Compare("updated", Comparison.Less, new DateTime(2027, 1, 1, 0, 0, i, DateTimeKind.Utc)),
                _ => new Condition.Compare("id", Comparison.AtLeast, (long)-i),
            }));
        }

        return rules;
    }

    private static Condition.All Both(string one, string value, string other, string otherValue) =>
        new(new Condition.Compare(one, Comparison.Equal, value), new Condition.Compare(other, Comparison.Equal, otherValue));

    private static async Task<(double Wall, double Cpu)> Timed(Func<Task> work)
    {
        var (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await work();
        return (clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }

    /// <summary>Of the machine, over 1, 5 and 15 minutes.</summary>
    private static string Load() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3));

    private static (double Wall, double Cpu) Median(List<(double Wall, double Cpu)> times) => times.OrderBy(t => t.Wall).ElementAt(times.Count / 2);

    private static void Show(string what, (double Wall, double Cpu) time) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-32} {time.Wall,7:F2} s  {time.Cpu,7:F2} s of CPU"));
}
