// A map as YAML: what is wrong is told with line and column; nothing unknown passes. And the ways a flow is replayed by.
using Lizhou.Cases.Flows;
using Lizhou.Cases.Importing;
using Lizhou.Cases.Measuring;

namespace Lizhou.Cases.Tests;

public sealed class MapTextTests
{
    [Fact]
    public void A_map_says_each_column_once_and_every_word_of_it_is_known()
    {
        var (map, faults) = MapText.Read(Logs.Map("old-desk", "order: n\ngroup: { column: team }\nreporter: { name: caller }\nlimit: { met: sla, yes: [\"Y\"], no: [\"N\"], due: due }"), Town.Desk);

        faults.ShouldBeEmpty();
        map!.Columns.ShouldBe(["id", "at", "state", "n", "caller", "team", "sla", "due"], ignoreOrder: true);
        map.State.Known!["挂起"].ShouldBe("held");
        map.Moment("3/4/2016 9:05").ShouldBe(new DateTimeOffset(2016, 4, 3, 1, 5, 0, TimeSpan.Zero), "the day first, city time");
        map.Moment("2016-04-03T09:05:00.123+02:00").ShouldBe(new DateTimeOffset(2016, 4, 3, 7, 5, 0, 123, TimeSpan.Zero), "an offset counts instead of the zone");
        map.Moment("04/31/2016 9:05").ShouldBeNull();
    }

    [Theory]
    [InlineData("colour: red", 6, 1, "“colour” is unknown")]
    [InlineData("class: { column: kind, codes: { a: \"9999\" } }", 6, 36, "There is no class “9999”")]
    [InlineData("grade: { column: p, grades: { high: Huge } }", 6, 37, "There is no grade “Huge”")]
    [InlineData("grade: { column: p, grades: { high: \"1\" } }", 6, 37, "There is no grade “1”")]
    [InlineData("place: { column: p, nodes: { a: \"1\" } }", 6, 33, "There is no node “1”")]
    [InlineData("group: { column: g, units: { a: B } }", 6, 33, "No unit has the code “B”")]
    [InlineData("limit: { met: sla, yes: [\"Y\"] }", 6, 8, "Say by yes and no")]
    [InlineData("known: yesterday", 6, 8, "known is import or log")]
    [InlineData("words: { a: b }", 6, 8, "words is a word or a list")]
    [InlineData("class: [", 0, 0, "This is not YAML")]
    public void What_is_wrong_with_a_map_is_told_with_line_and_column(string more, int line, int column, string what)
    {
        var (map, faults) = MapText.Read(Logs.Map("old-desk", more), Town.Desk);

        map.ShouldBeNull();
        var fault = faults.FirstOrDefault(f => f.What.En.StartsWith(what, StringComparison.Ordinal)).ShouldNotBeNull(string.Join('\n', faults));
        if (line > 0)
        {
            (fault.Line, fault.Column).ShouldBe((line, column));
        }
    }

    [Fact]
    public void A_nest_of_brackets_is_no_map() =>
        MapText.Read("source: " + new string('[', 100_000), Town.Desk).Faults.Single().What.En.ShouldStartWith("The map is nested");

    [Theory]
    [InlineData("source: old-desk", "source: Old Desk", "source names the log")]
    [InlineData("case: id", "", "case lacks")]
    [InlineData(", zone: Asia/Shanghai", "", "Say the zone")]
    [InlineData("zone: Asia/Shanghai", "zone: Asia/Nowhere", "There is no time zone")]
    [InlineData("[d/M/yyyy H:mm, iso]", "soon", "“soon” is no format")]
    [InlineData("挂起: held", "挂起: hold", "The flow has no state “hold”")]
    public void What_every_map_needs_is_asked_for(string text, string instead, string what)
    {
        var whole = Logs.Map("old-desk");
        whole.ShouldContain(text);

        MapText.Read(whole.Replace(text, instead, StringComparison.Ordinal), Town.Desk).Faults.Select(f => f.What.En).ShouldContain(w => w.StartsWith(what, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("reported", "handling", "accept file dispatch")]
    [InlineData("handling", "held", "ask-hold grant-hold")]
    [InlineData("held", "verifying", "resume feedback")]
    [InlineData("verifying", "handling", "rework")]
    [InlineData("handling", "closed", "feedback verified close")]
    [InlineData("closed", "handling", "unsatisfied dispatch")]
    public void A_step_of_a_log_goes_by_the_shortest_way_of_the_flow(string from, string to, string acts) =>
        string.Join(' ', new FlowWays(FlowText.Read(PublishFlow.Shipped(), 1).Flow!).Between(from, to)!.Select(a => a.Name)).ShouldBe(acts);

    [Fact]
    public void From_an_end_that_stays_one_no_way_leads() => new FlowWays(FlowText.Read(PublishFlow.Shipped(), 1).Flow!).Between("void", "handling").ShouldBeNull();

    [Fact]
    public void Quantiles_lie_between_the_two_nearest_spans()
    {
        var spans = new Spans();
        new[] { 40, 10, 30, 20 }.ToList().ForEach(h => spans.Add(TimeSpan.FromHours(h)));

        spans.Spread().ShouldBe(new Spread(4, 25, 37, 25, 40), "as numpy and PERCENTILE.INC have it");
        new Spans().Spread().ShouldBe(new Spread(0, null, null, null, null));
    }
}
