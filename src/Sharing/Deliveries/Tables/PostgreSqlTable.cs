// PostgreSQL: rows go in by COPY, as text.
using System.Data.Common;
using System.Text;
using Lizhou.Contracts.Catalog;
using Npgsql;

namespace Lizhou.Sharing.Deliveries.Tables;

internal sealed class PostgreSqlTable : TableDialect
{
    public override DbConnection Connection(TableTarget target, string host, string password) => new NpgsqlConnection(new NpgsqlConnectionStringBuilder
    {
        Host = host,
        Port = target.Port,
        Database = target.Database,
        Username = target.User,
        Password = password,
        SslMode = target.Tls switch { TableTls.Off => SslMode.Disable, TableTls.Required => SslMode.Require, _ => SslMode.VerifyFull },
        Pooling = false,
        Timeout = 15,
        CommandTimeout = 3600,
        KeepAlive = 30,
        ApplicationName = "Lizhou",
        IncludeErrorDetail = false,
    }.ConnectionString);

    public override string Session => "SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, YMD'; SET lock_timeout = '60s'";

    public override string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public override string LongText => "text";

    public override string TypeOf(ItemCard item) => item.Type switch
    {
        ItemType.Number or ItemType.Money => "numeric" + Decimal(item),
        ItemType.Date => "date",
        ItemType.Moment => "timestamptz",
        ItemType.Logical => "boolean",
        ItemType.Double or ItemType.Float => "double precision",
        ItemType.Integer => "bigint",
        _ => LongText,
    };

    public override string DeleteCame(string table) => $"DELETE FROM {table} AS t USING lizhou_new AS n WHERE t.lizhou_id = n.lizhou_id";

    public override async Task Load(DbConnection connection, DbTransaction transaction, string table, IReadOnlyList<TableColumn> columns, IAsyncEnumerable<string?[]> rows, CancellationToken stop)
    {
        await using var copy = await ((NpgsqlConnection)connection).BeginTextImportAsync($"COPY {table} ({string.Join(", ", columns.Select(c => Quote(c.Name)))}) FROM STDIN", stop);
        var line = new StringBuilder();
        await foreach (var row in rows.WithCancellation(stop))
        {
            line.Clear();
            for (var i = 0; i < row.Length; i++)
            {
                Cell(line.Append(i == 0 ? "" : "\t"), row[i]);
            }

            await copy.WriteAsync(line.Append('\n'), stop);
        }
    }

    public override string? Said(DbException failure) => failure is PostgresException refused ? refused.SqlState : null;

    private static void Cell(StringBuilder line, string? value)
    {
        if (value is null)
        {
            line.Append("\\N");
            return;
        }

        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => line.Append("\\\\"),
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                '\t' => line.Append("\\t"),
                _ => line.Append(c),
            };
        }
    }
}
