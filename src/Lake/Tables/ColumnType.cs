// In: a type name of the DuckLake specification. Out: the engine's name, and whether old values of one type fit another. Refuses types the lake does not store.
using System.Globalization;
using System.Text.RegularExpressions;

namespace Lizhou.Lake;

/// <summary>The type of a column, by its name in the DuckLake specification (<c>int64</c>, <c>varchar</c>, <c>decimal(18,2)</c> …).</summary>
public readonly partial record struct ColumnType
{
    private static readonly Dictionary<string, string> Engines = new(StringComparer.Ordinal)
    {
        ["boolean"] = "BOOLEAN", ["int8"] = "TINYINT", ["int16"] = "SMALLINT", ["int32"] = "INTEGER", ["int64"] = "BIGINT",
        ["float32"] = "FLOAT", ["float64"] = "DOUBLE", ["date"] = "DATE", ["time"] = "TIME", ["timestamp"] = "TIMESTAMP",
        ["timestamptz"] = "TIMESTAMPTZ", ["varchar"] = "VARCHAR", ["json"] = "JSON", ["blob"] = "BLOB", ["uuid"] = "UUID",
    };

    private static readonly string[] Integers = ["int8", "int16", "int32", "int64"];

    private ColumnType(string name, string engine) => (Name, Engine) = (name, engine);

    public static ColumnType Boolean { get; } = Parse("boolean");

    public static ColumnType Int32 { get; } = Parse("int32");

    public static ColumnType Int64 { get; } = Parse("int64");

    public static ColumnType Float64 { get; } = Parse("float64");

    public static ColumnType Date { get; } = Parse("date");

    /// <summary>Without a zone: wall clock as the source wrote it.</summary>
    public static ColumnType Timestamp { get; } = Parse("timestamp");

    /// <summary>A moment, stored in UTC.</summary>
    public static ColumnType TimestampTz { get; } = Parse("timestamptz");

    public static ColumnType Text { get; } = Parse("varchar");

    public static ColumnType Json { get; } = Parse("json");

    public static ColumnType Blob { get; } = Parse("blob");

    public static ColumnType Uuid { get; } = Parse("uuid");

    /// <summary>As the specification names it.</summary>
    public string Name { get; }

    /// <summary>As DuckDB names it.</summary>
    public string Engine { get; }

    /// <summary>Whether values are whole numbers that the catalog can keep as BIGINT.</summary>
    internal bool IsInteger => Integers.Contains(Name);

    /// <param name="precision">Digits in all, 1 to 38.</param>
    /// <param name="scale">Digits after the point.</param>
    public static ColumnType Decimal(int precision, int scale) => Parse($"decimal({precision},{scale})");

    /// <exception cref="FormatException">The lake stores no such type.</exception>
    public static ColumnType Parse(string name) =>
        TryParse(name, out var type) ? type : throw new FormatException($"The lake stores no type '{name}'.");

    public static bool TryParse(string name, out ColumnType type)
    {
        var plain = name.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        var number = DecimalForm().Match(plain);
        if (number.Success)
        {
            var (precision, scale) = (Digits(number, 1), Digits(number, 2));
            type = new ColumnType($"decimal({precision},{scale})", $"DECIMAL({precision},{scale})");
            return precision is >= 1 and <= 38 && scale <= precision;
        }

        type = Engines.TryGetValue(plain, out var engine) ? new ColumnType(plain, engine) : default;
        return engine is not null;
    }

    /// <summary>The type that keeps the values of one of the engine's; null where the lake has none (lists, structs, spans of time).</summary>
    /// <param name="engine">As the engine describes a column: <c>BIGINT</c>, <c>DECIMAL(18,2)</c>, <c>TIMESTAMP WITH TIME ZONE</c> …</param>
    public static ColumnType? OfEngine(string engine) => engine switch
    {
        "UTINYINT" or "USMALLINT" or "UINTEGER" => Int64,
        "UBIGINT" or "HUGEINT" or "UHUGEINT" => Decimal(38, 0),
        "TIMESTAMP WITH TIME ZONE" => TimestampTz,
        "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS" => Timestamp,
        _ when engine.StartsWith("DECIMAL", StringComparison.Ordinal) => Parse(engine),
        _ when Engines.FirstOrDefault(e => e.Value == engine) is { Key: { } name } => Parse(name),
        _ => null,
    };

    /// <summary>Whether every value of this type is also a value of <paramref name="wider"/>, so that old files need no rewriting.</summary>
    public bool WidensTo(ColumnType wider)
    {
        var (from, to) = (Array.IndexOf(Integers, Name), Array.IndexOf(Integers, wider.Name));
        if (from >= 0 && to >= 0)
        {
            return to > from;
        }

        if (DecimalForm().Match(Name) is { Success: true } old && DecimalForm().Match(wider.Name) is { Success: true } more)
        {
            var (whole, scale) = (Digits(old, 1) - Digits(old, 2), Digits(old, 2));
            return wider != this && Digits(more, 2) >= scale && Digits(more, 1) - Digits(more, 2) >= whole;
        }

        return (Name, wider.Name) is ("float32", "float64") or ("int8", "float64") or ("int16", "float64") or ("int32", "float64") or ("date", "timestamp");
    }

    /// <summary>Whether it can depend on the numbers that are there: of another number's type, and no digit after the point is lost.</summary>
    public bool MayWidenTo(ColumnType wider) =>
        WidensTo(wider) || (wider.IsNumber && !wider.IsInteger && IsNumber && wider != this && Scale <= wider.Scale);

    /// <summary>Whether a number so written has no more digits before the point than the type keeps; false when it is none.</summary>
    internal bool Holds(string number) =>
        decimal.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && DecimalForm().Match(Name) is { Success: true } form && Digits(form, 1) - Digits(form, 2) is var whole && (whole > 28 || Math.Abs(value) < (decimal)Math.Pow(10, whole));

    public override string ToString() => Name;

    private bool IsNumber => IsInteger || DecimalForm().IsMatch(Name);

    private int Scale => DecimalForm().Match(Name) is { Success: true } form ? Digits(form, 2) : 0;

    private static int Digits(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^decimal\(([0-9]{1,2}),([0-9]{1,2})\)$", RegexOptions.NonBacktracking)]
    private static partial Regex DecimalForm();
}
