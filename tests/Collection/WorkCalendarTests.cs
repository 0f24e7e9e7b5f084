// Deadlines as promises: the golden cases of a city's working time, and over random limits, moments and pauses.
using CsCheck;
using Lizhou.Contracts.Collection;

namespace Lizhou.Collection.Tests;

public sealed class WorkCalendarTests
{
    private static readonly IReadOnlyList<DayOfWeek> Weekdays = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    private static readonly WorkCalendar Calendar = new(
        [new(Guid.NewGuid(), "冬令", new(2026, 1, 1), new(2026, 6, 1), Weekdays, [new(new(8, 30), new(12, 0)), new(new(13, 30), new(17, 30))]), new(Guid.NewGuid(), "夏令", new(2026, 6, 1), null, [.. Weekdays, DayOfWeek.Saturday], [new(new(7, 0), new(11, 0))])],
        new SpecialDay[] { new(new(2026, 2, 16), false, "春节"), new(new(2026, 2, 17), false, "春节"), new(new(2026, 2, 28), true, "春节调休") }.ToDictionary(d => d.Day), WorkCalendar.Plain.Usual);

    private static readonly Gen<LimitUnit> Units = Gen.Int[0, 3].Select(i => (LimitUnit)i);
    private static readonly Gen<DateTimeOffset> Moments = Gen.Int[0, 60 * 24 * 300].Select(m => City("2026-01-01 00:00").AddMinutes(m));

    [Theory]
    [InlineData("2026-03-06 16:00", 4, LimitUnit.WorkHours, "2026-03-09 11:00")] // a Friday
    [InlineData("2026-02-27 16:00", 4, LimitUnit.WorkHours, "2026-02-28 11:00")] // into a Saturday that makes up for a holiday
    [InlineData("2026-02-13 16:00", 4, LimitUnit.WorkHours, "2026-02-18 11:00")] // over a weekend and two free days
    [InlineData("2026-03-06 20:00", 1, LimitUnit.WorkHours, "2026-03-09 09:30")] // by night
    [InlineData("2026-03-06 12:10", 1, LimitUnit.WorkHours, "2026-03-06 14:30")] // at noon
    [InlineData("2026-03-06 16:00", 1, LimitUnit.Workdays, "2026-03-09 17:30")]
    [InlineData("2026-03-06 16:00", 30, LimitUnit.Minutes, "2026-03-06 16:30")]
    [InlineData("2026-03-06 16:00", 48, LimitUnit.Hours, "2026-03-08 16:00")]
    [InlineData("2026-05-29 17:00", 2, LimitUnit.WorkHours, "2026-06-01 08:30")] // into the summer's hours
    [InlineData("2026-06-05 10:00", 2, LimitUnit.WorkHours, "2026-06-06 08:00")] // summer works on Saturdays
    public void A_limit_is_over_when_the_city_would_say(string from, int amount, LimitUnit unit, string due)
    {
        Calendar.Due(new(amount, unit), City(from)).Due.ShouldBe(City(due));
        Calendar.Explain(new(amount, unit), City(from), []).Due.ShouldBe(City(due));
    }

    [Fact]
    public void A_clock_that_stood_is_over_later_by_the_working_time_it_stood()
    {
        var told = Calendar.Explain(new(4, LimitUnit.WorkHours), City("2026-03-06 16:00"), [new(City("2026-03-06 17:00"), City("2026-03-09 09:30"), "等待配件")]);
        told.Due.ShouldBe(City("2026-03-09 14:00"), "one hour ran on Friday; of the three left, two and a half are before noon");
        told.Lines.Select(l => l.Kind).ShouldContain(StretchKind.Paused);
        Calendar.Explain(new(4, LimitUnit.WorkHours), City("2026-03-06 16:00"), [new(City("2026-03-06 17:00"), null)]).Due.ShouldBeNull();
    }

    [Fact]
    public void The_lines_say_what_was_counted_and_which_days_were_free_and_why()
    {
        var told = Calendar.Explain(new(4, LimitUnit.WorkHours), City("2026-02-13 16:00"), []);
        told.Lines.Select(l => (l.Kind, l.Counted.TotalHours, l.Note)).ShouldBe(
            [(StretchKind.Counted, 1.5, ""), (StretchKind.Weekend, 0, ""), (StretchKind.Weekend, 0, ""), (StretchKind.Holiday, 0, "春节"), (StretchKind.Holiday, 0, "春节"), (StretchKind.Counted, 2.5, "")]);
        told.Warn.ShouldBe(City("2026-02-18 10:12"));
    }

    [Fact]
    public void Counted_lines_add_up_to_the_limit_and_never_lie_in_a_pause() =>
        Gen.Select(Units, Gen.Int[1, 30], Moments, Gen.Int[0, 3_000], Gen.Int[0, 5_000]).Sample((unit, amount, from, after, minutes) =>
        {
            var pause = new ClockPause(from.AddMinutes(after), from.AddMinutes(after + minutes));
            var told = Calendar.Explain(new(amount, unit), from, [pause]);
            told.Lines.Aggregate(TimeSpan.Zero, (sum, l) => sum + l.Counted).ShouldBe(told.Length);
            told.Lines.Where(l => l.Kind == StretchKind.Counted && told.Lines.Any(p => p.Kind == StretchKind.Paused)).ShouldAllBe(l => l.Until <= pause.From || l.From >= pause.Until);
            told.Lines.Zip(told.Lines.Skip(1)).ShouldAllBe(p => p.First.Until <= p.Second.From || p.First.Kind != StretchKind.Counted || p.Second.Kind != StretchKind.Counted);
            told.Warn!.Value.ShouldBeLessThanOrEqualTo(told.Due!.Value);
            (Calendar.Running(unit, from, told.Due.Value) - Calendar.Running(unit, pause.From, told.Due < pause.Until ? told.Due.Value : pause.Until!.Value)).ShouldBe(told.Length);
        }, iter: 400);

    [Fact]
    public void Hours_that_overlap_or_are_none_are_told()
    {
        Sources.SourceLimits.Read("08:30-12:00 11:00-13:00").Wrong.ShouldBe("11:00-13:00");
        Sources.SourceLimits.Read("").Wrong.ShouldBe("");
    }

    private static DateTimeOffset City(string text) => new(DateTime.ParseExact(text, "yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(8));
}
