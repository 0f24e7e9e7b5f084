// Which of day and month comes first in the dates of a batch: what the sender said, else what the file shows, else what the source's contract says; never a guess.
using Lizhou.Contracts.Catalog;
using Lizhou.Lake;
using Lizhou.Tabular;

namespace Lizhou.Collection.Batches;

internal static class DateOrders
{
    /// <summary>The same shape; where the file shows no order, in the contract's.</summary>
    public static FileShape Agreed(FileShape found, FileShape? contract)
    {
        var agreed = (contract?.Columns ?? []).Where(c => DateOrder.DayFirst(c.Format) is not null).DistinctBy(c => c.Name).ToDictionary(c => c.Name, c => DateOrder.DayFirst(c.Format)!.Value, StringComparer.Ordinal);
        return agreed.Count == 0 ? found : found with
        {
            Columns = [.. found.Columns.Select(c => DateOrder.IsOpen(c.Format) && agreed.TryGetValue(c.Name, out var day) ? c with { Format = DateOrder.As(c.Format!, day) } : c)],
        };
    }

    /// <summary>Names of columns that fill days or moments and whose order nobody knows.</summary>
    public static IReadOnlyList<string> Open(FileShape shape, ColumnMatch match, ResourceCard resource) =>
        [.. match.Matched.Where(m => DateOrder.IsOpen(shape.Columns[m.Column].Format) && resource.Items.Any(i => i.Id == m.Item && IsDate(i))).Select(m => m.Header)];

    /// <summary>The first item that two files of a batch write in different orders; null when there is none.</summary>
    public static ItemCard? Torn(ResourceCard resource, IReadOnlyList<Part> parts) =>
        resource.Items.FirstOrDefault(i => IsDate(i) && parts.Select(p => DayFirst(p, i)).OfType<bool>().Distinct().Count() > 1);

    public static DateStyles Of(ItemCard item, IReadOnlyList<Part> parts) => !IsDate(item) ? DateStyles.YearFirst
        : parts.Select(p => DayFirst(p, item)).FirstOrDefault(d => d is not null) switch { true => DateStyles.DayFirst, false => DateStyles.MonthFirst, null => DateStyles.YearFirst };

    /// <summary>The one order in which all files of a batch were read; null when there is none.</summary>
    public static bool? OfAll(IEnumerable<BatchFile> files)
    {
        var orders = files.SelectMany(f => f.Hints.Hints?.DayFirst is { } said ? [said]
            : (f.Shape is { } shape ? FileShape.FromJson(shape).Columns : []).Select(c => DateOrder.DayFirst(c.Format)).OfType<bool>()).Distinct().ToList();
        return orders is [var one] ? one : null;
    }

    private static bool? DayFirst(Part part, ItemCard item) =>
        part.Columns.Matched.FirstOrDefault(m => m.Item == item.Id) is { } matched ? part.Hints.Hints?.DayFirst ?? DateOrder.DayFirst(part.Shape.Columns[matched.Column].Format) : null;

    private static bool IsDate(ItemCard item) => item.Type is ItemType.Date or ItemType.Moment;
}
