// In: a value from a caller or from a file's statistics. Out: its text as the engine casts it, and a key that orders values of the type as the engine does.
using System.Globalization;
using System.Text;

namespace Lizhou.Lake.Reading;

internal static class ColumnValue
{
    /// <summary>The value as text, or null when it cannot be one of the type.</summary>
    public static string? Text(ColumnType type, object value)
    {
        var text = value switch
        {
            string s when type.Name == "timestamp" => Moment(s),
            string s => s,
            bool b => b ? "true" : "false",
            DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime t => t.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
            DateTimeOffset t => t.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF+00", CultureInfo.InvariantCulture),
            TimeOnly t => t.ToString("HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
            byte[] bytes => string.Concat(bytes.Select(b => $"\\x{b:X2}")),
            double d => d.ToString("R", CultureInfo.InvariantCulture),
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };
        return text is not null && Fits(type, text) ? text : null;
    }

    /// <summary>As a cell of a file is read: without an offset it is city time, with one it is brought to it. Null where it is no moment.</summary>
    private static string? Moment(string text)
    {
        const long micros = TimeSpan.TicksPerMicrosecond;
        return CellDates.Moment(Encoding.UTF8.GetBytes(text), DateStyles.YearFirst, out var at) == Cell.Good && at >= DateTime.MinValue.Subtract(DateTime.UnixEpoch).Ticks / micros && at <= DateTime.MaxValue.Subtract(DateTime.UnixEpoch).Ticks / micros
            ? DateTime.UnixEpoch.AddTicks(at * micros).ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Below zero when <paramref name="left"/> is the smaller one; null when this type's texts are not compared here.</summary>
    public static int? Compare(ColumnType type, string left, string right)
    {
        if (type.IsInteger || type.Name.StartsWith("decimal", StringComparison.Ordinal))
        {
            return Number(left) is { } a && Number(right) is { } b ? a.CompareTo(b) : null;
        }

        if (type.Name is "float32" or "float64")
        {
            return Real(left) is { } a && Real(right) is { } b ? a.CompareTo(b) : null;
        }

        return type.Name switch
        {
            "varchar" => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)),
            "date" or "timestamp" when IsoYear(left) && IsoYear(right) => string.CompareOrdinal(Midnight(left), Midnight(right)),
            _ => null,
        };
    }

    private static bool Fits(ColumnType type, string text) => type.Name switch
    {
        "int8" => sbyte.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        "int16" => short.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        "int32" => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        "int64" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        "float32" or "float64" => Real(text) is not null,
        "boolean" => text is "true" or "false",
        "uuid" => Guid.TryParse(text, out _),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "timestamp" or "timestamptz" => IsoYear(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
        "time" => TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        var name when name.StartsWith("decimal", StringComparison.Ordinal) => Number(text) is not null,
        _ => !text.Contains('\0', StringComparison.Ordinal),
    };

    private static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double? Real(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && !double.IsNaN(number) ? number : null;

    private static bool IsoYear(string text) => text.Length >= 10 && text[4] == '-' && text[7] == '-' && !text.Contains('(', StringComparison.Ordinal);

    /// <summary>Dates and moments in one form; more digits of a second sort after fewer, as they should.</summary>
    private static string Midnight(string text) => text.Length == 10 ? text + " 00:00:00" : text.Replace('T', ' ');
}
