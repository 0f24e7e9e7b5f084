// The shape of one table in a file: everything needed to read it again the same way. Serialisable as JSON: it is
// kept as the source's contract, edited by people, and compared with the shape of the next file.
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lizhou.Tabular;

/// <summary>What kind of file a table lies in. <see cref="Parquet"/> is read through <see cref="IColumnarFiles"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Format>))]
public enum Format { Csv, Xls, Xlsx, Xlsb, Ods, Json, NdJson, Parquet }

/// <summary>What is wrapped around the file.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Container>))]
public enum Container { None, Gzip, Zip }

/// <summary>How a quote inside a quoted cell is written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuoteEscape>))]
public enum QuoteEscape { Doubled, Backslash, None }

/// <summary>The type of a column's values as text. <see cref="Text"/> includes every number that is a name: codes with leading zeros, identity numbers, telephones.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ColumnType>))]
public enum ColumnType { Text, Integer, Decimal, Money, Date, Time, DateTime, Boolean, IdNumber, Uscc, Phone }

/// <summary>How cells and records are told apart in a text file.</summary>
/// <param name="Delimiter">One to four characters between cells, e.g. <c>,</c> or <c>", "</c>.</param>
/// <param name="Quote"><c>"</c>, <c>'</c>, another character, or null when cells are never quoted.</param>
/// <param name="Escape">How the quote itself is written inside a quoted cell.</param>
/// <param name="RecordEnd"><c>\n</c>, <c>\r\n</c> or <c>\r</c>; the reader takes a mixture of the first two.</param>
public sealed record CsvDialect(string Delimiter = ",", char? Quote = '"', QuoteEscape Escape = QuoteEscape.Doubled, string RecordEnd = "\n");

/// <summary>One column as found or as agreed.</summary>
/// <param name="Name">Never empty, unique within the shape.</param>
/// <param name="Type">The narrowest type that all but a stray few sampled values have.</param>
/// <param name="Format">For dates and times the way they are written, e.g. <c>yyyy年M月d日</c>; for money its unit; else null.</param>
/// <param name="Unit">Unit from a unit row or from brackets in the name (<c>亿元</c>); null when none was seen.</param>
/// <param name="Optional">Whether an empty value was seen.</param>
/// <param name="Pattern">The common form of the values of a text column with letters as <c>A</c> and digits as <c>9</c>, e.g. <c>AA-9999</c>; empty when no value was seen; null when they have none in common.</param>
public sealed record ColumnShape(
    string Name, ColumnType Type = ColumnType.Text, string? Format = null, string? Unit = null, bool Optional = true, string? Pattern = null);

/// <summary>All a reader must know of one table in a file.</summary>
public sealed record FileShape
{
    public Format Format { get; init; } = Format.Csv;

    public Container Container { get; init; }

    /// <summary>Name of the entry in a zip; null outside one.</summary>
    public string? Entry { get; init; }

    /// <summary>Sheet of a workbook, by name; null elsewhere.</summary>
    public string? Sheet { get; init; }

    /// <summary>Dotted path to the array of rows in a JSON document; null when the document is the array.</summary>
    public string? Path { get; init; }

    /// <summary>One of <see cref="EncodingNames"/>; meaningful for text formats.</summary>
    public string Encoding { get; init; } = EncodingNames.Utf8;

    /// <summary>Null for formats without one.</summary>
    public CsvDialect? Dialect { get; init; }

    /// <summary>Records before the header (title, period, blank lines …).</summary>
    public int PreambleRows { get; init; }

    /// <summary>0, or 1 to 3 header records, whose cells are joined by a space.</summary>
    public int HeaderRows { get; init; }

    /// <summary>Whether the record after the header holds units.</summary>
    public bool UnitRow { get; init; }

    /// <summary>Whether notes under the table (a single filled cell) end it instead of being faulty rows.</summary>
    public bool Footer { get; init; } = true;

    /// <summary>Records of this table after the preamble and header; null reads to the end. Set when another table follows in the same file.</summary>
    public long? MaxRecords { get; init; }

    /// <summary>Whether a quoted empty cell is the empty text instead of no value.</summary>
    public bool QuotedEmptyIsText { get; init; }

    /// <summary>The columns in the order of the file.</summary>
    public IReadOnlyList<ColumnShape> Columns { get; init; } = [];

    /// <summary>Nameless cells without values after the last column, in every record.</summary>
    public int EmptyTail { get; init; }

    /// <summary>Whether rows that are only short of trailing empty cells are complete (spreadsheet exports cut them).</summary>
    public bool ShortRows { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <exception cref="JsonException">The text is no shape.</exception>
    public static FileShape FromJson(string json) =>
        JsonSerializer.Deserialize<FileShape>(json, Options) ?? throw new JsonException("null is no shape");

    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}

/// <summary>The encodings that are read. GBK and GB2312 are subsets of GB18030 and carry its name.</summary>
public static class EncodingNames
{
    public const string Utf8 = "utf-8";
    public const string Utf16Le = "utf-16le";
    public const string Utf16Be = "utf-16be";
    public const string Gb18030 = "gb18030";
    public const string Big5 = "big5";
    public const string Windows1252 = "windows-1252";

    /// <summary>The house name of a name people write (GBK, cp936, UTF8, ansi …); null when it is none of ours.</summary>
    public static string? Find(string name) => name.Trim().ToLowerInvariant().Replace('_', '-') switch
    {
        "utf-8" or "utf8" or "utf-8-sig" or "ascii" or "us-ascii" => Utf8,
        "utf-16" or "utf16" or "utf-16le" or "utf-16-le" or "unicode" => Utf16Le,
        "utf-16be" or "utf-16-be" => Utf16Be,
        "gb18030" or "gbk" or "gb2312" or "cp936" or "936" or "euc-cn" => Gb18030,
        "big5" or "big5-hkscs" or "cp950" or "950" => Big5,
        "windows-1252" or "cp1252" or "1252" or "latin1" or "latin-1" or "iso-8859-1" or "ansi" => Windows1252,
        _ => null,
    };
}
