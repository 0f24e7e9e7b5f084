// Random dirty tables: whatever comes in, read = accepted + rejected + duplicate + filtered, and each record goes where a plain reading of the rules sends it.
using CsCheck;

namespace Lizhou.Lake.Tests.Loading;

public sealed class IdentityTests
{
    /// <summary>A cell as sent, what it means (null = blank), and whether it is good.</summary>
    private sealed record Sent(string? Raw, string? Means, bool Good = true);

    private static readonly LoadColumn[] Columns =
    [
        new("k", LoadType.Integer), new("day", LoadType.Date), new("sum", LoadType.Decimal) { Precision = 12, Scale = 2 }, new("code", LoadType.Text) { Codes = ["甲", "乙"] },
    ];

    private static readonly Gen<Sent> Blank = Any<string?>("", " ", "　", null).Select(b => new Sent(b, null));

    private static readonly Gen<Sent> Key = Gen.Frequency(
        (8, Gen.Int[1, 12].Select(n => new Sent($"{n}", $"{n}"))),
        (2, Gen.Int[1, 12].Select(n => new Sent($" {n}.0 ", $"{n}"))),
        (1, Any("k", "1;2", "١", "1.5").Select(b => new Sent(b, null, false))),
        (1, Blank));

    private static readonly Gen<Sent> Day = Gen.Frequency(
        (8, Gen.Select(Gen.Int[0, 3], Any("yyyy-MM-dd", "yyyy/M/d", "yyyyMMdd", "yyyy年M月d日", "yyyy.M.d"))
            .Select(t => (Day: new DateOnly(2024, 2, 28).AddDays(t.Item1), Style: t.Item2)).Select(t => new Sent(t.Day.ToString(t.Style), t.Day.ToString("yyyy-MM-dd")))),
        (1, Any("2023-02-29", "13/13/2013", "昨天", "2024-2", "\"").Select(b => new Sent(b, null, false))),
        (1, Blank));

    private static readonly Gen<Sent> Sum = Gen.Frequency(
        (8, Gen.Select(Gen.Int[-2, 2], Any("0.00", "#,0.##", "0.0000")).Select(t => (Sum: t.Item1 * 1234.5m, Style: t.Item2))
            .Select(t => new Sent(t.Sum.ToString(t.Style), t.Sum.ToString("0.00")))),
        (1, Any("1.005", "12,34", "NaN", "99999999999", "1\n2").Select(b => new Sent(b, null, false))),
        (1, Blank));

    private static readonly Gen<Sent> Code = Gen.Frequency(
        (8, Any("甲", " 乙 ").Select(c => new Sent(c, c.Trim()))), (1, Any("丙", "a,\"b").Select(b => new Sent(b, null, false))), (1, Blank));

    private static readonly Gen<Sent[][]> Tables = Gen.Select(Key, Day, Sum, Code).Select(t => new[] { t.Item1, t.Item2, t.Item3, t.Item4 }).Array[0, 60];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_record_is_counted_once_and_where_the_rules_say(bool keyed)
    {
        await using var lake = await LoadingLake.Open(Columns);
        await Gen.Select(Tables, Gen.Int[1, 3]).SampleAsync(async t =>
        {
            var (rows, parts) = t;
            var plan = keyed ? lake.Plan(null, "k") : lake.Plan();
            var chunks = rows.Select((r, i) => (Number: i + 1L, Cells: r.Select(c => c.Raw).ToArray())).Chunk(Math.Max(1, rows.Length / parts)).Select((c, i) => lake.Chunk(i, c)).ToArray();
            var outcome = await lake.Load(plan, chunks);
            var expected = Oracle(rows, keyed);
            outcome.Counts.Read.ShouldBe(rows.Length);
            outcome.Counts.ShouldBe(expected.Counts);
            (await lake.Rows(outcome, "_record")).ShouldBe(expected.Rows);
            outcome.Rejects.Select(r => r.Row).Order().ShouldBe(expected.Rejected);
            outcome.Rejects.ShouldAllBe(r => r.Faults.Count > 0 && r.Cells.Count == Columns.Length);
            new GovernedLoad(lake.Warehouse).Clear(plan);
        }, iter: 40, threads: 1);
    }

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static (LoadCounts Counts, List<string> Rows, List<long> Rejected) Oracle(Sent[][] rows, bool keyed)
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        List<string> accepted = [];
        List<long> rejected = [];
        int duplicates = 0, filtered = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            var content = string.Join('|', row.Select(c => c.Means ?? "∅"));
            if (row.All(c => c.Means is null && c.Good))
            {
                filtered++;
            }
            else if (row.Any(c => !c.Good) || (keyed && row[0].Means is null))
            {
                rejected.Add(i + 1);
            }
            else if (keyed && !first.TryAdd(row[0].Means!, content))
            {
                if (first[row[0].Means!] == content)
                {
                    duplicates++;
                }
                else
                {
                    rejected.Add(i + 1);
                }
            }
            else
            {
                accepted.Add($"{content}|{i + 1}");
            }
        }

        return (new LoadCounts(accepted.Count, rejected.Count, duplicates, filtered), accepted, rejected);
    }
}
