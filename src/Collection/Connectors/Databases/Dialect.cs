// What differs between the databases we read: how to connect read-only, list tables and columns, and write a value as text without loss.
using System.Data.Common;
using Lizhou.Collection.Sources;

namespace Lizhou.Collection.Connectors.Databases;

/// <summary>A table or view of a source's own catalogue.</summary>
/// <param name="Rows">The catalogue's estimate; null for views and where there is none.</param>
internal sealed record SourceTable(string? Schema, string Name, bool View, long? Rows)
{
    public override string ToString() => Schema is null ? Name : $"{Schema}.{Name}";
}

/// <summary>What matters of a column's type.</summary>
internal enum Kind
{
    Text,
    Whole,
    Exact,
    Floating,
    Date,

    /// <summary>Without time zone: the city's time.</summary>
    Moment,

    /// <summary>With time zone: read as UTC and marked so.</summary>
    Instant,
    Binary,
}

/// <param name="Type">As the source calls it.</param>
/// <param name="Key">Part of the primary key.</param>
internal sealed record SourceColumn(string Name, string Type, Kind Kind, bool Key);

internal abstract class Dialect
{
    public abstract DatabaseKind Kind { get; }

    /// <summary>A closed connection that can only read; made from typed fields alone.</summary>
    public abstract DbConnection Connection(DatabaseSettings settings, string? secret);

    /// <summary>What is told to the session right after it opens: read-only, UTC, time limits.</summary>
    public abstract string Session(DbConnection open, DatabaseSettings settings);

    /// <summary>Begins a read-only transaction that sees one state of the data.</summary>
    public abstract Task<IAsyncDisposable> Begin(DbConnection connection, CancellationToken stop);

    /// <summary>Selects <c>schema, name, is view, rows</c> of every table and view the user may read, at most 10,000.</summary>
    public abstract string Tables { get; }

    /// <summary>Selects <c>name, type, is key</c> in order; parameters <c>@schema</c> and <c>@table</c>.</summary>
    public abstract string Columns { get; }

    public abstract Kind KindOf(string type);

    public abstract string Quote(string name);

    /// <summary>The column as an expression whose value is text.</summary>
    public abstract string AsText(SourceColumn column);

    /// <summary>The parameter <c>@mark</c>, a text, as a value of the column's type, moved back by <c>@overlap</c> minutes when there are any.</summary>
    public abstract string Mark(SourceColumn column, bool overlap);

    /// <summary>The text of a value as read by <see cref="AsText"/>.</summary>
    public virtual string? Read(DbDataReader reader, int i, SourceColumn column) => reader.IsDBNull(i) ? null : Zoned(reader.GetString(i), column);

    private static string Zoned(string text, SourceColumn column) => column.Kind != Databases.Kind.Instant ? text
        : text.EndsWith("+00", StringComparison.Ordinal) ? text[..^3] + "Z"
        : text.Length > 0 && char.IsAsciiDigit(text[^1]) ? text + "Z" : text;

    public static Dialect Of(DatabaseKind kind, SourceFiles files) => kind switch
    {
        DatabaseKind.PostgreSql => new PostgreSqlDialect(),
        DatabaseKind.MySql => new MySqlDialect(),
        _ => new SqliteDialect(files),
    };
}
