// Published reports of two cities, through the very formulas of the product; their totals that do not agree are told. And schemes: what is shipped is whole, what is not is refused with its place.
using Lizhou.Cases.Assessing;

namespace Lizhou.Cases.Tests;

public sealed class GoldenReportTests
{
    [Theory]
    [InlineData("closed", 911, 972, "93.72")] // Tianmen 2016-12
    [InlineData("closed-in-time", 737, 972, "75.82")]
    [InlineData("patrol", 953, 996, "95.68")]
    [InlineData("public", 43, 996, "4.32")]
    [InlineData("closed", 902, 956, "94.35")] // events
    [InlineData("closed", 9, 16, "56.25")] // components
    [InlineData("closed", 6507, 6523, "99.75")] // Suzhou (Anhui) 2022-03
    public void Counts_of_a_published_report_give_its_figures_to_two_decimals(string metric, long top, long bottom, string printed)
    {
        var known = Metrics.Named[metric];
        known.Of(set => set == known.Top ? top : set == known.Bottom ? bottom : throw new InvalidOperationException(set)).Value
            .ShouldBe(decimal.Parse(printed, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Totals_of_a_report_that_are_not_the_sum_of_its_parts_are_told_with_the_difference()
    {
        var (tianmen, events, components) = (AssessCases.Reconcile("closed", [902, 9], 911), AssessCases.Reconcile("events", [1764], 1768), AssessCases.Reconcile("components", [1254], 1258));
        (tianmen.Agrees, events.Agrees, components.Agrees).ShouldBe((true, false, false));
        (events.Counted, events.Told, events.Differ, components.Differ).ShouldBe((1764, 1768, 4, 4));
        AssessCases.Reconcile("due", [956, 16], 972).Agrees.ShouldBeTrue();
    }

    [Fact]
    public void Nothing_below_the_line_is_no_value_and_every_formula_names_marks_there_are()
    {
        foreach (var metric in Metrics.All)
        {
            CaseSet.Known(metric.Top).ShouldBeTrue(metric.Name);
            metric.Of([]).Value.ShouldBe(metric.Bottom.Length == 0 ? 0 : null, metric.Name);
            (metric.Bottom.Length == 0 || CaseSet.Known(metric.Bottom)).ShouldBeTrue(metric.Name);
        }
    }

    [Fact]
    public void The_shipped_schemes_are_whole_and_full_marks_and_none_are_what_they_say()
    {
        var schemes = SchemeText.Read(PublishScheme.Shipped().Text).Schemes.ShouldNotBeNull();
        schemes.Keys.ShouldBe(SchemeText.Names);
        schemes.Values.ShouldAllBe(s => s.Parts.Sum(p => p.Weight) == 100);
        var empty = schemes["chief"].Score([], _ => 0);
        (empty.Judged, empty.Points, empty.Score).ShouldBe((0, 0, null));

        // 4 due, 3 closed (75 % of which 70 in time are enough), one reworked three times.
        List<CaseFacts> cases = [Case("due closed in-time filed dispatched reworked reworked-twice reworked-often"), Case("due closed in-time filed dispatched"), Case("due closed in-time filed dispatched"), Case("due filed dispatched")];
        var unit = schemes["unit"].Score(cases, _ => 0);
        unit.Parts.Select(p => p.Points).ShouldBe([null, 50, 5, null, 4.5m, null, null]);
        (unit.Points, unit.Judged, unit.Score).ShouldBe((59.5m, 75, null));
        var area = schemes["area"].Score(cases, _ => 0);
        area.Parts.Select(p => p.Points).ShouldBe([10, 15, 22.5m, 30]);
        area.Score.ShouldBe(77.5m);
        schemes["area-2"].Score(cases, _ => 0).Parts[1].Points.ShouldBe(15);
        schemes["area"].Score([], _ => 0).Parts[1].Points.ShouldBe(20, "no case filed is the best there is");
    }

    [Fact]
    public void A_month_split_into_matters_and_components_gives_each_its_figures_and_both_add_up()
    {
        // Tianmen 2016-12: of 971 matters filed 956 due and 902 closed, of 25 components 16 and 9.
        var cases = Many(902, "event filed due closed").Concat(Many(54, "event filed due")).Concat(Many(15, "event filed")).Concat(Many(9, "component filed due closed")).Concat(Many(7, "component filed due")).Concat(Many(9, "component filed")).ToList();
        Figure Of(string metric, string kind) => Metrics.Named[metric].Of(cases.Where(c => c.Marks.Contains(kind)));
        (Of("filed-many", "event").Top, Of("closed", "event").Value, Of("filed-many", "component").Top, Of("closed", "component").Value).ShouldBe((971, 94.35m, 25, 56.25m));
        Metrics.Named["closed"].Of(cases).Value.ShouldBe(93.72m);
        Tally.Of(cases).Many("filed -due").ShouldBe(24);
        AssessCases.Reconcile("due", [Of("due-many", "event").Value is { } e ? (long)e : 0, (long)Of("due-many", "component").Value!], 972).Agrees.ShouldBeTrue();

        static IEnumerable<CaseFacts> Many(int many, string marks) => Enumerable.Repeat(Case(marks), many);
    }

    [Theory]
    [InlineData("areas: [ Zone ]", "areas: [ Village ]", "Village")]
    [InlineData("areas: [ Zone ]", "areas: [ 33078 ]", "33078")]
    [InlineData("areas: [ Zone ]", "areas: Zone", "Zone")]
    [InlineData("weight: 50 %, rule: full", "weight: 49.99 %, rule: full", "99.99")]
    [InlineData("metric: closed-in-time, full: 70", "metric: closed-in-tim, full: 70", "closed-in-tim")]
    [InlineData("rule: hand", "rule: hands", "hands")]
    [InlineData("dispatched shirked: 1", "dispatched shirkd: 1", "shirkd")]
    [InlineData("weight: 5 %, rule: hand", "weight: -5 %, rule: hand", "-5")]
    [InlineData("chief:", "chef:", "chef")]
    [InlineData("steps: { 1: 100", "steps: { 1: [", "")]
    public void A_scheme_that_is_not_whole_is_refused_with_its_line(string good, string bad, string named)
    {
        var text = PublishScheme.Shipped().Text;
        text.ShouldContain(good);
        var (schemes, fault) = SchemeText.Read(text.Replace(good, bad, StringComparison.Ordinal));
        schemes.ShouldBeNull();
        fault.ShouldNotBeNull().What.En.ShouldContain(named);
        fault.Line.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void What_differs_between_two_versions_is_told_part_by_part()
    {
        var shipped = SchemeText.Read(PublishScheme.Shipped().Text).Schemes!;
        SchemeWords.Between(shipped, shipped).ShouldBeEmpty();
        var text = PublishScheme.Shipped().Text.Replace("areas: [ Zone ]", "areas: [ 330784105, Zone ]", StringComparison.Ordinal).Replace("zh: 督办, en: Supervision", "zh: 督查, en: Supervision of all", StringComparison.Ordinal).Replace("full: 70, per: 1", "full: 72, per: 1", StringComparison.Ordinal);
        SchemeWords.Between(shipped, SchemeText.Read(text).Schemes!).Select(c => (c.Part, c.Before, c.Now)).ShouldBe(
        [
            ("按期结案率", "50 %，达标得满分，每低 1 点扣分：按期结案率 ≥ 70，−1", "50 %，达标得满分，每低 1 点扣分：按期结案率 ≥ 72，−1"), ("督办", "5 %，人工评分", null), ("督查", null, "5 %，人工评分"), ("二类区域", "功能区", "330784105、功能区"),
        ]);
    }

    private static CaseFacts Case(string marks) => new("SJ", null, "", null, marks.Split(' ').ToHashSet(), new Dictionary<Ledger.Loop, double>(), new Dictionary<string, Guid>());
}
