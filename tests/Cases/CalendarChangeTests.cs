// The work calendar changes while cases are under way: deadlines that were set stay, and are told by the calendar they were set by; what is set from then on goes by the new one. Questions with a typo are refused by its name.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Cases.Acting;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class CalendarChangeTests(CaseCity city) : CalendarChange(city), IClassFixture<CaseCity>;

public sealed class CalendarChangeTestsOnPostgreSql(PostgresCaseCity city) : CalendarChange(city), IClassFixture<PostgresCaseCity>;

public abstract class CalendarChange(CaseCity city)
{
    [Fact]
    public async Task A_deadline_set_before_the_calendar_changed_is_told_by_the_calendar_of_then_and_says_which_day_changed()
    {
        var number = await city.Dispatched();
        var before = Whole(await city.Detail(number));
        var counted = before.GetProperty("explained").GetProperty("lines").EnumerateArray().Where(l => l.GetProperty("kind").GetString() == "Counted").Select(l => DateOnly.FromDateTime(l.GetProperty("from").GetDateTimeOffset().InCity().DateTime)).Distinct().ToList();
        var day = counted[counted.Count / 2];
        (await city.Bureau.PutAsJsonAsync("/api/v1/calendar/days", new { day, works = false, name = "临时停工" })).EnsureSuccessStatusCode();
        city.Services.GetRequiredService<DeskBook>().Forget();

        var detail = await city.Detail(number);
        foreach (var clock in detail.GetProperty("clocks").EnumerateArray().Where(c => c.GetProperty("dueAt").ValueKind != JsonValueKind.Null))
        {
            clock.GetProperty("explained").GetProperty("due").GetDateTimeOffset().ShouldBe(clock.GetProperty("dueAt").GetDateTimeOffset(), clock.GetProperty("stage").GetString());
        }

        var after = Whole(detail);
        after.GetProperty("explained").GetRawText().ShouldBe(before.GetProperty("explained").GetRawText());
        after.GetProperty("calendarChanged").GetString().ShouldBe($"时限设定后工作日历已改（{day:yyyy-MM-dd} 临时停工）；时限不变，按当时的日历计算。");
        before.GetProperty("calendarChanged").ValueKind.ShouldBe(JsonValueKind.Null);
        (await city.Bureau.GetStringAsync($"/cases/{number}")).ShouldContain("时限设定后工作日历已改");

        var newer = Whole(await city.Detail(await city.Dispatched()));
        newer.GetProperty("calendarChanged").ValueKind.ShouldBe(JsonValueKind.Null);
        newer.GetProperty("explained").GetProperty("lines").EnumerateArray().ShouldContain(l => l.GetProperty("note").GetString() == "临时停工");

        // A hold counts what is left by the calendar of its end, and the lines end where the deadline does.
        await Json(await city.Act(city.Cleaner, number, "ask-hold", new { reason = "缺件" }));
        await Json(await city.Act(city.Bureau, number, "grant-hold"));
        await Json(await city.Act(city.Bureau, number, "resume"));
        var resumed = Whole(await city.Detail(number));
        resumed.GetProperty("explained").GetProperty("due").GetDateTimeOffset().ShouldBe(resumed.GetProperty("dueAt").GetDateTimeOffset());
        resumed.GetProperty("explained").GetProperty("lines").EnumerateArray().ShouldContain(l => l.GetProperty("note").GetString() == "临时停工");

        // A plan of other hours changes it as a day does.
        var plan = new { name = "短日", from = day.AddDays(1), days = new[] { 1, 2, 3, 4, 5 }, hours = "10:00-12:00" };
        await Json(await city.Bureau.PostAsJsonAsync("/api/v1/calendar/plans", plan));
        city.Services.GetRequiredService<DeskBook>().Forget();
        var held = Whole(await city.Detail(number));
        held.GetProperty("explained").GetRawText().ShouldBe(resumed.GetProperty("explained").GetRawText());
    }

    [Theory]
    [InlineData("/api/v1/cases/assessment?class=zz", "class")]
    [InlineData("/api/v1/cases/assessment?node=zz", "node")]
    [InlineData("/api/v1/cases/assessment?from=2026-02-01&to=2026-01-01", "to")]
    [InlineData("/api/v1/cases/measures?class=zz", "class")]
    [InlineData("/api/v1/cases/measures?from=2026-02-01&to=2026-01-01", "to")]
    [InlineData("/api/v1/cases/dispatch/what-if?from=2026-02-01&to=2026-01-01", "to")]
    [InlineData("/api/v1/cases/replay", "day")]
    public async Task A_question_about_what_there_is_not_or_a_period_that_ends_before_it_begins_is_refused_by_its_field(string address, string field)
    {
        using var answer = await city.Bureau.GetAsync(new Uri(address, UriKind.Relative));
        ((int)answer.StatusCode).ShouldBe(400);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        problem.GetProperty("code").GetString().ShouldBe("CAS-006");
        problem.GetProperty("faults")[0].GetProperty("field").GetString().ShouldBe(field);
    }

    private static JsonElement Whole(JsonElement detail) => detail.GetProperty("clocks").EnumerateArray().Single(c => c.GetProperty("whole").GetBoolean());
}
