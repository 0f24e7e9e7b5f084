// In: a type of the engine or of an item. Out: the other. What the lake keeps follows the item, so that a table and its entry never differ.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Lake;

namespace Lizhou.Computing.Models;

internal static class ItemTypes
{
    /// <summary>Items of a published resource as a statement sees them.</summary>
    public static IReadOnlyList<StatementColumn> Of(IReadOnlyList<ItemCard> items) => [.. items.Select(i => new StatementColumn(i.Column, ItemColumns.TypeOf(i).Engine))];

    /// <summary>The item for a column the engine yields; null where none can hold it.</summary>
    public static (ItemType Item, int? Precision, int? Scale)? Of(string engine)
    {
        if (ColumnType.OfEngine(engine) is not { } type)
        {
            return null;
        }

        if (type.Name.StartsWith("decimal", StringComparison.Ordinal))
        {
            var digits = type.Name[8..^1].Split(',');
            return (ItemType.Number, int.Parse(digits[0], null), int.Parse(digits[1], null));
        }

        ItemType? item = type.Name switch
        {
            "int8" or "int16" or "int32" or "int64" => ItemType.Integer,
            "float32" or "float64" => ItemType.Double,
            "date" => ItemType.Date,
            "timestamp" or "timestamptz" => ItemType.Moment,
            "boolean" => ItemType.Logical,
            "varchar" or "uuid" or "json" or "time" => ItemType.Text,
            _ => null,
        };
        return item is { } found ? (found, null, null) : null;
    }
}
