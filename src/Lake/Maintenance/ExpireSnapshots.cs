// In: a moment. Out: no snapshot older than the one current then can be read; files only they showed are put on the list for deletion.
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using static Lizhou.Lake.Catalog.CatalogTables;

namespace Lizhou.Lake.Maintenance;

internal static class ExpireSnapshots
{
    /// <summary>Snapshots per transaction, so that other writes get their turn in between.</summary>
    private const int Step = 500;

    /// <summary>Expires what is older than snapshot <paramref name="keep"/>; how many snapshots went.</summary>
    public static async Task<Result<long>> Run(Warehouse lake, long keep, CancellationToken stop)
    {
        var first = await lake.Look(read => First(read, stop), stop);
        for (var at = Math.Min(first + Step, keep); first < keep; at = Math.Min(at + Step, keep))
        {
            var to = at;
            var done = await lake.Commit<long>(async change =>
            {
                await Expire(change, to, stop);
                return to;
            }, stop);
            if (done.Refused || to == keep)
            {
                return done.Refused ? done : keep - first;
            }
        }

        return 0L;
    }

    private static async Task<long> First(CatalogRead read, CancellationToken stop) =>
        Convert.ToInt64(await read.Scalar($"SELECT min(snapshot_id) FROM ducklake_snapshot", stop));

    private static async Task Expire(CatalogChange change, long keep, CancellationToken stop)
    {
        var paths = new Paths(change);
        Where[] past = [("end_snapshot", keep, "<=")];
        foreach (var file in await change.Read.Rows(CatalogTables.DataFile, past, stop))
        {
            await change.Delete(FileStats, [("data_file_id", file[0])], stop);
            await Forget(CatalogTables.DataFile, file);
        }

        foreach (var file in await change.Read.Rows(CatalogTables.DeleteFile, past, stop))
        {
            await Forget(CatalogTables.DeleteFile, file);
        }

        await Buffered(change, await change.Read.Rows(Inlined, [], stop), past, stop);
        await Tables(change, past, stop);
        await change.Delete(CatalogTables.Snapshot, [("snapshot_id", keep, "<")], stop);
        await change.Delete(Changes, [("snapshot_id", keep, "<")], stop);

        async Task Forget(CatalogTable kind, object?[] file)
        {
            var (id, table, path) = (file[0], (long)file[1]!, (string)file[kind["path"]]!);
            var folder = await paths.Folder(table, stop);
            await change.Delete(kind, [(kind.Columns[0], id)], stop);
            await change.Delete(Digest, [("file_id", id)], stop);
            if ((await change.Read.Rows(kind, [("path", path)], stop)).Count == 0)
            {
                await change.Insert(Scheduled, [id, $"{folder}{path}", true, change.Now], stop);
            }
        }
    }

    private static async Task Tables(CatalogChange change, Where[] past, CancellationToken stop)
    {
        foreach (var table in await change.Read.Rows(CatalogTables.Table, past, stop))
        {
            await change.Delete(CatalogTables.Table, [("table_id", table[0]), ("end_snapshot", table[3])], stop);
            if ((await change.Read.Rows(CatalogTables.Table, [("table_id", table[0])], stop)).Count > 0)
            {
                continue; // renamed, not dropped
            }

            await Buffered(change, await change.Read.Rows(Inlined, [("table_id", table[0])], stop), [], stop);
            foreach (var owned in new[] { TableStats, SchemaVersions, CatalogTables.Column, State })
            {
                await change.Delete(owned, [("table_id", table[0])], stop);
            }
        }
    }

    /// <summary>Removes buffered rows, and buffers that are empty then; the next small write makes one anew.</summary>
    private static async Task Buffered(CatalogChange change, List<object?[]> entries, Where[] which, CancellationToken stop)
    {
        foreach (var entry in entries)
        {
            var buffer = await Writes.Buffers.Described(change.Read, (long)entry[0]!, (string)entry[1]!, stop);
            await change.Delete(buffer, which, stop);
            if ((await change.Read.Rows(buffer, [], stop)).Count == 0)
            {
                await change.Delete(Inlined, [("table_id", entry[0]), ("table_name", entry[1])], stop);
                await change.Run($"DROP TABLE {buffer.Quoted}", stop);
            }
        }
    }

    /// <summary>Folders of tables relative to the data folder, also of tables that are being expired.</summary>
    private sealed class Paths(CatalogChange change)
    {
        private readonly Dictionary<long, string> known = [];

        public async Task<string> Folder(long table, CancellationToken stop)
        {
            if (!known.TryGetValue(table, out var folder))
            {
                var row = (await change.Read.Rows(CatalogTables.Table, [("table_id", table)], stop))[0];
                var layer = (await change.Read.Rows(CatalogTables.Schema, [("schema_id", row[CatalogTables.Table["schema_id"]])], stop))[0];
                known[table] = folder = $"{layer[CatalogTables.Schema["path"]]}{row[CatalogTables.Table["path"]]}";
            }

            return folder;
        }
    }
}
