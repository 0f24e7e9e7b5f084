// In: a flow. Out: what is wrong with it as a whole, each with line and hint: a state nobody comes to, one without a way out, an act nobody may take, a clock without a limit. Pure.
// Who is on duty is always there; a lead unit only once the case was dispatched, and assisting ones not in every case.
using Lizhou.Kernel;

namespace Lizhou.Cases.Flows;

internal static class CheckFlow
{
    /// <summary>Guards of which one never holds where the other does.</summary>
    private static readonly (string One, string Other)[] Contrary = [("supervised", "not-supervised"), ("supervised", "supervision-answered")];

    public static IReadOnlyList<FlowFault> Faults(CaseFlow flow) => Faults(flow, Standings(flow));

    private static IReadOnlyList<FlowFault> Faults(CaseFlow flow, HashSet<(string State, bool Led)> standings) =>
    [
        .. Unreachable(flow).Select(s => new FlowFault(s.Line, new Text("到不了状态“{0}”。", "Nothing leads to the state “{0}”.").With(s.Title), new("增加通向它的动作，或删去它。", "Add an act that leads to it, or take it out."))),
        .. Trapped(flow, standings).Select(s => new FlowFault(s.Line, new Text("状态“{0}”走不到结束。", "From the state “{0}” no way leads to an end.").With(s.Title), new("增加总有人能办理的离开它的动作（不是每件都有协办单位），或标明 ended: yes。", "Add an act that leaves it and that somebody can always take (not every case has an assisting unit), or say ended: yes."))),
        .. flow.Acts.Values.Where(a => a.By.Count == 0).Select(a => new FlowFault(a.Line, new Text("谁都不能“{0}”。", "Nobody may take “{0}”.").With(a.Title), new("在 by 中写明角色。", "Name roles in by."))),
        .. flow.Acts.Values.Where(a => a.By.Count > 0 && a.From.Count > 0 && !a.By.Any(FlowWords.Duties.ContainsKey) && !a.From.Any(f => standings.Contains((f, true)))).Select(a => new FlowFault(a.Line, new Text("谁都不能“{0}”：事件到不了起点状态，或那时还没有派遣，没有主办和协办单位。", "Nobody can ever take “{0}”: where it starts a case has no lead and no assisting unit.").With(a.Title), new("在 by 中写明值班角色，或改 from。", "Name roles of the duty list in by, or change from."))),
        .. flow.Acts.Values.Where(a => Contradicts(a) is not null).Select(a => new FlowFault(a.Line, new Text("谁都不能“{0}”：条件“{1}”与“{2}”不能同时成立。", "Nobody can ever take “{0}”: “{1}” and “{2}” never hold together.").With(a.Title, FlowWords.Conditions[Contradicts(a)!.Value.One], FlowWords.Conditions[Contradicts(a)!.Value.Other]), new("从 guards 中去掉其一。", "Take one of them out of guards."))),
        .. flow.Acts.Values.Where(a => a.From.Count == 0).Select(a => new FlowFault(a.Line, new Text("“{0}”没有起点。", "“{0}” starts nowhere.").With(a.Title), new("在 from 中写明状态。", "Name states in from."))),
        .. flow.States.Values.Where(s => !s.Ended && s.Limit is null && !s.OfClass && s.Clock == StageClock.Anew).Select(s => new FlowFault(s.Line, new Text("状态“{0}”没有时限。", "The state “{0}” has no limit.").With(s.Title), new("写明 limit，或 clock: keep。", "Give limit, or clock: keep."))),
        .. flow.States.Values.Where(s => !s.Ended && !s.Waits.Any(w => IsThere(w, s.Name, standings) && flow.From(s.Name).Any(a => Leaves(a, s.Name) && a.By.Contains(w)))).Select(s => new FlowFault(s.Line, new Text("状态“{0}”不等待任何总能把它办下去的角色。", "The state “{0}” waits for nobody who can always take it on.").With(s.Title), new("在 waits 中写明能办理离开它的动作的角色。", "Name roles in waits that may take an act which leaves it."))),
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

    /// <summary>In which states a case may be with a lead unit, and in which without, whoever takes which act.</summary>
    private static HashSet<(string State, bool Led)> Standings(CaseFlow flow)
    {
        var seen = new HashSet<(string State, bool Led)> { (flow.Start, false) };
        var waiting = new Queue<(string State, bool Led)>(seen);
        while (waiting.TryDequeue(out var at))
        {
            foreach (var next in flow.From(at.State).Where(a => a.By.Count > 0).Select(a => Next(at, a)).Where(seen.Add))
            {
                waiting.Enqueue(next);
            }
        }

        return seen;

        (string State, bool Led) Next((string State, bool Led) at, FlowAct act) =>
            (act.To ?? at.State) is var to && flow.States[to].Ended ? (to, false) : (to, act.Has("assign") || (at.Led && !act.Has("release")));
    }

    /// <summary>Whether somebody of the role is there whenever a case is in the state.</summary>
    private static bool IsThere(string role, string state, HashSet<(string State, bool Led)> standings) =>
        FlowWords.Duties.ContainsKey(role) || (role == "handler" && !standings.Contains((state, false)));

    /// <summary>Whether an act leads on from a state: what stays – supervise, raise, reply – is no way out.</summary>
    private static bool Leaves(FlowAct act, string state) => act.To is { } to && to != state && Contradicts(act) is null;

    private static (string One, string Other)? Contradicts(FlowAct act) =>
        Contrary.Where(c => act.Guards.Contains(c.One) && act.Guards.Contains(c.Other)).Select(c => ((string, string)?)c).FirstOrDefault();

    /// <summary>Open states from which no end can be reached, whoever of those that need not be there is missing.</summary>
    private static IEnumerable<FlowState> Trapped(CaseFlow flow, HashSet<(string State, bool Led)> standings)
    {
        var good = flow.States.Values.Where(s => s.Ended).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        for (var before = 0; before != good.Count;)
        {
            before = good.Count;
            good.UnionWith(flow.Acts.Values.Where(a => a.To is { } to && good.Contains(to)).SelectMany(a => a.From.Where(f => Leaves(a, f) && a.By.Any(b => IsThere(b, f, standings)))).ToList());
        }

        return flow.States.Values.Where(s => !good.Contains(s.Name));
    }

    /// <summary>处办与核查分离: an act that closes a case, sends it back as badly done, or leads on from where it is verified.</summary>
    private static bool Judges(FlowAct act, CaseFlow flow) => act.Has("close") || act.Has("rework") || (act.To is not null && act.From.Any(f => flow.StageOf(f) is "verifying" or "inspecting"));

    /// <summary>The field without which an act's effect means nothing; null when all are there.</summary>
    private static string? Lacking(FlowAct act) => new (string Effect, string Field)[] { ("assign", "unit"), ("merge", "parent"), ("lower", "node"), ("ask-delay", "hours"), ("classify", "class") }
        .Where(n => act.Has(n.Effect) && !act.Fields.Any(f => f.Required && f.Name == n.Field)).Select(n => n.Field).FirstOrDefault();
}
