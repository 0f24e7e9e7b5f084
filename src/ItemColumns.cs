// In: an item of the catalogue. Out: the type the lake keeps its values in; what a rule compares with is checked by the same type, also before the first row has come.
// Compiled into each room that knows both: the catalogue's words know no lake, and the lake knows no catalogue.
using Lizhou.Contracts.Catalog;
using Lizhou.Lake;

namespace Lizhou;

internal static class ItemColumns
{
    public static ColumnType TypeOf(ItemCard item) => TypeOf(item.Type, item.Precision, item.Scale);

    public static ColumnType TypeOf(ItemType item, int? precision, int? scale) => item switch
    {
        ItemType.Number => ColumnType.Decimal(precision ?? 18, scale ?? 0),
        ItemType.Money => ColumnType.Decimal(precision ?? 18, scale ?? 2),
        ItemType.Date => ColumnType.Date,
        ItemType.Moment => ColumnType.Timestamp,
        ItemType.Logical => ColumnType.Boolean,
        ItemType.Double or ItemType.Float => ColumnType.Float64,
        ItemType.Integer => ColumnType.Int64,
        _ => ColumnType.Text,
    };
}
