// In: cases of a period, the duty list as it was and another. Out: who would have been on duty where and when each was dispatched. Pure.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Nodes;
using Lizhou.Kernel;

namespace Lizhou.Cases.Dispatching.WhatIf;

internal sealed class CompareDuty(IReadOnlyList<Duty> now, IReadOnlyList<Duty> then, Desk desk)
{
    private static readonly Text Bureau = new("主管部门", "the bureau");
    private static readonly Text Nobody = new("无人值班", "nobody on duty");
    private readonly Dictionary<(string Node, DateOnly Day), IReadOnlyList<(string Duty, IReadOnlyList<string> Now, IReadOnlyList<string> Then)>> known = [];

    /// <summary>Of each case the duties others would have had, in words; and by duty and unit how many cases.</summary>
    public (IReadOnlyList<PostForecast> Sums, IReadOnlyList<IReadOnlyList<string>> Posts) Of(IReadOnlyList<PastCase> cases)
    {
        var sums = new Dictionary<(string Duty, string Unit), (int Now, int Then)>();
        List<IReadOnlyList<string>> posts = [];
        foreach (var c in cases)
        {
            var duties = On(c.Node, DateOnly.FromDateTime(c.SentAt.InCity().DateTime));
            foreach (var (duty, before, after) in duties)
            {
                foreach (var unit in before.Union(after))
                {
                    var sum = sums.GetValueOrDefault((duty, unit));
                    sums[(duty, unit)] = (sum.Now + (before.Contains(unit) ? 1 : 0), sum.Then + (after.Contains(unit) ? 1 : 0));
                }
            }

            posts.Add([.. duties.Where(d => !d.Now.SequenceEqual(d.Then)).Select(d => $"{FlowWords.Duties[d.Duty]}: {string.Join(' ', d.Now)} → {string.Join(' ', d.Then)}")]);
        }

        var order = FlowWords.Duties.Keys.ToList();
        return ([.. sums.Select(s => new PostForecast(s.Key.Duty, FlowWords.Duties[s.Key.Duty].ToString(), s.Key.Unit, s.Value.Now, s.Value.Then)).OrderBy(p => order.IndexOf(p.Duty)).ThenByDescending(p => p.Now).ThenBy(p => p.Unit, StringComparer.Ordinal)], posts);
    }

    private IReadOnlyList<(string Duty, IReadOnlyList<string> Now, IReadOnlyList<string> Then)> On(string node, DateOnly day) => known.TryGetValue((node, day), out var found) ? found
        : known[(node, day)] = [.. FlowWords.Duties.Keys.Select(d => (d, Units(now, d, node, day), Units(then, d, node, day)))];

    private List<string> Units(IReadOnlyList<Duty> lines, string kind, string node, DateOnly day)
    {
        var above = desk.Nodes.Above(node);
        List<string> units = [.. lines.Where(d => d.Kind == kind && d.Holds(day) && above.Contains(d.Node) && Counts(d, desk)).Select(d => d.Unit is { } unit ? desk.UnitName(unit) : Bureau.ToString()).Distinct().Order(StringComparer.Ordinal)];
        return units.Count > 0 ? units : [Nobody.ToString()];
    }

    /// <summary>A unit that was dissolved does no duty.</summary>
    internal static bool Counts(Duty line, Desk desk) => line.Unit is not { } unit || desk.Units.ContainsKey(unit);
}
