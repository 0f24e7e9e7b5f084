// In: what one write does to the catalog. Out: rows, the new snapshot, the seal, all inside the committer's transaction.
using System.Data.Common;
using Lizhou.Kernel;
using static Lizhou.Lake.Catalog.CatalogTables;

namespace Lizhou.Lake.Catalog;

/// <summary>The counters of the newest snapshot.</summary>
internal readonly record struct Head(long Snapshot, long SchemaVersion, long NextCatalogId, long NextFileId);

/// <summary>One write being made. It has its own snapshot number; whether that snapshot comes to be depends on <see cref="Did"/>.</summary>
internal sealed class CatalogChange(DbConnection connection, DbTransaction transaction, StateKind state, SealKey key, Head before, DateTimeOffset now)
{
    private readonly Dictionary<long, Seal> seals = [];
    private readonly List<string> changes = [];
    private readonly Head head = before;
    private Head next = before;

    public CatalogRead Read { get; } = new(connection, transaction, state);

    public DbConnection Connection => connection;

    public DbTransaction Transaction => transaction;

    /// <summary>The snapshot this write makes.</summary>
    public long Snapshot => head.Snapshot + 1;

    public long SchemaVersion => next.SchemaVersion;

    public DateTimeOffset Now => now;

    public bool MakesSnapshot => changes.Count > 0;

    public long NewCatalogId()
    {
        next = next with { NextCatalogId = next.NextCatalogId + 1 };
        return next.NextCatalogId - 1;
    }

    public long NewFileId()
    {
        next = next with { NextFileId = next.NextFileId + 1 };
        return next.NextFileId - 1;
    }

    /// <summary>Says what the write did, in the specification's words (<c>inserted_into_table:7</c>).</summary>
    public void Did(string change)
    {
        if (!changes.Contains(change))
        {
            changes.Add(change);
        }
    }

    /// <summary>The table's columns or name changed: readers that cache by schema version must look again.</summary>
    public async Task NewSchemaVersion(long table, CancellationToken stop)
    {
        if (next.SchemaVersion == head.SchemaVersion)
        {
            next = next with { SchemaVersion = head.SchemaVersion + 1 };
        }

        await Insert(SchemaVersions, [Snapshot, next.SchemaVersion, table], stop);
    }

    /// <summary>Marks the table as changed by this snapshot.</summary>
    public Task Touch(long table, CancellationToken stop) =>
        Update(State, [("last_snapshot", Snapshot)], [("table_id", table)], stop);

    public Task Insert(CatalogTable table, object?[] row, CancellationToken stop) => InsertMany(table, [row], stop);

    public async Task InsertMany(CatalogTable table, IReadOnlyList<object?[]> rows, CancellationToken stop)
    {
        foreach (var chunk in rows.Chunk(Math.Max(1, 900 / table.Columns.Length)))
        {
            await using var command = Command();
            command.CommandText = $"INSERT INTO {table.Quoted} ({table.List}) VALUES " + string.Join(", ", chunk.Select(row =>
                $"({string.Join(", ", row.Select((value, i) => Parameter(command, table, i, value)))})"));
            await command.ExecuteNonQueryAsync(stop);
            foreach (var row in chunk)
            {
                SealOf(table, row).Add(key.Hash(table.Name, row));
            }
        }
    }

    /// <summary>Sets columns of the rows that match; null in <paramref name="where"/> means IS NULL.</summary>
    /// <returns>How many rows changed.</returns>
    public async Task<int> Update(CatalogTable table, (string Column, object? Value)[] set, Where[] where, CancellationToken stop)
    {
        var rows = await Read.Rows(table, where, stop);
        if (rows.Count == 0)
        {
            return 0;
        }

        await using var command = Command();
        var assignments = string.Join(", ", set.Select(s => $"{SqlText.Name(s.Column)} = {Parameter(command, table, table[s.Column], s.Value)}"));
        command.CommandText = $"UPDATE {table.Quoted} SET {assignments} WHERE {Matching(command, table, where, state)}";
        await command.ExecuteNonQueryAsync(stop);
        foreach (var row in rows)
        {
            SealOf(table, row).Remove(key.Hash(table.Name, row));
            foreach (var (column, value) in set)
            {
                row[table[column]] = value is int number ? (long)number : value;
            }

            SealOf(table, row).Add(key.Hash(table.Name, row));
        }

        return rows.Count;
    }

    public async Task<int> Delete(CatalogTable table, Where[] where, CancellationToken stop)
    {
        var rows = await Read.Rows(table, where, stop);
        if (rows.Count == 0)
        {
            return 0;
        }

        await using var command = Command();
        command.CommandText = $"DELETE FROM {table.Quoted} WHERE {Matching(command, table, where, state)}";
        await command.ExecuteNonQueryAsync(stop);
        foreach (var row in rows)
        {
            SealOf(table, row).Remove(key.Hash(table.Name, row));
        }

        return rows.Count;
    }

    /// <summary>Runs a statement that the seal does not cover (making or dropping a buffer's table).</summary>
    public async Task Run(string sql, CancellationToken stop)
    {
        await using var command = Command();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Writes the snapshot row, if the write did anything.</summary>
    public async Task WriteSnapshot(Terms terms, CancellationToken stop)
    {
        if (!MakesSnapshot)
        {
            return;
        }

        next = next with { Snapshot = Snapshot };
        await Insert(CatalogTables.Snapshot, [Snapshot, now, next.SchemaVersion, next.NextCatalogId, next.NextFileId], stop);
        await Insert(Changes, [Snapshot, string.Join(",", changes), terms.Author, terms.Message, null], stop);
    }

    /// <summary>Writes the seals; the last step of the write.</summary>
    /// <returns>The counters for the next write.</returns>
    public async Task<Head> Close(CancellationToken stop)
    {
        foreach (var (scope, seal) in seals)
        {
            var stored = await connection.Scalar(transaction, $"SELECT lanes FROM lake_seal WHERE scope = {scope}", stop) as byte[];
            if (stored is not null)
            {
                seal.Add(new Seal(stored));
            }

            var lanes = seal.Stored();
            await connection.Execute(
                transaction,
                $"INSERT INTO lake_seal (scope, lanes) VALUES ({scope}, {lanes}) ON CONFLICT (scope) DO UPDATE SET lanes = excluded.lanes",
                stop);
        }

        return next;
    }

    internal static string Matching(DbCommand command, CatalogTable table, Where[] where, StateKind state) =>
        where.Length == 0 ? "1 = 1" : string.Join(" AND ", where.Select(w => w.Value is null
            ? $"{SqlText.Name(w.Column)} IS NULL"
            : $"{SqlText.Name(w.Column)} {w.Is} {Parameter(command, table, table[w.Column], w.Value, state)}"));

    private Seal SealOf(CatalogTable table, object?[] row)
    {
        var scope = table.ScopeOf(row);
        if (!seals.TryGetValue(scope, out var seal))
        {
            seals[scope] = seal = new Seal();
        }

        return seal;
    }

    private DbCommand Command()
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        return command;
    }

    private string Parameter(DbCommand command, CatalogTable table, int column, object? value) => Parameter(command, table, column, value, state);

    private static string Parameter(DbCommand command, CatalogTable table, int column, object? value, StateKind state)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = $"@v{command.Parameters.Count}";
        parameter.Value = table.Stored(column, value, state);
        command.Parameters.Add(parameter);
        return parameter.ParameterName;
    }
}
