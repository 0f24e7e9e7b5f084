// MySQL and MariaDB: rows go in by statements of many rows with parameters; the server's own loading of client files stays off.
using System.Data.Common;
using System.Text;
using Lizhou.Contracts.Catalog;
using MySqlConnector;

namespace Lizhou.Sharing.Deliveries.Tables;

internal sealed class MySqlTable : TableDialect
{
    private const int MostParameters = 20_000;
    private const long MostCharacters = 1 << 20;

    public override DbConnection Connection(TableTarget target, string host, string password) => new MySqlConnection(new MySqlConnectionStringBuilder
    {
        Server = host,
        Port = (uint)target.Port,
        Database = target.Database,
        UserID = target.User,
        Password = password,
        SslMode = target.Tls switch { TableTls.Off => MySqlSslMode.None, TableTls.Required => MySqlSslMode.Required, _ => MySqlSslMode.VerifyFull },
        Pooling = false,
        ConnectionTimeout = 15,
        DefaultCommandTimeout = 3600,
        Keepalive = 30,
        AllowLoadLocalInfile = false,
        AllowUserVariables = false,
        AllowPublicKeyRetrieval = target.Tls == TableTls.Off,
        ApplicationName = "Lizhou",
        CharacterSet = "utf8mb4",
    }.ConnectionString);

    public override string Session => "SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = 60, sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'";

    public override string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    // A database may have been made for one language; the rows are of any.
    public override string LongText => "longtext CHARACTER SET utf8mb4";

    public override string Made => " CHARACTER SET utf8mb4";

    public override string TypeOf(ItemCard item) => item.Type switch
    {
        ItemType.Number or ItemType.Money => "decimal" + Decimal(item),
        ItemType.Date => "date",
        ItemType.Moment => "datetime(6)",
        ItemType.Logical => "boolean",
        ItemType.Double or ItemType.Float => "double",
        ItemType.Integer => "bigint",
        _ => LongText,
    };

    public override string DeleteCame(string table) => $"DELETE t FROM {table} AS t JOIN lizhou_new AS n ON t.lizhou_id = n.lizhou_id";

    public override async Task Load(DbConnection connection, DbTransaction transaction, string table, IReadOnlyList<TableColumn> columns, IAsyncEnumerable<string?[]> rows, CancellationToken stop)
    {
        var (waiting, characters) = (new List<string?[]>(), 0L);
        await foreach (var row in rows.WithCancellation(stop))
        {
            waiting.Add(row);
            characters += row.Sum(c => c?.Length ?? 0);
            if (waiting.Count * columns.Count >= MostParameters || characters >= MostCharacters)
            {
                await Insert(connection, transaction, table, columns, waiting, stop);
                waiting.Clear();
                characters = 0;
            }
        }

        if (waiting.Count > 0)
        {
            await Insert(connection, transaction, table, columns, waiting, stop);
        }
    }

    public override string? Said(DbException failure) => failure is MySqlException refused ? refused.ErrorCode.ToString() : null;

    private async Task Insert(DbConnection connection, DbTransaction transaction, string table, IReadOnlyList<TableColumn> columns, List<string?[]> rows, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        var text = new StringBuilder($"INSERT INTO {table} ({string.Join(", ", columns.Select(c => Quote(c.Name)))}) VALUES ");
        for (var i = 0; i < rows.Count; i++)
        {
            text.Append(i == 0 ? "(" : ", (");
            for (var j = 0; j < columns.Count; j++)
            {
                var name = $"@p{i}_{j}";
                text.Append(j == 0 ? "" : ", ").Append(name);
                command.Parameters.Add(new MySqlParameter(name, Value(columns[j], rows[i][j])));
            }

            text.Append(')');
        }

        command.CommandText = text.ToString();
        await command.ExecuteNonQueryAsync(stop);
    }

    private static object? Value(TableColumn column, string? text) => text switch
    {
        null => DBNull.Value,
        "true" when column.Truth => 1,
        "false" when column.Truth => 0,
        _ when column.Moment => text.Replace("+00", "", StringComparison.Ordinal),
        _ => text,
    };
}
