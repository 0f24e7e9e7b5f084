// In: the lake. Out: every file whose bytes are not those written, every catalog row that is not the one committed, every count that does not add up.
using System.Data.Common;
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using static Lizhou.Lake.Catalog.CatalogTables;

namespace Lizhou.Lake.Maintenance;

/// <summary>One thing found wrong.</summary>
/// <param name="Where">A file, or a catalog table with the lake table's id.</param>
public sealed record Damage(string Where, string What);

/// <param name="Files">Files whose every byte was read.</param>
/// <param name="Rows">Catalog rows whose seal was computed.</param>
public sealed record Verified(long Files, long Bytes, long Rows, IReadOnlyList<Damage> Found);

internal static class VerifyLake
{
    public static async Task<Verified> Run(StateStore state, SealKey key, string root, CancellationToken stop)
    {
        var found = new List<Damage>();
        long rows, files = 0, bytes = 0;
        await using (var connection = await state.Open(stop))
        await using (var transaction = await CatalogRead.Begin(connection, stop))
        {
            rows = await Catalog(connection, transaction, state, key, found, stop);
        }

        await using (var connection = await state.Open(stop))
        await using (var transaction = await CatalogRead.Begin(connection, stop))
        {
            try
            {
                (files, bytes) = await Files(connection, transaction, root, found, stop);
            }
            catch (Exception error) when (error is DbException or ArgumentException or FormatException or InvalidCastException or NullReferenceException)
            {
                found.Add(new Damage("catalog", error.Message));
            }
        }

        return new Verified(files, bytes, rows, found);
    }

    /// <summary>The catalog alone, without reading files. A catalog that cannot even be queried is damage, not an error.</summary>
    public static async Task<long> Catalog(DbConnection connection, DbTransaction transaction, StateStore state, SealKey key, List<Damage> found, CancellationToken stop)
    {
        try
        {
            if (state.Kind == StateKind.Sqlite)
            {
                var lines = await connection.Rows(transaction, $"PRAGMA integrity_check(100)", r => r.GetString(0), stop).ToListAsync(stop);
                found.AddRange(lines.Where(l => l != "ok").Select(l => new Damage("sqlite", l)));
            }

            return await Rows(connection, transaction, new CatalogRead(connection, transaction, state.Kind), key, found, stop);
        }
        catch (Exception error) when (error is DbException or ArgumentException or FormatException or InvalidCastException or NullReferenceException)
        {
            found.Add(new Damage("catalog", error.Message));
            return 0;
        }
    }

    private static async Task<long> Rows(DbConnection connection, DbTransaction transaction, CatalogRead read, SealKey key, List<Damage> found, CancellationToken stop)
    {
        var seals = new Dictionary<long, Seal>();
        var rows = 0L;
        foreach (var table in CatalogTables.All)
        {
            rows += await Sum(connection, transaction, table, key, seals, found, stop);
        }

        foreach (var entry in await read.Rows(Inlined, [], stop))
        {
            rows += await Sum(connection, transaction, await Writes.Buffers.Described(read, (long)entry[0]!, (string)entry[1]!, stop), key, seals, found, stop);
        }

        await Compare(connection, transaction, seals, found, stop);
        await Counts(connection, transaction, found, stop);
        return rows;
    }

    private static async Task<long> Sum(
        DbConnection connection, DbTransaction transaction, CatalogTable table, SealKey key, Dictionary<long, Seal> seals, List<Damage> found, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, $"SELECT {table.List} FROM {table.Quoted}");
        await using var reader = await command.ExecuteReaderAsync(stop);
        var rows = 0L;
        while (await reader.ReadAsync(stop))
        {
            rows++;
            try
            {
                var row = table.ReadRow(reader);
                var scope = table.ScopeOf(row);
                (seals.TryGetValue(scope, out var seal) ? seal : seals[scope] = new Seal()).Add(key.Hash(table.Name, row));
            }
            catch (Exception error) when (error is FormatException or InvalidCastException or OverflowException or InvalidOperationException)
            {
                found.Add(new Damage(table.Name, error.Message));
            }
        }

        return rows;
    }

    private static async Task Compare(DbConnection connection, DbTransaction transaction, Dictionary<long, Seal> seals, List<Damage> found, CancellationToken stop)
    {
        await foreach (var (scope, lanes) in connection.Rows(transaction, $"SELECT scope, lanes FROM lake_seal", r => (r.GetInt64(0), (byte[])r.GetValue(1)), stop))
        {
            seals.Remove(scope, out var seal);
            if (!lanes.AsSpan().SequenceEqual((seal ?? new Seal()).Stored()))
            {
                found.Add(new Damage($"catalog of table {scope}", "Rows are not those committed."));
            }
        }

        found.AddRange(seals.Where(s => !s.Value.IsZero).Select(s => new Damage($"catalog of table {s.Key}", "Rows without a seal.")));
    }

    private static async Task Counts(DbConnection connection, DbTransaction transaction, List<Damage> found, CancellationToken stop)
    {
        var files = new Dictionary<long, long>();
        await foreach (var (table, rows) in connection.Rows(transaction, $"""
            SELECT table_id, CAST(sum(n) AS BIGINT) FROM (
              SELECT table_id, record_count AS n FROM ducklake_data_file WHERE end_snapshot IS NULL
              UNION ALL SELECT table_id, -delete_count AS n FROM ducklake_delete_file WHERE end_snapshot IS NULL) AS f
            GROUP BY table_id
            """, r => (r.GetInt64(0), r.GetInt64(1)), stop))
        {
            files[table] = rows;
        }

        var buffers = await connection.Rows(transaction, $"SELECT table_id, table_name FROM ducklake_inlined_data_tables", r => (Table: r.GetInt64(0), Name: r.GetString(1)), stop).ToListAsync(stop);
        foreach (var (table, name) in buffers)
        {
            await using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, $"SELECT count(*) FROM {SqlText.Name(name)} WHERE end_snapshot IS NULL");
            files[table] = files.GetValueOrDefault(table) + Convert.ToInt64(await command.ExecuteScalarAsync(stop));
        }

        await foreach (var (table, rows) in connection.Rows(transaction, $"""
            SELECT s.table_id, s.record_count FROM ducklake_table_stats s JOIN ducklake_table t ON t.table_id = s.table_id WHERE t.end_snapshot IS NULL
            """, r => (r.GetInt64(0), r.GetInt64(1)), stop))
        {
            if (rows != files.GetValueOrDefault(table))
            {
                found.Add(new Damage($"catalog of table {table}", $"Counts {rows} rows where its files have {files.GetValueOrDefault(table)}."));
            }
        }
    }

    /// <summary>Every file any kept snapshot shows, with its digest.</summary>
    public static IAsyncEnumerable<(string Path, long Bytes, string? Digest)> Listed(DbConnection connection, DbTransaction? transaction, CancellationToken stop) => connection.Rows(transaction, $"""
        SELECT DISTINCT s.path || t.path || f.path, f.file_size_bytes, d.digest FROM (
          SELECT data_file_id AS id, table_id, path, file_size_bytes FROM ducklake_data_file
          UNION ALL SELECT delete_file_id, table_id, path, file_size_bytes FROM ducklake_delete_file) AS f
        JOIN (SELECT DISTINCT table_id, schema_id, path FROM ducklake_table) AS t ON t.table_id = f.table_id
        JOIN ducklake_schema s ON s.schema_id = t.schema_id LEFT JOIN lake_file d ON d.file_id = f.id
        """, r => (r.GetString(0), r.GetInt64(1), r.IsDBNull(2) ? null : r.GetString(2)), stop);

    private static async Task<(long Files, long Bytes)> Files(DbConnection connection, DbTransaction transaction, string root, List<Damage> found, CancellationToken stop)
    {
        long files = 0, bytes = 0;
        await foreach (var (path, size, digest) in Listed(connection, transaction, stop))
        {
            var file = new FileInfo(Path.Combine(root, path));
            if (!file.Exists)
            {
                found.Add(new Damage(path, "The file is missing."));
            }
            else if (file.Length != size || Durable.Digest(file.FullName) != digest)
            {
                found.Add(new Damage(path, "The file is not the one written."));
            }

            files++;
            bytes += size;
        }

        return (files, bytes);
    }
}
