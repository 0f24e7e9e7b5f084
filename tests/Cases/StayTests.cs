// What sends a case up by itself beside rework and refusal: how long it stood in its loop, by the work calendar and without holds; its grade; a town's whistle.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class StayTests
{
    private static readonly DateTimeOffset Friday = new(2026, 3, 6, 16, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public void A_case_of_a_village_stands_two_working_days_and_then_goes_up_to_its_town_and_to_the_city_five_later()
    {
        var whole = Reported(Town.Village);
        var tuesday = new DateTimeOffset(2026, 3, 10, 17, 30, 0, TimeSpan.FromHours(8));
        (whole.File.Loop, whole.File.StayUntil).ShouldBe((Loop.Micro, tuesday), "Monday and Tuesday, to the closing");
        Climbs(whole, tuesday).ShouldBeNull("at the limit it may still stand");
        var up = Climbs(whole, tuesday.AddSeconds(1)).ShouldNotBeNull();
        (up.After.File.Loop, up.After.File.Node, up.After.File.LoopAt).ShouldBe((Loop.Small, Town.Street, tuesday.AddSeconds(1)));
        up.Events.Single().Reason.ShouldBe("在微循环停留超过 2 工作日");
        var later = new DateTimeOffset(2026, 3, 17, 17, 30, 0, TimeSpan.FromHours(8));
        up.After.File.StayUntil.ShouldBe(later);
        var top = Climbs(up.After, later.AddSeconds(1)).ShouldNotBeNull().After;
        (top.File.Loop, top.File.Node, top.File.StayUntil).ShouldBe((Loop.Large, Town.Centre, null));
        Climbs(top, later.AddYears(1)).ShouldBeNull("there is no loop above");
        Stays.LightAt(top.File, Town.Desk, later).ShouldBeNull();
    }

    [Fact]
    public void How_long_it_may_still_stand_has_a_light_as_a_stage_has()
    {
        var file = Reported(Town.Village).File;
        Light? At(int day, int hour, int minute = 0) => Stays.LightAt(file, Town.Desk, new DateTimeOffset(2026, 3, day, hour, minute, 0, TimeSpan.FromHours(8)));
        (At(9, 9), At(10, 11), At(10, 16, 30), At(10, 17, 31)).ShouldBe((Light.Green, Light.Green, Light.Yellow, Light.Red));
    }

    [Fact]
    public void A_hold_does_not_count_what_has_ended_stands_nowhere_and_what_is_sent_down_begins_anew()
    {
        var whole = Took(Took(Took(Reported(Town.Street), "accept", Town.Bureau, ("class", "0102")), "file", Town.Bureau), "dispatch", Town.Bureau, ("unit", $"{Town.Units[0]}"));
        var until = whole.File.StayUntil!.Value;
        whole = Took(Took(whole, "ask-hold", Town.Handlers[0], ("reason", "等待配件")), "grant-hold", Town.Bureau);
        whole.File.StayUntil.ShouldBeNull();
        Climbs(whole, until.AddYears(1)).ShouldBeNull();
        whole = Town.Take(whole, "resume", Town.Handlers[0], Friday.AddDays(7)).Value.After;
        whole.File.StayUntil.ShouldBe(until.AddDays(7), "a week on hold is a week more");
        Took(whole, "redispatch", Town.Bureau, ("reason", "换单位")).File.StayUntil.ShouldBe(until.AddDays(7), "another stage is no other loop");

        var below = Town.Take(whole, "lower", Town.Bureau, Friday.AddDays(10), ("node", Town.Village), ("reason", "村里能办")).Value.After;
        (below.File.Loop, below.File.LoopAt).ShouldBe((Loop.Micro, Friday.AddDays(10).ToUniversalTime()));
        var done = Took(Took(below, "feedback", Town.Handlers[0], ("result", "好了")), "verified", Town.Other, ("result", "已核实"));
        Took(done, "close", Town.Other).File.StayUntil.ShouldBeNull();
    }

    [Fact]
    public void A_larger_grade_sends_a_case_to_the_city_and_so_does_the_whistle_of_a_town_with_its_reason()
    {
        Took(Reported(Town.Street), "accept", Town.Bureau, ("class", "0102"), ("grade", "Ordinary")).File.Loop.ShouldBe(Loop.Small);
        Took(Reported(Town.Village), "accept", Town.Bureau, ("class", "0102"), ("grade", "Larger")).File.Loop.ShouldBe(Loop.Large);
        Town.Take(Reported(Town.Village), "whistle", Town.Bureau, Friday, ("reason", "请部门到场")).Problem!.Code.ShouldBe("CAS-004", "a village asks its town");
        Town.Take(Reported(Town.Street), "whistle", Town.Bureau, Friday).Problem!.Code.ShouldBe("CAS-005");
        var blown = Took(Reported(Town.Street), "whistle", Town.Bureau, ("reason", "请部门到场"));
        (blown.File.Loop, blown.File.Node, blown.File.State).ShouldBe((Loop.Large, Town.Centre, "reported"));
    }

    [Theory]
    [InlineData("micro: 2 workdays", "micro: soon", "“soon” is no limit.")]
    [InlineData("grade: Larger", "grade: Huge", "“Huge” is unknown.")]
    [InlineData("grade: Larger", "grade: \"1\"", "“1” is unknown.")]
    [InlineData("small: 5 workdays", "large: 5 workdays", "“large” is unknown.")]
    public void A_rule_that_means_nothing_is_told(string text, string instead, string what) =>
        FlowText.Read(PublishFlow.Shipped().Replace(text, instead, StringComparison.Ordinal), 2).Faults.ShouldContain(f => f.What.En == what);

    [Fact]
    public void A_flow_that_says_nothing_of_it_lets_cases_stand()
    {
        var flow = FlowText.Read(PublishFlow.Shipped().Replace(", grade: Larger, micro: 2 workdays, small: 5 workdays", "", StringComparison.Ordinal), 2).Flow!;
        Stays.Told(CaseWhole.None, Town.Reported(Town.Village).Events, flow, Town.Desk).After.File.StayUntil.ShouldBeNull();
    }

    private static CaseWhole Reported(string place)
    {
        var told = new Reported("SJ20260306-000001", place, CaseSource.Hotline, "路边有垃圾", "", null, null, true);
        return Decide.Report(Guid.NewGuid(), told, null, null, Town.Bureau, Town.Desk, Friday, Friday).After;
    }

    private static CaseWhole Took(CaseWhole whole, string act, Actor actor, params (string, string)[] fields) => Town.Take(whole, act, actor, whole.File.LastAt, fields).Value.After;

    private static Decided? Climbs(CaseWhole whole, DateTimeOffset now) => Stays.Climbs(whole, Town.Desk.Flow, Town.Desk, now.ToUniversalTime());
}

public abstract class StayRounds<TCity>
    where TCity : CaseCity, new()
{
    [Fact]
    public async Task A_case_that_stood_too_long_is_up_a_loop_once_and_its_events_tell_the_same()
    {
        await using var city = new TCity();
        await city.InitializeAsync();
        var number = await city.Report();
        city.Advance(TimeSpan.FromDays(30));
        var rounds = ActivatorUtilities.CreateInstance<RaiseStanding>(city.Services);
        await rounds.Look(default);
        (await rounds.Look(default)).ShouldBe(0);
        using var door = city.Door(); // Sessions have ended by then.
        var told = await city.Detail(number, door);
        told.GetProperty("case").GetProperty("loop").GetString().ShouldBe("Large");
        told.GetProperty("events").EnumerateArray().Count(e => e.GetProperty("act").GetString() == "climbed").ShouldBe(1);
        (await Json(await door.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);
    }
}

public sealed class StayRoundsTests : StayRounds<CaseCity>;

public sealed class StayRoundsTestsOnPostgreSql : StayRounds<PostgresCaseCity>;
