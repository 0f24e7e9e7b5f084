// The facets of the list: what each is called in a filter, and the value of every line as a small number, so that counting is adding.
using System.Collections.Immutable;
using System.Globalization;

namespace Lizhou.Catalog.Search;

/// <param name="Value">As it is sent back as a filter.</param>
internal sealed record FacetValue(string Value, long Count);

/// <summary>The counts beside the filters: each facet counted with all filters but its own.</summary>
internal sealed record Facets(
    IReadOnlyList<FacetValue> Unit, IReadOnlyList<FacetValue> Topic, IReadOnlyList<FacetValue> Sharing, IReadOnlyList<FacetValue> Cycle,
    IReadOnlyList<FacetValue> Level, IReadOnlyList<FacetValue> State);

internal static class Facet
{
    /// <summary>In the order of <see cref="Facets"/>.</summary>
    public static readonly ImmutableArray<Func<ResourceLine, string>> All =
    [
        l => l.Unit.ToString(), l => l.Topic, l => l.Sharing.ToString(), l => l.Cycle.ToString(),
        l => ((int)l.Level).ToString(CultureInfo.InvariantCulture), l => l.State.ToString(),
    ];

    /// <summary>The filter a query sets on each; null for none.</summary>
    public static string?[] Wanted(ResourceQuery query) =>
        [query.Unit?.ToString(), query.Topic, query.Sharing?.ToString(), query.Cycle?.ToString(), query.Level?.ToString(CultureInfo.InvariantCulture), query.State?.ToString()];
}

/// <summary>One facet of all lines.</summary>
internal sealed class FacetColumn(ImmutableDictionary<string, int> numbers, int[] byLine)
{
    public static readonly FacetColumn Empty = new(ImmutableDictionary<string, int>.Empty.WithComparers(StringComparer.Ordinal), []);

    /// <summary>The number of each line's value.</summary>
    public int[] ByLine { get; } = byLine;

    public int Values => numbers.Count;

    public FacetColumn With(int lines, IEnumerable<(int Index, string Value)> changed)
    {
        var column = new int[lines];
        ByLine.CopyTo(column, 0);
        var known = numbers.ToBuilder();
        foreach (var (index, value) in changed)
        {
            if (!known.TryGetValue(value, out var number))
            {
                known.Add(value, number = known.Count);
            }

            column[index] = number;
        }

        return new(known.ToImmutable(), column);
    }

    /// <summary>Which values a filter lets through: those that begin with it (a 类 has all its 项); null when there is no filter.</summary>
    public bool[]? Passing(string? wanted)
    {
        if (string.IsNullOrEmpty(wanted))
        {
            return null;
        }

        var passing = new bool[Values];
        foreach (var (value, number) in numbers)
        {
            passing[number] = value.StartsWith(wanted, StringComparison.Ordinal);
        }

        return passing;
    }

    /// <summary>Largest first.</summary>
    public List<FacetValue> Counted(long[] counts) =>
        [.. numbers.Where(n => counts[n.Value] > 0).Select(n => new FacetValue(n.Key, counts[n.Value])).OrderByDescending(v => v.Count).ThenBy(v => v.Value, StringComparer.Ordinal)];
}
