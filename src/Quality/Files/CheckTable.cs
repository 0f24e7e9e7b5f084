// In: a table in memory, and rules or the wish to find some. Out: every cell that breaks a rule, by the surest of its rules.
using Lizhou.Kernel;
using Lizhou.Quality.Rules;
using Lizhou.Quality.Suggest;

namespace Lizhou.Quality.Files;

/// <param name="Applied">Whether it is sure enough to be applied.</param>
internal sealed record Tried(Suggestion Found, bool Applied, IReadOnlyList<Flag> Flags);

internal sealed record FlaggedCell(Flag Flag, Suggestion By);

/// <param name="Rules">All rules, the surest first.</param>
/// <param name="Cells">In the order of rows and columns.</param>
internal sealed record Checked(IReadOnlyList<Tried> Rules, IReadOnlyList<FlaggedCell> Cells);

internal static class CheckTable
{
    /// <summary>How sure a rule found in data must be to be applied, unless it is said otherwise.</summary>
    public const double Sure = 0.8;

    private static readonly Text Given = new("规则文件所定。", "given in the rule file.");

    public static Checked Suggest(Grid grid, double sure, DateTimeOffset now) =>
        Gathered([.. SuggestRules.Run(grid, now).Select(s => new Tried(s, s.Confidence >= sure, s.Confidence >= sure ? JudgeTable.Run(s.Rule, grid, now).Value : []))]);

    public static Result<Checked> Apply(Grid grid, IReadOnlyList<Rule> rules, DateTimeOffset now)
    {
        var tried = new List<Tried>();
        foreach (var rule in rules)
        {
            var flags = JudgeTable.Run(rule, grid, now);
            if (flags.Refused)
            {
                return flags.Problem!;
            }

            var support = 1 - (flags.Value.Select(f => f.Row).Union(Untold(rule, grid)).Count() / (double)Math.Max(1, grid.Rows));
            tried.Add(new(new Suggestion(rule, 1, support, grid.Rows, Given), true, flags.Value));
        }

        return Gathered(tried);
    }

    /// <summary>Rows that do not keep a rule although no cell of them can be called the wrong one: groups without a clear majority, dates that cannot be read.</summary>
    private static IEnumerable<int> Untold(Rule rule, Grid grid) => rule.Kind switch
    {
        RuleKind.Depends => GroupRules.Differing(grid, [.. rule.Columns.Select(grid.Find)]),
        RuleKind.BirthOfId => JudgeTable.Unreadable(grid, grid.Find(rule.Columns[0]), grid.Find(rule.Columns[1])),
        _ => [],
    };

    /// <summary>Rules of several origins as one check.</summary>
    public static Checked Together(IReadOnlyList<Tried> rules) => Gathered(rules);

    /// <summary>A cell is told once, by its surest rule; of several proposals the one that rules speak for most.</summary>
    private static Checked Gathered(IReadOnlyList<Tried> rules)
    {
        var cells = new Dictionary<(int, int), List<FlaggedCell>>();
        foreach (var tried in rules)
        {
            foreach (var flag in tried.Flags)
            {
                (cells.TryGetValue((flag.Row, flag.Column), out var all) ? all : cells[(flag.Row, flag.Column)] = []).Add(new(flag, tried.Found));
            }
        }

        return new(rules, [.. cells.Values.Select(Settled).OrderBy(c => c.Flag.Row).ThenBy(c => c.Flag.Column)]);
    }

    private static FlaggedCell Settled(List<FlaggedCell> all) => all.Count == 1
        ? all[0]
        : all.Where(c => c.Flag.Proposed is not null).GroupBy(c => c.Flag.Proposed, StringComparer.Ordinal).OrderByDescending(g => g.Sum(c => c.By.Confidence)).FirstOrDefault() is { } best ? best.First() : all[0];
}
