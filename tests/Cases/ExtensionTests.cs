// 延期: hours of an extension are office hours, whatever they extend; told line by line and one by one; what was granted before that was so stays as it was. The whole case holds the handling.
using System.Text.Json;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Finding;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Cases.Tests;

public sealed class ExtensionTests
{
    private static readonly DateTimeOffset Friday = At(6, 9);
    private Desk desk = Town.Desk;

    [Fact]
    public void An_extension_of_a_limit_in_natural_hours_is_in_office_hours_from_where_it_ended()
    {
        var asked = Take(Handled(Class(new(8, LimitUnit.Hours))), "ask-delay", Town.Handlers[0], Friday.AddHours(1), ("hours", "5"), ("reason", "下雨"));
        asked.File.DueAt.ShouldBe(At(6, 17));
        var granted = Take(asked, "grant-delay", Town.Bureau, Friday.AddHours(2));
        // Half an hour on Friday, three and a half on Monday morning, one more in the afternoon.
        granted.File.DueAt.ShouldBe(At(9, 15));
        var told = Clocks.Explain(granted.Stage!, WorkCalendar.Plain);
        (told.Due, told.Length).ShouldBe((At(9, 15), TimeSpan.FromHours(13)));
        told.Lines.Aggregate(TimeSpan.Zero, (sum, l) => sum + l.Counted).ShouldBe(told.Length);
        told.Lines.Select(l => l.Kind).ShouldContain(StretchKind.Weekend);
    }

    [Theory]
    [InlineData(10)] // within the limit
    [InlineData(33)] // within the extension
    public void A_hold_moves_an_extended_deadline_by_what_was_left(int hours)
    {
        var extended = Take(Take(Handled(Class(new(30, LimitUnit.Hours))), "ask-delay", Town.Handlers[0], At(2, 10), ("hours", "6"), ("reason", "下雨")), "grant-delay", Town.Bureau, At(2, 10));
        extended.File.DueAt.ShouldBe(At(4, 12), "15:00 on Tuesday, and six hours of offices");
        var held = Take(Take(extended, "ask-hold", Town.Handlers[0], At(2, 9).AddHours(hours), ("reason", "缺件")), "grant-hold", Town.Bureau, At(2, 9).AddHours(hours));
        var left = held.Stage!.LeftOver!.Value;
        var back = Take(held, "resume", Town.Handlers[0], At(12, 9));
        var told = Clocks.Explain(back.Stage!, WorkCalendar.Plain);
        told.Due.ShouldBe(back.File.DueAt);
        told.Lines.Aggregate(TimeSpan.Zero, (sum, l) => sum + l.Counted).ShouldBe(TimeSpan.FromHours(36));
        told.Lines.Where(l => l.From >= At(12, 9)).Aggregate(TimeSpan.Zero, (sum, l) => sum + l.Counted).ShouldBe(left);
        told.Lines.Select(l => l.Kind).ShouldContain(StretchKind.Paused);
    }

    [Fact]
    public void An_extension_granted_in_natural_hours_before_stays_so_even_after_a_hold()
    {
        var whole = Handled(Class(new(8, LimitUnit.Hours)));
        var (due, warn) = (whole.File.DueAt!.Value.AddHours(5), whole.File.WarnAt);
        var old = JsonSerializer.Deserialize<ClockSet>($$"""{"change":"Extended","limit":{"amount":8,"unit":"Hours"},"extra":"05:00:00","due":"{{due:O}}","warn":"{{warn:O}}"}""", CasesDb.Json)!;
        var told = Decide.Told(whole, "log", new("", ""), Friday.AddHours(1)).Events[0];
        whole = Project.After(whole, told with { Detail = told.Detail with { Effects = ["delay"], Stage = old } });
        whole.File.DueAt.ShouldBe(due);
        var back = Take(Take(Take(whole, "ask-hold", Town.Handlers[0], Friday.AddHours(2), ("reason", "缺件")), "grant-hold", Town.Bureau, Friday.AddHours(2)), "resume", Town.Handlers[0], Friday.AddHours(4));
        back.File.DueAt.ShouldBe(due.AddHours(2));
        Clocks.Explain(back.Stage!, WorkCalendar.Plain).Due.ShouldBe(due.AddHours(2));
    }

    [Fact]
    public void The_whole_case_has_at_least_the_time_of_its_handling_and_the_other_stages_unless_its_flow_is_from_before()
    {
        var slow = Class(new(20, LimitUnit.Workdays));
        var whole = Handled(slow);
        whole.File.DueAt!.Value.ShouldBeLessThan(whole.File.WholeDue!.Value, "who is in time is not late by the whole");
        (whole.WholeClock!.Limit, whole.WholeClock.DueAt).ShouldBe((new(22, LimitUnit.Workdays), WorkCalendar.Plain.Due(new(22, LimitUnit.Workdays), Town.Monday).Due));
        Handled(Class(new(4, LimitUnit.WorkHours))).WholeClock!.Limit.ShouldBe(new(15, LimitUnit.Workdays));

        var before = FlowText.Read(PublishFlow.Shipped().Replace("at-least: stages", "", StringComparison.Ordinal), 1).Flow!;
        var pinned = Handled(slow with { Flows = new Dictionary<int, CaseFlow> { [1] = before } });
        (pinned.WholeClock!.Limit, Clocks.IsBeyond(pinned.File.DueAt, pinned.File.WholeDue)).ShouldBe((new(15, LimitUnit.Workdays), true));
        var few = WholeLimit.TooShort(before, slow.Classes.Values, WorkCalendar.Plain).Single();
        (few.Class.Code, few.Needed).ShouldBe(("0102", new(22, LimitUnit.Workdays)));
        WholeLimit.TooShort(slow.Flow, slow.Classes.Values, WorkCalendar.Plain).ShouldBeEmpty();
    }

    [Fact]
    public void What_was_asked_for_is_withdrawn_by_who_asked_and_the_clock_goes_on()
    {
        foreach (var ask in new[] { "ask-delay", "ask-hold", "ask-return" })
        {
            var whole = Handled(Town.Desk);
            var asked = Take(whole, ask, Town.Handlers[0], Friday.AddMinutes(10), ("hours", "3"), ("reason", "下雨"));
            Decide.Take(asked, new("withdraw", new Dictionary<string, string>()), null, Town.Stranger, Town.Desk, Friday.AddMinutes(20)).Problem!.Code.ShouldBe("CAS-003");
            var back = Take(asked, "withdraw", Town.Handlers[0], Friday.AddMinutes(20));
            (back.File.State, back.File.DueAt, back.File.Delays, back.File.Holds, back.File.Returns).ShouldBe(("handling", whole.File.DueAt, 0, 0, 0), ask);
            Take(back, "feedback", Town.Handlers[0], Friday.AddMinutes(30), ("result", "好了")).File.State.ShouldBe("verifying");
        }
    }

    [Fact]
    public void The_reporter_is_found_satisfied_once_a_closing()
    {
        CaseWhole Closed(CaseWhole whole) => Take(Take(Take(whole, "feedback", Town.Handlers[0], Friday, ("result", "好了")), "verified", Town.Other, Friday, ("result", "已核实")), "close", Town.Other, Friday);
        var asked = Take(Closed(Handled(Town.Desk)), "satisfied", Town.Other, Friday);
        Decide.Take(asked, new("satisfied", new Dictionary<string, string>()), null, Town.Other, Town.Desk, Friday).Problem!.Code.ShouldBe("CAS-004");
        // The engine's own: flows published before have no such guard.
        var before = Town.Desk with { Flows = new Dictionary<int, CaseFlow> { [1] = FlowText.Read(PublishFlow.Shipped().Replace(", not-visited", "", StringComparison.Ordinal), 1).Flow! } };
        Decide.Take(asked, new("satisfied", new Dictionary<string, string>()), null, Town.Other, before, Friday).Problem!.Code.ShouldBe("CAS-004");
        var again = Take(Take(asked, "unsatisfied", Town.Other, Friday, ("reason", "又脏了")), "dispatch", Town.Bureau, Friday, ("unit", $"{Town.Units[0]}"));
        Take(Closed(again), "satisfied", Town.Other, Friday).File.Visited.ShouldBeTrue();
    }

    [Fact]
    public void The_loop_a_case_stands_in_has_a_clock_of_its_own_beside_those_of_its_stages()
    {
        List<CaseEvent> events = [.. Town.Reported(Town.Village).Events];
        void Then(string act, Actor by, DateTimeOffset at, params (string, string)[] fields) => events.AddRange(Town.Take(Project.Replay(events), act, by, at, fields).Value.Events);
        Then("raise", Town.Bureau, At(2, 15), ("reason", "需上级统筹"));
        var clocks = LoopClocks.Of(events, Town.Desk, new(Town.Desk.Calendar, []));
        clocks.Select(c => (c.Loop, c.Limit, c.EndedAt, c.Met)).ShouldBe([(Loop.Micro, new(2, LimitUnit.Workdays), At(2, 15), true), (Loop.Small, new(5, LimitUnit.Workdays), null, null)]);
        clocks[1].DueAt.ShouldBe(Project.Replay(events).File.StayUntil);
        clocks[1].Explained.Due.ShouldBe(clocks[1].DueAt);
        Then("whistle", Town.Bureau, At(2, 16), ("reason", "请部门到场"));
        LoopClocks.Of(events, Town.Desk, new(Town.Desk.Calendar, [])).Select(c => (c.Loop, c.Met)).ShouldBe([(Loop.Micro, true), (Loop.Small, true)], "the large loop has no limit, and so no clock");
    }

    private static Desk Class(TimeLimit limit) => Town.Desk with
    {
        Classes = new Dictionary<string, Classes.CaseClass> { ["0102"] = Town.Desk.Classes["0102"] with { Limits = new Dictionary<Grade, TimeLimit> { [Grade.Ordinary] = limit } } },
        Known = new Dictionary<string, Classes.CaseClass> { ["0102"] = Town.Desk.Classes["0102"] with { Limits = new Dictionary<Grade, TimeLimit> { [Grade.Ordinary] = limit } } },
    };

    /// <summary>Reported, accepted and filed on Monday the 2nd at nine; the limit of the handling begins then, or on Friday.</summary>
    private CaseWhole Handled(Desk by)
    {
        desk = by;
        var at = desk.Classes["0102"].Limits[Grade.Ordinary] is { Unit: LimitUnit.Hours, Amount: 8 } ? Friday : Town.Monday;
        return Take(Take(Take(Town.Reported(by: by).After, "accept", Town.Bureau, at, ("class", "0102")), "file", Town.Bureau, at), "dispatch", Town.Bureau, at, ("unit", $"{Town.Units[0]}"));
    }

    private CaseWhole Take(CaseWhole whole, string act, Actor actor, DateTimeOffset at, params (string Name, string Value)[] fields)
    {
        var taken = Decide.Take(whole, new(act, fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal)), null, actor, desk, at);
        taken.Problem?.What.En.ShouldBeNull();
        return taken.Value.After;
    }

    private static DateTimeOffset At(int day, int hour, int minute = 0) => new DateTimeOffset(2026, 3, day, hour, minute, 0, TimeSpan.FromHours(8)).ToUniversalTime();
}
