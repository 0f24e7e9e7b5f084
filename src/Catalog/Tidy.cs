// In: an entry as it was sent. Out: the same entry as it is kept: trimmed, without empty texts, every item with its id and column.
using Lizhou.Contracts.Catalog;

namespace Lizhou.Catalog;

internal static class Tidy
{
    /// <param name="before">The version it follows; its items lend their ids to items of the same id or column. Null for a first version.</param>
    /// <param name="newId">Makes ids.</param>
    /// <param name="ownIds">Whether ids that are not of the version before are taken too: a program that answers for the entry says which item is another one.</param>
    public static ResourceEntry Entry(ResourceEntry entry, ResourceEntry? before, Func<Guid> newId, bool ownIds = false) => entry with
    {
        Class = Line(entry.Class) ?? "",
        Serial = Line(entry.Serial),
        Name = Line(entry.Name) ?? "",
        Summary = Line(entry.Summary) ?? "",
        Condition = Line(entry.Condition),
        LegalBasis = Line(entry.LegalBasis),
        Ways = [.. (entry.Ways ?? []).Distinct().Order()],
        OpenCondition = Line(entry.OpenCondition),
        Related = Lines(entry.Related),
        Responsible = Line(entry.Responsible),
        Contact = Line(entry.Contact),
        Keywords = Lines(entry.Keywords),
        Items = Items([.. (entry.Items ?? []).OfType<ItemCard>()], before?.Items ?? [], newId, ownIds),
    };

    private static List<ItemCard> Items(IReadOnlyList<ItemCard> items, IReadOnlyList<ItemCard> before, Func<Guid> newId, bool ownIds)
    {
        var known = before.ToDictionary(i => i.Id);
        var byColumn = before.ToDictionary(i => i.Column, StringComparer.Ordinal);
        var taken = items.Select(i => i.Column).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var kept = new List<ItemCard>(items.Count);
        foreach (var item in items)
        {
            var name = Line(item.Name) ?? "";
            var column = Line(item.Column) ?? ColumnNames.Suggest(name, kept.Count + 1, taken);
            var was = known.GetValueOrDefault(item.Id) ?? byColumn.GetValueOrDefault(column);
            kept.Add(item with
            {
                // An id nobody gave out stays with the item only when it follows one of this resource, or when there is nothing to follow.
                Id = item.Id != Guid.Empty && (ownIds || known.ContainsKey(item.Id) || before.Count == 0) ? item.Id
                    : byColumn.GetValueOrDefault(column)?.Id ?? newId(),
                Name = name,
                Column = column,
                Required = item.Required || item.Key,
                Format = Line(item.Format),
                Codes = item.Codes is { Count: > 0 } codes ? [.. codes.Select(c => c?.Trim() ?? "")] : null,
                Meaning = Line(item.Meaning),
                Element = Line(item.Element),
                // Forms and workbooks do not carry what becomes of former codes; it stays as long as the binding does.
                Former = Line(item.Element) is not { } element ? null : item.Former ?? (was?.Element == element ? was.Former : null),
            });
        }

        return kept;
    }

    private static List<string> Lines(IReadOnlyList<string>? lines) =>
        [.. (lines ?? []).Select(Line).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static string? Line(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
