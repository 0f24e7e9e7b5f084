// Statements of the house's engineers that compute tables from tables: parsed, checked and run as the SQL console does, in a process of its own. What they read is shown to nobody here:
// the result is a file for the lake, and whoever looks at it later does so through the gate.
using System.Text.Json.Serialization;
using Lizhou.Kernel;

namespace Lizhou.Contracts.Policy;

/// <summary>A table as a statement names it.</summary>
/// <param name="Schema">Empty when the statement gives none.</param>
/// <param name="At">Byte of the statement, UTF-8, 0-based; null where that is not known.</param>
public sealed record StatementTable(string Schema, string Name, long? At = null);

/// <param name="Type">As the engine writes it, e.g. <c>DECIMAL(18,2)</c>.</param>
public sealed record StatementColumn(string Name, string Type);

/// <summary>A statement that was parsed and is allowed, or why not.</summary>
/// <param name="Tree">As the engine serialises it; empty when refused.</param>
/// <param name="Tables">Each name once, in the order met.</param>
/// <param name="At">Byte of the statement the refusal is about; null where that is not known.</param>
public sealed record ParsedStatement(string Tree, IReadOnlyList<StatementTable> Tables, Problem? Problem = null, long? At = null);

/// <summary>What stands behind the name of a table.</summary>
/// <param name="Table">Name of the resource's table in the lake; without one it has no rows.</param>
/// <param name="Snapshot">Null: the newest.</param>
/// <param name="Columns">Those that may be named; one the table lacks is empty.</param>
public sealed record StatementInput(StatementTable As, string Table, long? Snapshot, IReadOnlyList<StatementColumn> Columns)
{
    /// <summary>Batches whose rows are not to be seen, in the order they landed; what they replaced stands in their place, as long as the lake still knows it.</summary>
    public IReadOnlyList<HeldRows> Without { get; init; } = [];
}

/// <summary>Rows of a batch that are not to be seen.</summary>
/// <param name="Snapshot">Of the lake, in which they came; null when it brought none.</param>
public sealed record HeldRows(Guid Batch, long? Snapshot);

/// <param name="Out">The file to write, Parquet; its folder is the statement's own.</param>
/// <param name="Memory">MiB the engine may hold.</param>
/// <param name="Seconds">After which it is killed.</param>
/// <param name="Columns">Of the result, as the file is to have them.</param>
public sealed record StatementRun(ParsedStatement Statement, IReadOnlyList<StatementInput> Inputs, IReadOnlyList<StatementColumn> Columns, string Out, int Memory, int Seconds)
{
    /// <summary>Only rows of the result for which this is true; null for all.</summary>
    public Condition? Where { get; init; }
}

/// <summary>What was written.</summary>
public sealed record StatementAnswer(long Rows, IReadOnlyList<StatementColumn> Columns);

[JsonConverter(typeof(JsonStringEnumConverter<CheckKind>))]
public enum CheckKind
{
    /// <summary>No row without a value in one of the columns.</summary>
    NotNull,

    /// <summary>No two rows with the same values in the columns.</summary>
    Unique,

    /// <summary>No value but these; an absent one is none.</summary>
    AcceptedValues,

    /// <summary>The expression is true for every row.</summary>
    Expression,
}

/// <summary>What must hold of a result.</summary>
/// <param name="Expression">SQL over the result's columns; null for the other kinds.</param>
public sealed record StatementCheck(CheckKind Kind, IReadOnlyList<string> Columns, IReadOnlyList<string> Values, string? Expression = null);

/// <param name="File">The result; null for one without rows.</param>
/// <param name="Kept">The table whose other rows stay beside the result; null when it is the whole.</param>
/// <param name="Replaced">Which rows of <paramref name="Kept"/> the result stands for.</param>
public sealed record StatementChecks(string Folder, string? File, IReadOnlyList<StatementColumn> Columns, IReadOnlyList<StatementCheck> Checks, string? Kept = null, Condition? Replaced = null);

/// <summary>Runs statements that make tables.</summary>
public interface IStatements
{
    /// <summary>Refuses, with its place, what is no single SELECT, calls what is not allowed, or gives something else each time.</summary>
    Task<ParsedStatement> Parse(string sql, CancellationToken stop);

    /// <summary>The columns it yields; no row is read.</summary>
    Task<Result<IReadOnlyList<StatementColumn>>> Describe(ParsedStatement statement, IReadOnlyList<StatementInput> inputs, CancellationToken stop);

    /// <summary>Writes its rows to a file. Refuses when it goes beyond memory or time; it alone ends then.</summary>
    Task<Result<StatementAnswer>> Run(StatementRun ask, CancellationToken stop);

    /// <summary>How many rows (of unique: combinations) are at fault, for each check.</summary>
    Task<Result<IReadOnlyList<long>>> Check(StatementChecks ask, CancellationToken stop);

    /// <summary>The values a column has in rows that came or went between two snapshots, as a condition over <paramref name="column"/>; null when they are too many to name, or a snapshot is gone.</summary>
    /// <param name="table">Of a resource.</param>
    /// <param name="of">The column of the table.</param>
    Task<Condition?> Changed(string table, string of, string column, long since, long until, CancellationToken stop);
}
