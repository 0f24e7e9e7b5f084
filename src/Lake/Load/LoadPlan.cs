// What a load is told: the table's columns with their rules, its keys, where to stage, and the chunks. Records only.
namespace Lizhou.Lake;

public enum LoadType
{
    /// <summary>VARCHAR, trimmed; a blank cell is null.</summary>
    Text,

    /// <summary>BIGINT.</summary>
    Integer,

    /// <summary>DECIMAL(p,s), exact: a value with more places than the scale is refused, never rounded.</summary>
    Decimal,

    /// <summary>DOUBLE, finite.</summary>
    Real,

    /// <summary>DATE.</summary>
    Date,

    /// <summary>TIMESTAMP in the city's time, microseconds; an offset in the value is converted to +08:00.</summary>
    DateTime,

    /// <summary>BOOLEAN: true/false, t/f, yes/no, y/n, 1/0, 是/否.</summary>
    Boolean,
}

/// <summary>How a column's dates may be written beside the year-first styles (2026-11-24, 2026/11/24, 2026.11.24, 20261124, 2026年11月24日), which are always read.</summary>
[Flags]
public enum DateStyles
{
    YearFirst = 0,

    /// <summary>24/11/2026.</summary>
    DayFirst = 1,

    /// <summary>11/24/2026. Not together with <see cref="DayFirst"/>.</summary>
    MonthFirst = 2,

    /// <summary>Spreadsheet day numbers, day 1 = 1900-01-01 with the spreadsheet's 29 February 1900.</summary>
    Serial1900 = 4,

    /// <summary>Spreadsheet day numbers, day 0 = 1904-01-01.</summary>
    Serial1904 = 8,
}

/// <summary>What a single value can be checked for; see <see cref="ValueChecks"/>.</summary>
public enum ValueCheck
{
    None,

    /// <summary>GB 11643.</summary>
    IdNumber,

    /// <summary>GB 32100.</summary>
    CreditCode,

    /// <summary>GB 11714, without the hyphen.</summary>
    OrganisationCode,

    /// <summary>Luhn, 13 to 19 digits.</summary>
    BankCard,

    Mobile,

    /// <summary>Mobile or fixed.</summary>
    Phone,

    /// <summary>Licence plates, those of new-energy vehicles too.</summary>
    Plate,
}

/// <summary>One column of the target table and the rules a cell of it must pass.</summary>
/// <param name="Name">As in the table.</param>
/// <param name="Type">The logical type.</param>
public sealed record LoadColumn(string Name, LoadType Type)
{
    /// <summary>Digits in all, 1–38; decimals only.</summary>
    public int Precision { get; init; } = 18;

    /// <summary>Digits after the point; decimals only.</summary>
    public int Scale { get; init; } = 2;

    public bool Required { get; init; }

    /// <summary>Longest text in Unicode characters; null = any.</summary>
    public int? MaxLength { get; init; }

    /// <summary>RE2 expression that the whole trimmed text must match; null = any.</summary>
    public string? Pattern { get; init; }

    public ValueCheck Check { get; init; }

    /// <summary>The values a cell may have; null = any.</summary>
    public IReadOnlyList<string>? Codes { get; init; }

    /// <summary>Codes that are no longer in <see cref="Codes"/>, each with today's; null where nothing certain took its place, and then it is refused.</summary>
    public IReadOnlyDictionary<string, string?>? Former { get; init; }

    /// <summary>True: a former code is stored as today's. False: it is refused, with today's as the reason.</summary>
    public bool Resolve { get; init; }

    public IReadOnlyList<LoadException> Excepted { get; init; } = [];

    public DateStyles Dates { get; init; }

    /// <summary>True: a cell that fails the pattern, the check or the code list is kept and marked in <c>_quality</c> instead of refused.</summary>
    public bool Lenient { get; init; }

    /// <summary>True: full-width letters and digits are stored as ASCII. By default only where a check character is tested.</summary>
    public bool Fold { get; init; }

    internal bool Folds => Fold || Check != ValueCheck.None;

    /// <summary>How the lake stores it.</summary>
    public ColumnType Stored => Type switch
    {
        LoadType.Text => ColumnType.Text,
        LoadType.Integer => ColumnType.Int64,
        LoadType.Decimal => ColumnType.Decimal(Precision, Scale),
        LoadType.Real => ColumnType.Float64,
        LoadType.Date => ColumnType.Date,
        LoadType.DateTime => ColumnType.Timestamp,
        LoadType.Boolean => ColumnType.Boolean,
        _ => throw new InvalidOperationException($"No stored type for {Type}."),
    };
}

/// <summary>The rules of a cell that a documented exception can lift; those of its type, its length and its need it cannot.</summary>
public enum LoadRule
{
    /// <summary><see cref="LoadColumn.Pattern"/></summary>
    Pattern,

    /// <summary><see cref="LoadColumn.Check"/></summary>
    Check,

    /// <summary><see cref="LoadColumn.Codes"/></summary>
    Codes,
}

/// <summary>A documented exception: rows whose cell of <paramref name="By"/> (trimmed) is <paramref name="Value"/> are not refused by the rule of the column it belongs to.</summary>
/// <param name="By">The column itself, or another of the plan, such as the key.</param>
public sealed record LoadException(LoadRule Rule, string By, string Value);

/// <summary>Keeps only rows whose cell (trimmed text) is one of the values; the others count as filtered.</summary>
public sealed record LoadFilter(string Column, IReadOnlyList<string> Values);

/// <summary>Everything a load needs to know. Two loads never share a folder.</summary>
/// <param name="Batch">The batch's id, written into every row: letters, digits, '-' and '_'.</param>
/// <param name="Table">Where the rows belong. Its files are written into its folder and stay invisible until the caller commits them.</param>
/// <param name="Folder">Where the load keeps its rejects and its notes, inside the lake. What an interrupted run of the same plan left there is taken over.</param>
/// <param name="Columns">In the order of the chunks' cells.</param>
public sealed record LoadPlan(string Batch, Table Table, string Folder, IReadOnlyList<LoadColumn> Columns)
{
    /// <summary>Names of the key columns; empty = every row is new. A key column is required by itself.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    public LoadFilter? Keep { get; init; }
}

/// <summary>A piece of the input.</summary>
/// <param name="Sequence">From 0 within its file, in order; the same in a repeated run.</param>
/// <param name="File">Number of the source file within the batch.</param>
/// <param name="Path">UTF-8 RFC 4180 with LF line ends and without header: record number, then one cell per column of the plan. Inside the engine's folders.</param>
public sealed record LoadChunk(int Sequence, int File, string Path)
{
    /// <summary>Records that were refused before they could become part of the chunk file; they count as read and rejected.</summary>
    public IReadOnlyList<Reject> Refused { get; init; } = [];

    /// <summary>True: the path is a Parquet file whose columns, taken by name, are read as text; record numbers are its row numbers from 1.</summary>
    public bool Parquet { get; init; }

    /// <summary>True: the load deletes the file as soon as its rows are staged.</summary>
    public bool Owned { get; init; }
}

/// <summary>What has been done so far.</summary>
public sealed record LoadProgress(int Chunks, long Read, long Accepted, long Rejected);
