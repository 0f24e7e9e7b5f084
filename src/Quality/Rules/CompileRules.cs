// In: rules and a table. Out: what the lake is asked: one pass for all row rules, grouped statements for those on rows together, and those that states answer.
using Lizhou.Kernel;
using Lizhou.Lake;

namespace Lizhou.Quality.Rules;

/// <param name="Rows">In the order of the plan's tests.</param>
/// <param name="Sets">Each a statement of its own.</param>
/// <param name="States">Answered from this scan and the last one, without reading rows.</param>
internal sealed record Compiled(ScanPlan Plan, IReadOnlyList<Rule> Rows, IReadOnlyList<(Rule Rule, SetTest Test)> Sets, IReadOnlyList<Rule> States);

internal static class CompileRules
{
    /// <param name="tables">Finds another table by layer and name.</param>
    public static Result<Compiled> Run(IReadOnlyList<Rule> rules, Func<string, string, Table?> tables, DateTimeOffset now)
    {
        var (rows, tests, sets, states) = (new List<Rule>(), new List<RowTest>(), new List<(Rule, SetTest)>(), new List<Rule>());
        foreach (var rule in rules)
        {
            if (CheckRule.Fault(rule) is { } fault)
            {
                return fault;
            }

            if (Row(rule, now) is { } test)
            {
                rows.Add(rule);
                tests.Add(test);
            }
            else if (rule.Kind is RuleKind.Freshness or RuleKind.Volume or RuleKind.Drift)
            {
                states.Add(rule);
            }
            else
            {
                var set = Set(rule, tables);
                if (set.Refused)
                {
                    return set.Problem!;
                }

                sets.Add((rule, set.Value));
            }
        }

        return new Compiled(new ScanPlan(tests), rows, sets, states);
    }

    /// <summary>Whether rules of the kind are about rows together: each a statement of its own.</summary>
    public static bool Together(RuleKind kind) =>
        kind is RuleKind.Unique or RuleKind.Depends or RuleKind.Reports or RuleKind.Reference or RuleKind.Agrees or RuleKind.AddsUp or RuleKind.NeverFalls;

    /// <summary>What a rule compares cells with by the types of their columns.</summary>
    public static IEnumerable<Condition> Conditions(Rule rule) => new[] { rule.Never, rule.Whole, rule.Parts, rule.Of }.OfType<Condition>()
        .Concat(rule.Kind switch { RuleKind.Range => Bounds(rule), RuleKind.Slip => [Slips(rule)], _ => [] });

    private static Condition.OneOf Slips(Rule rule) => new(rule.Columns[0], [.. rule.Mend.Keys]);

    private static RowTest? Row(Rule rule, DateTimeOffset now) => rule.Kind switch
    {
        RuleKind.NotNull => new RowTest.Holds(new Condition.Not(new Condition.Empty(rule.Columns[0]))),
        RuleKind.Format => new RowTest.Matches(rule.Columns[0], rule.Pattern!),
        RuleKind.CodeList => new RowTest.Among(rule.Columns[0], rule.Values),
        RuleKind.CheckCharacter => new RowTest.Checked(rule.Columns[0], rule.Check),
        RuleKind.Range => new RowTest.Holds(new Condition.All([.. Bounds(rule)])),
        RuleKind.NotFuture => new RowTest.NotAfter(rule.Columns[0], now),
        RuleKind.Compare => new RowTest.Compared(rule.Columns[0], rule.Is, rule.Columns[1]),
        RuleKind.BirthOfId => new RowTest.BornOn(rule.Columns[0], rule.Columns[1]),
        RuleKind.SexOfId => new RowTest.SexOf(rule.Columns[0], rule.Columns[1], [rule.Values[0]], [rule.Values[1]]),
        RuleKind.Denial => new RowTest.Denied(rule.Never!),
        RuleKind.Slip => new RowTest.Denied(Slips(rule)),
        _ => null,
    };

    private static IEnumerable<Condition> Bounds(Rule rule)
    {
        if (rule.Least is { } least)
        {
            yield return new Condition.Compare(rule.Columns[0], Comparison.AtLeast, least);
        }

        if (rule.Most is { } most)
        {
            yield return new Condition.Compare(rule.Columns[0], Comparison.AtMost, most);
        }
    }

    private static Result<SetTest> Set(Rule rule, Func<string, string, Table?> tables)
    {
        switch (rule.Kind)
        {
            case RuleKind.Unique:
                return new SetTest.Unique(rule.Columns);
            case RuleKind.Depends:
                return new SetTest.Determines([.. rule.Columns.SkipLast(1)], rule.Columns[^1]);
            case RuleKind.Reports:
                return new SetTest.Determines([rule.Columns[0]], rule.Columns[^1]);
            case RuleKind.AddsUp:
                return new SetTest.AddsUp([.. rule.Columns.SkipLast(1)], rule.Columns[^1], rule.Whole!, rule.Parts!);
            case RuleKind.NeverFalls:
                return new SetTest.NeverFalls([.. rule.Columns.SkipLast(2)], rule.Columns[^2], rule.Columns[^1], rule.Of);
            case RuleKind.Reference:
                var parts = rule.Other!.Split('.');
                return tables(parts[0], parts[1]) is { } table ? new SetTest.Refers(rule.Columns[0], table, parts[2]) : Problems.NoOther.With(rule.Name, rule.Other);
            case RuleKind.Agrees:
                var side = rule.Other!.Split('.');
                return tables(side[0], side[1]) is { } source ? new SetTest.Agrees(rule.Columns[0], rule.Columns[1], source, rule.OtherKey ?? rule.Columns[0], side[2]) : Problems.NoOther.With(rule.Name, rule.Other);
            default:
                return Problems.FileOnly.With(rule.Name, rule.Kind);
        }
    }
}
