// What the sample county's cases are planned as: the same every time, in order, and by the flow that ships.
namespace Lizhou.Sample.Tests;

public sealed class LivePlanTests
{
    private static readonly DateOnly Day = new(2026, 3, 2);

    [Fact]
    public void A_day_is_the_same_each_time_it_is_planned_and_another_with_another_seed()
    {
        string Told(ulong seed) => string.Join('\n', LivePlan.Of.On(Day, seed).Select(c => $"{c.Report} {c.By} {string.Join(' ', c.Steps.Select(s => $"{s.At:O} {s.Act} {s.By} {s.Twin}"))}"));
        Told(1).ShouldBe(Told(1));
        Told(1).ShouldNotBe(Told(2));
    }

    [Fact]
    public void Every_case_lies_in_its_day_is_marked_as_simulated_and_goes_on_in_order()
    {
        var days = Enumerable.Range(0, 30).SelectMany(d => LivePlan.Of.On(Day.AddDays(d), 7).Select(c => (Day: Day.AddDays(d), Case: c))).ToList();
        days.Count.ShouldBe(30 * LivePlan.Of.ADay);
        foreach (var (day, one) in days)
        {
            DateOnly.FromDateTime(one.Report.At.ToOffset(TimeSpan.FromHours(8)).DateTime).ShouldBe(day);
            one.Report.Words.ShouldEndWith("（模拟）");
            one.Steps.ShouldNotBeEmpty();
            one.Steps.Select(s => s.At).Prepend(one.Report.At).Zip(one.Steps).ShouldAllBe(p => p.Second.At > p.First);
        }

        days.Where(d => d.Case.Report.Source != "Patrol").ShouldAllBe(d => d.Case.Report.Place.Length == 9);
        days.Where(d => d.Case.Report.Source == "Patrol" && !d.Case.Report.Place.StartsWith("3307849", StringComparison.Ordinal)).ShouldAllBe(d => d.Case.Report.Place.Length == 15, "in a grid");
        days.Select(d => d.Case.Report.Key).Distinct().Count().ShouldBe(days.Count);
        string[] acts = [.. days.SelectMany(d => d.Case.Steps).Select(s => s.Act).Distinct()];
        foreach (var act in new[] { "rework", "grant-hold", "raise", "whistle", "merge", "supervise", "self-handle", "consult", "consult-conclude" })
        {
            acts.ShouldContain(act);
        }
    }

    [Fact]
    public void Who_verifies_a_case_does_not_close_it_and_who_handles_it_does_neither()
    {
        foreach (var steps in Enumerable.Range(0, 30).SelectMany(d => LivePlan.Of.On(Day.AddDays(d), 7)).Select(c => c.Steps))
        {
            string[] By(params string[] acts) => [.. steps.Where(s => acts.Contains(s.Act)).Select(s => s.By.Name).Distinct()];
            By("verified", "rework").Intersect(By("close", "audit")).ShouldBeEmpty();
            By("feedback", "self-handle", "assist-done").Intersect(By("verified", "rework", "close", "audit")).ShouldBeEmpty();
            var handling = steps.Where(s => s.Act is "dispatch" or "feedback").Select(s => s.Fields.GetValueOrDefault("unit") ?? s.By.Unit).ToList();
            steps.Where(s => s.Act is "verified" or "rework" or "close").ShouldAllBe(s => s.By.Unit == null || !handling.Contains(s.By.Unit), "nor does the unit that handled it");
        }
    }

    [Fact]
    public void Each_day_has_one_consultation_that_is_open_until_the_next_morning()
    {
        for (var day = Day; day < Day.AddDays(10); day = day.AddDays(1))
        {
            var steps = LivePlan.Of.On(day, 7).Single(c => c.Steps.Any(s => s.Act == "consult")).Steps;
            DateTime City(string act) => steps.Last(s => s.Act == act).At.ToOffset(TimeSpan.FromHours(8)).DateTime;
            City("consult").ShouldBeLessThan(day.ToDateTime(new TimeOnly(10, 30)));
            City("consult-conclude").ShouldBeGreaterThan(day.AddDays(1).ToDateTime(new TimeOnly(10, 30)));
        }
    }

    [Fact]
    public void Every_class_of_the_plan_is_led_by_the_table_by_the_unit_that_handles_it()
    {
        foreach (var kind in LivePlan.Of.Kinds.Append(LivePlan.Of.Consulted))
        {
            LivePlan.Of.Table.Where(l => kind.Class.StartsWith(l.Class, StringComparison.Ordinal)).MaxBy(l => l.Class.Length)!.Unit.ShouldBe(kind.Unit, kind.Class);
        }
    }
}
