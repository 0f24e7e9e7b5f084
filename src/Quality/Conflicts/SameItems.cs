// In: the published resources. Out: their items, those of one meaning together: the same name and kind of type, about subjects with the same key. Pure.
// Keys themselves identify and are nobody's alone. Full-width letters, case, spaces and punctuation make no difference.
using System.Text;
using Lizhou.Contracts.Catalog;

namespace Lizhou.Quality.Conflicts;

/// <param name="Concept">Stable while the name, kind of type and key stay.</param>
/// <param name="Subject">The key they have in common, as one of them spells it; empty for an item whose resource has none.</param>
internal sealed record SameItem(string Concept, string Name, string Subject, IReadOnlyList<(ResourceCard Card, ItemCard Item)> Sources)
{
    public bool Several => Sources.Select(s => s.Card.Unit).Distinct().Skip(1).Any();
}

internal static class SameItems
{
    public static IReadOnlyList<SameItem> Of(IReadOnlyList<ResourceCard> cards) =>
    [
        .. cards.SelectMany(c => c.Items.Where(i => !i.Key).Select(i => (Card: c, Item: i))).GroupBy(s => $"{Plain(s.Item.Name)}|{Kind(s.Item.Type)}|{Subject(s.Card)}", StringComparer.Ordinal)
            .Select(g => new SameItem(g.Key, g.First().Item.Name, string.Join('、', g.First().Card.Items.Where(i => i.Key).Select(i => i.Name)), [.. g])),
    ];

    /// <summary>What a resource is about: its whole key. One without a key is about nothing that could be compared.</summary>
    private static string Subject(ResourceCard card) =>
        card.Items.Any(i => i.Key) ? string.Join('+', card.Items.Where(i => i.Key).Select(i => Plain(i.Name)).Order(StringComparer.Ordinal)) : card.Id.ToString();

    public static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            var half = letter is >= '\uff01' and <= '\uff5e' ? (char)(letter - 0xfee0) : letter;
            if (char.IsLetterOrDigit(half))
            {
                plain.Append(char.ToLowerInvariant(half));
            }
        }

        return plain.ToString();
    }

    private static string Kind(ItemType type) => type switch
    {
        ItemType.Number or ItemType.Money or ItemType.Double or ItemType.Float or ItemType.Integer => "number",
        ItemType.Date or ItemType.Moment => "time",
        ItemType.Logical => "logical",
        _ => "text",
    };
}
