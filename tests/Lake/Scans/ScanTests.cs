// One pass over a table: what it counts is what a plain reading of the rows counts, states of files add up, and an append reads only what is new.
using System.Globalization;
using System.Text;
using Lizhou.Kernel;
using Lizhou.Lake.Reading;
using Lizhou.Tabular;

namespace Lizhou.Lake.Tests.Scans;

public sealed class ScanTests
{
    private static readonly NewColumn[] Columns =
    [
        new("id", ColumnType.Int64), new("证件号", ColumnType.Text), new("sex", ColumnType.Text), new("birth", ColumnType.Date), new("amount", ColumnType.Decimal(18, 2)),
        new("score", ColumnType.Float64), new("at", ColumnType.Timestamp), new("open", ColumnType.Boolean), new("a \"b\" 'c'", ColumnType.Text),
    ];

    private static readonly RowTest[] Tests =
    [
        new RowTest.Checked("证件号", ValueCheck.IdNumber),
        new RowTest.BornOn("证件号", "birth"),
        new RowTest.SexOf("证件号", "sex", ["1", "男"], ["2", "女"]),
        new RowTest.Matches("sex", "[12男女]"),
        new RowTest.Among("sex", ["1", "2", "'; DROP TABLE x; --"]),
        new RowTest.Holds(new Condition.Not(new Condition.Empty("a \"b\" 'c'"))),
        new RowTest.Holds(new Condition.Compare("amount", Comparison.AtMost, 500m)),
        new RowTest.Denied(new Condition.All(new Condition.Compare("sex", Comparison.Equal, "男"), new Condition.Compare("score", Comparison.More, 50.0))),
        new RowTest.Compared("birth", Comparison.Less, "at"),
    ];

    [Fact]
    public async Task A_scan_counts_what_a_plain_reading_counts()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await Make(lake);
        var rows = Enumerable.Range(0, 7_000).Select(Invent).ToList();
        await Append(lake, table, rows[..4_000]);
        await Append(lake, table, rows[4_000..]);
        var found = (await lake.Lake.Scan(table, new ScanPlan(Tests))).Value;
        found.Read.ShouldBe(2);
        found.Total.Rows.ShouldBe(rows.Count);
        found.Total.Failed.ShouldBe(
        [
            rows.LongCount(r => r.Number is { } n && !Valid(n)),
            rows.LongCount(r => r.Number is { } n && Valid(n) && r.Birth is { } b && b != n[6..14]),
            rows.LongCount(r => r.Number is { } n && Valid(n) && ((n[16] - '0') % 2 == 1 ? r.Sex is "2" or "女" : r.Sex is "1" or "男")),
            rows.LongCount(r => r.Sex is not ("1" or "2" or "男" or "女")),
            rows.LongCount(r => r.Sex is not ("1" or "2")),
            rows.LongCount(r => r.Note is null),
            rows.LongCount(r => r.Amount > 500),
            rows.LongCount(r => r.Sex == "男" && r.Score > 50),
            0,
        ]);
        found.Total.Witnesses[5].Count.ShouldBe(ScanState.Named);
        foreach (var id in found.Total.Witnesses[5])
        {
            rows[(int)id].Note.ShouldBeNull(); // row ids count on from the first row
        }
    }

    [Fact]
    public async Task Quantiles_of_dates_go_by_time_and_what_is_no_number_lies_above_all()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        NewColumn[] columns = [new("d", ColumnType.Date), new("t", ColumnType.Timestamp), new("x", ColumnType.Float64), new("n", ColumnType.Int64)];
        var table = (await lake.Lake.CreateTable("landing", "quantiles", columns, new Terms("create"))).Value;
        var file = await lake.Lake.Stage(table, "SELECT DATE '2020-01-01' + CAST((i * 37) % 101 AS INTEGER) AS d, TIMESTAMP '2020-01-01' + INTERVAL ((i * 37) % 101) HOUR AS t, CASE WHEN i % 10 = 0 THEN 'nan'::DOUBLE ELSE (i * 37) % 101 END AS x, (i * 37) % 101 - 50 AS n FROM range(101) r(i)", []);
        await lake.Lake.Append(table, [file!], new Terms("append"));
        var found = (await lake.Lake.Scan(table, new ScanPlan([]))).Value.Total;
        (found.Quantile(0, 0), found.Quantile(0, 0.5), found.Quantile(0, 1)).ShouldBe(("2020-01-01", "2020-02-20", "2020-04-10"));
        (found.Quantile(1, 0), found.Quantile(1, 1)).ShouldBe(("2020-01-01 00:00:00", "2020-01-05 04:00:00"));
        (found.Quantile(3, 0), found.Quantile(3, 0.5), found.Quantile(3, 1)).ShouldBe(("-50", "0", "50"));
        found.Quantile(2, 1).ShouldBe("NaN");
        double.Parse(found.Quantile(2, 0.5)!, CultureInfo.InvariantCulture).ShouldBeInRange(40, 65);
    }

    [Fact]
    public async Task The_profile_of_many_files_is_the_profile_of_the_rows()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await Make(lake);
        var rows = Enumerable.Range(0, 9_000).Select(Invent).ToList();
        foreach (var part in rows.Chunk(3_000))
        {
            await Append(lake, table, part);
        }

        var total = (await lake.Lake.Scan(table, new ScanPlan([]))).Value.Total;
        var (id, sex, amount, score, note) = (total.Columns[0], total.Columns[2], total.Columns[4], total.Columns[5], total.Columns[8]);
        (id.Least, id.Most, id.Nulls).ShouldBe((0, 8_999, 0));
        id.Distinct.ShouldBeInRange(8_500, 9_500);
        id.Tops.ShouldBeNull();
        sex.Distinct.ShouldBe(rows.Select(r => r.Sex).Distinct().Count());
        total.Top(2, 9).ShouldBe(rows.CountBy(r => r.Sex).OrderByDescending(g => g.Value).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, (long)g.Value)));
        (amount.Least, amount.Most).ShouldBe(((long)(rows.Min(r => r.Amount) * 100), (long)(rows.Max(r => r.Amount) * 100)));
        score.Sum.ShouldBe(rows.Sum(r => r.Score), 1e-6);
        note.Nulls.ShouldBe(rows.Count(r => r.Note is null));
        Encoding.UTF8.GetString(note.LeastText!).ShouldBe(rows.Where(r => r.Note is not null).Select(r => r.Note!).Min(StringComparer.Ordinal));
        double.Parse(total.Quantile(0, 0.5)!, CultureInfo.InvariantCulture).ShouldBeInRange(4_000, 5_000);
        total.Forms(3, 1).ShouldBe([("9+-9+-9+", 1.0)]);
        total.Sample.Count().ShouldBe(ScanState.SampleSize);
    }

    [Fact]
    public async Task An_append_reads_the_new_file_alone_and_withdrawn_rows_their_file()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await Make(lake);
        await Append(lake, table, [.. Enumerable.Range(0, 500).Select(Invent)]);
        var first = (await lake.Lake.Scan(table, new ScanPlan(Tests))).Value;
        var known = first.Files.ToDictionary(f => f.Key, f => ScanState.FromBytes(f.Value.ToBytes())!);
        await Append(lake, table, [.. Enumerable.Range(500, 100).Select(Invent)]);
        var second = (await lake.Lake.Scan(table, new ScanPlan(Tests), known)).Value;
        second.Read.ShouldBe(1);
        var whole = (await lake.Lake.Scan(table, new ScanPlan(Tests))).Value;
        second.Total.Failed.ShouldBe(whole.Total.Failed);
        second.Total.Rows.ShouldBe(600);
        Encoding.UTF8.GetString(second.Total.Columns[8].MostText!).ShouldBe(Encoding.UTF8.GetString(whole.Total.Columns[8].MostText!));
        second.Total.Columns[0].Fingerprint.ShouldBe(whole.Total.Columns[0].Fingerprint);

        (await lake.Lake.Delete(table, new Condition.Compare("id", Comparison.Less, 10L), lake.Terms())).Refused.ShouldBeFalse();
        var third = (await lake.Lake.Scan(table, new ScanPlan(Tests), second.Files)).Value;
        third.Read.ShouldBe(1);
        third.Total.Rows.ShouldBe(590);
    }

    [Fact]
    public async Task Requirements_on_rows_together_count_the_rows_at_fault()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await lake.Create();
        await lake.Append(table, (1, "甲", 1), (2, "甲", 1), (3, "甲", 2), (4, "乙", 3), (5, null, 9), (5, "丙", 4));
        (await lake.Lake.Scan(table, new SetTest.Unique(["id"]))).Value.ShouldBe(2);
        (await lake.Lake.Scan(table, new SetTest.Determines(["姓名"], "amount"))).Value.ShouldBe(1);
        var other = await lake.Create("other");
        await lake.Append(other, (1, "甲", 0), (2, null, 0));
        (await lake.Lake.Scan(table, new SetTest.Refers("姓名", other, "姓名"))).Value.ShouldBe(2);
        (await lake.Lake.Scan(table, new SetTest.Unique(["none"]))).Refused.ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_not_there_is_refused_and_a_pattern_of_other_engines_too()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await lake.Create();
        (await lake.Lake.Scan(table, new ScanPlan([new RowTest.Matches("none", "x")]))).Refused.ShouldBeTrue();
        (await lake.Lake.Scan(table, new ScanPlan([new RowTest.Holds(new Condition.Compare("amount", Comparison.Less, "many"))]))).Refused.ShouldBeTrue();
        (await lake.Lake.PatternFault("[0-9]{3}")).ShouldBeNull();
        (await lake.Lake.PatternFault("(?=x)")).ShouldNotBeNull();
        (await lake.Lake.PatternFault("[")).ShouldNotBeNull();
        (await lake.Lake.Scan(table, new ScanPlan(Tests[..0]))).Value.Total.Rows.ShouldBe(0);
    }

    private static async Task<Table> Make(TestLake lake) => (await lake.Lake.CreateTable("landing", "people", Columns, lake.Terms())).Value;

    private sealed record Line(int Id, string? Number, string Sex, string? Birth, decimal Amount, double Score, string? Note);

    private static Line Invent(int i)
    {
        var day = new DateOnly(1950, 1, 1).AddDays((i * 37) % 20_000).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var stem = $"330784{day}{i % 1000:D3}";
        var number = stem + "0123456789X".First(c => Valid(stem + c));
        return new(
            i, i % 11 == 0 ? null : i % 13 == 0 ? stem + '-' : number, i % 17 == 0 ? "9" : i % 2 == 1 ? i % 5 == 0 ? "男" : "1" : i % 7 == 0 ? "男" : "2",
            i % 19 == 0 ? "19490101" : day, i % 997, i % 101, i % 3 == 0 ? null : $"note {i}");
    }

    private static bool Valid(string number) => Identifiers.IsIdNumber(Encoding.UTF8.GetBytes(number));

    private static async Task Append(TestLake lake, Table table, IReadOnlyList<Line> lines)
    {
        var arguments = new Arguments();
        var values = string.Join(", ", lines.Select(l =>
            $"({l.Id}, {SqlText(l.Number)}, '{l.Sex}', strptime('{l.Birth}', '%Y%m%d')::DATE, {l.Amount.ToString(CultureInfo.InvariantCulture)}, {l.Score.ToString(CultureInfo.InvariantCulture)}, TIMESTAMP '2026-01-01', {(l.Id % 2 == 0 ? "true" : "false")}, {SqlText(l.Note)})"));
        var file = await lake.Lake.Stage(table, $"SELECT * FROM (VALUES {values}) AS v(id, 证件号, sex, birth, amount, score, \"at\", \"open\", \"a \"\"b\"\" 'c'\") ORDER BY id", arguments.Values);
        (await lake.Lake.Append(table, [file!], lake.Terms())).Refused.ShouldBeFalse();
    }

    private static string SqlText(string? text) => text is null ? "NULL" : $"'{text}'";
}
