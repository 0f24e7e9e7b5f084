// A flow as text: the shipped one is whole; what is wrong is told with its line and what to do.
using Lizhou.Cases.Flows;

namespace Lizhou.Cases.Tests;

public sealed class FlowTests
{
    private static readonly CaseFlow Shipped = FlowText.Read(PublishFlow.Shipped(), 1).Flow!;

    [Fact]
    public void The_shipped_flow_has_nothing_wrong_and_every_state_and_act_of_the_event_loop()
    {
        FlowText.Read(PublishFlow.Shipped(), 1).Faults.ShouldBeEmpty();
        Shipped.States.Values.Select(s => s.Title.Zh).ShouldBe(
            ["待受理", "核实中", "自处置待审核", "待立案", "待派遣", "处置中", "延期待批", "挂账待批", "回退待批", "挂账", "待核查", "核查中", "待结案", "结案", "不予受理", "已合并", "作废"]);
        new[] { "发核实", "核实回复", "不予受理", "合并", "批转", "立案", "作废", "派遣", "二次派遣", "申请延期", "申请挂账", "申请回退", "恢复", "反馈", "发核查", "核查通过", "核查不通过", "结案", "回访满意", "督办", "督办回复", "升级", "退回下级", "自处置", "认定推诿", "撤销合并" }
            .Except(Shipped.Acts.Values.Select(a => a.Title.Zh)).ShouldBeEmpty();
    }

    [Fact]
    public void Photos_may_come_with_what_is_seen_on_the_spot_and_the_older_shipped_flows_still_read()
    {
        Shipped.Acts.Values.Where(a => a.Fields.Any(f => f is { Name: FlowWords.Photos, Required: false })).Select(a => a.Name).ShouldBe(["answer-check", "self-handle", "feedback", "verified", "rework"]);
        FlowText.Read(PublishFlow.Shipped().Replace(", photos: optional", "", StringComparison.Ordinal), 1).Faults.ShouldBeEmpty();
    }

    [Fact]
    public void In_the_shipped_flow_handling_and_verification_are_never_one_role() =>
        Shipped.Acts.Values.Where(a => a.From.Intersect(["verifying", "inspecting", "closing"]).Any() && a.To is not null && a.From.Count < 6)
            .ShouldAllBe(a => !a.By.Contains("handler") && (a.Guards.Contains("not-the-handler") || a.Name == "reopen-check"));

    [Theory]
    [InlineData("  void:            { zh: 作废, en: Void, ended: yes }", "  void:            { zh: 作废, en: Void, ended: yes }\n  island: { zh: 孤岛, en: Island, limit: 1 hours }", "Nothing leads to the state “Island”.", 28)]
    [InlineData("from: [dispatching], to: handling, by: [dispatcher]", "from: [dispatching], to: handling, by: []", "Nobody may take “Dispatch”.", 44)]
    [InlineData("by: [chief], guards: [supervision-answered], fields: { reason: required } }\n  # 任务派遣", "by: [chef], fields: { reason: required } }\n  # 任务派遣", "“chef” is unknown.", 42)]
    [InlineData("to: filing, by: [acceptor]", "to: nowhere, by: [acceptor]", "The act “accept” leads to “nowhere”, which is no state.", 39)]
    [InlineData("To be accepted, limit: 30 minutes", "To be accepted, limit: soon", "“soon” is no limit.", 11)]
    [InlineData("fields: { unit: required, assists: optional, reason: optional }", "fields: { reason: optional }", "“Dispatch” needs the required field “unit”.", 44)]
    [InlineData("guards: [assists-ended], fields: { result: required, photos: optional }", "guards: [assists-ended], fields: { result: required, photos: sometimes }", "Photos are required or optional, not “sometimes”.", 63)]
    [InlineData("to: closing, by: [verifier, patrol], guards: [not-the-handler]", "to: closing, by: [verifier, patrol]", "“Verification passed” verifies or closes, and who handled it may take it.", 66)]
    [InlineData("to: closing, by: [verifier, patrol]", "to: closing, by: [handler]", "“Verification passed” verifies or closes: it is not for the units that handle.", 66)]
    [InlineData("to: closed, by: [chief], guards: [not-the-handler, supervision-answered], fields: { end", "to: closed, by: [chief], fields: { end", "“Close” verifies or closes, and who handled it may take it.", 68)]
    [InlineData("to: handling, by: [handler, dispatcher], fields", "to: handling, by: [handler, dispatcher], guards: [supervised, not-supervised], fields", "Nobody can ever take “Resume”: “under supervision” and “not under supervision” never hold together.", 53)]
    [InlineData("to: handling, by: [handler, dispatcher], fields", "to: handling, by: [assistant], fields", "From the state “On hold” no way leads to an end.", 20)]
    [InlineData("clock: stand, waits: [handler]", "clock: stand, waits: [supervisor]", "The state “On hold” waits for nobody who can always take it on.", 20)]
    [InlineData("by: [handler, dispatcher], guards: [supervised]", "by: [handler, dispatcher], guards: [supervised, supervision-answered]", "Nobody can ever take “Answer the supervision”: “under supervision” and “no supervision waits for its answer” never hold together.", 75)]
    [InlineData("to: handling, by: [dispatcher], guards: [known-units]", "to: handling, by: [handler], guards: [known-units]", "Nobody can ever take “Dispatch”: where it starts a case has no lead and no assisting unit.", 44)]
    [InlineData("stage: filing }", "stage: archiving }", "“archiving” is unknown.", 0)]
    [InlineData(", stage: filing }", " }", "No state has stage: filing, by which figures count.", 11)]
    [InlineData("effects: [classify, accept]", "effects: [classify]", "No act has the effect accept, by which figures count.", 31)]
    [InlineData("start: reported", "start: [", "This is not YAML", 0)]
    public void What_is_wrong_is_told_with_its_line(string text, string instead, string what, int line)
    {
        PublishFlow.Shipped().ShouldContain(text);
        var faults = FlowText.Read(PublishFlow.Shipped().Replace(text, instead, StringComparison.Ordinal), 2).Faults;
        var fault = faults.FirstOrDefault(f => f.What.En.StartsWith(what, StringComparison.Ordinal)).ShouldNotBeNull(string.Join('\n', faults));
        fault.Hint.En.ShouldNotBeNullOrWhiteSpace();
        if (line > 0)
        {
            fault.Line.ShouldBe(line);
        }
    }

    /// <summary>Of these, the first would end the process by its depth, the second grow without end; the others broke the reader.</summary>
    [Theory]
    [InlineData("deep", "No anchors, and at most 20 levels.")]
    [InlineData("anchors", "No anchors, and at most 20 levels.")]
    [InlineData("long", "The flow has more than 100000 characters.")]
    [InlineData("states: { [a, b]: { zh: 一, en: One }, [c]: { zh: 二, en: Two } }", "A name in “states” is empty, too long, or there twice.")]
    [InlineData("states: { a: { zh: 一, en: One }, !!str a: { zh: 二, en: Two } }", "A name in “states” is empty, too long, or there twice.")]
    [InlineData("states: { a: ~, b: [], c: { waits: [[handler], ~, {}] } }", "The state “a” says nothing.")]
    [InlineData("states: { a: { zh: 一, en: One, waits: handler } }", "“waits” is a list.")]
    [InlineData("acts: { [x]: { zh: 一, en: One, fields: { ? [a] : required, ? [b] : required } } }", "A name in “acts” is empty, too long, or there twice.")]
    public void A_hostile_or_crooked_text_is_told_as_faults_and_breaks_nothing(string text, string what)
    {
        var yaml = text switch
        {
            "deep" => new string('[', 50_000),
            "anchors" => "a: &a [x, x]\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"b{i}: &b{i} [*{(i == 0 ? "a" : $"b{i - 1}")}, *{(i == 0 ? "a" : $"b{i - 1}")}]\n")),
            "long" => PublishFlow.Shipped() + new string('#', 100_000),
            _ => text,
        };
        var (flow, faults) = FlowText.Read(yaml, 2);
        flow.ShouldBeNull();
        faults.ShouldContain(f => f.What.En == what, string.Join('\n', faults));
    }

    [Fact]
    public void Exits_that_only_an_assisting_unit_could_take_before_there_is_one_are_told_and_leave_the_state_without_a_way_out()
    {
        var text = PublishFlow.Shipped().Replace("to: dispatching, by: [chief]", "to: dispatching, by: [assistant]", StringComparison.Ordinal).Replace("to: void, by: [chief]", "to: void, by: [assistant]", StringComparison.Ordinal).Replace("limit: 30 minutes, waits: [chief], stage: filing", "limit: 30 minutes, waits: [assistant], stage: filing", StringComparison.Ordinal);
        FlowText.Read(text, 2).Faults.Select(f => (f.What.En, f.Line)).ShouldBe(
        [
            ("From the state “To be filed” no way leads to an end.", 14), ("Nobody can ever take “File”: where it starts a case has no lead and no assisting unit.", 41), ("Nobody can ever take “Void”: where it starts a case has no lead and no assisting unit.", 42),
            ("The state “To be filed” waits for nobody who can always take it on.", 14),
        ]);
    }

    [Fact]
    public void A_state_without_a_way_out_is_told()
    {
        var text = PublishFlow.Shipped().Replace("from: [held], to: handling", "from: [held], to: same", StringComparison.Ordinal);
        FlowText.Read(text, 2).Faults.ShouldContain(f => f.What.En == "From the state “On hold” no way leads to an end.");
    }
}
