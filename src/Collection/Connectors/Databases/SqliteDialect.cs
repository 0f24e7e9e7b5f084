// SQLite: a file of the folder for such files, opened read-only. Its values have a type each, so they become text here.
using System.Data.Common;
using System.Globalization;
using Lizhou.Collection.Sources;
using Lizhou.Kernel;
using Microsoft.Data.Sqlite;

namespace Lizhou.Collection.Connectors.Databases;

internal sealed class SqliteDialect(SourceFiles files) : Dialect
{
    public override DatabaseKind Kind => DatabaseKind.Sqlite;

    public override string Tables =>
        "SELECT NULL, name, type = 'view', NULL FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name LIMIT 10000";

    public override string Columns => "SELECT name, lower(type), pk > 0 FROM pragma_table_info(@table) WHERE @schema IS NULL OR 1 ORDER BY cid";

    public override DbConnection Connection(DatabaseSettings settings, string? secret) => new SqliteConnection(new SqliteConnectionStringBuilder
    {
        DataSource = files.Database(settings.Database),
        Mode = SqliteOpenMode.ReadOnly,
        Pooling = false,
        DefaultTimeout = settings.TimeoutSeconds,
    }.ConnectionString);

    public override string Session(DbConnection open, DatabaseSettings settings) => "PRAGMA query_only = 1; PRAGMA trusted_schema = 0; PRAGMA busy_timeout = 10000";

    public override async Task<IAsyncDisposable> Begin(DbConnection connection, CancellationToken stop) =>
        await Task.FromResult(((SqliteConnection)connection).BeginTransaction(deferred: true));

    public override Kind KindOf(string type) => type switch
    {
        _ when type.Contains("int", StringComparison.Ordinal) => Databases.Kind.Whole,
        _ when type.Contains("blob", StringComparison.Ordinal) => Databases.Kind.Binary,
        _ when type.Contains("char", StringComparison.Ordinal) || type.Contains("text", StringComparison.Ordinal) || type.Contains("clob", StringComparison.Ordinal) => Databases.Kind.Text,
        "date" => Databases.Kind.Date,
        _ when type.StartsWith("datetime", StringComparison.Ordinal) || type.StartsWith("timestamp", StringComparison.Ordinal) => Databases.Kind.Moment,
        _ when type.Contains("real", StringComparison.Ordinal) || type.Contains("floa", StringComparison.Ordinal) || type.Contains("doub", StringComparison.Ordinal) => Databases.Kind.Floating,
        _ when type.StartsWith("numeric", StringComparison.Ordinal) || type.StartsWith("decimal", StringComparison.Ordinal) => Databases.Kind.Exact,
        _ => Databases.Kind.Text,
    };

    public override string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public override string AsText(SourceColumn column) => Quote(column.Name);

    // Dates in SQLite are text, and text of one form compares as time does.
    public override string Mark(SourceColumn column, bool overlap) => column.Kind switch
    {
        Databases.Kind.Whole => "CAST(@mark AS INTEGER)",
        Databases.Kind.Exact or Databases.Kind.Floating => "CAST(@mark AS NUMERIC)",
        _ when overlap => "datetime(@mark, '-' || @overlap || ' minutes')",
        _ => "@mark",
    };

    public override string? Read(DbDataReader reader, int i, SourceColumn column) => reader.GetValue(i) switch
    {
        DBNull => null,
        string text => text,
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        double real => real.ToString("R", CultureInfo.InvariantCulture),
        _ => throw new ProblemException(SourceProblems.BinaryColumn.With(column.Name, "blob")),
    };
}
