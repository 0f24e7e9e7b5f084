// In: ids, names, snapshots. Out: tables, columns and files from the catalog, each by an indexed query of its own table: never over the whole catalog.
using System.Data;
using System.Data.Common;
using System.Globalization;
using Lizhou.Kernel;
using Microsoft.Data.Sqlite;
using static Lizhou.Lake.Catalog.CatalogTables;

namespace Lizhou.Lake.Catalog;

/// <summary>A data file as one snapshot sees it.</summary>
/// <param name="RowIdStart">Id of its first row; null when the file carries the ids itself.</param>
/// <param name="Deletes">The positions withdrawn from it, or null.</param>
internal sealed record DataFile(long Id, string Path, long Rows, long Bytes, long FooterSize, long? RowIdStart, long Begin, long? End, DeleteFile? Deletes)
{
    /// <summary>Rows still there.</summary>
    public long Live => Rows - (Deletes?.Count ?? 0);
}

internal sealed record DeleteFile(long Id, long DataFile, string Path, long Count, long Bytes, long FooterSize, long Begin, long? End);

internal sealed class CatalogRead(DbConnection connection, DbTransaction? transaction, StateKind state)
{
    public Task<object?> Scalar(FormattableString sql, CancellationToken stop) => connection.Scalar(transaction, sql, stop);

    /// <summary>One moment's view for many queries, without holding up writers.</summary>
    public static async Task<DbTransaction> Begin(DbConnection connection, CancellationToken stop) => connection is SqliteConnection sqlite
        ? sqlite.BeginTransaction(deferred: true)
        : await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);

    public async Task<Head> Head(CancellationToken stop)
    {
        var heads = connection.Rows(
            transaction,
            $"SELECT snapshot_id, schema_version, next_catalog_id, next_file_id FROM ducklake_snapshot ORDER BY snapshot_id DESC LIMIT 1",
            r => new Head(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3)),
            stop);
        return await heads.FirstAsync(stop);
    }

    public async Task<List<object?[]>> Rows(CatalogTable table, Where[] where, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"SELECT {table.List} FROM {table.Quoted} WHERE {CatalogChange.Matching(command, table, where, state)}";
        await using var reader = await command.ExecuteReaderAsync(stop);
        var rows = new List<object?[]>();
        while (await reader.ReadAsync(stop))
        {
            rows.Add(table.ReadRow(reader));
        }

        return rows;
    }

    /// <param name="at">Null: the newest.</param>
    public Task<Snapshot?> Snapshot(long? at, CancellationToken stop) => at is { } id
        ? FirstSnapshot($"SELECT snapshot_id, snapshot_time, schema_version FROM ducklake_snapshot WHERE snapshot_id = {id}", stop)
        : FirstSnapshot($"SELECT snapshot_id, snapshot_time, schema_version FROM ducklake_snapshot ORDER BY snapshot_id DESC LIMIT 1", stop);

    /// <summary>The newest snapshot not later than the moment.</summary>
    public Task<Snapshot?> SnapshotAt(DateTimeOffset moment, CancellationToken stop)
    {
        object value = state == StateKind.Sqlite ? CatalogTable.Text(moment) : moment.UtcDateTime;
        return FirstSnapshot(
            $"SELECT snapshot_id, snapshot_time, schema_version FROM ducklake_snapshot WHERE snapshot_time <= {value} ORDER BY snapshot_time DESC, snapshot_id DESC LIMIT 1", stop);
    }

    public async Task<Table?> Find(string layer, string name, long at, CancellationToken stop)
    {
        var id = await connection.Scalar(transaction, $"""
            SELECT t.table_id FROM ducklake_schema s JOIN ducklake_table t ON t.schema_id = s.schema_id
            WHERE s.schema_name = {layer} AND t.table_name = {name} AND s.begin_snapshot <= {at} AND (s.end_snapshot IS NULL OR s.end_snapshot > {at})
              AND t.begin_snapshot <= {at} AND (t.end_snapshot IS NULL OR t.end_snapshot > {at})
            """, stop);
        return id is null ? null : await Get(Convert.ToInt64(id), at, stop);
    }

    /// <summary>A table of one of the four layers of resources; a computed one before the landing one.</summary>
    public async Task<Table?> Resource(string name, long at, CancellationToken stop)
    {
        var id = await connection.Scalar(transaction, $"""
            SELECT t.table_id FROM ducklake_schema s JOIN ducklake_table t ON t.schema_id = s.schema_id
            WHERE s.schema_name IN ('landing', 'standard', 'base', 'theme') AND t.table_name = {name} AND s.begin_snapshot <= {at} AND (s.end_snapshot IS NULL OR s.end_snapshot > {at})
              AND t.begin_snapshot <= {at} AND (t.end_snapshot IS NULL OR t.end_snapshot > {at})
            ORDER BY CASE s.schema_name WHEN 'landing' THEN 1 ELSE 0 END LIMIT 1
            """, stop);
        return id is null ? null : await Get(Convert.ToInt64(id), at, stop);
    }

    public async Task<Table?> Get(long id, long at, CancellationToken stop)
    {
        var table = await connection.Rows(transaction, $"""
            SELECT t.table_id, t.table_uuid, s.schema_name, t.table_name, t.path FROM ducklake_table t JOIN ducklake_schema s ON s.schema_id = t.schema_id
            WHERE t.table_id = {id} AND t.begin_snapshot <= {at} AND (t.end_snapshot IS NULL OR t.end_snapshot > {at})
            """, ReadTable, stop).FirstOrDefaultAsync(stop);
        return table is null ? null : table with { Columns = await Columns(id, at, stop) };
    }

    /// <summary>Tables in the order of their names, without their columns; for lists.</summary>
    public IAsyncEnumerable<Table> List(string layer, string after, int limit, long at, CancellationToken stop) => connection.Rows(transaction, $"""
        SELECT t.table_id, t.table_uuid, s.schema_name, t.table_name, t.path FROM ducklake_schema s JOIN ducklake_table t ON t.schema_id = s.schema_id
        WHERE s.schema_name = {layer} AND t.table_name > {after} AND s.begin_snapshot <= {at} AND (s.end_snapshot IS NULL OR s.end_snapshot > {at})
          AND t.begin_snapshot <= {at} AND (t.end_snapshot IS NULL OR t.end_snapshot > {at})
        ORDER BY t.table_name LIMIT {limit}
        """, ReadTable, stop);

    public async Task<List<Column>> Columns(long table, long at, CancellationToken stop)
    {
        var columns = new List<Column>();
        await foreach (var column in connection.Rows(transaction, $"""
            SELECT column_id, column_name, column_type, nulls_allowed, initial_default FROM ducklake_column
            WHERE table_id = {table} AND begin_snapshot <= {at} AND (end_snapshot IS NULL OR end_snapshot > {at}) ORDER BY column_order
            """,
            r => new Column(r.GetInt64(0), r.GetString(1), ColumnType.Parse(r.GetString(2)), Flag(r.GetValue(3)), r.IsDBNull(4) ? null : r.GetString(4)), stop))
        {
            columns.Add(column);
        }

        return columns;
    }

    /// <summary>The files a snapshot sees, oldest first, each with its delete file.</summary>
    public async Task<List<DataFile>> Files(long table, long at, CancellationToken stop)
    {
        var deletes = new Dictionary<long, DeleteFile>();
        await foreach (var file in connection.Rows(transaction, $"""
            SELECT delete_file_id, data_file_id, path, delete_count, file_size_bytes, footer_size, begin_snapshot, end_snapshot FROM ducklake_delete_file
            WHERE table_id = {table} AND begin_snapshot <= {at} AND (end_snapshot IS NULL OR end_snapshot > {at})
            """, ReadDelete, stop))
        {
            deletes[file.DataFile] = file;
        }

        var files = new List<DataFile>();
        await foreach (var file in connection.Rows(transaction, $"""
            SELECT data_file_id, path, record_count, file_size_bytes, footer_size, row_id_start, begin_snapshot, end_snapshot FROM ducklake_data_file
            WHERE table_id = {table} AND begin_snapshot <= {at} AND (end_snapshot IS NULL OR end_snapshot > {at}) ORDER BY data_file_id
            """, ReadData, stop))
        {
            files.Add(file with { Deletes = deletes.GetValueOrDefault(file.Id) });
        }

        return files;
    }

    /// <summary>Statistics of one column in every file of a table.</summary>
    public IAsyncEnumerable<(long File, ColumnStats Stats)> Stats(long table, long column, CancellationToken stop) => connection.Rows(transaction, $"""
        SELECT data_file_id, column_size_bytes, value_count, null_count, min_value, max_value, contains_nan FROM ducklake_file_column_stats
        WHERE table_id = {table} AND column_id = {column}
        """,
        r => (r.GetInt64(0), new ColumnStats(
            column, r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.IsDBNull(4) ? null : r.GetString(4), r.IsDBNull(5) ? null : r.GetString(5), r.IsDBNull(6) ? null : Flag(r.GetValue(6)))),
        stop);

    /// <summary>The snapshot that last changed the table; null when the table never was.</summary>
    public async Task<long?> LastChange(long table, CancellationToken stop) =>
        await connection.Scalar(transaction, $"SELECT last_snapshot FROM lake_table WHERE table_id = {table}", stop) is { } last ? Convert.ToInt64(last) : null;

    public async Task<Write?> WriteOf(string key, CancellationToken stop)
    {
        var write = await connection.Rows(
            transaction, $"SELECT kind, table_id, snapshot_id, rows_added, rows_removed FROM lake_write WHERE write_key = {key}", ReadWrite, stop).FirstOrDefaultAsync(stop);
        return write is null ? null : write with { Repeated = true };
    }

    private static Write ReadWrite(DbDataReader r) => new(r.GetString(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4));

    private static Table ReadTable(DbDataReader r) => new(r.GetInt64(0), Uuid(r.GetValue(1)), r.GetString(2), r.GetString(3), r.GetString(4), []);

    private static DeleteFile ReadDelete(DbDataReader r) =>
        new(r.GetInt64(0), r.GetInt64(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.IsDBNull(7) ? null : r.GetInt64(7));

    private static DataFile ReadData(DbDataReader r) => new(
        r.GetInt64(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), r.IsDBNull(5) ? null : r.GetInt64(5), r.GetInt64(6), r.IsDBNull(7) ? null : r.GetInt64(7), null);

    private static Guid Uuid(object value) => value as Guid? ?? Guid.Parse((string)value, CultureInfo.InvariantCulture);

    private static bool Flag(object value) => value as bool? ?? Convert.ToInt64(value) != 0;

    private Task<Snapshot?> FirstSnapshot(FormattableString sql, CancellationToken stop) => connection.Rows(
        transaction, sql, r => new Snapshot(r.GetInt64(0), (DateTimeOffset)CatalogTables.Snapshot.Read(r, 1, 1)!, r.GetInt64(2)), stop).FirstOrDefaultAsync(stop).AsTask();
}
