// Cases as promises over random histories: whoever acts, whenever, whatever they fill in. No database, no clock.
using CsCheck;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Consulting;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Cases.Tests;

public sealed class DecideTests
{
    private static readonly Actor[] People = [Town.Bureau, Town.Other, .. Town.Handlers, Town.Stranger];
    private static readonly string[] Acts = [.. Town.Desk.Flow.Acts.Keys];

    /// <summary>Photos are required wherever they may come.</summary>
    private static readonly Desk Photographed = Town.Desk with { Flows = new Dictionary<int, CaseFlow> { [1] = FlowText.Read(PublishFlow.Shipped().Replace("photos: optional", "photos: required", StringComparison.Ordinal), 1).Flow! } };

    /// <summary>Which act of those open, by whom, how many minutes later; and sometimes any act at all.</summary>
    internal static readonly Gen<(int Act, int Who, int Minutes, bool Any)[]> Histories =
        Gen.Select(Gen.Int[0, 1_000], Gen.Int[0, 5], Gen.Int[0, 2_000], Gen.Int[0, 9].Select(n => n == 0)).Array[0, 60];

    [Fact]
    public void Over_any_history_a_case_is_owned_once_legs_end_clocks_add_up_and_replay_tells_the_same() => Histories.Sample(history =>
    {
        var (whole, events) = Played(history, (w, e) =>
        {
            w.Legs.Count(l => l.IsLead && l.Runs).ShouldBeLessThanOrEqualTo(1, "one unit leads");
            w.File.Unit.ShouldBe(w.Lead?.Unit);
            Town.Desk.Nodes.Find(w.File.Node).ShouldNotBeNull("somebody owns it")!.Loop.ShouldBe(w.File.Loop);
            w.Clocks.Count(c => !c.Whole && c.Runs).ShouldBe(w.File.Ended ? 0 : 1);
            w.Clocks.Count(c => c.Whole && c.Runs).ShouldBe(w.File.Ended ? 0 : 1);
            (w.File.State == "held").ShouldBe(!w.File.Ended && w.Stage!.DueAt is null, "the clock stands while it is held, and only then");
            if (w.File.Ended)
            {
                w.Legs.ShouldAllBe(l => !l.Runs);
                w.File.Outcome.ShouldNotBeNull();
            }

            foreach (var clock in w.Clocks.Where(c => c.DueAt is not null))
            {
                var told = Clocks.Explain(clock, Town.Desk.Calendar);
                told.Lines.Aggregate(TimeSpan.Zero, (sum, l) => sum + l.Counted).ShouldBe(told.Length);
                if (clock.Runs)
                {
                    told.Due.ShouldBe(clock.DueAt);
                }
            }
        });
        events.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, events.Count).Select(i => (long)i));
        events.Zip(events.Skip(1)).ShouldAllBe(p => p.First.At <= p.Second.At && p.First.State == p.Second.OldState);
        RebuildCases.Written(Project.Replay(events)).ShouldBe(RebuildCases.Written(whole));
    }, iter: 300);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_acts_told_to_be_open_are_those_that_are_taken_and_no_others(bool photographed) => Histories.Sample(history =>
    {
        var desk = photographed ? Photographed : Town.Desk;
        var (whole, _) = Played(history, (_, _) => { }, desk);
        Agree(whole, desk);
        var called = DecideConsult.Take(whole, new(ConsultStep.Call, "怎么办", [Town.Units[0]]), false, 0, Town.Bureau, desk, whole.File.LastAt);
        if (!called.Refused)
        {
            Agree(called.Value.After, desk);
        }
    }, iter: 150);

    private static void Agree(CaseWhole whole, Desk desk)
    {
        foreach (var actor in People)
        {
            var open = Decide.Options(whole, actor, desk).Where(o => o.May).ToDictionary(o => o.Act);
            foreach (var act in Acts)
            {
                var wish = Wished(act, whole);
                var taken = Decide.Take(whole, wish, Parent(whole), actor, desk, whole.File.LastAt.AddMinutes(1));
                (!taken.Refused).ShouldBe(open.ContainsKey(act), $"{act} in {whole.File.State}: {taken.Problem}");
                if (open.TryGetValue(act, out var told))
                {
                    var without = Decide.Take(whole, wish with { Photos = null }, Parent(whole), actor, desk, whole.File.LastAt.AddMinutes(1));
                    without.Problem?.Code.ShouldBe("CAS-005");
                    without.Refused.ShouldBe(told.Fields.Any(f => f is { Name: FlowWords.Photos, Required: true }), $"{act} without a photo");
                }

                if (!taken.Refused && whole.File.Consulting > 0)
                {
                    var did = taken.Value.Events[0].Detail;
                    (did.Ended || did.Effects.Any(e => e is "assign" or "handled" or "close")).ShouldBeFalse("counsel holds what moves the case on");
                }
            }
        }
    }

    [Fact]
    public void Who_handled_a_case_neither_verifies_nor_closes_it()
    {
        var both = Town.Handlers[0] with { Roles = new HashSet<string>([Roles.Steward, Roles.Engineer], StringComparer.Ordinal) };
        var whole = Handled(both);
        Town.Take(whole, "verified", both, whole.File.LastAt, ("result", "已清理")).Problem!.Code.ShouldBe("CAS-004");
        Town.Take(whole, "verified", Town.Other, whole.File.LastAt, ("result", "已清理")).Refused.ShouldBeFalse();
    }

    [Fact]
    public void A_colleague_of_the_unit_that_handled_it_verifies_it_no_more_than_who_did_and_another_unit_on_duty_does()
    {
        var duties = Town.Units.SelectMany(u => new[] { "verifier", "chief" }.Select(d => new Nodes.Duty { Node = Town.Centre, Kind = d, Unit = u, ValidFrom = new(2000, 1, 1) }));
        var desk = Town.Desk with { Duties = new([.. Town.Desk.Duties.Today, .. duties], Town.Desk.Nodes) };
        var (whole, colleague) = (Handled(Town.Handlers[0]), Town.Handlers[0] with { Id = Guid.NewGuid() });
        Result<Decided> Take(CaseWhole of, string act, Actor who) => Decide.Take(of, new(act, new Dictionary<string, string> { ["result"] = "已清理" }), null, who, desk, of.File.LastAt);
        foreach (var own in new[] { Town.Handlers[0], colleague })
        {
            Take(whole, "verified", own).Problem!.Code.ShouldBe("CAS-004");
        }

        var verified = Take(whole, "verified", Town.Handlers[1]).Value.After;
        Take(verified, "close", colleague).Problem!.Code.ShouldBe("CAS-004");
        Take(verified, "close", Town.Handlers[2]).Refused.ShouldBeFalse();
    }

    [Fact]
    public void The_golden_case_is_due_on_monday_at_eleven_and_a_hold_shifts_it_by_the_time_it_stood()
    {
        var friday = new DateTimeOffset(2026, 3, 6, 16, 0, 0, TimeSpan.FromHours(8));
        var whole = Dispatched(friday);
        whole.File.DueAt.ShouldBe(new DateTimeOffset(2026, 3, 9, 11, 0, 0, TimeSpan.FromHours(8)), "an hour and a half on Friday, two and a half on Monday");
        whole = Town.Take(whole, "ask-hold", Town.Handlers[0], friday.AddMinutes(30), ("reason", "等待配件")).Value.After;
        whole = Town.Take(whole, "grant-hold", Town.Bureau, friday.AddMinutes(60)).Value.After;
        whole.File.DueAt.ShouldBeNull();
        whole.Stage!.LeftOver.ShouldBe(TimeSpan.FromHours(3));
        whole = Town.Take(whole, "resume", Town.Handlers[0], new DateTimeOffset(2026, 3, 10, 8, 30, 0, TimeSpan.FromHours(8))).Value.After;
        whole.File.DueAt.ShouldBe(new DateTimeOffset(2026, 3, 10, 11, 30, 0, TimeSpan.FromHours(8)));
        whole = Town.Take(whole, "ask-delay", Town.Handlers[0], whole.File.LastAt, ("hours", "2"), ("reason", "下雨")).Value.After;
        whole = Town.Take(whole, "grant-delay", Town.Bureau, whole.File.LastAt).Value.After;
        whole.File.DueAt.ShouldBe(new DateTimeOffset(2026, 3, 10, 15, 30, 0, TimeSpan.FromHours(8)), "half an hour of the two is before noon");
    }

    [Fact]
    public void Three_reworks_or_two_departments_send_a_case_up_to_the_large_loop_with_its_number_and_its_whole_clock()
    {
        var whole = Dispatched(Town.Monday);
        whole.File.Loop.ShouldBe(Loop.Small);
        var due = whole.File.WholeDue;
        for (var i = 0; i < 3; i++)
        {
            whole = Town.Take(whole, "feedback", Town.Handlers[0], whole.File.LastAt, ("result", "已清理")).Value.After;
            whole = Town.Take(whole, "rework", Town.Bureau, whole.File.LastAt, ("reason", "仍有垃圾")).Value.After;
        }

        (whole.File.Loop, whole.File.Node, whole.File.Reworks, whole.File.WholeDue).ShouldBe((Loop.Large, Town.Centre, 3, due));
        Town.Take(Filed(Town.Monday), "dispatch", Town.Bureau, Town.Monday, ("unit", $"{Town.Units[0]}"), ("assists", $"{Town.Units[1]}")).Value.After.File.Loop.ShouldBe(Loop.Large);
    }

    [Fact]
    public void A_case_waits_for_its_assisting_units_and_each_says_what_it_did()
    {
        var whole = Town.Take(Filed(Town.Monday), "dispatch", Town.Bureau, Town.Monday, ("unit", $"{Town.Units[0]}"), ("assists", $"{Town.Units[1]},{Town.Units[2]}")).Value.After;
        Town.Take(whole, "feedback", Town.Handlers[0], Town.Monday, ("result", "好了")).Problem!.What.En.ShouldContain("Not every assisting unit");
        whole = Town.Take(whole, "assist-done", Town.Handlers[1], Town.Monday, ("result", "已断水")).Value.After;
        whole = Town.Take(whole, "assist-done", Town.Handlers[2], Town.Monday, ("result", "已围挡")).Value.After;
        whole.Legs.Where(l => !l.IsLead).Select(l => (l.Outcome, l.Words)).ShouldBe([(LegEnd.Assisted, "已断水"), (LegEnd.Assisted, "已围挡")]);
        Town.Take(whole, "feedback", Town.Handlers[0], Town.Monday, ("result", "好了")).Refused.ShouldBeFalse();
    }

    [Fact]
    public void A_clock_that_jumps_back_changes_nothing_and_nothing_happens_before_the_step_before()
    {
        var whole = Dispatched(Town.Monday);
        var after = Town.Take(whole, "feedback", Town.Handlers[0], Town.Monday.AddDays(-2), ("result", "好了")).Value.After;
        after.File.LastAt.ShouldBe(Town.Monday);
        Decide.Take(whole, new("feedback", new Dictionary<string, string> { ["result"] = "好了" }, At: Town.Monday.AddHours(-1)), null, Town.Handlers[0], Town.Desk, Town.Monday).Problem!.Code.ShouldBe("CAS-008");
    }

    private static CaseWhole Filed(DateTimeOffset at)
    {
        var whole = Town.Reported().After;
        whole = Town.Take(whole, "accept", Town.Bureau, at, ("class", "0102")).Value.After;
        return Town.Take(whole, "file", Town.Bureau, at).Value.After;
    }

    private static CaseWhole Dispatched(DateTimeOffset at) => Town.Take(Filed(at), "dispatch", Town.Bureau, at, ("unit", $"{Town.Units[0]}")).Value.After;

    private static CaseWhole Handled(Actor by) => Town.Take(Dispatched(Town.Monday), "feedback", by, Town.Monday, ("result", "已清理")).Value.After;

    /// <param name="by">Null: the town's.</param>
    internal static (CaseWhole Whole, List<CaseEvent> Events) Played((int Act, int Who, int Minutes, bool Any)[] history, Action<CaseWhole, CaseEvent> check, Desk? by = null)
    {
        var desk = by ?? Town.Desk;
        var begun = Town.Reported(Town.Village, by: desk);
        var (whole, events, now) = (begun.After, begun.Events.ToList(), Town.Monday);
        foreach (var (chosen, who, minutes, any) in history)
        {
            now = now.AddMinutes(minutes);
            var moves = People.SelectMany(p => Decide.Options(whole, p, desk).Where(o => o.May).Select(o => (p, o.Act))).ToList();
            var (actor, act) = any || moves.Count == 0 ? (People[who], Acts[chosen % Acts.Length]) : moves[chosen % moves.Count];
            var taken = Decide.Take(whole, Wished(act, whole), Parent(whole), actor, desk, now);
            if (!taken.Refused)
            {
                whole = taken.Value.After;
                events.AddRange(taken.Value.Events);
                check(whole, events[^1]);
            }
        }

        return (whole, events);
    }

    /// <summary>Filled in as it should be.</summary>
    private static Wish Wished(string act, CaseWhole whole) => new(act, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["reason"] = "因为", ["result"] = "好了", ["class"] = "0102", ["unit"] = $"{Town.Units[(int)(whole.File.Revision % 3)]}", ["assists"] = whole.File.Revision % 2 == 0 ? "" : $"{(act.StartsWith("rearrange", StringComparison.Ordinal) ? Free(whole) : Town.Units[(int)((whole.File.Revision + 1) % 3)])}",
        ["hours"] = "3", ["node"] = whole.File.Node == Town.Centre ? Town.Street : Town.Village, ["parent"] = "SJ20260302-000002",
    },
    Photos: Town.Desk.Flow.Acts.GetValueOrDefault(act)?.Fields.Any(f => f.Name == FlowWords.Photos) == true ? ["a photo's digest"] : null);

    private static Guid? Free(CaseWhole whole) => Town.Units.Where(u => !whole.Legs.Any(l => l.Runs && l.Unit == u)).Select(u => (Guid?)u).FirstOrDefault();

    private static CaseFile Parent(CaseWhole whole) => Town.Reported().After.File with { Id = Guid.NewGuid(), Number = "SJ20260302-000002" };
}
