// What the policy costs, each beside its comparator in the same run: `latency` of a small call against the bare engine, `stream` of all rows against the engine's own COPY,
// `query`: a user's SELECT over a table that names persons, against the same over one that does not; `people`: from a person's key to the evidence, over as many pairs as asked for.
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Lake;
using Lizhou.Policy;
using Lizhou.Policy.Disclosure;
using Lizhou.Policy.Tests;

var what = args.Length > 0 ? args[0] : "latency";
var many = args.Length > 1 ? long.Parse(args[1], CultureInfo.InvariantCulture) : 2_000_000;
await using var house = await House.Build();
switch (what)
{
    case "latency":
        await Latency(args.Length > 1 ? many : 10_000);
        break;
    case "stream":
        await Stream(many);
        break;
    case "query":
        await Query(args.Length > 1 ? many : 1_000_000);
        break;
    default:
        People(many);
        break;
}

(ItemCard, ColumnType)[] Items(bool people) =>
[
    (ItemCard.Of("编号", column: "code", level: Level.L1), ColumnType.Text), (ItemCard.Of("姓名", column: "name", level: Level.L3), ColumnType.Text),
    (ItemCard.Of("身份号码", column: "id_number", level: Level.L4, check: people ? CheckCharacter.IdNumber : CheckCharacter.None), ColumnType.Text),
    (ItemCard.Of("金额", ItemType.Money, "amount", level: Level.L2), ColumnType.Decimal(18, 2)), (ItemCard.Of("日期", ItemType.Date, "born", level: Level.L3), ColumnType.Date),
    (ItemCard.Of("街镇", column: "town", level: Level.L1), ColumnType.Text), (ItemCard.Of("地址", column: "address", level: Level.L3), ColumnType.Text), (ItemCard.Of("次数", ItemType.Integer, "times", level: Level.L1), ColumnType.Int64),
];

// In files of as many rows as a governed load writes.
async Task<(ResourceCard Card, Grant Grant, string Bare)> Table(string name, long rows, bool people, MaskKind? mask)
{
    const long inFile = 330_000;
    var card = await house.Resource(name, Items(people), []);
    var table = (await house.Lake.Find("landing", name))!;
    var staged = new List<StagedFile>();
    for (var from = 0L; from < rows; from += inFile)
    {
        staged.Add((await house.Lake.Stage(table, $"""
            SELECT 'C' || i AS code, '模拟' || (i % 9000) AS name, '33078419900101' || lpad((i % 10000)::VARCHAR, 4, '0') AS id_number, CAST((i % 100000) / 100.0 AS DECIMAL(18, 2)) AS amount,
              DATE '1950-01-01' + (i % 20000)::INTEGER AS born, '望春街道' AS town, '浙江省模拟市望春街道第' || (i % 5000) || '号' AS address, i % 1000 AS times,
              'b' AS {Origin.Batch}, 0::INTEGER AS {Origin.File}, i AS {Origin.Record}, 0::BIGINT AS {Origin.Quality}
            FROM range({from}, {Math.Min(from + inFile, rows)}) t(i)
            """, []))!);
    }

    (await house.Lake.Append(table, staged, house.Terms())).Refused.ShouldBeFalse();
    var grant = house.Granted(card, null, [.. card.Items.Select(i => (i.Column, i.Level >= Level.L3 ? mask : null))]);
    await house.Put(grant);
    return (card, grant, $"SELECT code, name, id_number, amount, born, town, address, times FROM read_parquet({SqlText.List(staged.Select(f => f.Path))})");
}

async Task Query(long rows)
{
    await Table("plain", rows, people: false, mask: null);
    await Table("persons", rows, people: true, mask: null);
    foreach (var (name, sql) in new[]
    {
        ("a thousandth of the rows", "SELECT code, town, times FROM {0} WHERE times = 7"), ("a hundred thousand rows", "SELECT * FROM {0} LIMIT 100000"),
        ("a statistic", "SELECT town, count(*), sum(amount) FROM {0} GROUP BY town"), ("in doubt: everybody", "SELECT max(name) FROM {0}"),
    })
    {
        var took = new Dictionary<string, double> { ["plain"] = double.MaxValue, ["persons"] = double.MaxValue };
        for (var i = 0; i < 10; i++)
        {
            var table = i % 2 == 0 ? "plain" : "persons";
            var watch = Stopwatch.StartNew();
            var done = await house.Desk.Run(new(string.Format(CultureInfo.InvariantCulture, sql, table), Purposes.Query, 60), House.Engineer, default);
            took[table] = Math.Min(took[table], done.Refused ? throw new InvalidOperationException(done.Problem!.ToString()) : watch.Elapsed.TotalMilliseconds);
        }

        Console.WriteLine($"query of {rows:N0} rows, {name}: {took["plain"]:N0} ms over a table without persons, {took["persons"]:N0} ms with, best of five in turn");
    }
}

async Task Latency(long rows)
{
    var (card, grant, bare) = await Table("small", rows, people: false, mask: null);
    var (persons, granted, _) = await Table("persons", rows, people: true, mask: MaskKind.Partial);
    // The same question: one row in the table's own order, another each time, so that none is answered from what was kept.
    var next = 0;
    Func<Task> engine = () => house.Engine.Read(s => s.Rows($"{bare} ORDER BY {Origin.Batch}, {Origin.File}, {Origin.Record} LIMIT 1 OFFSET {next++ % rows}", r => r.GetValue(0)));
    Func<Task> gate = () => house.Gate.Read(new RowAsk(card.Id, grant.Purpose, Skip: next++ % (int)rows, Take: 1) { Grant = grant.Id, Count = false }, House.Foreigner, default);
    Func<Task> about = () => house.Gate.Read(new RowAsk(persons.Id, granted.Purpose, Skip: next++ % (int)rows, Take: 1) { Grant = granted.Id, Count = false }, House.Foreigner, default);
    for (var pair = 0; pair < 6; pair++)
    {
        var (e, g, p) = (await Median(engine), await Median(gate), await Median(about));
        Console.WriteLine($"{(pair == 0 ? "warm-up" : $"pair {pair}"),-8} engine {e:N2} ms, gate {g:N2} ms, added {g - e:N2} ms; masked, with persons noted and flushed {p:N2} ms, added {p - e:N2} ms");
    }
}

async Task<double> Median(Func<Task> call)
{
    var took = new List<double>();
    for (var i = 0; i < 200; i++)
    {
        var begun = Stopwatch.GetTimestamp();
        await call();
        took.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
    }

    return took.Order().ElementAt(took.Count / 2);
}

async Task Stream(long rows)
{
    var (card, grant, bare) = await Table("plain", rows, people: false, mask: null);
    var (masks, masked, _) = await Table("masked", rows, people: false, mask: MaskKind.Partial);
    var (persons, about, _) = await Table("persons", rows, people: true, mask: null);
    var to = Path.Combine(Directory.CreateDirectory(house.Settings.Work).FullName, "to");
    foreach (var (format, options) in new[] { (RowFormat.Csv, "FORMAT csv, HEADER true"), (RowFormat.Parquet, "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1") })
    {
        List<double> plain = [], withMasks = [], withPeople = [];
        for (var pair = 0; pair < 5; pair++)
        {
            var e = await Took(() => house.Engine.Read(s => s.Execute($"COPY ({bare}) TO '{to}' ({options})")));
            plain.Add(e / await Took(() => Write(card, grant)));
            withMasks.Add(e / await Took(() => Write(masks, masked)));
            withPeople.Add(e / await Took(() => Write(persons, about)));
            Console.WriteLine($"{format} pair {pair + 1}: COPY {e:N2} s; gate {plain[^1]:N2}, masked {withMasks[^1]:N2}, persons noted {withPeople[^1]:N2} of its speed");
        }

        Console.WriteLine($"{format}: medians {plain.Order().ElementAt(2):N2}, {withMasks.Order().ElementAt(2):N2}, {withPeople.Order().ElementAt(2):N2}");

        async Task Write(ResourceCard resource, Grant under)
        {
            await using var file = File.Create(to);
            (await house.Gate.Write(new RowAsk(resource.Id, under.Purpose) { Grant = under.Id }, format, file, House.Foreigner, default)).Value.Rows.ShouldBe(rows);
        }
    }
}

async Task<double> Took(Func<Task> work)
{
    var begun = Stopwatch.GetTimestamp();
    await work();
    return Stopwatch.GetElapsedTime(begun).TotalSeconds;
}

void People(long pairs)
{
    var begun = Stopwatch.GetTimestamp();
    const int inOne = 4_000_000;
    var kept = new List<ulong>();
    for (long entry = 1, left = pairs; left > 0; entry++, left -= inOne)
    {
        house.People.AddAll(entry, add =>
        {
            var bytes = new byte[8 * (int)Math.Min(inOne, left)];
            RandomNumberGenerator.Fill(bytes);
            foreach (var person in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(bytes))
            {
                add(person);
            }

            kept.AddRange(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan(0, 800)));
        });
    }

    var written = Stopwatch.GetElapsedTime(begun);
    Find("before merging");
    var merged = Stopwatch.GetTimestamp();
    house.People.Merge(default);
    Console.WriteLine($"{house.People.Pairs:N0} pairs: written in {written.TotalSeconds:N1} s, merged in {Stopwatch.GetElapsedTime(merged).TotalSeconds:N1} s");
    Find("after");

    void Find(string when)
    {
        var took = new List<double>();
        foreach (var person in kept.Concat(Enumerable.Range(0, 1000).Select(_ => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)))))
        {
            var at = Stopwatch.GetTimestamp();
            var found = house.People.Of(person).Count;
            took.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            (found > 0 || took.Count > kept.Count).ShouldBeTrue();
        }

        took.Sort();
        Console.WriteLine($"{when}: {house.People.Files} files; of {took.Count:N0} look-ups p50 {took[took.Count / 2]:N3} ms, p99 {took[(int)(took.Count * 0.99)]:N3} ms, worst {took[^1]:N1} ms");
    }
}
