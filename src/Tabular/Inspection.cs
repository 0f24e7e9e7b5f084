// What the inspector found in a file: one part per table, each guess with its confidence and its reason.
namespace Lizhou.Tabular;

/// <summary>What the caller already knows; each value set here replaces the guess.</summary>
public sealed record Hints
{
    public string? Encoding { get; init; }
    public string? Delimiter { get; init; }

    /// <summary>The quote character, or <c>""</c> for none.</summary>
    public string? Quote { get; init; }
    public QuoteEscape? Escape { get; init; }
    public int? PreambleRows { get; init; }
    public int? HeaderRows { get; init; }
    public bool? UnitRow { get; init; }
    public string? Sheet { get; init; }
    public string? Entry { get; init; }

    /// <summary>Dotted path to the array of rows in a JSON document; <see cref="OneRow"/> when the document is itself a row.</summary>
    public string? Path { get; init; }

    /// <summary>The path of a document that is itself the one row. Objects a line are read as such whatever the path.</summary>
    public const string OneRow = "$";

    /// <summary>Of dates in digits with the year last: true for the day first, false for the month first.</summary>
    public bool? DayFirst { get; init; }
}

/// <summary>One guess.</summary>
/// <param name="Subject">What was guessed: <c>encoding</c>, <c>dialect</c>, <c>header</c>, <c>preamble</c>, <c>footer</c>, <c>types</c> …</param>
/// <param name="Confidence">0 to 1; 1 for what was told by a hint or by the format itself.</param>
/// <param name="Why">What was guessed and why.</param>
public sealed record Guess(string Subject, double Confidence, Text Why)
{
    /// <summary>The reason of what was not guessed but told by a hint.</summary>
    public static readonly Text Told = new("由使用者指定。", "Told by the caller.");
}

/// <summary>Something odd that a person should look at.</summary>
/// <param name="Line">Line in the file from 1 (row in a sheet); 0 when it concerns the whole file.</param>
public sealed record Oddity(string Code, long Line, Text What);

/// <summary>One table in a file.</summary>
public sealed record TableInspection
{
    public required FileShape Shape { get; init; }

    public IReadOnlyList<Guess> Guesses { get; init; } = [];

    /// <summary>The first rows as read with <see cref="Shape"/>, at most 50.</summary>
    public IReadOnlyList<Row> Preview { get; init; } = [];

    public IReadOnlyList<Oddity> Oddities { get; init; } = [];

    /// <summary>Records under the header when the whole table was seen; null when only a sample was read.</summary>
    public long? Rows { get; init; }

    /// <summary>Lines before the header, as they stand.</summary>
    public IReadOnlyList<string> Preamble { get; init; } = [];

    /// <summary>Notes under the table, as they stand.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why this table cannot be read; null when it can.</summary>
    public Problem? Problem { get; init; }
}

/// <summary>All tables of a file.</summary>
public sealed record Inspection(string Path, long Bytes, Container Container, IReadOnlyList<TableInspection> Tables)
{
    /// <summary>Entries of a container that are no tables (readme, images …), by name.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];
}
