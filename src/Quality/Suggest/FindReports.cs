// Tables in which several report the same thing: a column of things, one of reporters, each pair once, and every other column a fact that the things nearly determine.
using Lizhou.Kernel;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Suggest;

internal static class FindReports
{
    private const double LeastReports = 4;
    private const double LeastHeld = 0.5;
    private const double LeastGain = 0.4;
    private const double LeastFacts = 0.75;

    public static IEnumerable<Suggestion> Run(Grid grid)
    {
        var found = FindDependencies.All(grid).ToList();
        for (var thing = 0; thing < grid.Columns.Count; thing++)
        {
            var things = grid.Columns[thing];
            if (things.Distinct < 10 || things.Filled < LeastReports * things.Distinct)
            {
                continue;
            }

            if (Reporter(grid, thing) is not { } reporter)
            {
                continue;
            }

            var facts = found.Where(f => f.By == thing && f.Column != reporter && f.Holds >= LeastHeld && f.Gain >= LeastGain).ToList();
            var others = Enumerable.Range(0, grid.Columns.Count).Count(c => c != thing && c != reporter && grid.Columns[c].Distinct > 1 && grid.Columns[c].Distinct < grid.Rows);
            if (facts.Count < 2 || facts.Count < LeastFacts * others)
            {
                continue;
            }

            foreach (var fact in facts.Where(f => f.Differ > 0))
            {
                yield return Report(grid, things, grid.Columns[reporter], fact);
            }
        }
    }

    private static Suggestion Report(Grid grid, GridColumn things, GridColumn reporters, FindDependencies.Found fact)
    {
        var owned = Enumerable.Range(0, grid.Rows).Count(r => Truth.Owns(reporters[r], things[r]));
        return new(
            new Rule($"{things.Name} → {grid.Columns[fact.Column].Name} ({reporters.Name})", RuleKind.Reports, [things.Name, reporters.Name, grid.Columns[fact.Column].Name], Dimension.Consistency, Severity.Ordinary, new Text("各“{0}”对同一“{1}”的说法不一，与可信的说法不同", "not what the most trusted “{0}” says of the same “{1}”").With(reporters.Name, things.Name)),
            owned > 0 ? 0.9 : 0.82, fact.Holds, fact.Rows,
            new Text("{0} 个“{1}”各由多个“{2}”报告，{3:P1} 与多数一致；以所属者为准，其余按可信程度投票，互相抄送的只算一票。", "each of {0} “{1}” is told by several “{2}”; {3:P1} agree with the most. The owner's word counts first, then votes by trust; copies count once.").With(fact.Groups, things.Name, reporters.Name, fact.Holds));
    }

    /// <summary>A column with few values of which each thing has every one about once.</summary>
    private static int? Reporter(Grid grid, int thing)
    {
        for (var reporter = 0; reporter < grid.Columns.Count; reporter++)
        {
            var column = grid.Columns[reporter];
            if (reporter == thing || column.Distinct < 3 || column.Distinct > Math.Min(200, grid.Rows / 10) || column.Counts[0] > 0)
            {
                continue;
            }

            var pairs = new HashSet<long>();
            for (var r = 0; r < grid.Rows; r++)
            {
                pairs.Add(((long)grid.Columns[thing].Cells[r] << 32) | (uint)column.Cells[r]);
            }

            if (pairs.Count >= 0.98 * grid.Rows)
            {
                return reporter;
            }
        }

        return null;
    }
}
