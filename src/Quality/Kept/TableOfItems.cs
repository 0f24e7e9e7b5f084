// In: a published resource. Out: its table as its items make it, for as long as there is none: what a rule compares with is checked by the types the values will have, before the first row comes.
using Lizhou.Contracts.Catalog;
using Lizhou.Lake;

namespace Lizhou.Quality.Kept;

internal static class TableOfItems
{
    public static Table Of(ResourceCard card) => new(0, Guid.Empty, "landing", card.Table, "", [.. card.Items.Select((item, i) => new Column(i + 1, item.Column, ItemColumns.TypeOf(item)))]);
}
