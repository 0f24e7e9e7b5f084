// MySQL and MariaDB: the server writes every value as text in UTC; zero dates stay what they are and are rejected by name later.
using System.Data;
using System.Data.Common;
using System.Globalization;
using Lizhou.Collection.Sources;
using MySqlConnector;

namespace Lizhou.Collection.Connectors.Databases;

internal sealed class MySqlDialect : Dialect
{
    public override DatabaseKind Kind => DatabaseKind.MySql;

    public override string Tables =>
        """
        SELECT table_schema, table_name, table_type LIKE '%VIEW', table_rows FROM information_schema.tables
        WHERE table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys') AND table_type IN ('BASE TABLE', 'VIEW')
        ORDER BY 1, 2 LIMIT 10000
        """;

    public override string Columns =>
        """
        SELECT column_name, data_type, column_key = 'PRI' FROM information_schema.columns
        WHERE table_schema = @schema AND table_name = @table ORDER BY ordinal_position
        """;

    public override DbConnection Connection(DatabaseSettings settings, string? secret) => new MySqlConnection(new MySqlConnectionStringBuilder
    {
        Server = settings.Host!,
        Port = (uint)settings.Port,
        Database = settings.Database,
        UserID = settings.User ?? "",
        Password = secret ?? "",
        SslMode = settings.Tls switch { Tls.Off => MySqlSslMode.None, Tls.Required => MySqlSslMode.Required, _ => MySqlSslMode.VerifyFull },
        Pooling = false,
        ConnectionTimeout = 15,
        DefaultCommandTimeout = (uint)settings.TimeoutSeconds + 30,
        Keepalive = 30,
        AllowLoadLocalInfile = false,
        AllowUserVariables = false,
        AllowPublicKeyRetrieval = settings.Tls == Tls.Off,
        ApplicationName = "Lizhou",
        CharacterSet = "utf8mb4",
    }.ConnectionString);

    public override string Session(DbConnection open, DatabaseSettings settings)
    {
        var limit = open.ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase)
            ? $"max_statement_time = {settings.TimeoutSeconds}"
            : $"max_execution_time = {(settings.TimeoutSeconds * 1000L).ToString(CultureInfo.InvariantCulture)}";
        return $"SET SESSION {limit}, time_zone = '+00:00', net_write_timeout = 600; SET SESSION TRANSACTION READ ONLY; SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'";
    }

    public override async Task<IAsyncDisposable> Begin(DbConnection connection, CancellationToken stop) =>
        await ((MySqlConnection)connection).BeginTransactionAsync(IsolationLevel.RepeatableRead, isReadOnly: true, stop);

    public override Kind KindOf(string type) => type.ToLowerInvariant() switch
    {
        "tinyint" or "smallint" or "mediumint" or "int" or "bigint" or "year" => Databases.Kind.Whole,
        "decimal" => Databases.Kind.Exact,
        "float" or "double" => Databases.Kind.Floating,
        "date" => Databases.Kind.Date,
        "datetime" => Databases.Kind.Moment,
        "timestamp" => Databases.Kind.Instant,
        "binary" or "varbinary" or "tinyblob" or "blob" or "mediumblob" or "longblob" or "geometry" or "point" or "linestring" or "polygon"
            or "multipoint" or "multilinestring" or "multipolygon" or "geometrycollection" or "vector" => Databases.Kind.Binary,
        _ => Databases.Kind.Text,
    };

    public override string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    // A FLOAT written directly is rounded to six digits; as a double it is exact.
    public override string AsText(SourceColumn column) => column.Type.ToLowerInvariant() switch
    {
        "float" => $"CAST({Quote(column.Name)} + 0e0 AS CHAR)",
        "bit" => $"CAST({Quote(column.Name)} + 0 AS CHAR)",
        _ => $"CAST({Quote(column.Name)} AS CHAR CHARACTER SET utf8mb4)",
    };

    public override string Mark(SourceColumn column, bool overlap)
    {
        var value = column.Kind switch
        {
            Databases.Kind.Whole or Databases.Kind.Exact => "CAST(@mark AS DECIMAL(65, 0))",
            Databases.Kind.Date => "CAST(@mark AS DATE)",
            Databases.Kind.Moment or Databases.Kind.Instant => "CAST(@mark AS DATETIME(6))",
            _ => "@mark",
        };
        return overlap ? $"({value} - INTERVAL @overlap MINUTE)" : value;
    }
}
