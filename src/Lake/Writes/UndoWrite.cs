// In: the snapshot of a data write. Out: a new snapshot that takes back exactly the rows it added and gives back those it removed.
// Refuses when later writes touched those rows: undo them first.
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using static Lizhou.Lake.Catalog.CatalogTables;

namespace Lizhou.Lake.Writes;

internal static class UndoWrite
{
    private static readonly string[] Undoable = ["append", "upsert", "delete", "undo"];

    /// <summary>The table of an undoable write, or why it is none.</summary>
    public static async Task<Result<Write>> Find(CatalogRead read, long snapshot, CancellationToken stop)
    {
        if (await read.Snapshot(snapshot, stop) is null)
        {
            return Problems.NoSnapshot.With(snapshot);
        }

        var rows = await read.Rows(CatalogTables.Write, [("snapshot_id", snapshot)], stop);
        var row = rows.FirstOrDefault(r => Undoable.Contains((string)r[1]!) && (long)r[4]! + (long)r[5]! > 0);
        return row is null ? Problems.NothingToUndo.With(snapshot) : new Write((string)row[1]!, (long)row[2]!, snapshot, (long)row[4]!, (long)row[5]!);
    }

    public static async Task<Result<Write>> Apply(CatalogChange change, Write write, CancellationToken stop)
    {
        var (table, snapshot) = (write.Table, write.Snapshot);
        var now = await change.Read.Files(table, change.Snapshot - 1, stop);
        var then = await change.Read.Files(table, snapshot, stop);
        var before = await change.Read.Files(table, snapshot - 1, stop);
        var (live, earlier) = (now.ToDictionary(f => f.Id), before.ToDictionary(f => f.Id));
        long added = 0, removed = 0;

        foreach (var file in then)
        {
            var old = earlier.GetValueOrDefault(file.Id);
            if (old is not null && old.Deletes?.Id == file.Deletes?.Id)
            {
                continue; // not touched by the write
            }

            if (live.GetValueOrDefault(file.Id) is not { } current || current.Deletes?.Id != file.Deletes?.Id)
            {
                return Problems.UndoLater.With(snapshot, old is null ? file.Rows : old.Live - file.Live);
            }

            if (old is null)
            {
                await change.EndData(table, current, stop);
                removed += current.Live;
            }
            else
            {
                await change.EndDelete(current, stop);
                await Again(change, table, current.Id, old.Deletes, stop);
                await change.Count(table, old.Live - current.Live, 0, stop);
                added += old.Live - current.Live;
            }
        }

        var kept = then.Select(f => f.Id).ToHashSet();
        foreach (var file in before.Where(f => !kept.Contains(f.Id)))
        {
            await Again(change, table, file, stop);
            added += file.Live;
        }

        await change.Update(CatalogTables.Write, [("undone_by", change.Snapshot)], [("snapshot_id", snapshot)], stop);
        change.Did($"deleted_from_table:{table}");
        change.Did($"inserted_into_table:{table}");
        return new Write("undo", table, change.Snapshot, added, removed);
    }

    /// <summary>Shows a data file again that had been withdrawn: the same bytes under a new id.</summary>
    private static async Task Again(CatalogChange change, long table, DataFile file, CancellationToken stop)
    {
        var id = change.NewFileId();
        var row = (await change.Read.Rows(CatalogTables.DataFile, [("data_file_id", file.Id)], stop))[0];
        (row[0], row[CatalogTables.DataFile["begin_snapshot"]], row[CatalogTables.DataFile["end_snapshot"]]) = (id, change.Snapshot, null);
        await change.Insert(CatalogTables.DataFile, row, stop);
        var stats = await change.Read.Rows(FileStats, [("data_file_id", file.Id)], stop);
        stats.ForEach(s => s[0] = id);
        await change.InsertMany(FileStats, stats, stop);
        await Same(change, file.Id, id, stop);
        await Again(change, table, id, file.Deletes, stop);
        await change.Count(table, file.Live, file.Bytes, stop);
    }

    private static async Task Again(CatalogChange change, long table, long dataFile, DeleteFile? deletes, CancellationToken stop)
    {
        if (deletes is null)
        {
            return;
        }

        var id = change.NewFileId();
        await change.Insert(
            CatalogTables.DeleteFile,
            [id, table, change.Snapshot, null, dataFile, deletes.Path, true, "parquet", deletes.Count, deletes.Bytes, deletes.FooterSize, null, null],
            stop);
        await Same(change, deletes.Id, id, stop);
    }

    private static async Task Same(CatalogChange change, long from, long to, CancellationToken stop)
    {
        var digest = (await change.Read.Rows(Digest, [("file_id", from)], stop))[0];
        digest[0] = to;
        await change.Insert(Digest, digest, stop);
    }
}
