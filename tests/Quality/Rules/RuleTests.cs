// Rules: what cannot be kept, how they are written, and that the lake and the judge of files say the same of the same rows.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Tests.Rules;

public sealed class RuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);

    private static readonly Rule[] All =
    [
        New(RuleKind.NotNull, "a"),
        New(RuleKind.Format, "a") with { Pattern = "[0-9]{2}|x.*" },
        New(RuleKind.CodeList, "b") with { Values = ["男", "女", "'"] },
        New(RuleKind.CheckCharacter, "c") with { Check = ValueCheck.Mobile },
        New(RuleKind.Range, "n") with { Least = "3", Most = "40" },
        New(RuleKind.Compare, "n", "m") with { Is = Comparison.AtMost },
        New(RuleKind.NotFuture, "d"),
        New(RuleKind.BirthOfId, "i", "d"),
        New(RuleKind.SexOfId, "i", "b") with { Values = ["男", "女"] },
        New(RuleKind.Slip, "a") with { Mend = new Dictionary<string, string>(StringComparer.Ordinal) { ["7"] = "07" } },
        New(RuleKind.Unique, "c"),
    ];

    private static readonly Rule[] OfTheLake =
    [
        New(RuleKind.Agrees, "c", "b") with { Other = "landing.police.sex", OtherKey = "phone" },
        New(RuleKind.Freshness, "d") with { Cycle = UpdateCycle.Monthly, Dimension = Dimension.Timeliness },
        New(RuleKind.Denial) with { Never = new Condition.All(new Condition.Compare("b", Comparison.Equal, "男"), new Condition.OneOf("a", ["7", "12"]), new Condition.Not(new Condition.Empty("c"))) },
        New(RuleKind.AddsUp, "d", "n") with { Whole = new Condition.All(new Condition.Empty("b")), Parts = new Condition.All(new Condition.Not(new Condition.Empty("b"))) },
        New(RuleKind.NeverFalls, "b", "d", "n") with { Of = new Condition.All(new Condition.Compare("m", Comparison.More, "0")) },
    ];

    [Fact]
    public void A_rule_without_what_its_kind_takes_is_refused()
    {
        foreach (var kind in Enum.GetValues<RuleKind>().Where(k => k != RuleKind.Volume))
        {
            CheckRule.Fault(New(kind)).ShouldNotBeNull(kind.ToString());
        }

        CheckRule.Fault(New(RuleKind.Volume) with { Limit = 0.3 }).ShouldBeNull();
        CheckRule.Fault(New(RuleKind.NotNull, "a") with { Name = " " }).ShouldNotBeNull();
        CheckRule.Fault(New(RuleKind.Format, "a")).ShouldNotBeNull();
        CheckRule.Fault(New(RuleKind.NotNull, "a", "b")).ShouldNotBeNull();
        All.ShouldAllBe(r => CheckRule.Fault(r) == null);
    }

    [Fact]
    public void A_rule_file_says_again_what_was_written()
    {
        Rule[] all = [.. All, .. OfTheLake];
        var read = RuleFile.Read(RuleFile.Write(all.Select(r => (r, (string?)"why: \"so\"\n- x"))), "rules.yaml").Value;
        read.Count.ShouldBe(all.Length);
        foreach (var (one, other) in all.Zip(read))
        {
            (other.Other, other.OtherKey, other.Cycle).ShouldBe((one.Other, one.OtherKey, one.Cycle));
            (Told(other.Never), Told(other.Whole), Told(other.Parts), Told(other.Of)).ShouldBe((Told(one.Never), Told(one.Whole), Told(one.Parts), Told(one.Of)));
            (other.Name, other.Kind, other.Pattern, other.Check, other.Least, other.Most, other.Is, other.Dimension, other.Severity, other.Reason)
                .ShouldBe((one.Name, one.Kind, one.Pattern, one.Check, one.Least, one.Most, one.Is, one.Dimension, one.Severity, one.Reason));
            other.Columns.ShouldBe(one.Columns);
            other.Values.ShouldBe(one.Values);
            other.Mend.ShouldBe(one.Mend);
        }

        RuleFile.Read("rules: [{name: x, kind: NotNull, columns: [a], colour: red}]", "r").Refused.ShouldBeTrue();
        RuleFile.Read("", "r").Refused.ShouldBeTrue();
        RuleFile.Read("{", "r").Refused.ShouldBeTrue();
    }

    [Theory]
    [InlineData("- name: x\n  kind: Format\n  columns: [a]\n", "3:3", "pattern")]
    [InlineData("- name: x\n  kind: Denial\n", "3:3", "never")]
    [InlineData("- name: x\n  kind: Freshness\n  columns: [d]\n  cycle: Irregular\n", "3:3", "不定期")]
    [InlineData("- name: x\n  kind: Range\n  columns: [n]\n  lest: 3\n", "6:", "lest")]
    public void A_fault_in_a_rule_file_is_told_with_its_line_and_what_to_do(string second, string place, string what)
    {
        var refused = RuleFile.Read("rules:\n- {name: good, kind: NotNull, columns: [a]}\n" + second, "rules.yaml").Problem!;
        refused.What.Zh.ShouldContain(place);
        refused.What.Zh.ShouldContain(what);
        refused.Todo.Zh.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_pattern_that_would_explode_is_refused_or_ends_at_once()
    {
        await using var lake = await RuleLake.Open();
        foreach (var pattern in new[] { "((a{1000}){1000}){1000}", "(?<=x)y", @"(a)\1", "[" })
        {
            (await CheckRule.FaultInEngine(New(RuleKind.Format, "a") with { Pattern = pattern }, lake.Lake, default))!.Code.ShouldBe("QUA-002", pattern);
        }

        var greedy = New(RuleKind.Format, "a") with { Pattern = "(a+)+" };
        (await CheckRule.FaultInEngine(greedy, lake.Lake, default)).ShouldBeNull("both engines work in linear time");
        var grid = new Grid(["a"]);
        grid.Add(1, [new string('a', 50_000) + "!"]);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        JudgeTable.Run(greedy, grid, Now).Value.Count.ShouldBe(1);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_rule_the_engine_cannot_run_is_told_by_its_kind_and_columns_and_no_cell_is_quoted()
    {
        await using var lake = await RuleLake.Open();
        var table = (await lake.Lake.CreateTable("landing", "people", RuleLake.Columns, new Terms("create"))).Value;
        await lake.Append(table, [Row(a: "秘密", n: "1")]);
        var compiled = CompileRules.Run([New(RuleKind.NotNull, "a"), New(RuleKind.Compare, "a", "n") with { Is = Comparison.Less }], (_, _) => null, Now).Value;
        var refused = (await lake.Lake.Scan(table, compiled.Plan)).Problem!;
        refused.Code.ShouldBe("LAK-040");
        refused.What.Zh.ShouldContain("a, n");
        refused.What.Zh.ShouldNotContain("秘密");
    }

    [Fact]
    public async Task Two_sources_that_disagree_of_one_key_are_told_apart()
    {
        await using var lake = await RuleLake.Open();
        var table = (await lake.Lake.CreateTable("landing", "people", RuleLake.Columns, new Terms("create"))).Value;
        NewColumn[] columns = [new("phone", ColumnType.Text), new("sex", ColumnType.Text)];
        var other = (await lake.Lake.CreateTable("landing", "police", columns, new Terms("create other"))).Value;
        await lake.Append(table, [Row(c: "1", b: "男"), Row(c: "2", b: "女"), Row(c: "3", b: "男"), Row(c: "4"), Row(c: "5", b: "女"), Row(c: "6", b: "女")]);
        var file = await lake.Lake.Stage(other, "SELECT * FROM (VALUES ('1', '男'), ('2', '男'), ('4', '男'), ('5', NULL), ('6', '男'), ('6', '女')) AS v(phone, sex)", []);
        (await lake.Lake.Append(other, [file!], new Terms("append other"))).Refused.ShouldBeFalse();
        var compiled = CompileRules.Run([OfTheLake[0]], (layer, name) => (layer, name) == ("landing", "police") ? other : null, Now).Value;
        (await lake.Lake.Scan(table, compiled.Sets[0].Test)).Value.ShouldBe(1, "only of 2 do they differ: 3 is unknown there, 4 and 5 are empty on one side, of 6 both are told");
        CompileRules.Run([OfTheLake[0]], (_, _) => null, Now).Problem!.Code.ShouldBe("QUA-003");
        (await lake.Lake.Scan(table, new SetTest.Agrees("c", "b", other, "none", "sex"))).Refused.ShouldBeTrue();
    }

    [Fact]
    public async Task A_day_is_not_in_the_future_from_the_citys_midnight_on_and_a_moment_from_itself_on()
    {
        await using var lake = await RuleLake.Open();
        NewColumn[] columns = [new("d", ColumnType.Date), new("t", ColumnType.Timestamp)];
        var table = (await lake.Lake.CreateTable("landing", "days", columns, new Terms("create"))).Value;
        var file = await lake.Lake.Stage(table, "SELECT DATE '2026-11-30' AS d, TIMESTAMP '2026-11-29 16:30:00' AS t", []);
        await lake.Lake.Append(table, [file!], new Terms("append"));
        async Task<long[]> Failed(DateTimeOffset now) =>
            (await lake.Lake.Scan(table, CompileRules.Run([New(RuleKind.NotFuture, "d"), New(RuleKind.NotFuture, "t")], (_, _) => null, now).Value.Plan)).Value.Total.Failed;
        var midnight = new DateTimeOffset(2026, 11, 29, 16, 0, 0, TimeSpan.Zero);
        (await Failed(midnight.AddSeconds(-1))).ShouldBe([1, 1]);
        (await Failed(midnight)).ShouldBe([0, 1]);
        (await Failed(midnight.AddMinutes(30))).ShouldBe([0, 0]);
        var grid = new Grid(["d"]);
        grid.Add(1, ["2026-11-30"]);
        JudgeTable.Run(New(RuleKind.NotFuture, "d"), grid, midnight.AddSeconds(-1)).Value.Count.ShouldBe(1);
        JudgeTable.Run(New(RuleKind.NotFuture, "d"), grid, midnight).Value.ShouldBeEmpty();
    }

    [Fact]
    public void Freshness_goes_by_the_update_cycle()
    {
        var rule = OfTheLake[1];
        (StateRules.Kept(rule, 46), StateRules.Kept(rule, 47), StateRules.Kept(rule, null)).ShouldBe((true, false, true));
        StateRules.Kept(rule with { Cycle = UpdateCycle.Daily }, 2).ShouldBeFalse();
        StateRules.Kept(rule with { Cycle = null, Limit = 3 }, 2).ShouldBeTrue();
        CheckRule.Fault(rule with { Cycle = UpdateCycle.Irregular }).ShouldNotBeNull();
    }

    [Fact]
    public void A_judged_file_with_blanks_around_a_number_and_a_line_end_behind_a_code_is_judged_and_does_not_crash()
    {
        var grid = new Grid(["i", "b", "k"]);
        grid.Add(1, [" 11010519491231002X ", "男", "12\n"]);
        JudgeTable.Run(New(RuleKind.SexOfId, "i", "b") with { Values = ["男", "女"] }, grid, Now).Value.Single().Proposed.ShouldBe("女");
        JudgeTable.Run(New(RuleKind.Format, "k") with { Pattern = "[0-9]{2}" }, grid, Now).Value.Count.ShouldBe(1, "a line end is not part of the form");
    }

    [Fact]
    public async Task The_lake_and_the_judge_of_files_count_the_same()
    {
        await using var lake = await RuleLake.Open();
        var table = (await lake.Lake.CreateTable("landing", "people", RuleLake.Columns, new Terms("create"))).Value;
        var rows = Enumerable.Range(0, 420).Select(Varied).ToList();
        await lake.Append(table, rows);
        var grid = new Grid(RuleLake.Columns.Select(c => c.Name));
        foreach (var (i, row) in rows.Index())
        {
            grid.Add(i, row);
        }

        var compiled = CompileRules.Run(All, (_, _) => null, Now).Value;
        var found = (await lake.Lake.Scan(table, compiled.Plan)).Value.Total;
        foreach (var (i, rule) in compiled.Rows.Index())
        {
            var judged = JudgeTable.Run(rule, grid, Now).Value.Select(f => f.Row).Distinct().Count();
            found.Failed[i].ShouldBe(judged, $"{rule.Kind}");
            judged.ShouldBeGreaterThan(0, $"{rule.Kind} is not put to the test");
        }

        compiled.Sets.Count.ShouldBe(1);
        CompileRules.Run([New(RuleKind.Reference, "a") with { Other = "base.none.x" }], (_, _) => null, Now).Refused.ShouldBeTrue();
        CompileRules.Run([New(RuleKind.Glued, "a", "b")], (_, _) => null, Now).Refused.ShouldBeTrue();
        (await CheckRule.FaultInEngine(New(RuleKind.Format, "a") with { Pattern = "(?<=x)y" }, lake.Lake, default)).ShouldNotBeNull();
        (await CheckRule.FaultInEngine(All[1], lake.Lake, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Scores_are_shares_of_the_judged_by_dimension_and_weights_sum_to_a_hundred()
    {
        await using var lake = await RuleLake.Open();
        var table = (await lake.Lake.CreateTable("landing", "people", RuleLake.Columns, new Terms("create"))).Value;
        await lake.Append(table, [.. Enumerable.Range(0, 200).Select(i => Row(a: i % 10 == 0 ? null : "1", n: $"{i}", d: "2026-11-20"))]);
        Rule[] rules =
        [
            New(RuleKind.NotNull, "a") with { Dimension = Dimension.Completeness }, New(RuleKind.Range, "n") with { Least = "50" }, New(RuleKind.NotFuture, "d"),
            New(RuleKind.Freshness, "d") with { Limit = 10, Dimension = Dimension.Timeliness },
        ];
        var compiled = CompileRules.Run(rules, (_, _) => null, Now).Value;
        var found = (await lake.Lake.Scan(table, compiled.Plan)).Value.Total;
        var score = Scores.Of(compiled, found, [], [false], Scores.Usual).Value;
        score.Dimensions.Select(d => (d.Dimension, d.Score)).ShouldBe([(Dimension.Completeness, 90m), (Dimension.Accuracy, 87.5m), (Dimension.Timeliness, 0m)]);
        score.Total.ShouldBe(Math.Round(((90m * 20) + (87.5m * 25)) / 60, 2));
        Scores.Fault(Scores.Usual).ShouldBeNull();
        var wrong = Scores.Usual.ToDictionary();
        wrong[Dimension.Accuracy] = 26;
        Scores.Of(compiled, found, [], [false], wrong).Refused.ShouldBeTrue();
    }

    [Fact]
    public async Task Exceptions_let_their_rows_pass_and_a_scan_of_some_rows_counts_them_alone()
    {
        await using var lake = await RuleLake.Open();
        var table = (await lake.Lake.CreateTable("landing", "people", RuleLake.Columns, new Terms("create"))).Value;
        await lake.Append(table, [.. Enumerable.Range(0, 100).Select(i => Row(a: $"k{i}", n: $"{i}"))]);
        await lake.Append(table, [.. Enumerable.Range(100, 100).Select(i => Row(a: $"k{i}", n: i == 199 ? null : $"{i}"))]);
        RowTest small = new RowTest.Holds(new Condition.Compare("n", Comparison.Less, 150L));
        RowTest excepted = new RowTest.Excepted(small, new Condition.OneOf("a", ["k150", "k151", "k7"]));
        var plan = new ScanPlan([small, excepted]);
        (await lake.Lake.Scan(table, plan)).Value.Total.Failed.ShouldBe([49, 47]); // 150 to 198; the empty one is told nothing of

        var some = (await lake.Lake.Scan(table, plan, new Condition.OneOf("a", ["k5", "k151", "k160"]))).Value;
        (some.Rows, some.Columns[0].Distinct).ShouldBe((3, 3));
        some.Failed.ShouldBe([2, 1]);
        (await lake.Lake.Scan(table, new ScanPlan([new RowTest.Excepted(small, new Condition.Empty("none"))]))).Refused.ShouldBeTrue();
        (await lake.Lake.Scan(table, plan, new Condition.Empty("none"))).Refused.ShouldBeTrue();
    }

    [Fact]
    public async Task Parts_add_up_to_the_whole_and_a_number_never_falls_in_the_groups_where_that_is_so()
    {
        await using var lake = await RuleLake.Open();
        var table = (await lake.Lake.CreateTable("landing", "people", RuleLake.Columns, new Terms("create"))).Value;
        await lake.Append(
            table,
            [
                Row(a: "x", b: null, n: "10", m: "1"), Row(a: "x", b: "p", n: "4", m: "1"), Row(a: "x", b: "q", n: "6", m: "1"), // adds up
                Row(a: "y", b: null, n: "10", m: "1"), Row(a: "y", b: "p", n: "4", m: "2"), Row(a: "y", b: "p", n: "3", m: "3"), // does not, and falls
                Row(a: "z", b: "p", n: "4", m: "1"), Row(a: "z", b: "p", n: "4", m: "2"), // has no whole, and stays
            ]);
        Condition whole = new Condition.Empty("b"), parts = new Condition.Not(new Condition.Empty("b"));
        var compiled = CompileRules.Run(
            [New(RuleKind.AddsUp, "a", "n") with { Whole = whole, Parts = parts }, New(RuleKind.NeverFalls, "a", "b", "m", "n") with { Of = parts, Name = "falls" }], (_, _) => null, Now).Value;
        var found = new List<long>();
        foreach (var (_, test) in compiled.Sets)
        {
            found.Add((await lake.Lake.Scan(table, test)).Value);
        }

        found.ShouldBe([1, 1]);
        var (sums, falls) = (compiled.Sets[0].Test, compiled.Sets[1].Test);
        ((await lake.Lake.Judged(table, sums)).Value, (await lake.Lake.Judged(table, falls)).Value).ShouldBe((2, 2), "x and y have a whole and parts; y and z have a row that follows another");
        (await lake.Lake.AtFault(table, sums, null, 0, 9)).Value.Select(r => (decimal.Parse(r.Is!), decimal.Parse(r.Other!))).ShouldBe([(10, 7)]);
        (await lake.Lake.AtFault(table, falls, null, 0, 9)).Value.Select(r => (decimal.Parse(r.Is!), r.Other)).ShouldBe([(4, null)]);
        (await lake.Lake.AtFault(table, sums, null, 1, 9)).Value.ShouldBeEmpty();
        CompileRules.Run([New(RuleKind.AddsUp, "a", "n") with { Whole = whole }], (_, _) => null, Now).Refused.ShouldBeTrue();
        (await lake.Lake.Scan(table, new SetTest.AddsUp(["a"], "n", new Condition.Empty("none"), parts))).Refused.ShouldBeTrue();
        var written = RuleFile.Write([(New(RuleKind.AddsUp, "a", "n") with { Whole = whole, Parts = parts }, null)]);
        RuleFile.Read(written, "r").Value[0].Parts.ShouldBeOfType<Condition.All>().Parts.ShouldBe([parts]);
    }

    [Fact]
    public async Task Freshness_volume_and_drift_are_told_from_scans()
    {
        await using var lake = await RuleLake.Open();
        var table = (await lake.Lake.CreateTable("landing", "people", RuleLake.Columns, new Terms("create"))).Value;
        await lake.Append(table, [.. Enumerable.Range(0, 500).Select(i => Row(n: $"{i % 50}", b: i % 2 == 0 ? "男" : "女", d: "2026-11-20"))]);
        var before = (await lake.Lake.Scan(table, new ScanPlan([]))).Value.Total;
        var names = RuleLake.Columns.Select(c => c.Name).ToList();
        var (fresh, volume, drift) = (New(RuleKind.Freshness, "d") with { Limit = 10 }, New(RuleKind.Volume) with { Limit = 0.3 }, New(RuleKind.Drift, "n") with { Limit = 0.25 });
        StateRules.Figure(fresh, names, before, null, Now).ShouldBe(9);
        StateRules.Figure(volume, names, before, null, Now).ShouldBeNull();
        StateRules.Figure(drift, names, before, before, Now)!.Value.ShouldBe(0, 1e-9);

        await lake.Lake.Delete(table, new Condition.Compare("n", Comparison.Less, 25L), new Terms("delete"));
        var after = (await lake.Lake.Scan(table, new ScanPlan([]))).Value.Total;
        StateRules.Figure(volume, names, after, before, Now).ShouldBe(0.5);
        StateRules.Kept(volume, 0.5).ShouldBeFalse();
        StateRules.Figure(drift, names, after, before, Now)!.Value.ShouldBeGreaterThan(0.25);
        StateRules.Figure(New(RuleKind.Drift, "b") with { Limit = 0.25 }, names, after, before, Now)!.Value.ShouldBeLessThan(0.1);
    }

    /// <summary>Every value of a column beside every value of the others: the numbers of their values have no common divisor.</summary>
    private static string?[] Varied(int i)
    {
        string?[] a = [null, "12", "7", "x1", "abc", "１２", ""], b = [null, "男", "女", "'", "未知"], c = [null, "13800138000", "1380013800", "+8613912345678"], d = [null, "1949-12-31", "2001-02-03", "2031-01-01", "1949-12-31"];
        var n = i * 7 % 53;
        return Row(a[i % 7] is "" ? null : a[i % 7], b[i % 5], c[i % 4], n == 0 ? null : $"{n - 5}", $"{i * 11 % 47}", d[i / 5 % 5], new[] { null, "11010519491231002X", "110105194912310021" }[i % 3]);
    }

    private static string?[] Row(string? a = null, string? b = null, string? c = null, string? n = null, string? m = null, string? d = null, string? i = null) => [a, b, c, n, m, d, i];

    private static string Told(Condition? condition) => condition switch
    {
        null => "",
        Condition.All all => string.Join(" & ", all.Parts.Select(Told)),
        Condition.OneOf one => $"{one.Column} in {string.Join(',', one.Values)}",
        Condition.Not not => $"not {Told(not.Part)}",
        _ => $"{condition}",
    };

    private static Rule New(RuleKind kind, params string[] columns) => new($"{kind} {string.Join(' ', columns)}", kind, columns, Dimension.Accuracy, Severity.Serious, new Text("不对", "wrong"));
}
