// The work calendar through the program's door: a plan and a free day change deadlines from then on.
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Tests;

namespace Lizhou.Cases.Tests;

public sealed class WorkCalendarDoorTests
{
    [Fact]
    public async Task A_plan_and_a_special_day_change_the_deadlines_counted_from_then_on_and_only_the_bureau_sets_them()
    {
        await using var county = new County();
        await county.Open();
        using var bureau = await county.As(Roles.Engineer);
        var monday = Enumerable.Range(400, 7).Select(d => DateOnly.FromDateTime(DateTime.UtcNow).AddDays(d)).First(d => d.DayOfWeek == DayOfWeek.Monday);
        async Task<string> Due() => (await County.Json(await bureau.PostAsJsonAsync("/api/v1/calendar/deadline", new { from = monday.AddDays(-3).At(new(16, 0)), amount = 4, unit = "WorkHours" })))
            .GetProperty("due").GetDateTimeOffset().Shown();

        (await Due()).ShouldBe($"{monday:yyyy-MM-dd} 11:00");
        var plan = new { name = "测试方案", from = monday, days = new[] { 1, 2, 3, 4, 5 }, hours = "10:00-12:00 13:30-17:30" };
        (await County.Json(await bureau.PostAsJsonAsync("/api/v1/calendar/plans", plan))).GetProperty("days")[0].GetString().ShouldBe("Monday", "days are told by name, numbers are read");
        (await Due()).ShouldBe($"{monday:yyyy-MM-dd} 14:00");
        (await bureau.PutAsJsonAsync("/api/v1/calendar/days", new { day = monday, works = false, name = "测试假日" })).EnsureSuccessStatusCode();
        (await Due()).ShouldBe($"{monday.AddDays(1):yyyy-MM-dd} 14:00");

        // Hours of a summer end, and what held before holds again; one that begins later stands where another without an end is set before it.
        async Task<string> At(int days) => (await County.Json(await bureau.PostAsJsonAsync("/api/v1/calendar/deadline", new { from = monday.AddDays(days).At(new(7, 0)), amount = 1, unit = "WorkHours" }))).GetProperty("due").GetDateTimeOffset().Shown()[^5..];
        (await bureau.PostAsJsonAsync("/api/v1/calendar/plans", new { name = "夏季", from = monday.AddDays(7), until = monday.AddDays(14), days = new[] { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday" }, hours = "08:00-12:00" })).EnsureSuccessStatusCode();
        (await At(1), await At(8), await At(15)).ShouldBe(("11:00", "09:00", "11:00"));
        (await bureau.PostAsJsonAsync("/api/v1/calendar/plans", new { name = "提前", from = monday.AddDays(2), days = new[] { 1, 2, 3, 4, 5 }, hours = "11:00-12:00" })).EnsureSuccessStatusCode();
        (await At(1), await At(3), await At(8), await At(15)).ShouldBe(("11:00", "12:00", "09:00", "11:00"));

        (await County.Refusal(await bureau.PutAsJsonAsync("/api/v1/calendar/days", new { day = "2026-01-01", works = true, name = "不可" }))).ShouldBe("CAL-002");
        (await County.Refusal(await bureau.PostAsJsonAsync("/api/v1/calendar/plans", plan with { hours = "12:00-10:00" }))).ShouldBe("KRN-001");
        (await County.Refusal(await bureau.PostAsJsonAsync("/api/v1/calendar/deadline", new { from = DateTimeOffset.UtcNow, amount = 0, unit = "WorkHours" }))).ShouldBe("KRN-001");
        (await (await bureau.GetAsync($"/calendar?year={monday.Year}&from={monday.AddDays(-3):yyyy-MM-dd}T16:00&amount=4&unit=WorkHours")).Content.ReadAsStringAsync()).ShouldContain("测试假日");
        using var auditor = await county.As(Roles.AuditAdministrator);
        ((int)(await auditor.GetAsync("/api/v1/calendar/plans")).StatusCode).ShouldBe(403);
        (await (await auditor.GetAsync("/api/v1/ledger/entries?act=calendar.plan")).Content.ReadAsStringAsync()).ShouldContain("测试方案");
    }
}
