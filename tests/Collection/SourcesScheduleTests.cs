using CsCheck;
using Lizhou.Collection.Sources;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Collection.Tests;

public sealed class SourcesScheduleTests
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly WorkCalendar Calendar = new([], new SpecialDay[]
    {
        new(new(2026, 2, 16), false, ""), new(new(2026, 2, 28), true, ""), new(new(2026, 10, 1), false, ""), new(new(2026, 10, 10), true, ""),
    }.ToDictionary(d => d.Day), new SourceLimits().Office);

    private static readonly string[] Lines = ["*/5 * * * *", "0 * * * *", "30 2 * * *", "15 */6 * * *", "0 8,20 * * *", "7 3 * * 1"];

    private static readonly Gen<string> Crons = Gen.Int[0, Lines.Length - 1].Select(i => Lines[i]);

    private static readonly Gen<TimeOnly?> Times = Gen.Int[-400, 1439].Select(m => m < 0 ? (TimeOnly?)null : TimeOnly.MinValue.AddMinutes(m));

    private static readonly Gen<Schedule> Schedules =
        Gen.Select(Crons, Gen.Bool, Gen.Bool, Times, Times).Select((c, work, end, first, last) => new Schedule(c, work, end, first, last));

    private static readonly Gen<DateTimeOffset> Moments = Gen.Int[0, 60 * 24 * 365].Select(m => Epoch.AddMinutes(m));

    [Fact]
    public void A_source_is_never_due_on_a_day_or_hour_its_schedule_excludes() =>
        Gen.Select(Schedules, Moments).Sample((schedule, from) =>
        {
            if (schedule.Next(from, Calendar) is not { } due)
            {
                return;
            }

            var local = due.ToOffset(TimeSpan.FromHours(8));
            var day = DateOnly.FromDateTime(local.DateTime);
            due.ShouldBeGreaterThan(from);
            due.Offset.ShouldBe(TimeSpan.Zero);
            (!schedule.WorkdaysOnly || Calendar.Works(day)).ShouldBeTrue();
            (!schedule.MonthEndOnly || NoLaterDayOfTheMonthFits(schedule, day)).ShouldBeTrue();
            Allows(schedule, TimeOnly.FromDateTime(local.DateTime)).ShouldBeTrue();
        }, iter: 400);

    [Fact]
    public void Nothing_due_is_passed_over() =>
        Gen.Select(Crons, Gen.Bool, Times, Times, Moments).Sample((cron, work, first, last, from) =>
        {
            var schedule = new Schedule(cron, work, false, first, last);
            var plain = new Schedule(cron);
            var next = schedule.Next(from, Calendar);
            var at = from;
            for (var i = 0; i < 200 && plain.Next(at, Calendar) is { } due && due < (next ?? DateTimeOffset.MaxValue); i++)
            {
                var local = due.ToOffset(TimeSpan.FromHours(8));
                (Allows(schedule, TimeOnly.FromDateTime(local.DateTime)) && (!work || Calendar.Works(DateOnly.FromDateTime(local.DateTime)))).ShouldBeFalse();
                at = due;
            }
        }, iter: 300);

    [Fact]
    public void A_later_start_is_never_due_earlier() =>
        Gen.Select(Schedules, Moments, Gen.Int[0, 5000]).Sample((schedule, from, later) =>
            (schedule.Next(from.AddMinutes(later), Calendar) ?? DateTimeOffset.MaxValue).ShouldBeGreaterThanOrEqualTo(schedule.Next(from, Calendar) ?? DateTimeOffset.MaxValue), iter: 300);

    [Fact]
    public void Half_past_two_is_half_past_two_in_the_city() =>
        new Schedule("30 2 * * *").Next(new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero), Calendar).ShouldBe(new DateTimeOffset(2026, 11, 24, 18, 30, 0, TimeSpan.Zero));

    // The State Council's notices give 248 workdays to 2025 as well as to 2026: 261 weekdays, fewer the free ones, more the worked weekend days.
    [Theory]
    [InlineData(2025, 248)]
    [InlineData(2026, 248)]
    public async Task The_calendar_has_the_workdays_of_the_years_notice(int year, int workdays)
    {
        await using var house = await SourceHouse.Open();
        await using var db = new SourcesDb(house.Services.GetRequiredService<StateStore>());
        var calendar = await db.Calendar(TestContext.Current.CancellationToken);
        var days = Enumerable.Range(0, 365).Select(new DateOnly(year, 1, 1).AddDays).ToList();
        days.Count(calendar.Works).ShouldBe(workdays);
        calendar.Days.ShouldAllBe(e => e.Value.Works == (e.Key.DayOfWeek == DayOfWeek.Saturday || e.Key.DayOfWeek == DayOfWeek.Sunday), "an exception is a weekday that is free or a weekend day that is worked");
    }

    [Fact]
    public void The_last_workday_of_february_2026_is_a_worked_saturday()
    {
        var due = new Schedule("0 9 * * *", WorkdaysOnly: true, MonthEndOnly: true).Next(new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), Calendar)!.Value;
        due.ToOffset(TimeSpan.FromHours(8)).Date.ShouldBe(new DateTime(2026, 2, 28));
    }

    [Fact]
    public void A_window_may_span_midnight()
    {
        var schedule = new Schedule("0 * * * *", NotBefore: new(22, 0), NotAfter: new(3, 0));
        var day = new DateOnly(2026, 11, 24);
        schedule.On(day, WorkCalendar.Plain).Select(d => d.ToOffset(TimeSpan.FromHours(8)).Hour).ShouldBe([0, 1, 2, 3, 22, 23]);
    }

    [Theory]
    [InlineData("31 2 30 2 *")]
    public void A_schedule_that_never_fires_says_so(string cron) => new Schedule(cron).Next(Epoch, Calendar).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("61 * * * *")]
    [InlineData("rm -rf")]
    [InlineData("0 0 31 2 *")]
    public void A_wrong_cron_line_is_a_fault(string cron) => new Schedule(cron).Check().ShouldNotBeEmpty();

    [Fact]
    public void Silence_beyond_the_update_cycle_is_overdue_and_a_pause_is_not()
    {
        var source = new Source { CreatedAt = Epoch, LastDataAt = Epoch };
        Healths.Of(source, UpdateCycle.Daily, Epoch.AddHours(30)).ShouldBe(Health.Fresh);
        Healths.Of(source, UpdateCycle.Daily, Epoch.AddHours(37)).ShouldBe(Health.Overdue);
        Healths.Of(source, UpdateCycle.Irregular, Epoch.AddYears(9)).ShouldBe(Health.Fresh);
        source.State = SourceState.Paused;
        Healths.Of(source, UpdateCycle.Daily, Epoch.AddDays(9)).ShouldBe(Health.Paused);
    }

    [Fact]
    public void A_failing_source_rests_longer_each_time_but_never_beyond_six_hours() =>
        Gen.Int[1, 60].Sample(failures =>
        {
            var pause = Healths.NextAfterFailure(failures, Epoch) - Epoch;
            pause.ShouldBeInRange(TimeSpan.FromMinutes(1), TimeSpan.FromHours(6));
            (Healths.NextAfterFailure(failures + 1, Epoch) - Epoch).ShouldBeGreaterThanOrEqualTo(pause);
        });

    private static bool Allows(Schedule schedule, TimeOnly time)
    {
        var (first, last) = (schedule.NotBefore ?? TimeOnly.MinValue, schedule.NotAfter ?? TimeOnly.MaxValue);
        return schedule.NotBefore is { } && schedule.NotAfter is { } && first > last ? time >= first || time <= last : time >= first && time <= last;
    }

    private static bool NoLaterDayOfTheMonthFits(Schedule schedule, DateOnly day) =>
        !Enumerable.Range(1, DateTime.DaysInMonth(day.Year, day.Month) - day.Day).Select(day.AddDays).Any(d => !schedule.WorkdaysOnly || Calendar.Works(d));

    [Theory]
    [InlineData("2026-02-13 16:30", "2026-02-17 09:30", 2)] // over a weekend and a free Monday
    [InlineData("2026-02-27 16:30", "2026-02-28 10:00", 2.5)] // into a Saturday that is worked
    [InlineData("2026-03-03 12:10", "2026-03-03 13:50", 0)] // at noon
    [InlineData("2026-03-03 11:00", "2026-03-03 15:00", 2)] // around it
    [InlineData("2026-03-02 00:00", "2026-03-09 00:00", 35)] // a week
    [InlineData("2026-03-03 15:00", "2026-03-03 11:00", 0)] // ends before it begins
    public void Office_hours_are_those_of_days_that_are_worked(string from, string until, double hours) =>
        Calendar.Running(LimitUnit.WorkHours, City(from), City(until)).TotalHours.ShouldBe(hours);

    [Theory]
    [InlineData("8-12")]
    [InlineData("08:30-12:00 11:00-17:30")]
    [InlineData("17:30-08:30")]
    public async Task Wrong_office_hours_are_told_when_the_program_starts(string hours)
    {
        var folder = Directory.CreateTempSubdirectory("lizhou-hours-").FullName;
        try
        {
            var start = new System.Diagnostics.ProcessStartInfo("dotnet", [RunningCity.HostDll, "serve", "--data", folder, "--urls", ""]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.Environment["Sources__OfficeHours"] = hours;
            using var host = System.Diagnostics.Process.Start(start)!;
            var (said, failed) = (host.StandardOutput.ReadToEndAsync(), host.StandardError.ReadToEndAsync());
            using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            try
            {
                await host.WaitForExitAsync(bound.Token);
            }
            finally
            {
                host.Kill();
            }

            host.ExitCode.ShouldBe(1);
            (await said + await failed).ShouldContain("SRC-054");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static DateTimeOffset City(string text) => new(DateTime.ParseExact(text, "yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(8));
}
