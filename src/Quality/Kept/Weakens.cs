// In: the rules in force and those that are to come. Out: what of the first the second ask less of: rules taken out, renamed, or changed otherwise than to be stricter, and other weights. Pure.
// A unit's gate is the bureau's word over its data: what opens it is not for the unit alone to say.
using Lizhou.Kernel;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Kept;

internal static class Weakens
{
    private static readonly Text Weights = new("维度权重", "the weights");

    /// <summary>Names of rules, and the weights; empty when nothing becomes weaker.</summary>
    public static IReadOnlyList<string> Of(KeptSet before, KeptSet after)
    {
        var there = after.Rules.ToDictionary(r => r.Name, StringComparer.OrdinalIgnoreCase);
        IEnumerable<string> rules = before.Rules.Where(r => !there.TryGetValue(r.Name, out var now) || !AsStrict(r, now)).Select(r => r.Name);
        // Weights decide the score only where rules were judged.
        return before.Rules.Count > 0 && Enum.GetValues<Dimension>().Any(d => before.Weights.GetValueOrDefault(d) != after.Weights.GetValueOrDefault(d)) ? [.. rules, Weights.ToString()] : [.. rules];
    }

    private static bool AsStrict(Rule was, Rule now) =>
        now.Severity >= was.Severity && Bound(was.Least, now.Least, Comparison.AtLeast) && Bound(was.Most, now.Most, Comparison.AtMost) && Limit(was, now)
        && (was.Kind != RuleKind.CodeList || now.Values.All(was.Values.Contains)) && Rest(was) == Rest(now);

    private static bool Bound(string? was, string? now, Comparison stricter) => was is null || (now is not null && (was == now || JudgeTable.Compared(now, stricter, was)));

    /// <summary>Of the kinds that have a limit or a cycle, the smaller one is the stricter.</summary>
    private static bool Limit(Rule was, Rule now) => was.Kind is not (RuleKind.Freshness or RuleKind.Volume or RuleKind.Drift) || StateRules.Limit(now) <= StateRules.Limit(was);

    /// <summary>What a rule says beside what may become stricter, and beside its reason.</summary>
    private static string Rest(Rule rule) => RuleFile.Write([(rule with
    {
        Name = rule.Name.ToLowerInvariant(), Severity = Severity.Notice, Reason = new("", ""), Least = null, Most = null, Limit = 0, Cycle = null, Values = rule.Kind == RuleKind.CodeList ? [] : rule.Values,
    }, null)]);
}
