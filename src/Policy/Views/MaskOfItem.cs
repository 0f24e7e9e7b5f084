// In: the decision for an item and the type its values have. Out: how its text is masked, the same for a column of the lake and for one value of a page.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Lake;
using Lizhou.Lake.Masks;

namespace Lizhou.Policy.Views;

internal static class MaskOfItem
{
    public static MaskPlan Plan(ItemDecision decision, ColumnType type) => new(Way(decision.Mask ?? MaskKind.Partial), Kind(decision.Item, type), Scale(type), Most(type));

    /// <summary>One value that never was in the lake.</summary>
    public static string? Text(ItemDecision decision, string? value, string key)
    {
        if (value is null || decision.Mask == MaskKind.Null)
        {
            return null;
        }

        var type = decision.Item.Type switch
        {
            ItemType.Number or ItemType.Money => ColumnType.Decimal(38, decision.Item.Scale ?? (decision.Item.Type == ItemType.Money ? 2 : 0)),
            ItemType.Integer => ColumnType.Int64,
            ItemType.Double or ItemType.Float => ColumnType.Float64,
            ItemType.Date => ColumnType.Date,
            ItemType.Moment => ColumnType.Timestamp,
            ItemType.Logical => ColumnType.Boolean,
            _ => ColumnType.Text,
        };
        return MaskText.Apply(Plan(decision, type), System.Text.Encoding.UTF8.GetBytes(key), value);
    }

    private static MaskWay Way(MaskKind kind) => kind switch
    {
        MaskKind.Full => MaskWay.Full,
        MaskKind.Hash => MaskWay.Hash,
        MaskKind.Generalise => MaskWay.Generalise,
        MaskKind.Noise => MaskWay.Noise,
        MaskKind.Partial => MaskWay.Partial,
        _ => MaskWay.Full,
    };

    private static MaskOf Kind(ItemCard item, ColumnType type) => type.Name switch
    {
        "date" => MaskOf.Date,
        "timestamp" or "timestamptz" => MaskOf.Moment,
        "boolean" or "time" => MaskOf.Truth,
        "varchar" or "json" or "uuid" or "blob" => item.Check switch
        {
            CheckCharacter.IdNumber => MaskOf.IdNumber,
            CheckCharacter.CreditCode => MaskOf.CreditCode,
            _ => MaskOf.Text,
        },
        _ => MaskOf.Number,
    };

    private static int Scale(ColumnType type) => type.Name switch
    {
        "float32" or "float64" => -1,
        var name when name.StartsWith("decimal", StringComparison.Ordinal) => int.Parse(name[(name.IndexOf(',', StringComparison.Ordinal) + 1)..^1], System.Globalization.CultureInfo.InvariantCulture),
        _ => 0,
    };

    private static decimal? Most(ColumnType type) => type.Name switch
    {
        "int8" => sbyte.MaxValue,
        "int16" => short.MaxValue,
        "int32" => int.MaxValue,
        "int64" => long.MaxValue,
        var name when name.StartsWith("decimal", StringComparison.Ordinal) && Digits(name) is <= 28 and var digits => new decimal(1, 0, 0, false, (byte)Scale(type)) * (Ten(digits) - 1),
        _ => null,
    };

    private static int Digits(string name) => int.Parse(name[(name.IndexOf('(', StringComparison.Ordinal) + 1)..name.IndexOf(',', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);

    private static decimal Ten(int digits) => Enumerable.Repeat(10m, digits).Aggregate(1m, (product, ten) => product * ten);
}
