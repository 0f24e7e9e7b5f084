// In time, dispatched, handled: the same in what a case is closed as, in the measures and in the assessment; whatever a flow calls its states and acts, and for versions from before they told of stages.
using System.Text.RegularExpressions;
using CsCheck;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Assessing;
using Lizhou.Cases.Consulting;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Measuring;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Cases.Tests;

public sealed class InTimeTests
{
    private const string Other = "-z";
    private static readonly Period Year = new(new(2026, 1, 1), new(2027, 12, 31));

    /// <summary>The shipped flow, whose states and acts are called otherwise.</summary>
    private static readonly string Renamed = Regex.Replace(
        Regex.Replace(Regex.Replace(PublishFlow.Shipped(), @"^  ([a-z-]+):(\s+\{)", $"  $1{Other}:$2", RegexOptions.Multiline), @"from: \[([^\]]*)\]", m => $"from: [{string.Join(", ", m.Groups[1].Value.Split(", ").Select(s => s + Other))}]"),
        @"(start: |to: )(?!same)([a-z-]+)", $"$1$2{Other}");

    /// <summary>As it was shipped before it told of stages and of what figures count by.</summary>
    private static readonly string Earlier = Regex.Replace(PublishFlow.Shipped(), ", stage: [a-z]+ }", " }").Replace(", effects: [look]", "", StringComparison.Ordinal).Replace("[classify, accept]", "[classify]", StringComparison.Ordinal).Replace(", effects: [file]", "", StringComparison.Ordinal);

    [Fact]
    public void A_case_whose_handling_was_past_its_limit_is_closed_late_missed_and_in_time_nowhere()
    {
        var (whole, events) = Closed(TimeSpan.FromDays(2));
        whole.Clocks.Single(c => c.Whole).Met.ShouldBe(true, "fifteen workdays were not over");
        whole.File.Outcome.ShouldBe(Outcome.Late);
        Measures(events).Limit.ShouldBe(new LimitFigures(1, 0, 1, 0, 0));
        var marks = Facts(events).Marks;
        (marks.Contains("closed"), marks.Contains("in-time"), marks.Contains("handled-in-time")).ShouldBe((true, false, false));

        (whole, events) = Closed(TimeSpan.FromHours(1));
        whole.File.Outcome.ShouldBe(Outcome.Normal);
        Measures(events).Limit.ShouldBe(new LimitFigures(1, 1, 0, 1, 0));
        new[] { "due", "closed", "in-time", "handled-in-time" }.Except(Facts(events).Marks).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("reject")]
    [InlineData("void")]
    public void What_was_not_accepted_or_is_void_is_neither_met_nor_missed(string act)
    {
        var begun = Town.Reported();
        var (whole, events) = (begun.After, begun.Events.ToList());
        if (act == "void")
        {
            Go(ref whole, events, Town.Desk, "accept", Town.Bureau, TimeSpan.Zero, ("class", "0102"));
        }

        Go(ref whole, events, Town.Desk, act, Town.Bureau, TimeSpan.Zero, ("reason", "重复"));
        var told = Measures(events);
        (told.Cases.Ended, told.Limit).ShouldBe((1, new LimitFigures(0, 0, 0, null, 0)));
        Facts(events).Marks.ShouldNotContain("in-time");
    }

    [Fact]
    public void Over_any_history_what_is_closed_late_is_what_is_missed_and_not_in_time() => DecideTests.Histories.Sample(history =>
    {
        var (whole, events) = DecideTests.Played(history, (_, _) => { });
        var (limit, marks) = (Measures(events).Limit, Facts(events).Marks);
        (limit.Met, limit.Missed).ShouldBe(whole.File.Outcome switch { Outcome.Normal => (1, 0), Outcome.Late => (0, 1), _ => (0, 0) });
        marks.Contains("in-time").ShouldBe(whole.File.Outcome == Outcome.Normal);
    }, iter: 200);

    [Fact]
    public void What_a_consultation_gives_out_is_dispatched_and_what_comes_of_it_handled()
    {
        var (whole, events) = Filed(Town.Desk);
        Consult(new(ConsultStep.Call, "谁先处置", Members: [Town.Units[0]]));
        Consult(new(ConsultStep.Conclude, "由其主办", Tasks: [new(Town.Units[0], null)]));
        Facts(events).Marks.ShouldContain("dispatched");
        Go(ref whole, events, Town.Desk, "feedback", Town.Handlers[0], TimeSpan.FromHours(1), ("result", "已清理"));
        var facts = Facts(events);
        new[] { "dispatched", "handled", "handled-in-time" }.Except(facts.Marks).ShouldBeEmpty();
        (facts.Unit, facts.Holders["dispatcher"]).ShouldBe((Town.Units[0], Guid.Empty));

        void Consult(TakeConsult.Ask ask)
        {
            var taken = DecideConsult.Take(whole, ask, false, 0, Town.Bureau, Town.Desk, whole.File.LastAt);
            taken.Refused.ShouldBeFalse($"{taken.Problem}");
            whole = taken.Value.After;
            events.AddRange(taken.Value.Events);
        }
    }

    [Fact]
    public void Whatever_a_flow_calls_its_states_and_acts_and_in_versions_from_before_stages_the_figures_are_the_same() => DecideTests.Histories.Sample(history =>
    {
        List<(int, int, int, bool)> calm = [.. history.Select(h => (h.Act, h.Who, h.Minutes, false))];
        var (_, shipped) = DecideTests.Played([.. calm], (_, _) => { });
        foreach (var text in new[] { Renamed, Earlier })
        {
            var desk = Named(text);
            var (_, other) = DecideTests.Played([.. calm], (_, _) => { }, desk);
            var (first, second) = (Facts(shipped), Facts(other, desk));
            Plain(second.Marks).ShouldBe(Plain(first.Marks));
            second.Holders.ShouldBe(first.Holders);
            second.Unit.ShouldBe(first.Unit);
            Measures(other, desk).Limit.ShouldBe(Measures(shipped).Limit);
        }
    }, iter: 100);

    [Fact]
    public void A_flow_with_names_of_its_own_that_tells_of_no_stage_is_refused_and_one_that_was_published_before_is_read()
    {
        FlowText.Read(Renamed, 2).Faults.ShouldBeEmpty();
        FlowText.Read(Earlier, 2).Faults.ShouldBeEmpty("the shipped names mean what they meant");
        var silent = Regex.Replace(Regex.Replace(Renamed, ", stage: [a-z]+ }", " }"), "effects: \\[(look|file)\\]|, accept(?=\\])", m => m.Value.StartsWith(',') ? "" : "effects: []");
        var faults = FlowText.Read(silent, 2).Faults;
        faults.Select(f => f.What.En).ShouldBe(
            [.. new[] { "reported", "filing", "dispatching", "verifying", "closing" }.Select(s => $"No state has stage: {s}, by which figures count."), .. new[] { "accept", "file" }.Select(e => $"No act has the effect {e}, by which figures count.")], ignoreOrder: true);
        faults.ShouldAllBe(f => f.Line > 1 && f.Hint.En.Length > 0);
        FlowText.Kept(silent, 2).Acts.ShouldNotBeEmpty();
    }

    private static Desk Named(string text) => Town.Desk with { Flows = new Dictionary<int, CaseFlow> { [1] = FlowText.Kept(text, 1) } };

    private static List<string> Plain(IReadOnlySet<string> marks) => [.. marks.Select(m => m.EndsWith(Other, StringComparison.Ordinal) ? m[..^Other.Length] : m).Order(StringComparer.Ordinal)];

    private static CaseFacts Facts(IReadOnlyList<CaseEvent> events, Desk? by = null) => ReadCase.Of(events, (by ?? Town.Desk).Flows, Year, events[^1].At, _ => null);

    private static CaseMeasures Measures(IReadOnlyList<CaseEvent> events, Desk? by = null)
    {
        using var tally = new TallyCases((by ?? Town.Desk).Flows);
        tally.Take(events);
        return tally.Done(new(), 1);
    }

    private static (CaseWhole Whole, List<CaseEvent> Events) Filed(Desk desk)
    {
        var begun = Town.Reported(by: desk);
        var (whole, events) = (begun.After, begun.Events.ToList());
        Go(ref whole, events, desk, "accept", Town.Bureau, TimeSpan.Zero, ("class", "0102"));
        Go(ref whole, events, desk, "file", Town.Bureau, TimeSpan.Zero);
        return (whole, events);
    }

    private static (CaseWhole Whole, List<CaseEvent> Events) Closed(TimeSpan handling)
    {
        var (whole, events) = Filed(Town.Desk);
        Go(ref whole, events, Town.Desk, "dispatch", Town.Bureau, TimeSpan.Zero, ("unit", $"{Town.Units[0]}"));
        Go(ref whole, events, Town.Desk, "feedback", Town.Handlers[0], handling, ("result", "已清理"));
        Go(ref whole, events, Town.Desk, "verified", Town.Bureau, TimeSpan.Zero, ("result", "已核实"));
        Go(ref whole, events, Town.Desk, "close", Town.Bureau, TimeSpan.Zero);
        return (whole, events);
    }

    private static void Go(ref CaseWhole whole, List<CaseEvent> events, Desk desk, string act, Actor who, TimeSpan later, params (string Name, string Value)[] fields)
    {
        var taken = Decide.Take(whole, new(act, fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal)), null, who, desk, whole.File.LastAt + later);
        taken.Refused.ShouldBeFalse($"{act}: {taken.Problem}");
        whole = taken.Value.After;
        events.AddRange(taken.Value.Events);
    }
}
