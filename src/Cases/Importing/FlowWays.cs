// In: a flow. Out: the acts that lead from one state to another, as few as there are, those that count against somebody (returned, shirked, reworked …) only where there is no other way. Pure.
using Lizhou.Cases.Flows;

namespace Lizhou.Cases.Importing;

internal sealed class FlowWays(CaseFlow flow)
{
    private const int Step = 1;
    private const int Detour = 100;
    private static readonly string[] Counted = ["rework", "return", "shirk", "unsatisfied", "merge", "unmerge"];
    private readonly Dictionary<string, Dictionary<string, IReadOnlyList<FlowAct>>> known = new(StringComparer.Ordinal);

    public CaseFlow Flow => flow;

    /// <summary>Null where no way leads.</summary>
    public IReadOnlyList<FlowAct>? Between(string from, string to)
    {
        if (!known.TryGetValue(from, out var ways))
        {
            ways = known[from] = From(from);
        }

        return ways.GetValueOrDefault(to);
    }

    private Dictionary<string, IReadOnlyList<FlowAct>> From(string start)
    {
        Dictionary<string, (int Cost, IReadOnlyList<FlowAct> Way)> best = new(StringComparer.Ordinal) { [start] = (0, []) };
        // Acts in the order of the text, again until nothing becomes shorter: of two ways as short the first is kept.
        for (var shorter = true; shorter;)
        {
            shorter = false;
            foreach (var act in flow.Acts.Values.Where(a => a.To is not null))
            {
                foreach (var (cost, way) in act.From.Where(best.ContainsKey).Select(f => best[f]).ToList())
                {
                    var reached = cost + (act.Effects.Any(Counted.Contains) ? Detour : Step);
                    if (!best.TryGetValue(act.To!, out var before) || reached < before.Cost)
                    {
                        best[act.To!] = (reached, [.. way, act]);
                        shorter = true;
                    }
                }
            }
        }

        return best.ToDictionary(b => b.Key, b => b.Value.Way, StringComparer.Ordinal);
    }
}
