// In: a rule. Out: null when it can be kept, else what is wrong with it. Whether the engine reads a pattern is asked of the engine.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Lake;

namespace Lizhou.Quality.Rules;

internal static class CheckRule
{
    public static Problem? Fault(Rule rule)
    {
        if (string.IsNullOrWhiteSpace(rule.Name))
        {
            return Problems.BadRule.With("", new Text("没有名称", "it has no name"));
        }

        var (least, most) = Columns(rule.Kind);
        if (rule.Columns.Count < least || rule.Columns.Count > most || rule.Columns.Any(string.IsNullOrWhiteSpace))
        {
            return Problems.BadRule.With(rule.Name, least == most
                ? new Text("{0}（{1}）须有 {2} 列", "{0} ({1}) takes {2} columns").With(Words.Of(rule.Kind), rule.Kind, least)
                : new Text("{0}（{1}）须有 {2} 至 {3} 列", "{0} ({1}) takes {2} to {3} columns").With(Words.Of(rule.Kind), rule.Kind, least, most));
        }

        return Parameters(rule) is { } missing ? Problems.BadRule.With(rule.Name, missing) : null;
    }

    /// <summary>As <see cref="Fault(Rule)"/>, and whether the engine can compile its pattern.</summary>
    public static async Task<Problem?> FaultInEngine(Rule rule, Warehouse lake, CancellationToken stop) =>
        Fault(rule) is { } fault ? fault
        : rule.Kind == RuleKind.Format && await lake.PatternFault(rule.Pattern!, stop) is { } why ? Problems.BadPattern.With(rule.Name, rule.Pattern, PatternWords.Of(why))
        : null;

    private static (int Least, int Most) Columns(RuleKind kind) => kind switch
    {
        RuleKind.Compare or RuleKind.Agrees or RuleKind.BirthOfId or RuleKind.SexOfId or RuleKind.Glued => (2, 2),
        RuleKind.Depends or RuleKind.AddsUp => (2, 9),
        RuleKind.NeverFalls => (3, 9),
        RuleKind.Reports => (3, 3),
        RuleKind.Unique => (1, 9),
        RuleKind.Denial or RuleKind.Volume => (0, 0),
        _ => (1, 1),
    };

    private static Text? Parameters(Rule rule) => rule.Kind switch
    {
        RuleKind.Format when string.IsNullOrEmpty(rule.Pattern) => new("没有 pattern", "its pattern is missing"),
        RuleKind.CodeList when rule.Values.Count == 0 => new("没有 values", "its values are missing"),
        RuleKind.SexOfId when rule.Values.Count != 2 => new("values 须为男、女两个值", "its values are the one for male and the one for female"),
        RuleKind.CheckCharacter when rule.Check == ValueCheck.None => new("没有 check", "its check is missing"),
        RuleKind.Range when rule.Least is null && rule.Most is null => new("没有 least 或 most", "it has neither least nor most"),
        RuleKind.Reference or RuleKind.Agrees when rule.Other?.Split('.').Length != 3 => new("other 须写成 层.表.列", "its other is written layer.table.column"),
        RuleKind.AddsUp when rule.Whole is null || rule.Parts is null => new("没有 whole 或 parts", "its whole or its parts are missing"),
        RuleKind.Denial when rule.Never is null => new("没有 never", "its never is missing"),
        RuleKind.Freshness when rule.Cycle == UpdateCycle.Irregular => new("不定期更新的没有时效要求", "what is updated irregularly is never late"),
        RuleKind.Freshness when rule.Cycle is not null => null,
        RuleKind.Freshness or RuleKind.Volume or RuleKind.Drift when !(rule.Limit > 0) => new("limit 须大于 0", "its limit is more than 0"),
        RuleKind.Volume when rule.Limit > 1 => new("limit 是可减少的份额，须大于 0、不超过 1（1 即 100%）", "its limit is the share that may be lost: more than 0, at most 1 (1 is 100 %)"),
        RuleKind.Slip when rule.Mend.Count == 0 => new("没有 mend", "its mend is missing"),
        _ => null,
    };
}
