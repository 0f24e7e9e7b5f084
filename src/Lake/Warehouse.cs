// The lake's public entry: tables, snapshots, writes. In: records. Out: answers or coded refusals. Rows are read through the policy only (see Reading/).
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
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

    private Warehouse(StateStore state, Engine engine, string folder, SealKey key, TimeProvider clock)
    {
        (this.state, this.clock) = (state, clock);
        Engine = engine;
        Staging = new Staging(DataFolder(folder));
        committer = new Committer(state, key, clock);
        Writer = new Writer(committer, state);
    }

    internal Engine Engine { get; }

    internal Staging Staging { get; }

    internal Writer Writer { get; }

    /// <summary>Where the files are, below the lake's folder; the engine must be allowed to read and write it.</summary>
    public static string DataFolder(string folder) => Path.Combine(Path.GetFullPath(folder), "data");

    /// <summary>Opens the lake, or makes an empty one. The cost does not depend on the number of tables.</summary>
    /// <param name="state">Holds the catalog; the schema scripts of this assembly must have run (<see cref="SchemaScripts.Apply"/>).</param>
    /// <param name="folder">The lake's folder.</param>
    /// <param name="sealKey">Secret under which catalog rows are sealed, 32 bytes; the same for the life of the lake.</param>
    public static async Task<Warehouse> Open(StateStore state, Engine engine, string folder, byte[] sealKey, TimeProvider clock, CancellationToken stop = default)
    {
        Directory.CreateDirectory(DataFolder(folder));
        var key = new SealKey(sealKey);
        await FoundLake.Run(state, key, DataFolder(folder), clock, stop);
        return new Warehouse(state, engine, folder, key, clock);
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
            : await Writer.Commit("append", table.Id, terms, change => AppendFiles.Apply(change, table, files, stop), stop);

    /// <summary>Takes back what the write that made <paramref name="snapshot"/> did, as a new snapshot; refused when later writes touched the same rows.</summary>
    public async Task<Result<Write>> Undo(long snapshot, Terms terms, CancellationToken stop = default)
    {
        if (await Look(read => read.WriteOf(terms.Key, stop), stop) is { } first)
        {
            return first.Kind == "undo" ? first : Problems.KeyReused.With(terms.Key);
        }

        var write = await Look(read => UndoWrite.Find(read, snapshot, stop), stop);
        return write.Refused ? write : await Writer.Commit("undo", write.Value.Table, terms, change => UndoWrite.Apply(change, write.Value, stop), stop);
    }

    public ValueTask DisposeAsync() => committer.DisposeAsync();

    /// <summary>Writes the rows of a query of the house to a file of the table; null when there are none.</summary>
    internal Task<StagedFile?> Stage(Table table, string select, object?[] arguments, CancellationToken stop = default)
    {
        var path = NewFile(table);
        return Engine.Write(session => Staging.Copy(session, table, path, select, arguments), stop);
    }

    /// <summary>What to read to see a table at a snapshot.</summary>
    internal Task<ReadPlan?> Plan(long table, long? at = null, CancellationToken stop = default) => Look(async read =>
    {
        var snapshot = at ?? (await read.Head(stop)).Snapshot;
        return await read.Get(table, snapshot, stop) is { } there
            ? new ReadPlan(there, snapshot, Staging.Folder(there), await read.Files(table, snapshot, stop), [])
            : null;
    }, stop);

    internal async Task<T> Look<T>(Func<CatalogRead, Task<T>> look, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await look(new CatalogRead(connection, null, state.Kind));
    }

    private async Task<Result<Table>> Shown(Result<Write> write, CancellationToken stop) =>
        write.Refused ? write.Problem! : (await Get(write.Value.Table, write.Value.Snapshot, stop))!;
}
