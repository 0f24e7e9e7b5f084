// In: the catalog. Out: how much the lake holds, and which of its tables ask for upkeep. Reads no file.
using System.Data.Common;
using System.Globalization;
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;

namespace Lizhou.Lake.Maintenance;

/// <summary>The lake as its keeper sees it.</summary>
/// <param name="Tables">Tables of the newest snapshot.</param>
/// <param name="Files">Data files of the newest snapshot.</param>
/// <param name="Bytes">Bytes of these files.</param>
/// <param name="Rows">Rows of the newest snapshot, buffered ones among them.</param>
/// <param name="Snapshots">Snapshots that can still be read.</param>
/// <param name="Oldest">When the oldest of them was made.</param>
/// <param name="BufferedRows">Rows that wait in the catalog for a file.</param>
/// <param name="BufferedTables">Tables they belong to.</param>
/// <param name="OldFiles">Files only older snapshots show, data and deletes.</param>
/// <param name="OldBytes">Their bytes.</param>
/// <param name="Expired">Files that no snapshot shows any more and that wait for the sweep.</param>
public sealed record LakeOverview(
    long Tables, long Files, long Bytes, long Rows, long Snapshots, DateTimeOffset? Oldest, long BufferedRows, long BufferedTables, long OldFiles, long OldBytes, long Expired);

/// <summary>How much one layer holds in the newest snapshot.</summary>
public sealed record LayerSize(long Tables, long Rows);

internal static class SurveyLake
{
    public static async Task<LakeOverview> Run(DbConnection connection, DbTransaction transaction, CancellationToken stop)
    {
        var buffered = await Buffered(connection, transaction, stop);
        var (files, bytes) = await Pair($"SELECT COUNT(*), COALESCE(SUM(file_size_bytes), 0) FROM ducklake_data_file WHERE end_snapshot IS NULL");
        var (snapshots, _) = await Pair($"SELECT COUNT(*), 0 FROM ducklake_snapshot");
        var (tables, rows) = await Pair($"""
            SELECT COUNT(*), COALESCE(SUM(s.record_count), 0) FROM ducklake_table t JOIN ducklake_table_stats s ON s.table_id = t.table_id WHERE t.end_snapshot IS NULL
            """);
        var (oldFiles, oldBytes) = await Pair($"""
            SELECT COUNT(*), COALESCE(SUM(b), 0) FROM (
              SELECT file_size_bytes AS b FROM ducklake_data_file WHERE end_snapshot IS NOT NULL
              UNION ALL SELECT file_size_bytes FROM ducklake_delete_file WHERE end_snapshot IS NOT NULL) AS o
            """);
        var (expired, _) = await Pair($"SELECT COUNT(*), 0 FROM ducklake_files_scheduled_for_deletion");
        var oldest = await connection.Scalar(transaction, $"SELECT MIN(snapshot_time) FROM ducklake_snapshot", stop);
        return new(tables, files, bytes, rows, snapshots, Moment(oldest), buffered.Sum(b => b.Rows), buffered.Count, oldFiles, oldBytes, expired);

        async Task<(long, long)> Pair(FormattableString sql) =>
            await connection.Rows(transaction, sql, r => (Convert.ToInt64(r.GetValue(0)), Convert.ToInt64(r.GetValue(1))), stop).FirstAsync(stop);
    }

    /// <summary>Tables and rows of each layer, by its name.</summary>
    public static async Task<IReadOnlyDictionary<string, LayerSize>> Layers(DbConnection connection, DbTransaction transaction, CancellationToken stop) => await connection.Rows(
        transaction,
        $"""
         SELECT n.schema_name, COUNT(*), COALESCE(SUM(s.record_count), 0) FROM ducklake_table t
         JOIN ducklake_schema n ON n.schema_id = t.schema_id AND n.end_snapshot IS NULL LEFT JOIN ducklake_table_stats s ON s.table_id = t.table_id
         WHERE t.end_snapshot IS NULL GROUP BY n.schema_name
         """,
        r => (Name: r.GetString(0), Size: new LayerSize(Convert.ToInt64(r.GetValue(1)), Convert.ToInt64(r.GetValue(2)))), stop).ToDictionaryAsync(l => l.Name, l => l.Size, StringComparer.Ordinal, stop);

    /// <summary>Tables with rows in the buffer, and how many.</summary>
    public static async Task<List<(long Table, long Rows)>> Buffered(DbConnection connection, DbTransaction transaction, CancellationToken stop)
    {
        var buffers = await connection.Rows(
            transaction, $"SELECT table_id, table_name FROM ducklake_inlined_data_tables ORDER BY table_id", r => (Table: r.GetInt64(0), Name: r.GetString(1)), stop).ToListAsync(stop);
        var waiting = new List<(long Table, long Rows)>();
        foreach (var (table, name) in buffers)
        {
            await using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, $"SELECT COUNT(*) FROM {SqlText.Name(name)} WHERE end_snapshot IS NULL");
            if (Convert.ToInt64(await command.ExecuteScalarAsync(stop)) is > 0 and var rows)
            {
                waiting.Add((table, rows));
            }
        }

        return [.. waiting.GroupBy(w => w.Table).Select(g => (g.Key, g.Sum(w => w.Rows)))];
    }

    /// <summary>Tables worth compacting: with many small files, or a file that is much cut.</summary>
    /// <param name="many">From this number of small files on.</param>
    public static Task<List<long>> Worn(DbConnection connection, DbTransaction transaction, Compaction limits, int many, CancellationToken stop) => connection.Rows(
        transaction,
        $"""
         SELECT f.table_id FROM ducklake_data_file f
         LEFT JOIN ducklake_delete_file d ON d.table_id = f.table_id AND d.data_file_id = f.data_file_id AND d.end_snapshot IS NULL
         WHERE f.end_snapshot IS NULL GROUP BY f.table_id
         HAVING SUM(CASE WHEN f.file_size_bytes < {limits.SmallBytes} THEN 1 ELSE 0 END) >= {many}
             OR MAX(CASE WHEN d.delete_count >= f.record_count * {limits.CutShare} THEN 1 ELSE 0 END) = 1
         ORDER BY f.table_id
         """,
        r => r.GetInt64(0), stop).ToListAsync(stop).AsTask();

    private static DateTimeOffset? Moment(object? stored) => stored switch
    {
        DateTime moment => new DateTimeOffset(DateTime.SpecifyKind(moment, DateTimeKind.Utc)),
        string text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        _ => null,
    };
}
