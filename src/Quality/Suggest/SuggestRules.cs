// In: a table in memory. Out: rules that nearly all of it keeps, each with its support, how sure it is and why. The stages stand in one list.
using Lizhou.Kernel;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Suggest;

/// <summary>A rule found in data.</summary>
/// <param name="Confidence">0 to 1: how sure it is that what breaks the rule is wrong.</param>
/// <param name="Support">Share of the rows it speaks of that keep it.</param>
/// <param name="Witnesses">How many rows it speaks of.</param>
/// <param name="Why">What was seen.</param>
internal sealed record Suggestion(Rule Rule, double Confidence, double Support, int Witnesses, Text Why);

internal static class SuggestRules
{
    private static readonly Func<Grid, DateTimeOffset, IEnumerable<Suggestion>>[] Stages =
    [
        (grid, _) => FindChecks.Run(grid),
        (grid, _) => FindMissing.Run(grid),
        (grid, _) => FindUnits.Run(grid),
        (grid, _) => FindDates.Run(grid),
        (grid, _) => FindForms.Run(grid),
        (grid, _) => FindSlips.Run(grid),
        (grid, _) => FindGlued.Run(grid),
        (grid, _) => FindDependencies.Run(grid),
        (grid, _) => FindReports.Run(grid),
        (grid, _) => FindCodeLists.Run(grid),
        FindRanges.Run,
        (grid, _) => FindKeys.Run(grid),
    ];

    /// <summary>All that was found, the surest first.</summary>
    public static IReadOnlyList<Suggestion> Run(Grid grid, DateTimeOffset now) => [.. Stages.SelectMany(stage => stage(grid, now)).OrderByDescending(s => s.Confidence)];
}
