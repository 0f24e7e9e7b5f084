// In: items of one name, type and key, and the fingerprints of their resources' keys as scans keep them. Out: the same items, those together whose resources are about the same subjects as far as anybody knows. Pure.
// Two registers may call their keys alike and number different things with them: where the rows of both show (nearly) no common subject, there is nothing to decide between them.
using Lizhou.Contracts.Catalog;
using Lizhou.Lake;

namespace Lizhou.Quality.Conflicts;

internal static class ApartBySubject
{
    /// <summary>Of the subjects of the smaller one; below it two registers have nothing to do with each other.</summary>
    private const double NearlyNone = 0.05;

    /// <summary>Fewer hashes to compare say nothing.</summary>
    private const int LeastPrints = 5;

    /// <param name="prints">By resource and column of its key; none of a resource that was not scanned.</param>
    public static IEnumerable<SameItem> Of(SameItem same, IReadOnlyDictionary<(Guid Resource, string Column), IReadOnlyList<ulong>> prints)
    {
        if (!same.Several)
        {
            return [same];
        }

        var (scanned, unknown) = (new List<List<(ResourceCard Card, ItemCard Item)>>(), new List<(ResourceCard Card, ItemCard Item)>());
        foreach (var source in same.Sources)
        {
            if (!Keys(source.Card).All(k => prints.ContainsKey((source.Card.Id, k.Column))))
            {
                unknown.Add(source);
                continue;
            }

            var near = scanned.Where(g => g.Exists(s => s.Card.Id == source.Card.Id || !Apart(s.Card, source.Card, prints))).ToList();
            scanned.RemoveAll(near.Contains);
            scanned.Add([.. near.SelectMany(g => g), source]);
        }

        // What has no rows yet is told by its names, unless rows of others show that these names say nothing.
        if (scanned.Count < 2)
        {
            return [same];
        }

        return scanned.Concat(unknown.Select(s => new List<(ResourceCard Card, ItemCard Item)> { s })).OrderByDescending(g => g.Select(s => s.Card.Unit).Distinct().Count()).ThenBy(g => g.Min(s => s.Card.Id))
            .Select((g, i) => same with { Concept = i == 0 ? same.Concept : $"{same.Concept}|{g.Min(s => s.Card.Id)}", Sources = g });
    }

    /// <summary>Whether a key both have numbers other subjects in each.</summary>
    private static bool Apart(ResourceCard one, ResourceCard other, IReadOnlyDictionary<(Guid Resource, string Column), IReadOnlyList<ulong>> prints) => Keys(one).Any(mine =>
        Keys(other).FirstOrDefault(k => SameItems.Plain(k.Name) == SameItems.Plain(mine.Name)) is { } theirs && Apart(prints[(one.Id, mine.Column)], prints[(other.Id, theirs.Column)]));

    /// <summary>Of the smallest hashes of each only those are compared that both would have kept: a small register within a large one is not apart from it.</summary>
    public static bool Apart(IReadOnlyList<ulong> one, IReadOnlyList<ulong> other)
    {
        var most = Math.Min(Last(one), Last(other));
        var (a, b) = (one.Where(p => p <= most).ToHashSet(), other.Where(p => p <= most).ToHashSet());
        var fewer = Math.Min(a.Count, b.Count);
        return fewer >= LeastPrints && a.Count(b.Contains) < NearlyNone * fewer;
    }

    private static ulong Last(IReadOnlyList<ulong> prints) => prints.Count < ColumnState.Prints ? ulong.MaxValue : prints[^1];

    private static IEnumerable<ItemCard> Keys(ResourceCard card) => card.Items.Where(i => i.Key);
}
