// A scheme of scores: parts with weights that add up to 100 %, each with a rule. And what a subject gets by it.
using Lizhou.Cases.Nodes;
using Lizhou.Kernel;

namespace Lizhou.Cases.Assessing;

/// <param name="Full">From this figure on nothing is lost.</param>
/// <param name="Per">Points lost for each point below.</param>
internal sealed record Term(string Metric, decimal Full, decimal Per);

/// <param name="Weight">Points of 100.</param>
/// <param name="Rule">rate, inverse, relative, steps, full, fall or hand.</param>
/// <param name="Metric">Of rate, inverse, relative and steps.</param>
/// <param name="Terms">Of full.</param>
/// <param name="Of">Set of cases without which fall has nothing to judge.</param>
/// <param name="Falls">Points lost for each case of a set.</param>
/// <param name="Steps">Below a bound: per cent of the weight; from the last on: nothing.</param>
internal sealed record SchemePart(
    Text Title, decimal Weight, string Rule, string? Metric, IReadOnlyList<Term> Terms, string? Of, IReadOnlyDictionary<string, decimal> Falls, IReadOnlyList<(decimal Below, decimal Score)> Steps);

internal sealed record Scheme(string Name, Text Title, IReadOnlyList<SchemePart> Parts)
{
    /// <summary>Of areas of class 2: which they are, by kind (Town, Zone) or code of a node. Empty: only those it is asked for.</summary>
    public IReadOnlySet<string> Areas { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    public bool Judges(CaseNode area) => Areas.Contains($"{area.Kind}") || Areas.Contains(area.Code);

    public Scored Score(IEnumerable<CaseFacts> cases, Func<string, decimal> most) => Score(Tally.Of(cases), most);

    /// <summary>What of it is judged, and with how much.</summary>
    /// <param name="most">The greatest figure of those compared.</param>
    public Scored Score(Tally cases, Func<string, decimal> most)
    {
        List<PartScore> parts = [.. Parts.Select(p => new PartScore(p.Title.ToString(), p.Weight, Points(p, cases, most) is { } points ? Math.Round(Math.Clamp(points, 0, p.Weight), 2, MidpointRounding.AwayFromZero) : null))];
        var judged = parts.Where(p => p.Points is not null).Sum(p => p.Weight);
        return new(parts, parts.Sum(p => p.Points ?? 0), judged, judged == 100 ? parts.Sum(p => p.Points ?? 0) : null);
    }

    private static decimal? Points(SchemePart part, Tally cases, Func<string, decimal> most)
    {
        decimal? Value(string metric) => Metrics.Named[metric].Of(cases).Value;
        var value = part.Metric is { } named ? Value(named) : null;
        return part.Rule switch
        {
            "rate" => part.Weight * value / 100,
            "inverse" => part.Weight * (100 - value) / 100,
            "relative" => most(part.Metric!) is > 0 and var greatest ? part.Weight * value / greatest : null,
            "steps" => part.Weight * part.Steps.FirstOrDefault(s => value < s.Below).Score / 100,
            "full" => part.Terms.Aggregate((decimal?)part.Weight, (left, term) => left - (Math.Max(0, term.Full - Value(term.Metric) ?? 0) * term.Per) + (Value(term.Metric) is null ? (decimal?)null : 0)),
            "fall" => cases.Many(part.Of!) == 0 ? null : part.Weight - part.Falls.Sum(f => cases.Many(f.Key) * f.Value),
            _ => null, // by hand
        };
    }
}

/// <param name="Points">Null: not judged, for its figure has no value or is not counted from the ledger.</param>
internal sealed record PartScore(string Name, decimal Weight, decimal? Points);

/// <param name="Judged">Points there were to be had.</param>
/// <param name="Score">Of 100; null while something is not judged.</param>
internal sealed record Scored(IReadOnlyList<PartScore> Parts, decimal Points, decimal Judged, decimal? Score);
