// In: the rules of a resource as YAML, and its items. Out: weights and rules, columns by the names they have in tables; or what is wrong, in which line, and what would be right.
using System.Globalization;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Kept;

/// <param name="Weights">Percent by dimension; together 100.</param>
internal sealed record KeptSet(IReadOnlyDictionary<Dimension, decimal> Weights, IReadOnlyList<Rule> Rules);

/// <summary>The file as it is written.</summary>
internal sealed class KeptLines
{
    public Dictionary<Dimension, decimal>? Weights { get; set; }

    public List<RuleLine?>? Rules { get; set; }
}

internal static class ReadKept
{
    public const int Longest = 200_000;

    /// <summary>What a draft begins with.</summary>
    public const string Blank = "rules: []\n";

    /// <param name="strict">False: rules whose items have gone since are left out, where true refuses them.</param>
    public static Result<KeptSet> Run(string yaml, ResourceCard card, bool strict = true)
    {
        if (yaml.Length > Longest)
        {
            return Bad(1, new("规则太长", "the rules are too long"), new Text("不超过 {0} 字。", "At most {0} characters.").With(Longest));
        }

        var read = RuleFile.Parse<KeptLines>(yaml);
        if (read.Fault is { } unread)
        {
            return Bad(Math.Max(1, read.At.Line), unread, new(
                $"每条规则写 name、kind、columns、dimension、severity、reason；kind 可用：{string.Join('、', Enum.GetNames<RuleKind>())}；is 可用：{string.Join('、', Enum.GetNames<Comparison>())}。",
                $"A rule has name, kind, columns, dimension, severity and reason; kinds: {string.Join(", ", Enum.GetNames<RuleKind>())}; is: {string.Join(", ", Enum.GetNames<Comparison>())}."));
        }

        var (at, lines) = (RuleFile.Lines(yaml), read.File?.Rules ?? []);
        var weights = read.File?.Weights ?? Scores.Usual;
        if (Scores.Fault(weights) is { } fault)
        {
            return Bad(Math.Max(1, at.Weights.Line), fault.What, fault.Todo);
        }

        if (lines.Count > RuleFile.MostRules)
        {
            return Bad(at.Rules[RuleFile.MostRules].At.Line, new("规则太多", "there are too many rules"), new Text("不超过 {0} 条。", "At most {0}.").With(RuleFile.MostRules));
        }

        var rules = new List<Rule>();
        foreach (var (line, i) in lines.Select((l, i) => (l, i)))
        {
            Result<Rule> rule = RuleFile.Fault(line) is { } torn ? Problems.BadRule.With(line?.Name, torn) : Checked(Named(RuleFile.Rule(line!), card), rules, card);
            if (!rule.Refused)
            {
                rules.Add(rule.Value);
            }
            else if (strict)
            {
                return Bad(at.Rules[i].At.Line, rule.Problem!.What, rule.Problem.Todo);
            }
        }

        return new KeptSet(weights.ToDictionary(), rules);
    }

    /// <summary>The rules as a file again, where a person's own text cannot be added to.</summary>
    public static string Write(KeptSet set)
    {
        var weights = string.Concat(set.Weights.OrderBy(w => w.Key).Select(w => $"  {w.Key}: {w.Value.ToString(CultureInfo.InvariantCulture)}\n"));
        return $"weights:\n{weights}{(set.Rules.Count == 0 ? Blank : RuleFile.Write(set.Rules.Select(r => (r, (string?)null))))}";
    }

    /// <summary>The line in which a rule begins; 1 when it is not found.</summary>
    public static long LineOf(string yaml, string rule) => Math.Max(1, RuleFile.Lines(yaml).Rules.FirstOrDefault(r => r.Name == rule).At.Line);

    public static Problem Bad(long line, Text what, Text todo) => Problems.BadRuleSet.With(line, what, todo);

    private static Result<Rule> Checked(Rule rule, List<Rule> before, ResourceCard card)
    {
        if (before.Any(r => string.Equals(r.Name, rule.Name, StringComparison.OrdinalIgnoreCase)) || BoundRules.Of(card).Any(b => string.Equals(b.Rule.Name, rule.Name, StringComparison.OrdinalIgnoreCase)))
        {
            return Problems.SameRule.With(rule.Name);
        }

        if (CheckRule.Fault(rule) is { } fault)
        {
            return fault;
        }

        if (rule.Kind is RuleKind.Glued or RuleKind.Reports)
        {
            return Problems.FileOnly.With(rule.Name, rule.Kind);
        }

        var known = card.Items.Select(i => i.Column).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return rule.Touched.FirstOrDefault(c => !known.Contains(c)) is { } missing ? Problems.NoColumn.With(rule.Name, missing, string.Join('、', card.Items.Select(i => $"{i.Column}（{i.Name}）"))) : rule;
    }

    /// <summary>Columns may be called by the names of the items.</summary>
    private static Rule Named(Rule rule, ResourceCard card) => rule with { Columns = [.. rule.Columns.Select(c => card.Items.FirstOrDefault(i => i.Name == c)?.Column ?? c)] };
}
