// In: the items of a resource and which of them the files feed. Out: what the governed load checks, in the order in which the chunks carry the cells.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Lake;

namespace Lizhou.Collection.Batches;

internal static class LoadRules
{
    /// <summary>The items that at least one part feeds or no row may lack, in the catalogue's order.</summary>
    public static IReadOnlyList<ItemCard> Fed(ResourceCard resource, IEnumerable<Part> parts)
    {
        var fed = parts.SelectMany(p => p.Columns.Matched).Select(m => m.Item).ToHashSet();
        return [.. resource.Items.Where(i => fed.Contains(i.Id) || i.Required || i.Key)];
    }

    /// <summary>For each item, the column of the part's file that feeds it; −1 for none. Null when the file has exactly these columns in this order.</summary>
    public static IReadOnlyList<int>? Order(Part part, IReadOnlyList<ItemCard> items)
    {
        var column = part.Columns.Matched.ToDictionary(m => m.Item, m => m.Column);
        var order = items.Select(i => column.GetValueOrDefault(i.Id, -1)).ToList();
        return order.Count == part.Shape.Columns.Count && order.Index().All(o => o.Item == o.Index) ? null : order;
    }

    /// <param name="dates">How the batch's files write dates with the year last.</param>
    /// <param name="exceptions">Those to the item's rules.</param>
    public static LoadColumn Of(ItemCard item, DateStyles dates, IEnumerable<DocumentedException> exceptions)
    {
        var column = new LoadColumn(item.Column, TypeOf(item))
        {
            Required = item.Required || item.Key,
            Dates = dates,
            MaxLength = TypeOf(item) == LoadType.Text ? item.Length : null,
            Pattern = TypeOf(item) == LoadType.Text ? item.Format : null,
            Codes = TypeOf(item) == LoadType.Text ? item.Codes : null,
            Former = item is { Former: { } former, Codes: not null } && TypeOf(item) == LoadType.Text ? former.Codes.ToDictionary(f => f.Code, f => f.Now, StringComparer.Ordinal) : null,
            Resolve = item.Former?.Resolve == true,
            Check = item.Check switch
            {
                CheckCharacter.IdNumber => ValueCheck.IdNumber,
                CheckCharacter.CreditCode => ValueCheck.CreditCode,
                _ => ValueCheck.None,
            },
            Excepted = [.. exceptions.Select(e => new LoadException(Of(e.Rule), e.By, e.Value))],
        };
        return item.Type switch
        {
            ItemType.Number => column with { Precision = item.Precision ?? 18, Scale = item.Scale ?? 0 },
            ItemType.Money => column with { Precision = item.Precision ?? 18, Scale = item.Scale ?? 2 },
            _ => column,
        };
    }

    private static LoadRule Of(ExceptedRule rule) => rule switch
    {
        ExceptedRule.Format => LoadRule.Pattern,
        ExceptedRule.Check => LoadRule.Check,
        _ => LoadRule.Codes,
    };

    private static LoadType TypeOf(ItemCard item) => item.Type switch
    {
        ItemType.Number or ItemType.Money => LoadType.Decimal,
        ItemType.Date => LoadType.Date,
        ItemType.Moment => LoadType.DateTime,
        ItemType.Logical => LoadType.Boolean,
        ItemType.Double or ItemType.Float => LoadType.Real,
        ItemType.Integer => LoadType.Integer,
        _ => LoadType.Text,
    };
}
