// Where state lives: one SQLite file beside the lake, or one PostgreSQL database when several nodes share it.
using System.Data.Common;
using System.Runtime.CompilerServices;
using Lizhou.Kernel.Data;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace Lizhou.Kernel;

public enum StateKind
{
    Sqlite,
    PostgreSql,
}

/// <summary>Opens connections to the state database. All modules and the lake's catalog share it, so that one transaction covers a batch and its files.</summary>
public sealed class StateStore : IDisposable
{
    // busy_timeout: SQLite looks for a free lock every few milliseconds; without it the driver sleeps 150 ms each time.
    internal const string Pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000; PRAGMA busy_timeout=5000;";

    /// <summary>Connections of the pool that are set up: asking SQLite again at every opening took a tenth of a small call.</summary>
    private static readonly ConditionalWeakTable<sqlite3, object> Ready = [];

    private readonly string connectionString;
    private readonly NpgsqlDataSource? postgres;
    private readonly KeptReaders? readers;

    /// <param name="connectionString">A PostgreSQL connection string (it has a <c>Host=</c>), or the path of a SQLite file.</param>
    public StateStore(string connectionString)
    {
        if (connectionString.Contains("Host=", StringComparison.OrdinalIgnoreCase))
        {
            Kind = StateKind.PostgreSql;
            this.connectionString = connectionString;
            postgres = NpgsqlDataSource.Create(connectionString);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(connectionString))!);
        this.connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(connectionString),
            ForeignKeys = true,
            DefaultTimeout = 30,
        }.ToString();
        readers = new(this.connectionString);
    }

    public StateKind Kind { get; }

    /// <summary>A PostgreSQL connection string as this class knows it; null for anything else, whose words would be taken for the name of a file.</summary>
    public static string? PostgreSql(string text)
    {
        try
        {
            NpgsqlConnectionStringBuilder told = new(text);
            return string.IsNullOrWhiteSpace(told.Host) ? null : told.ConnectionString;
        }
        catch (Exception unknown) when (unknown is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Rung when facts were told or jobs added here.</summary>
    public Bell Bell { get; } = new();

    /// <summary>The SQLite file, or null on PostgreSQL.</summary>
    public string? File => Kind == StateKind.Sqlite ? new SqliteConnectionStringBuilder(connectionString).DataSource : null;

    /// <summary>An open connection from the pool. SQLite: WAL and <c>synchronous=FULL</c>, because NORMAL loses acknowledged rows in a power cut.</summary>
    public async Task<DbConnection> Open(CancellationToken stop = default)
    {
        if (postgres is not null)
        {
            return await postgres.OpenConnectionAsync(stop);
        }

        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(stop);
        await Prepare(connection, stop);
        return connection;
    }

    /// <summary>All rows of one statement that only reads, as they are committed now; what is asked at every call is prepared once.</summary>
    public async Task<List<T>> Read<T>(FormattableString sql, Func<DbDataReader, T> read, CancellationToken stop)
    {
        if (readers is not null)
        {
            stop.ThrowIfCancellationRequested();
            return readers.Read(sql, read);
        }

        await using var connection = await Open(stop);
        return await connection.Rows(null, sql, read, stop).ToListAsync(stop);
    }

    /// <summary>Sets an open connection up, once for as long as the pool keeps it.</summary>
    internal static async Task Prepare(SqliteConnection connection, CancellationToken stop)
    {
        if (!Ready.TryGetValue(connection.Handle!, out _))
        {
            await using var pragma = connection.CreateCommand();
            pragma.CommandText = Pragmas;
            await pragma.ExecuteNonQueryAsync(stop);
            Ready.AddOrUpdate(connection.Handle!, Ready);
        }
    }

    /// <summary>A connection not yet open, for Entity Framework, which opens and closes it itself.</summary>
    public DbConnection Unopened() => postgres is not null ? postgres.CreateConnection() : new SqliteConnection(connectionString);

    public void Dispose()
    {
        readers?.Dispose();
        postgres?.Dispose();
        if (Kind == StateKind.Sqlite)
        {
            using var pooled = new SqliteConnection(connectionString);
            SqliteConnection.ClearPool(pooled);
        }
    }
}
