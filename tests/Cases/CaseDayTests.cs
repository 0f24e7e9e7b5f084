// What the city decides by days: what is announced for later counts from then on, what ends was there, and today is today.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Finding;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class CaseDayTests
{
    private static readonly DateOnly First = new(2026, 1, 1);

    [Fact]
    public async Task A_class_announced_for_later_counts_from_its_day_and_one_that_ends_is_known_to_the_cases_that_have_it()
    {
        await using var city = new CaseCity();
        await city.InitializeAsync();
        var today = DateOnly.FromDateTime(DateTimeOffset.UtcNow.AddHours(8).DateTime);
        Task<HttpResponseMessage> Save(int hours, DateOnly? from = null, string name = "暴露垃圾", bool ends = false) => city.Bureau.PutAsJsonAsync(
            "/api/v1/case-classes", new { code = "0102", family = "市容环境", name, from, ends, limits = new Dictionary<string, object> { ["Ordinary"] = new { amount = hours, unit = "Hours" } } });
        async Task<int> Limit() => (await city.Detail(await city.Dispatched())).GetProperty("clocks").EnumerateArray().Last(c => !c.GetProperty("whole").GetBoolean()).GetProperty("limit").GetProperty("amount").GetInt32();

        (await Save(9, today.AddDays(10), "将来的名称")).EnsureSuccessStatusCode();
        (await Save(2)).EnsureSuccessStatusCode();
        (await Limit()).ShouldBe(2);
        var lines = (await Json(await city.Bureau.GetAsync("/api/v1/case-classes"))).EnumerateArray().Where(l => l.GetProperty("code").GetString() == "0102").ToList();
        (lines[0].GetProperty("name").GetString(), lines[0].GetProperty("validUntil").ValueKind).ShouldBe(("将来的名称", JsonValueKind.Null));
        lines[1].GetProperty("validUntil").GetString().ShouldBe($"{today.AddDays(10):yyyy-MM-dd}");

        var number = await city.Dispatched();
        (await city.Detail(number)).GetProperty("case").GetProperty("className").GetString().ShouldBe("暴露垃圾");
        (await Save(2, ends: true)).EnsureSuccessStatusCode();
        (await city.Detail(number)).GetProperty("case").GetProperty("className").GetString().ShouldBe("暴露垃圾");
        CaseCity.State(await Json(await city.Act(city.Bureau, number, "redispatch", new { reason = "换单位" }))).ShouldBe("dispatching");
        CaseCity.State(await Json(await city.Act(city.Bureau, number, "dispatch", new { unit = CaseCity.Water }))).ShouldBe("handling");
        (await Refusal(await city.Bureau.PostAsJsonAsync("/api/v1/cases", new { words = "路边有一堆垃圾", @class = "0102" }))).ShouldBe("CAS-006");
    }

    [Fact]
    public void A_line_holds_until_the_next_and_one_laid_over_it_leaves_what_is_before_and_after()
    {
        Validity.Begin(First, [First.AddDays(-5), First, First.AddDays(9), First.AddDays(4)]).ShouldBe(new(First, First.AddDays(4)));
        Validity.Begin(First, [First]).ShouldBe(new(First, null));
        var line = new Validity(First, First.AddDays(10));
        line.Without(new(First.AddDays(10), null)).ShouldBe([line]);
        line.Without(new(First.AddDays(3), First.AddDays(5))).ShouldBe([new(First, First.AddDays(3)), new(First.AddDays(5), First.AddDays(10))]);
        line.Without(new(First, null)).ShouldBeEmpty();
        new Validity(First, null).Without(new(First.AddDays(-1), First.AddDays(1))).ShouldBe([new(First.AddDays(1), null)]);
        new Validity(First, First).Without(new(First.AddDays(50), null)).ShouldBeEmpty("it holds on no day");
    }

    [Theory]
    [InlineData("SJ20240501-0000", "SJ20240501-000099999")]
    [InlineData("SJ2024", "SJ20249999-999999999")]
    [InlineData("S", "SJ99999999-999999999")]
    public void Numbers_that_begin_alike_end_with_the_greatest_of_digits_which_every_collation_orders_alike(string first, string most) => FindCases.Most(first).ShouldBe(most);

    [Fact]
    public void A_clock_that_stands_goes_on_standing_from_one_state_that_stands_to_the_next()
    {
        var text = PublishFlow.Shipped()
            .Replace("  verifying:  ", "  parked: { zh: 移交, en: Parked, clock: stand, waits: [handler] }\n  verifying:  ", StringComparison.Ordinal)
            .Replace("  resume:  ", "  park: { zh: 移交, en: Park, from: [held], to: parked, by: [handler] }\n  unpark: { zh: 收回, en: Unpark, from: [parked], to: handling, by: [handler] }\n  resume:  ", StringComparison.Ordinal);
        FlowText.Read(text, 1).Faults.ShouldBeEmpty();
        var desk = Town.Desk with { Flows = new Dictionary<int, CaseFlow> { [1] = FlowText.Read(text, 1).Flow! } };
        var (whole, at) = (Town.Reported().After, Town.Monday);
        foreach (var (act, who, fields) in new (string, Actor, (string, string)[])[]
        {
            ("accept", Town.Bureau, [("class", "0102")]), ("file", Town.Bureau, []), ("dispatch", Town.Bureau, [("unit", Town.Units[0].ToString())]),
            ("ask-hold", Town.Handlers[0], [("reason", "缺件")]), ("grant-hold", Town.Bureau, []), ("park", Town.Handlers[0], []), ("unpark", Town.Handlers[0], []),
        })
        {
            at = at.AddMinutes(10);
            var taken = Decide.Take(whole, new(act, fields.ToDictionary(f => f.Item1, f => f.Item2, StringComparer.Ordinal)), null, who, desk, at);
            taken.Refused.ShouldBeFalse($"{act}: {taken.Problem}");
            whole = taken.Value.After;
        }

        // Four working hours from 9:30, of which it stood for twenty minutes.
        (whole.File.State, whole.Stage!.Pauses.Count).ShouldBe(("handling", 1));
        whole.File.DueAt.ShouldBe(Clocks.Explain(whole.Stage, desk.Calendar).Due);
        (whole.Stage.Pauses[0].Until - whole.Stage.Pauses[0].From).ShouldBe(TimeSpan.FromMinutes(20));
    }
}
