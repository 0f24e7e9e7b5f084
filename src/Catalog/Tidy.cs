// In: an entry as it was sent. Out: the same entry as it is kept: trimmed, without empty texts, every item with its id and column.
using Lizhou.Contracts.Catalog;

namespace Lizhou.Catalog;

internal static class Tidy
{
    /// <param name="before">The version it follows; its items lend their ids to items of the same id or column. Null for a first version.</param>
    /// <param name="newId">Makes ids.</param>
    public static ResourceEntry Entry(ResourceEntry entry, ResourceEntry? before, Func<Guid> newId) => entry with
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
        Items = Items([.. (entry.Items ?? []).OfType<ItemCard>()], before?.Items ?? [], newId),
    };

    private static List<ItemCard> Items(IReadOnlyList<ItemCard> items, IReadOnlyList<ItemCard> before, Func<Guid> newId)
    {
        var known = before.ToDictionary(i => i.Id);
        var byColumn = before.ToDictionary(i => i.Column, StringComparer.Ordinal);
        var taken = items.Select(i => i.Column).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var kept = new List<ItemCard>(items.Count);
        foreach (var item in items)
        {
            var name = Line(item.Name) ?? "";
            var column = Line(item.Column) ?? ColumnNames.Suggest(name, kept.Count + 1, taken);
            kept.Add(item with
            {
                // An id nobody gave out stays with the item only when it follows one of this resource, or when there is nothing to follow.
                Id = item.Id != Guid.Empty && (known.ContainsKey(item.Id) || before.Count == 0) ? item.Id
                    : byColumn.GetValueOrDefault(column)?.Id ?? newId(),
                Name = name,
                Column = column,
                Required = item.Required || item.Key,
                Format = Line(item.Format),
                Codes = item.Codes is { Count: > 0 } codes ? [.. codes.Select(c => c?.Trim() ?? "")] : null,
                Meaning = Line(item.Meaning),
            });
        }

        return kept;
    }

    private static List<string> Lines(IReadOnlyList<string>? lines) =>
        [.. (lines ?? []).Select(Line).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static string? Line(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
