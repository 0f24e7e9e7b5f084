// PostgreSQL: the server writes every value as text, so that no number or date passes through a type of ours.
using System.Data;
using System.Data.Common;
using Lizhou.Collection.Sources;
using Npgsql;

namespace Lizhou.Collection.Connectors.Databases;

internal sealed class PostgreSqlDialect : Dialect
{
    public override DatabaseKind Kind => DatabaseKind.PostgreSql;

    public override string Tables =>
        """
        SELECT n.nspname, c.relname, c.relkind IN ('v', 'm'), CASE WHEN c.relkind IN ('r', 'p') AND c.reltuples >= 0 THEN c.reltuples::bigint END
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'
          AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
        ORDER BY 1, 2 LIMIT 10000
        """;

    public override string Columns =>
        """
        SELECT a.attname, format_type(a.atttypid, NULL),
               COALESCE((SELECT a.attnum = ANY(i.indkey) FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary), false)
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = @schema AND c.relname = @table AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(c.oid, a.attnum, 'SELECT')
        ORDER BY a.attnum
        """;

    public override DbConnection Connection(DatabaseSettings settings, string? secret) => new NpgsqlConnection(new NpgsqlConnectionStringBuilder
    {
        Host = settings.Host,
        Port = settings.Port,
        Database = settings.Database,
        Username = settings.User,
        Password = secret,
        SslMode = settings.Tls switch { Tls.Off => SslMode.Disable, Tls.Required => SslMode.Require, _ => SslMode.VerifyFull },
        Pooling = false,
        Timeout = 15,
        CommandTimeout = settings.TimeoutSeconds + 30,
        KeepAlive = 30,
        ApplicationName = "Lizhou",
        IncludeErrorDetail = false,
        ReadBufferSize = 1 << 16,
        Options = "-c default_transaction_read_only=on",
    }.ConnectionString);

    public override string Session(DbConnection open, DatabaseSettings settings) =>
        $"""
         SET default_transaction_read_only = on; SET statement_timeout = {settings.TimeoutSeconds * 1000L}; SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, YMD';
         SET IntervalStyle = 'iso_8601'; SET extra_float_digits = 1; SET search_path = pg_catalog
         """;

    public override async Task<IAsyncDisposable> Begin(DbConnection connection, CancellationToken stop) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);

    public override Kind KindOf(string type) => type switch
    {
        "smallint" or "integer" or "bigint" or "oid" => Databases.Kind.Whole,
        "numeric" or "money" => Databases.Kind.Exact,
        "real" or "double precision" => Databases.Kind.Floating,
        "date" => Databases.Kind.Date,
        "timestamp without time zone" => Databases.Kind.Moment,
        "timestamp with time zone" => Databases.Kind.Instant,
        "bytea" or "bytea[]" => Databases.Kind.Binary,
        _ => Databases.Kind.Text,
    };

    public override string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // Money is written with the server's currency sign unless it passes through numeric.
    public override string AsText(SourceColumn column) => Quote(column.Name) + (column.Type == "money" ? "::numeric::text" : "::text");

    // Text marks keep their own order: the one the column compares by.
    public override string Mark(SourceColumn column, bool overlap)
    {
        var value = column.Kind is Databases.Kind.Text ? "@mark::text" : $"CAST(@mark::text AS {column.Type})";
        return overlap ? $"{value} - make_interval(mins => @overlap)" : value;
    }
}
