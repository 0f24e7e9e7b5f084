// In: staged files. Out: their rows in the catalog, and the table's counters.
using Lizhou.Lake.Writes;
using static Lizhou.Lake.Catalog.CatalogTables;

namespace Lizhou.Lake.Catalog;

internal static class FileRows
{
    /// <summary>Adds data files and gives their rows the next row ids; files that carry ids keep theirs.</summary>
    public static async Task AddData(this CatalogChange change, long table, IReadOnlyList<StagedFile> files, CancellationToken stop)
    {
        var nextRow = (long)(await change.Read.Rows(TableStats, [("table_id", table)], stop))[0][TableStats["next_row_id"]]!;
        var (rows, stats, digests) = (new List<object?[]>(), new List<object?[]>(), new List<object?[]>());
        foreach (var file in files)
        {
            var id = change.NewFileId();
            rows.Add([
                id, table, change.Snapshot, null, null, Path.GetFileName(file.Path), true, "parquet", file.Rows, file.Bytes, file.FooterSize,
                file.HasRowIds ? null : nextRow, null, null, null, null]);
            stats.AddRange(file.Columns.Select(c => (object?[])[id, table, c.Column, c.Bytes, c.Values, c.Nulls, c.Min, c.Max, c.HasNan, null]));
            digests.Add([id, table, file.Digest]);
            nextRow += file.HasRowIds ? 0 : file.Rows;
        }

        await change.InsertMany(CatalogTables.DataFile, rows, stop);
        await change.InsertMany(FileStats, stats, stop);
        await change.InsertMany(Digest, digests, stop);
        await change.Count(table, files.Sum(f => f.Rows), files.Sum(f => f.Bytes), stop, nextRow);
    }

    /// <summary>Adds a delete file in the place of the one its data file had.</summary>
    public static async Task AddDelete(this CatalogChange change, long table, StagedDelete file, CancellationToken stop)
    {
        await change.EndDelete(file.File, stop);
        var id = change.NewFileId();
        await change.Insert(
            CatalogTables.DeleteFile,
            [id, table, change.Snapshot, null, file.File.Id, Path.GetFileName(file.Path), true, "parquet", file.Count, file.Bytes, file.FooterSize, null, null],
            stop);
        await change.Insert(Digest, [id, table, file.Digest], stop);
        await change.Count(table, (file.File.Deletes?.Count ?? 0) - file.Count, 0, stop);
    }

    /// <summary>Withdraws a data file with its delete file.</summary>
    public static async Task EndData(this CatalogChange change, long table, DataFile file, CancellationToken stop)
    {
        await change.Update(CatalogTables.DataFile, [("end_snapshot", change.Snapshot)], [("data_file_id", file.Id)], stop);
        await change.EndDelete(file, stop);
        await change.Count(table, -file.Live, -file.Bytes, stop);
    }

    public static async Task EndDelete(this CatalogChange change, DataFile file, CancellationToken stop)
    {
        if (file.Deletes is { } old)
        {
            await change.Update(CatalogTables.DeleteFile, [("end_snapshot", change.Snapshot)], [("delete_file_id", old.Id)], stop);
        }
    }

    /// <summary>Adds to the table's counters and marks it as changed.</summary>
    /// <param name="nextRow">Null: as it was.</param>
    public static async Task Count(this CatalogChange change, long table, long rows, long bytes, CancellationToken stop, long? nextRow = null)
    {
        var stats = (await change.Read.Rows(TableStats, [("table_id", table)], stop))[0];
        await change.Update(
            TableStats,
            [
                ("record_count", (long)stats[TableStats["record_count"]]! + rows),
                ("next_row_id", nextRow ?? (long)stats[TableStats["next_row_id"]]!),
                ("file_size_bytes", (long)stats[TableStats["file_size_bytes"]]! + bytes),
            ],
            [("table_id", table)],
            stop);
        await change.Touch(table, stop);
    }
}
