// How well a value suits a column as agreed in a shape: the measure by which a repair is chosen.
namespace Lizhou.Tabular.Types;

internal static class Fit
{
    public const int Mismatch = -4;

    /// <summary>Positive when the value has the column's own form, 0 when nothing can be said, negative when it cannot belong there.</summary>
    public static int Of(string? value, ColumnShape column)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return column.Optional ? 0 : Mismatch;
        }

        var kind = CellKind.Of(value);
        if (column.Type == ColumnType.Text)
        {
            return column.Pattern is null ? TextFit(kind) : column.Pattern.Length == 0 ? -1 : ColumnProfile.Form(value) == column.Pattern ? 2 : Mismatch;
        }

        return Belongs(kind, column) ? 2 : Mismatch;
    }

    public static bool Belongs(CellKind kind, ColumnShape column) => column.Type switch
    {
        ColumnType.Integer => kind.Type is ColumnType.Integer || kind is { Type: ColumnType.Date, Format: "yyyyMMdd" } || kind.Type == ColumnType.Phone,
        ColumnType.Decimal => kind.Type is ColumnType.Integer or ColumnType.Decimal || kind is { Type: ColumnType.Date, Format: "yyyyMMdd" or "d.M.yy" },
        ColumnType.Money => kind.Type is ColumnType.Money or ColumnType.Integer or ColumnType.Decimal,
        ColumnType.Date or ColumnType.DateTime => kind.Type is ColumnType.Date or ColumnType.DateTime,
        _ => kind.Type == column.Type,
    };

    // A bare number in a column of free text is possible, but less likely than text.
    private static int TextFit(CellKind kind) => kind.Type == ColumnType.Text ? 1 : -1;
}
