// A receiver's database on a real server, and what stands in the table that is kept for it.
using System.Data.Common;
using Lizhou.Tests.Support;
using MySqlConnector;
using Npgsql;

namespace Lizhou.Sharing.Tests;

/// <summary>A database of a real server.</summary>
internal sealed record Place(string Kind, int Port, string Database, string User, string Password, Func<DbConnection> Connect)
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(10);

    public string Name { get; set; } = "receiver_rows";

    private string Quoted => Kind == "PostgreSql" ? $"\"{Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : $"`{Name}`";

    public object Ask => With(Password, User);

    public static async Task<Place> Open(string kind, string characters = "utf8mb4")
    {
        if (kind == "PostgreSql")
        {
            var text = new NpgsqlConnectionStringBuilder(Servers.Postgres());
            return new(kind, text.Port, text.Database!, text.Username!, "", () => new NpgsqlConnection(text.ConnectionString));
        }

        var server = MariaDb.Server;
        var name = $"push{Guid.NewGuid():N}";
        var place = new Place(kind, server.Port, name, "lizhou", "lizhou", () => new MySqlConnection($"Server=127.0.0.1;Port={server.Port};User ID=lizhou;Password=lizhou;Pooling=false"));
        await place.Run($"CREATE DATABASE {name} CHARACTER SET {characters}");
        return place;
    }

    public object With(string password, string user) => new { table = Table(user: user), password };

    public object Table(string host = "127.0.0.1", string? user = null, string? table = null) =>
        new { kind = Kind, host, port = Port, database = Database, user = user ?? User, table = table ?? Name, tls = "Off" };

    /// <summary>The rows of one of its tables, in these columns; none where there is no such table.</summary>
    public async Task<List<object?[]>> All(string table, IReadOnlyList<string> columns)
    {
        await using var connection = await Opened();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", columns)} FROM {table}";
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, columns.Count).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        }

        return rows;
    }

    public async Task<List<string>> Rows()
    {
        await using var connection = await Opened();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT code, name, amount, COALESCE(note, '') FROM {Quoted} ORDER BY code";
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, 4).Select(i => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{reader.GetValue(i)}"))));
        }

        return rows;
    }

    /// <summary>How far the target says it is; null for nothing yet.</summary>
    public async Task<(string Mark, long Snapshot, long Rows, long Bytes)?> Reached()
    {
        await using var connection = await Opened();
        return await Reached(connection);
    }

    /// <summary>Tells when the target has moved, as soon as its transaction is over, until it is enough.</summary>
    public async Task Watch(Action moved, CancellationToken enough)
    {
        await using var connection = await Opened();
        var last = await Reached(connection);
        using var look = new PeriodicTimer(Often);
        while (!enough.IsCancellationRequested && await look.WaitForNextTickAsync(CancellationToken.None))
        {
            if (await Reached(connection) is { } now && now.Mark != last?.Mark)
            {
                last = now;
                moved();
            }
        }
    }

    private static async Task<(string Mark, long Snapshot, long Rows, long Bytes)?> Reached(DbConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT place, snapshot, inserted + changed + withdrawn, bytes FROM lizhou_delivery";
        try
        {
            await using var reader = await command.ExecuteReaderAsync();
            return await reader.ReadAsync() ? (reader.GetString(0), reader.GetInt64(1), Convert.ToInt64(reader.GetValue(2), System.Globalization.CultureInfo.InvariantCulture), reader.GetInt64(3)) : null;
        }
        catch (DbException)
        {
            return null; // The first delivery makes the table.
        }
    }

    public Task Break() => Run(Kind == "PostgreSql"
        ? "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$; CREATE TRIGGER refuse BEFORE INSERT ON receiver_rows FOR EACH ROW WHEN (NEW.code = 'B1') EXECUTE FUNCTION refuse()"
        : $"CREATE TRIGGER {Database}.refuse BEFORE INSERT ON {Database}.receiver_rows FOR EACH ROW IF NEW.code = 'B1' THEN SIGNAL SQLSTATE '45000'; END IF");

    public Task Mend() => Run(Kind == "PostgreSql" ? "DROP TRIGGER refuse ON receiver_rows" : $"DROP TRIGGER {Database}.refuse");

    /// <summary>As the receiver, in the database.</summary>
    public async Task Do(string sql)
    {
        await using var connection = await Opened();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<List<string>> ColumnsOf(string table)
    {
        await using var connection = await Opened();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {table} WHERE 1 = 0";
        await using var reader = await command.ExecuteReaderAsync();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
    }

    private async Task Run(string sql)
    {
        await using var connection = Connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private async Task<DbConnection> Opened()
    {
        var connection = Connect();
        await connection.OpenAsync();
        if (Kind != "PostgreSql")
        {
            await connection.ChangeDatabaseAsync(Database);
        }

        return connection;
    }
}
