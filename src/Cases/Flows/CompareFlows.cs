// In: two flows, and the one the city began with. Out: where the two differ, part by part, in words people read; and which of that the city has made its own. Pure.
using Lizhou.Kernel;

namespace Lizhou.Cases.Flows;

/// <param name="Part">The whole flow, a state or an act.</param>
/// <param name="What">Of it that differs.</param>
/// <param name="Ours">In the version in force; null: nothing.</param>
/// <param name="Shipped">In the one the program brings; null: nothing.</param>
/// <param name="Own">The city has made it so: it would be lost.</param>
internal sealed record FlowDifference(string Part, string What, string? Ours, string? Shipped, bool Own);

internal static class CompareFlows
{
    private static readonly Text Whole = new("整个流程", "The whole flow");
    private static readonly Text Name = new("名称", "Name");
    private static readonly Text Limit = new("时限", "Limit");

    private sealed record Line(string Key, string Part, string What, string Value);

    /// <param name="begun">The newest the program brought that the city took; null: not known.</param>
    public static IReadOnlyList<FlowDifference> Of(CaseFlow ours, CaseFlow shipped, CaseFlow? begun)
    {
        var (now, then, before) = (Told(ours), Told(shipped), begun is null ? null : Told(begun));
        var (mine, theirs) = (now.ToDictionary(l => l.Key, StringComparer.Ordinal), then.ToDictionary(l => l.Key, StringComparer.Ordinal));
        var first = before?.ToDictionary(l => l.Key, l => l.Value, StringComparer.Ordinal);
        return
        [
            .. now.Concat(then.Where(l => !mine.ContainsKey(l.Key)))
                .Select(l => (Line: l, Ours: mine.GetValueOrDefault(l.Key)?.Value, Shipped: theirs.GetValueOrDefault(l.Key)?.Value))
                .Where(d => d.Ours != d.Shipped)
                .Select(d => new FlowDifference(d.Line.Part, d.Line.What, d.Ours, d.Shipped, first is not null && first.GetValueOrDefault(d.Line.Key) != d.Ours)),
        ];
    }

    /// <summary>A flow as lines; what is empty is left out.</summary>
    private static List<Line> Told(CaseFlow flow)
    {
        List<Line> lines = [];
        void Say(string key, Text part, Text what, string value)
        {
            if (value.Length > 0)
            {
                lines.Add(new($"{key} {what.En}", part.ToString(), what.ToString(), value));
            }
        }

        Say("flow", Whole, new("起始状态", "First state"), flow.TitleOf(flow.Start).ToString());
        Say("flow", Whole, Limit, flow.Limit.Said.ToString());
        Say("flow", Whole, new("总时限不少于", "Limit at least"), flow.HoldsStages ? new Text("处置时限与其他环节时限之和", "handling and the other stages together").ToString() : "");
        Say("flow", Whole, new("自动升级", "Goes up by itself"), Climbing(flow.Climb));
        foreach (var state in flow.States.Values)
        {
            var part = new Text("状态“{0}”", "State “{0}”").With(state.Title);
            Say($"state {state.Name}", part, Name, state.Title.ToString());
            Say($"state {state.Name}", part, Limit, state.OfClass ? new Text("按事件分类", "that of the class").ToString() : state.Limit?.Said.ToString() ?? "");
            Say($"state {state.Name}", part, new("计时", "Clock"), Clock(state));
            Say($"state {state.Name}", part, new("等待", "Waits for"), Words(state.Waits.Select(w => FlowWords.Roles[w].ToString())));
        }

        foreach (var act in flow.Acts.Values)
        {
            var part = new Text("动作“{0}”", "Act “{0}”").With(act.Title);
            Say($"act {act.Name}", part, Name, act.Title.ToString());
            Say($"act {act.Name}", part, new("起点", "From"), Words(act.From.Select(f => flow.TitleOf(f).ToString())));
            Say($"act {act.Name}", part, new("去向", "To"), act.To is { } to ? flow.TitleOf(to).ToString() : new Text("不变", "stays").ToString());
            Say($"act {act.Name}", part, new("办理人", "By"), Words(act.By.Select(b => FlowWords.Roles[b].ToString())));
            Say($"act {act.Name}", part, new("条件", "Condition"), Words(act.Guards.Select(g => FlowWords.Guards[g].ToString())));
            Say($"act {act.Name}", part, new("填写项", "Fields"), Words(act.Fields.Select(FlowWords.Field)));
            Say($"act {act.Name}", part, new("效果", "Effects"), Words(act.Effects));
        }

        return lines;
    }

    private static string Clock(FlowState state) =>
        state.Ended ? new Text("结束", "ended").ToString()
        : state.Clock switch { StageClock.Keep => new Text("沿用上一阶段", "that of the stage before goes on").ToString(), StageClock.Stand => new Text("暂停", "stands").ToString(), _ => "" };

    private static string Climbing(Climb climb) => Words(
    [
        .. climb.Stay.Select(s => new Text("{0}停留 {1}", "{1} in the {0}").With(CaseWords.Of(s.Key), s.Value.Said).ToString()),
        .. climb.Reworks > 0 ? [new Text("返工 {0} 次", "reworked {0} times").With(climb.Reworks).ToString()] : Array.Empty<string>(),
        .. climb.Refusals > 0 ? [new Text("回退或推诿 {0} 次", "returned or shirked {0} times").With(climb.Refusals).ToString()] : Array.Empty<string>(),
        .. climb.Units > 0 ? [new Text("涉及 {0} 个部门", "{0} departments concerned").With(climb.Units).ToString()] : Array.Empty<string>(),
        .. climb.Grade is { } grade ? [new Text("级别达到{0}", "from the grade “{0}” on").With(CaseWords.Of(grade)).ToString()] : Array.Empty<string>(),
    ]);

    private static string Words(IEnumerable<string> words) => string.Join(new Text("、", ", ").ToString(), words);
}
