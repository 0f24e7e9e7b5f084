// In: a flow. Out: what is wrong with it as a whole, each with line and hint: a state nobody comes to, one without a way out, an act nobody may take, a clock without a limit. Pure.
using Lizhou.Kernel;

namespace Lizhou.Cases.Flows;

internal static class CheckFlow
{
    public static IReadOnlyList<FlowFault> Faults(CaseFlow flow) =>
    [
        .. Unreachable(flow).Select(s => new FlowFault(s.Line, new Text("到不了状态“{0}”。", "Nothing leads to the state “{0}”.").With(s.Title), new("增加通向它的动作，或删去它。", "Add an act that leads to it, or take it out."))),
        .. Trapped(flow).Select(s => new FlowFault(s.Line, new Text("状态“{0}”走不到结束。", "From the state “{0}” no way leads to an end.").With(s.Title), new("增加离开它的动作，或标明 ended: yes。", "Add an act that leaves it, or say ended: yes."))),
        .. flow.Acts.Values.Where(a => a.By.Count == 0).Select(a => new FlowFault(a.Line, new Text("谁都不能“{0}”。", "Nobody may take “{0}”.").With(a.Title), new("在 by 中写明角色。", "Name roles in by."))),
        .. flow.Acts.Values.Where(a => a.From.Count == 0).Select(a => new FlowFault(a.Line, new Text("“{0}”没有起点。", "“{0}” starts nowhere.").With(a.Title), new("在 from 中写明状态。", "Name states in from."))),
        .. flow.States.Values.Where(s => !s.Ended && s.Limit is null && !s.OfClass && s.Clock == StageClock.Anew).Select(s => new FlowFault(s.Line, new Text("状态“{0}”没有时限。", "The state “{0}” has no limit.").With(s.Title), new("写明 limit，或 clock: keep。", "Give limit, or clock: keep."))),
        .. flow.States.Values.Where(s => !s.Ended && !s.Waits.Any(w => flow.From(s.Name).Any(a => a.By.Contains(w)))).Select(s => new FlowFault(s.Line, new Text("状态“{0}”不等待任何能办理它的角色。", "The state “{0}” waits for nobody who may act on it.").With(s.Title), new("在 waits 中写明角色。", "Name roles in waits."))),
        .. flow.States.Values.Where(s => s.Name == flow.Start && s.Limit is null).Select(s => new FlowFault(s.Line, new Text("起始状态“{0}”没有自己的时限。", "The state “{0}” in which cases start has no limit of its own.").With(s.Title), new("写明 limit，不用 class。", "Give limit, other than class."))),
        .. FlowWords.Stages.Where(s => s.Value && flow.States.Values.All(t => t.Stage != s.Key)).Select(s => new FlowFault(flow.States[flow.Start].Line, new Text("没有 stage: {0} 的状态，指标无从统计。", "No state has stage: {0}, by which figures count.").With(s.Key), new("在相应的状态中写明 stage。", "Say the stage in the state that is it."))),
        .. FlowWords.Needed.Where(e => !flow.Acts.Values.Any(a => a.Has(e))).Select(e => new FlowFault(flow.Acts.Values.FirstOrDefault()?.Line ?? 1, new Text("没有效果为 {0} 的动作，指标无从统计。", "No act has the effect {0}, by which figures count.").With(e), new("在相应动作的 effects 中加上它。", "Add it to effects of the act that does it."))),
        .. flow.Acts.Values.Where(a => Judges(a, flow) && !a.Guards.Contains("not-the-handler")).Select(a => new FlowFault(a.Line, new Text("“{0}”核查或结案，但处置人也能办理。", "“{0}” verifies or closes, and who handled it may take it.").With(a.Title), new("在 guards 中加上 not-the-handler。", "Add not-the-handler to guards."))),
        .. flow.Acts.Values.Where(a => Judges(a, flow) && a.By.Any(b => b is "handler" or "assistant")).Select(a => new FlowFault(a.Line, new Text("“{0}”核查或结案，不能由处置单位办理。", "“{0}” verifies or closes: it is not for the units that handle.").With(a.Title), new("在 by 中去掉 handler 和 assistant。", "Take handler and assistant out of by."))),
        .. flow.Acts.Values.Where(a => Lacking(a) is not null).Select(a => new FlowFault(a.Line, new Text("“{0}”需要必填项“{1}”。", "“{0}” needs the required field “{1}”.").With(a.Title, Lacking(a)), new("在 fields 中加上它。", "Add it to fields."))),
    ];

    /// <summary>States no act leads to from the start.</summary>
    private static IEnumerable<FlowState> Unreachable(CaseFlow flow)
    {
        var seen = new HashSet<string>([flow.Start], StringComparer.Ordinal);
        var waiting = new Queue<string>(seen);
        while (waiting.TryDequeue(out var state))
        {
            foreach (var act in flow.From(state).Where(a => a.By.Count > 0 && a.To is { } to && seen.Add(to)))
            {
                waiting.Enqueue(act.To!);
            }
        }

        return flow.States.Values.Where(s => !seen.Contains(s.Name));
    }

    /// <summary>Open states from which no end can be reached.</summary>
    private static IEnumerable<FlowState> Trapped(CaseFlow flow)
    {
        var good = flow.States.Values.Where(s => s.Ended).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        for (var before = 0; before != good.Count;)
        {
            before = good.Count;
            good.UnionWith(flow.Acts.Values.Where(a => a.By.Count > 0 && a.To is { } to && good.Contains(to)).SelectMany(a => a.From).ToList());
        }

        return flow.States.Values.Where(s => !good.Contains(s.Name));
    }

    /// <summary>处办与核查分离: an act that closes a case, sends it back as badly done, or leads on from where it is verified.</summary>
    private static bool Judges(FlowAct act, CaseFlow flow) => act.Has("close") || act.Has("rework") || (act.To is not null && act.From.Any(f => flow.StageOf(f) is "verifying" or "inspecting"));

    /// <summary>The field without which an act's effect means nothing; null when all are there.</summary>
    private static string? Lacking(FlowAct act) => new (string Effect, string Field)[] { ("assign", "unit"), ("merge", "parent"), ("lower", "node"), ("ask-delay", "hours"), ("classify", "class") }
        .Where(n => act.Has(n.Effect) && !act.Fields.Any(f => f.Required && f.Name == n.Field)).Select(n => n.Field).FirstOrDefault();
}
