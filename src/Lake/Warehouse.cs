// The lake's public entry: tables, snapshots, writes. In: records. Out: answers or coded refusals. Rows are read through the policy only (see Reading/).
using System.Data.Common;
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Maintenance;
using Lizhou.Lake.Reading;
using Lizhou.Lake.Tables;
using Lizhou.Lake.Writes;

namespace Lizhou.Lake;

/// <summary>The warehouse: immutable Parquet files in a folder, and a catalog in the state database that says which of them are true. Safe for concurrent use; one per process.</summary>
public sealed partial class Warehouse : IAsyncDisposable
{
    private readonly StateStore state;
    private readonly TimeProvider clock;
    private readonly Committer committer;

    private readonly byte[] sealKey;

    private Warehouse(StateStore state, Engine engine, string folder, byte[] sealKey, TimeProvider clock)
    {
        (this.state, this.clock, this.sealKey) = (state, clock, sealKey);
        Engine = engine;
        Staging = new Staging(DataFolder(folder));
        committer = new Committer(state, new SealKey(sealKey), clock);
        Writer = new Writer(committer, state);
    }

    internal Engine Engine { get; }

    internal Staging Staging { get; }

    internal Writer Writer { get; }

    /// <summary>Whether a failure, of whichever part, comes from a full disk.</summary>
    public static bool IsDiskFull(Exception failure) => Writer.IsDiskFull(failure);

    /// <summary>Where the files are, below the lake's folder; the engine must be allowed to read and write it.</summary>
    public static string DataFolder(string folder) => Path.Combine(Path.GetFullPath(folder), "data");

    /// <summary>Opens the lake, or makes an empty one. The cost does not depend on the number of tables.</summary>
    /// <param name="state">Holds the catalog; the schema scripts of this assembly must have run (<see cref="SchemaScripts.Apply"/>).</param>
    /// <param name="folder">The lake's folder.</param>
    /// <param name="sealKey">Secret under which catalog rows are sealed, 32 bytes; the same for the life of the lake.</param>
    public static async Task<Warehouse> Open(StateStore state, Engine engine, string folder, byte[] sealKey, TimeProvider clock, CancellationToken stop = default)
    {
        Directory.CreateDirectory(DataFolder(folder));
        await FoundLake.Run(state, new SealKey(sealKey), DataFolder(folder), clock, stop);
        return new Warehouse(state, engine, folder, sealKey, clock);
    }

    /// <summary>The newest snapshot.</summary>
    public async Task<Snapshot> Current(CancellationToken stop = default) => (await Look(read => read.Snapshot(null, stop), stop))!;

    /// <summary>A snapshot by its number; null when it never was or has expired.</summary>
    public Task<Snapshot?> At(long snapshot, CancellationToken stop = default) => Look(read => read.Snapshot(snapshot, stop), stop);

    /// <summary>The snapshot that was current at a moment; null before the first one kept.</summary>
    public Task<Snapshot?> AsOf(DateTimeOffset moment, CancellationToken stop = default) => Look(read => read.SnapshotAt(moment, stop), stop);

    /// <summary>A table by name; null when there is none.</summary>
    /// <param name="at">A snapshot; null: the newest.</param>
    public Task<Table?> Find(string layer, string name, long? at = null, CancellationToken stop = default) =>
        Look(async read => await read.Find(layer, name, at ?? (await read.Head(stop)).Snapshot, stop), stop);

    /// <summary>A table by its id.</summary>
    public Task<Table?> Get(long id, long? at = null, CancellationToken stop = default) =>
        Look(async read => await read.Get(id, at ?? (await read.Head(stop)).Snapshot, stop), stop);

    /// <summary>A page of a layer's tables in the order of their names; without their columns.</summary>
    /// <param name="after">The last name of the page before; empty for the first page.</param>
    public Task<IReadOnlyList<Table>> List(string layer, string after = "", int limit = 100, long? at = null, CancellationToken stop = default) =>
        Look(async read => (IReadOnlyList<Table>)await read.List(layer, after, limit, at ?? (await read.Head(stop)).Snapshot, stop).ToListAsync(stop), stop);

    /// <summary>How many rows a table shows now; from the catalog, without reading files.</summary>
    public Task<long> Count(Table table, CancellationToken stop = default) => Look(async read =>
        (await read.Rows(CatalogTables.TableStats, [("table_id", table.Id)], stop)) is [var stats] ? (long)stats[1]! : 0, stop);

    /// <summary>A fresh path inside the table's folder to write a Parquet file to; the folder exists afterwards. What no write names is swept later.</summary>
    public string NewFile(Table table) => Staging.NewPath(table, clock);

    /// <summary>Makes an empty table; the layer comes to be with its first table.</summary>
    public async Task<Result<Table>> CreateTable(string layer, string name, IReadOnlyList<NewColumn> columns, Terms terms, CancellationToken stop = default) =>
        Tables.CreateTable.Check(layer, name, columns) is { } problem
            ? problem
            : await Shown(await Writer.Commit("create", null, terms, change => Tables.CreateTable.Apply(change, layer, name, columns, clock, stop), stop), stop);

    /// <summary>Adds the rows of staged files to a table.</summary>
    public async Task<Result<Write>> Append(Table table, IReadOnlyList<StagedFile> files, Terms terms, CancellationToken stop = default) =>
        AppendFiles.Check(Staging, table, files) is { } problem
            ? problem
            : await Added(table, files, terms.Small, rows => Writer.Commit("append", table.Id, terms, change => AppendFiles.Apply(change, table, files, rows, stop), stop), stop);

    /// <summary>Replaces the rows that have the same key as a staged one and adds the others.</summary>
    /// <param name="key">Key columns by name; together unique in the files and never empty.</param>
    public async Task<Result<Write>> Upsert(Table table, IReadOnlyList<StagedFile> files, IReadOnlyList<string> key, Terms terms, CancellationToken stop = default)
    {
        var ids = key.Select(k => table.Column(k)?.Id ?? 0).ToList();
        return AppendFiles.Check(Staging, table, files) is { } problem || (problem = ids.Count == 0 || ids.Contains(0) ? Problems.BadKeyColumn : null) is not null
            ? problem
            : await Added(table, files, terms.Small, rows => Writer.Prepared(
                "upsert", table, terms, at => UpsertRows.Prepare(this, table, files, ids, at, stop),
                (change, removal) => UpsertRows.Apply(change, table, files, removal, rows, stop), stop, ids), stop);
    }

    /// <summary>Withdraws the rows that match.</summary>
    public Task<Result<Write>> Delete(Table table, Condition condition, Terms terms, CancellationToken stop = default) => Writer.Prepared(
        "delete", table, terms, at => DeleteRows.Prepare(this, table.Id, condition, at, stop), (change, removal) => DeleteRows.Apply(change, table.Id, removal, stop), stop);

    /// <summary>Adds a few rows at once, without a file: they wait in the catalog, seen by every reading, until <see cref="Flush"/>.</summary>
    /// <param name="rows">One value per column of <paramref name="table"/>, in order; numbers, texts, dates, moments, or their ISO text.</param>
    public Task<Result<Write>> Buffer(Table table, IReadOnlyList<IReadOnlyList<object?>> rows, Terms terms, CancellationToken stop = default)
    {
        var stored = Buffers.Check(table, rows);
        return stored.Refused
            ? Task.FromResult<Result<Write>>(stored.Problem!)
            : Writer.Commit("buffer", table.Id, terms, change => Buffers.Add(change, table, stored.Value, stop), stop);
    }

    /// <summary>Moves buffered rows into a file. The table shows the same rows before and after.</summary>
    public Task<Result<Write>> Flush(Table table, Terms terms, CancellationToken stop = default) => Writer.Prepared(
        "flush", table, terms, at => CompactTable.PrepareFlush(this, table.Id, at, stop), (change, rewriting) => CompactTable.Apply(change, table, rewriting, "flush", stop), stop,
        anyChange: false);

    /// <summary>Rewrites small and much cut files of a table into few. The table shows the same rows, with the same ids, before and after.</summary>
    public Task<Result<Write>> Compact(Table table, Compaction limits, Terms terms, CancellationToken stop = default) => Writer.Prepared(
        "compact", table, terms, at => CompactTable.Prepare(this, table.Id, limits, at, stop), (change, rewriting) => CompactTable.Apply(change, table, rewriting, "compact", stop), stop,
        anyChange: false);

    /// <summary>Takes back what the write that made <paramref name="snapshot"/> did, as a new snapshot; refused when later writes touched the same rows or keys.</summary>
    public async Task<Result<Write>> Undo(long snapshot, Terms terms, CancellationToken stop = default)
    {
        var write = await Look(read => UndoWrite.Find(read, snapshot, stop), stop);
        if (write.Refused)
        {
            return write;
        }

        var table = new Table(write.Value.Table, default, "", $"{write.Value.Table}", "", []);
        return await Writer.Prepared(
            "undo", table, terms, at => UndoWrite.Prepare(this, write.Value, at, stop), (change, undoing) => UndoWrite.Apply(change, write.Value, undoing, stop), stop);
    }

    public Task<Result<Table>> AddColumn(Table table, NewColumn column, Terms terms, CancellationToken stop = default) =>
        Alter("alter", table, terms, change => AlterTable.AddColumn(change, table, column, stop), stop);

    public Task<Result<Table>> RenameColumn(Table table, string name, string newName, Terms terms, CancellationToken stop = default) =>
        Alter("alter", table, terms, change => AlterTable.RenameColumn(change, table, name, newName, stop), stop);

    /// <summary>Gives a column a type that holds every old value, e.g. <c>int32</c> → <c>int64</c>.</summary>
    public Task<Result<Table>> WidenColumn(Table table, string name, ColumnType type, Terms terms, CancellationToken stop = default) =>
        Alter("alter", table, terms, change => AlterTable.WidenColumn(change, table, name, type, stop), stop);

    public Task<Result<Table>> DropColumn(Table table, string name, Terms terms, CancellationToken stop = default) =>
        Alter("alter", table, terms, change => AlterTable.DropColumn(change, table, name, stop), stop);

    public Task<Result<Table>> Rename(Table table, string newName, Terms terms, CancellationToken stop = default) =>
        Alter("rename", table, terms, change => AlterTable.Rename(change, table, newName, stop), stop);

    /// <summary>Withdraws a table; older snapshots keep showing it until they expire.</summary>
    public Task<Result<Write>> Drop(Table table, Terms terms, CancellationToken stop = default) =>
        Writer.Commit("drop", table.Id, terms, change => AlterTable.Drop(change, table, stop), stop);

    public async ValueTask DisposeAsync()
    {
        await committer.DisposeAsync();
        upkeep.Dispose();
    }

    /// <summary>Writes the rows of a query of the house to a file of the table; null when there are none.</summary>
    internal Task<StagedFile?> Stage(Table table, string select, object?[] arguments, CancellationToken stop = default)
    {
        var path = NewFile(table);
        return Engine.Write(session => Staging.Copy(session, table, path, select, arguments), stop);
    }

    /// <summary>As <see cref="Stage"/>, with a full disk as a refusal; there must be rows.</summary>
    internal Task<Result<StagedFile>> Staged(Table table, string select, object?[] arguments, CancellationToken stop = default) =>
        Writer.Guarded<StagedFile>(async () => (await Stage(table, select, arguments, stop))!);

    internal string NewDeleteFile(Table table) => Staging.NewPath(table, clock, "delete");

    internal Task<ReadPlan?> Plan(long table, long? at, CancellationToken stop) => Plan(table, at, null, stop);

    /// <summary>What to read to see a table at a snapshot; null when it has no such table.</summary>
    /// <param name="where">Leaves out files that cannot hold a matching row; it does not filter rows.</param>
    internal Task<ReadPlan?> Plan(long table, long? at = null, Condition? where = null, CancellationToken stop = default) => Look(async read =>
    {
        var snapshot = at ?? (await read.Head(stop)).Snapshot;
        if (await read.Get(table, snapshot, stop) is not { } there)
        {
            return null;
        }

        var files = await read.Files(table, snapshot, stop);
        return new ReadPlan(
            there, snapshot, Staging.Folder(there), where is null ? files : await Prune.Run(read, there, files, where, stop), await Buffers.Rows(read, there, snapshot, stop));
    }, stop);

    /// <summary>Whether a snapshot shows rows of a write that was undone after it.</summary>
    public async Task<bool> HasUndone(long table, long at, CancellationToken stop = default) =>
        (await state.Read($"SELECT 1 FROM lake_write WHERE table_id = {table} AND snapshot_id <= {at} AND undone_by > {at} LIMIT 1", r => r.GetInt64(0), stop)).Count > 0;

    /// <summary>The snapshot that last changed a resource's table, in whichever layer it is; null when there is none of that name now.</summary>
    public async Task<long?> LastChange(string name, CancellationToken stop = default) => (await state.Read(
        $"""
         SELECT l.last_snapshot FROM ducklake_schema s JOIN ducklake_table t ON t.schema_id = s.schema_id JOIN lake_table l ON l.table_id = t.table_id
         WHERE s.schema_name IN ('landing', 'standard', 'base', 'theme') AND t.table_name = {name} AND s.end_snapshot IS NULL AND t.end_snapshot IS NULL
         ORDER BY CASE s.schema_name WHEN 'landing' THEN 1 ELSE 0 END LIMIT 1
         """,
        r => (long?)r.GetInt64(0),
        stop)).FirstOrDefault();

    /// <summary>What an older snapshot showed, with the columns of today.</summary>
    internal Task<ReadPlan> PlanAs(Table table, long at, CancellationToken stop) => Look(async read =>
        new ReadPlan(table, at, Staging.Folder(table), await read.Files(table.Id, at, stop), await Buffers.Rows(read, table, at, stop)), stop);

    /// <summary>Looks at the catalog as of one moment. A buffer emptied and dropped meanwhile makes it look again.</summary>
    internal async Task<T> Look<T>(Func<CatalogRead, Task<T>> look, CancellationToken stop)
    {
        try
        {
            return await LookOnce(look, stop);
        }
        catch (DbException) when (!stop.IsCancellationRequested)
        {
            return await LookOnce(look, stop);
        }
    }

    private async Task<T> LookOnce<T>(Func<CatalogRead, Task<T>> look, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await CatalogRead.Begin(connection, stop);
        return await look(new CatalogRead(connection, transaction, state.Kind));
    }

    /// <summary>Writes staged rows, a few of them by way of the buffer; when the table was altered meanwhile they become a file after all.</summary>
    private async Task<Result<Write>> Added(
        Table table, IReadOnlyList<StagedFile> files, bool small, Func<IReadOnlyList<object?[]>?, Task<Result<Write>>> write, CancellationToken stop)
    {
        var rows = small ? await SmallWrite.Rows(this, table, files, stop) : null;
        var answer = await write(rows);
        if (rows is null)
        {
            return answer;
        }

        if (answer.Problem?.Code == Problems.NoTable.Code)
        {
            return await write(null);
        }

        if (answer is { Refused: false, Value.Repeated: false })
        {
            SmallWrite.Drop(files);
        }

        return answer;
    }

    private async Task<Result<Table>> Alter(string kind, Table table, Terms terms, Func<CatalogChange, Task<Result<Write>>> apply, CancellationToken stop) =>
        await Shown(await Writer.Commit(kind, table.Id, terms, apply, stop), stop);

    private async Task<Result<Table>> Shown(Result<Write> write, CancellationToken stop) =>
        write.Refused ? write.Problem! : (await Get(write.Value.Table, write.Value.Snapshot, stop))!;
}
