// In: a column of a table. Out: how a scan reads it: the engine's expression, the width of its cells in memory, and its values as text.
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Lizhou.Lake.Scans;

/// <param name="Width">Bytes of a cell; 16 for texts.</param>
/// <param name="Scale">Digits after the point of a decimal, −1 where it is none.</param>
internal sealed record ScanColumn(string Sql, ScanKind Kind, int Width, int Scale, ColumnType Type)
{
    public static ScanColumn Of(Column column, string alias)
    {
        var cell = $"{alias}.{SqlText.Name(column.Name)}";
        var type = column.Type;
        if (type.Name.StartsWith("decimal(", StringComparison.Ordinal))
        {
            var digits = type.Name[8..^1].Split(',').Select(d => int.Parse(d, CultureInfo.InvariantCulture)).ToArray();
            return digits[0] > 18
                ? new($"CAST({cell} AS DOUBLE)", ScanKind.Real, 8, -1, type)
                : new(cell, ScanKind.Whole, digits[0] <= 4 ? 2 : digits[0] <= 9 ? 4 : 8, digits[1], type);
        }

        return type.Name switch
        {
            "boolean" or "int8" => new(cell, ScanKind.Whole, 1, -1, type),
            "int16" => new(cell, ScanKind.Whole, 2, -1, type),
            "int32" or "date" => new(cell, ScanKind.Whole, 4, -1, type),
            "int64" or "timestamp" or "timestamptz" => new(cell, ScanKind.Whole, 8, -1, type),
            "float64" => new(cell, ScanKind.Real, 8, -1, type),
            "float32" => new($"CAST({cell} AS DOUBLE)", ScanKind.Real, 8, -1, type),
            "varchar" => new(cell, ScanKind.Text, 16, -1, type),
            _ => new($"CAST({cell} AS VARCHAR)", ScanKind.Text, 16, -1, type),
        };
    }

    /// <summary>A cell of a vector as text.</summary>
    public unsafe string Text(void* data, int row) => Width switch
    {
        1 => Shown(((sbyte*)data)[row]),
        2 => Shown(((short*)data)[row]),
        4 => Shown(((int*)data)[row]),
        8 when Kind == ScanKind.Whole => Shown(((long*)data)[row]),
        8 => Shown(((double*)data)[row]),
        _ => Encoding.UTF8.GetString(((TextCell*)data)[row].Bytes),
    };

    public static string Shown(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public string Shown(long value) => Type.Name switch
    {
        "date" => value is > -719_162 and < 2_932_897 ? DateOnly.FromDayNumber((int)value + 719_162).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : $"{value}",
        "timestamp" or "timestamptz" => value is > -62_135_596_800_000_000 and < 253_402_300_800_000_000
            ? DateTime.UnixEpoch.AddTicks(value * 10).ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture) : $"{value}",
        "boolean" => value == 0 ? "false" : "true",
        _ when Scale > 0 => ((decimal)value / (decimal)Math.Pow(10, Scale)).ToString("F" + Scale, CultureInfo.InvariantCulture),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };
}
