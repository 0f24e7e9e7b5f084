// Scores of a table by dimension (GB/T 36344): of each A/B × 100 %, A the judged rows that keep its rules, B all judged; weights sum to 100 %. In: rules, what a scan found, weights. Out: scores.
using Lizhou.Kernel;
using Lizhou.Lake;

namespace Lizhou.Quality.Rules;

/// <param name="Kept">A: rows that keep the rules of the dimension, counted once for each rule.</param>
/// <param name="Judged">B: rows judged, counted once for each rule.</param>
internal sealed record DimensionScore(Dimension Dimension, long Kept, long Judged)
{
    /// <summary>0 to 100, two places.</summary>
    public decimal Score => Judged == 0 ? 100 : Math.Round(100m * Kept / Judged, 2);
}

/// <param name="Total">0 to 100; null when no dimension has a rule. Dimensions without rules give their weight to the others.</param>
internal sealed record TableScore(IReadOnlyList<DimensionScore> Dimensions, decimal? Total);

internal static class Scores
{
    /// <summary>Unless the bureau says otherwise.</summary>
    public static readonly IReadOnlyDictionary<Dimension, decimal> Usual = new Dictionary<Dimension, decimal>
    {
        [Dimension.Conformity] = 20, [Dimension.Completeness] = 20, [Dimension.Accuracy] = 25, [Dimension.Consistency] = 15, [Dimension.Timeliness] = 15, [Dimension.Accessibility] = 5,
    };

    /// <summary>Null when the weights can be used.</summary>
    public static Problem? Fault(IReadOnlyDictionary<Dimension, decimal> weights) =>
        weights.Where(w => w.Value is < 0 or > 100).Select(w => Problems.BadWeight.With(Words.Of(w.Key), w.Value)).FirstOrDefault()
        ?? (weights.Values.Sum() != 100 ? Problems.BadWeights.With(weights.Values.Sum()) : null);

    /// <param name="found">What one pass found for <see cref="Compiled.Rows"/>.</param>
    /// <param name="sets">For each of <see cref="Compiled.Sets"/> the rows or groups at fault, of so many judged.</param>
    /// <param name="states">For each of <see cref="Compiled.States"/> whether it is kept; such a rule judges the table as if it were one row.</param>
    public static Result<TableScore> Of(Compiled compiled, ScanState found, IReadOnlyList<(long Failed, long Judged)> sets, IReadOnlyList<bool> states, IReadOnlyDictionary<Dimension, decimal> weights)
    {
        if (Fault(weights) is { } fault)
        {
            return fault;
        }

        var judged = compiled.Rows.Select((rule, i) => (rule.Dimension, Bad: found.Failed[i], All: found.Rows))
            .Concat(compiled.Sets.Select((set, i) => (set.Rule.Dimension, Bad: sets[i].Failed, All: sets[i].Judged)))
            .Concat(compiled.States.Select((rule, i) => (rule.Dimension, Bad: states[i] ? 0L : 1L, All: 1L)));
        var dimensions = judged.GroupBy(j => j.Dimension).OrderBy(g => g.Key).Select(g => new DimensionScore(g.Key, g.Sum(j => j.All - j.Bad), g.Sum(j => j.All))).ToList();
        var weighed = dimensions.Where(d => d.Judged > 0).Select(d => (d.Score, Weight: weights.GetValueOrDefault(d.Dimension))).ToList();
        var whole = weighed.Sum(w => w.Weight);
        return new TableScore(dimensions, whole == 0 ? null : Math.Round(weighed.Sum(w => w.Score * w.Weight) / whole, 2));
    }
}
