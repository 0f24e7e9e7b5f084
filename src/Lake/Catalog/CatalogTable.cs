// In: a row of a catalog table as plain values. Out: the same row in the words of SQLite or PostgreSQL, and back, so that both give equal bytes to the seal.
using System.Data.Common;
using System.Globalization;
using Lizhou.Kernel;

namespace Lizhou.Lake.Catalog;

/// <summary>One table of the catalog: its columns in order and the column that says which lake table a row belongs to (null: the lake itself).</summary>
internal sealed class CatalogTable
{
    private const string Moment = "yyyy-MM-dd HH:mm:ss.ffffff'+00'";

    private readonly Kind[] kinds;

    /// <param name="name">Name in the database.</param>
    /// <param name="columns">Column names in order; <c>:flag</c>, <c>:moment</c> and <c>:uuid</c> mark what the two databases store differently.</param>
    /// <param name="scope">Column holding the lake table's id.</param>
    public CatalogTable(string name, string columns, string? scope = "table_id")
    {
        Name = name;
        var parts = columns.Split(' ').Select(c => c.Split(':')).ToArray();
        Columns = [.. parts.Select(p => p[0])];
        kinds = [.. parts.Select(p => p.Length == 1 ? Kind.Plain : Enum.Parse<Kind>(p[1], ignoreCase: true))];
        Scope = scope is null ? -1 : Array.IndexOf(Columns, scope);
        Quoted = SqlText.Name(name);
        List = SqlText.Names(Columns);
    }

    /// <summary>A buffer of one lake table's rows: columns as given, all in that table's scope.</summary>
    public CatalogTable(string name, IEnumerable<string> columns, long owner)
    {
        (Name, Owner, Scope, Quoted) = (name, owner, -1, SqlText.Name(name));
        Columns = [.. columns];
        kinds = new Kind[Columns.Length];
        List = SqlText.Names(Columns);
    }

    private enum Kind
    {
        Plain,
        Flag,
        Moment,
        Uuid,
    }

    public string Name { get; }

    public string Quoted { get; }

    /// <summary>The lake table all rows belong to, when it is not a column.</summary>
    public long? Owner { get; }

    public string[] Columns { get; }

    /// <summary>The columns, quoted, for a SELECT or INSERT.</summary>
    public string List { get; }

    /// <summary>Position of the column with the lake table's id, or -1.</summary>
    public int Scope { get; }

    /// <summary>The lake table a row belongs to.</summary>
    public long ScopeOf(object?[] row) => Owner ?? (Scope < 0 ? SealKey.Lake : Convert.ToInt64(row[Scope]));

    public int this[string column] => Array.IndexOf(Columns, column);

    /// <summary>The value as a parameter for this database.</summary>
    public object Stored(int column, object? value, StateKind state) => value switch
    {
        null => DBNull.Value,
        bool flag when state == StateKind.Sqlite => flag ? 1L : 0L,
        DateTimeOffset moment when state == StateKind.Sqlite => Text(moment),
        DateTimeOffset moment => moment.UtcDateTime,
        Guid uuid when state == StateKind.Sqlite => uuid.ToString("D"),
        int number => (long)number,
        _ => value,
    };

    /// <summary>The value as read from this database; the same .NET type on both.</summary>
    public object? Read(DbDataReader row, int column, int ordinal)
    {
        var value = row.GetValue(ordinal);
        return (kinds[column], value) switch
        {
            (_, DBNull) => null,
            (Kind.Flag, long number) => number != 0,
            (Kind.Moment, string text) => DateTimeOffset.ParseExact(text, Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            (Kind.Moment, DateTime moment) => new DateTimeOffset(DateTime.SpecifyKind(moment, DateTimeKind.Utc)),
            (Kind.Uuid, string text) => Guid.ParseExact(text, "D"),
            _ => value,
        };
    }

    public object?[] ReadRow(DbDataReader row)
    {
        var values = new object?[Columns.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Read(row, i, i);
        }

        return values;
    }

    /// <summary>Microseconds, because PostgreSQL keeps no more.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % 10), TimeSpan.Zero);

    public static string Text(DateTimeOffset moment) => moment.ToUniversalTime().ToString(Moment, CultureInfo.InvariantCulture);
}

/// <summary>The catalog tables this program writes: the specification's own, then ours.</summary>
internal static class CatalogTables
{
    public static readonly CatalogTable Metadata = new("ducklake_metadata", "key value scope scope_id", null);
    public static readonly CatalogTable Snapshot = new("ducklake_snapshot", "snapshot_id snapshot_time:moment schema_version next_catalog_id next_file_id", null);
    public static readonly CatalogTable Changes = new("ducklake_snapshot_changes", "snapshot_id changes_made author commit_message commit_extra_info", null);
    public static readonly CatalogTable Schema = new("ducklake_schema", "schema_id schema_uuid:uuid begin_snapshot end_snapshot schema_name path path_is_relative:flag", null);
    public static readonly CatalogTable Table = new("ducklake_table", "table_id table_uuid:uuid begin_snapshot end_snapshot schema_id table_name path path_is_relative:flag");
    public static readonly CatalogTable DataFile = new(
        "ducklake_data_file",
        "data_file_id table_id begin_snapshot end_snapshot file_order path path_is_relative:flag file_format record_count file_size_bytes footer_size row_id_start partition_id encryption_key mapping_id partial_max");

    public static readonly CatalogTable FileStats = new(
        "ducklake_file_column_stats", "data_file_id table_id column_id column_size_bytes value_count null_count min_value max_value contains_nan:flag extra_stats");

    public static readonly CatalogTable DeleteFile = new(
        "ducklake_delete_file",
        "delete_file_id table_id begin_snapshot end_snapshot data_file_id path path_is_relative:flag format delete_count file_size_bytes footer_size encryption_key partial_max");

    public static readonly CatalogTable Column = new(
        "ducklake_column",
        "column_id begin_snapshot end_snapshot table_id column_order column_name column_type initial_default default_value nulls_allowed:flag parent_column default_value_type default_value_dialect");

    public static readonly CatalogTable TableStats = new("ducklake_table_stats", "table_id record_count next_row_id file_size_bytes");
    public static readonly CatalogTable Scheduled = new("ducklake_files_scheduled_for_deletion", "data_file_id path path_is_relative:flag schedule_start:moment", null);
    public static readonly CatalogTable Inlined = new("ducklake_inlined_data_tables", "table_id table_name schema_version");
    public static readonly CatalogTable SchemaVersions = new("ducklake_schema_versions", "begin_snapshot schema_version table_id");
    public static readonly CatalogTable Write = new("lake_write", "write_key kind table_id snapshot_id rows_added rows_removed key_columns undone_by");
    public static readonly CatalogTable Digest = new("lake_file", "file_id table_id digest");
    public static readonly CatalogTable State = new("lake_table", "table_id last_snapshot next_column_id");

    /// <summary>Every table under the seal, in the order Verify reads them.</summary>
    public static readonly CatalogTable[] All =
        [Metadata, Snapshot, Changes, Schema, Table, Column, DataFile, DeleteFile, FileStats, TableStats, Scheduled, Inlined, SchemaVersions, Write, Digest, State];
}

/// <summary>One condition on a catalog row: equal by default; a null value means IS NULL.</summary>
internal readonly record struct Where(string Column, object? Value, string Is = "=")
{
    public static implicit operator Where((string Column, object? Value) pair) => new(pair.Column, pair.Value);

    public static implicit operator Where((string Column, object? Value, string Is) triple) => new(triple.Column, triple.Value, triple.Is);
}
