// In: the snapshot of a data write. Out: a new snapshot that takes back exactly the rows it added and gives back those it removed, wherever compaction has moved them.
// Refuses when later writes touched those rows or wrote the same keys again: undo them first.
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Reading;
using static Lizhou.Lake.Catalog.CatalogTables;

namespace Lizhou.Lake.Writes;

/// <summary>What an undo will do.</summary>
internal sealed record Undoing(Removal Removal, StagedFile? Back);

internal static class UndoWrite
{
    private static readonly string[] Undoable = ["append", "upsert", "delete", "undo", "buffer", "replace"];

    /// <summary>The write that made a snapshot, or why it cannot be undone.</summary>
    public static async Task<Result<Write>> Find(CatalogRead read, long snapshot, CancellationToken stop)
    {
        if (await read.Snapshot(snapshot, stop) is null || await read.Snapshot(snapshot - 1, stop) is null)
        {
            return Problems.NoSnapshot.With(snapshot);
        }

        var rows = await read.Rows(CatalogTables.Write, [("snapshot_id", snapshot)], stop);
        var row = rows.FirstOrDefault(r => Undoable.Contains((string)r[1]!) && (long)r[4]! + (long)r[5]! > 0);
        return row is null ? Problems.NothingToUndo.With(snapshot) : new Write((string)row[1]!, (long)row[2]!, snapshot, (long)row[4]!, (long)row[5]!);
    }

    public static async Task<Result<Undoing>> Prepare(Warehouse lake, Write write, long at, CancellationToken stop)
    {
        if (await lake.Plan(write.Table, at, stop: stop) is not { } now)
        {
            return Problems.NoTable.With(write.Table);
        }

        var then = await lake.PlanAs(now.Table, write.Snapshot, stop);
        var before = await lake.PlanAs(now.Table, write.Snapshot - 1, stop);
        var key = await lake.Look(read => Key(read, write.Table, now.Table, stop), stop);
        var (added, removed) = (Difference.Of(then, before), Difference.Of(before, then));
        var back = lake.NewFile(now.Table);
        return await lake.Engine.Write(session => Prepare(session, lake, write.Snapshot, now, added, removed, key, back), stop);
    }

    public static async Task<Result<Write>> Apply(CatalogChange change, Write write, Undoing undoing, CancellationToken stop)
    {
        await undoing.Removal.Apply(change, write.Table, stop);
        if (undoing.Back is { } back)
        {
            await change.AddData(write.Table, [back], stop);
            change.Did($"inserted_into_table:{write.Table}");
        }

        await change.Update(CatalogTables.Write, [("undone_by", change.Snapshot)], [("snapshot_id", write.Snapshot)], stop);
        return new Write("undo", write.Table, change.Snapshot, undoing.Back?.Rows ?? 0, undoing.Removal.Rows);
    }

    private static Result<Undoing> Prepare(
        Session session, Warehouse lake, long snapshot, ReadPlan now, Difference added, Difference removed, string? key, string back)
    {
        const string Id = Names.RowId;
        var gone = Count(a => $"SELECT count(*) FROM ({added.Rows(a)}) AS a ANTI JOIN ({now.Relation(a, true)}) AS n USING ({Id})");
        var there = Count(a => $"SELECT count(*) FROM ({removed.Rows(a)}) AS r SEMI JOIN ({now.Relation(a, true)}) AS n USING ({Id})");
        if (gone + there > 0)
        {
            return Problems.UndoLater.With(snapshot, gone + there);
        }

        var doubled = key is null ? 0 : Count(a => $"""
            SELECT count(*) FROM ({removed.Rows(a)}) AS r
            SEMI JOIN (SELECT n.* FROM ({now.Relation(a, true)}) AS n ANTI JOIN ({added.Rows(a)}) AS a USING ({Id})) AS o USING ({key})
            """);
        if (doubled > 0)
        {
            return Problems.UndoKey.With(snapshot, doubled);
        }

        var find = new Arguments();
        var mine = $"SELECT {Names.File}, {Names.Row}, {Id} FROM ({now.Relation(find, true)}) AS n SEMI JOIN ({added.Rows(find)}) AS a USING ({Id})";
        var removal = Removal.Find(session, now, mine, find.Values, () => lake.NewDeleteFile(now.Table));
        var copy = new Arguments();
        var rows = $"SELECT *, {Id} AS {Staging.RowIdColumn} FROM ({removed.Rows(copy)})";
        return new Undoing(removal, Staging.Copy(session, now.Table, back, rows, copy.Values, rowIds: true));

        long Count(Func<Arguments, string> sql)
        {
            var arguments = new Arguments();
            var text = sql(arguments);
            return session.Scalar(text, arguments.Values) as long? ?? 0;
        }
    }

    /// <summary>The key columns, quoted, by which the table was last upserted and that it still has; null when it never was.</summary>
    internal static async Task<string?> Key(CatalogRead read, long id, Table table, CancellationToken stop)
    {
        var upserts = await read.Rows(CatalogTables.Write, [("table_id", id), ("kind", "upsert")], stop);
        var key = upserts.MaxBy(w => (long)w[3]!)?[6] as string;
        var columns = key?.Split(' ').Select(c => table.Columns.FirstOrDefault(t => $"{t.Id}" == c)).ToList();
        return columns is null || columns.Contains(null) ? null : SqlText.Names(columns.Select(c => c!.Name));
    }
}
