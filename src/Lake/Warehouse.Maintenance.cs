// The upkeep of the lake: expiry, sweeping, checking, backup and restore. Run as jobs; none of them stops writers.
using System.Data.Common;
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Maintenance;

namespace Lizhou.Lake;

public sealed partial class Warehouse
{
    /// <summary>Files a backup is about to copy must not be swept under it.</summary>
    private readonly SemaphoreSlim upkeep = new(1);

    /// <summary>Makes snapshots older than the one current at <paramref name="before"/> unreadable and lists the files only they showed.</summary>
    /// <returns>How many snapshots went.</returns>
    public async Task<Result<long>> Expire(DateTimeOffset before, CancellationToken stop = default) =>
        await AsOf(before, stop) is { } keep ? await ExpireSnapshots.Run(this, keep.Id, stop) : 0L;

    /// <summary>Deletes files listed by expiry, and files no write ever named, when they are older than <paramref name="grace"/>.
    /// The grace must be longer than the longest query and the longest load.</summary>
    public Task<Result<Swept>> Sweep(TimeSpan grace, CancellationToken stop = default) =>
        Alone(() => SweepFiles.Run(this, clock.GetUtcNow() - grace, stop), stop);

    /// <summary>How much the lake holds and what waits for upkeep; from the catalog alone.</summary>
    public Task<LakeOverview> Survey(CancellationToken stop = default) => AsOfNow(SurveyLake.Run, stop);

    /// <summary>How much each layer holds, by its name; a layer nobody wrote is not in it.</summary>
    public Task<IReadOnlyDictionary<string, LayerSize>> Layers(CancellationToken stop = default) => AsOfNow(SurveyLake.Layers, stop);

    /// <summary>Ids of tables with rows in the buffer: what <see cref="Flush"/> is for.</summary>
    public Task<IReadOnlyList<long>> Buffered(CancellationToken stop = default) => AsOfNow(
        async (connection, transaction, cancel) => (IReadOnlyList<long>)[.. (await SurveyLake.Buffered(connection, transaction, cancel)).Select(b => b.Table)], stop);

    /// <summary>Ids of tables with at least <paramref name="many"/> small files, or one that is much cut: what <see cref="Compact"/> is for.</summary>
    public Task<IReadOnlyList<long>> Worn(Compaction limits, int many, CancellationToken stop = default) => AsOfNow(
        async (connection, transaction, cancel) => (IReadOnlyList<long>)await SurveyLake.Worn(connection, transaction, limits, many, cancel), stop);

    /// <summary>Reads every byte of every file and every row of the catalog and compares them with what was committed.</summary>
    public Task<Verified> Verify(CancellationToken stop = default) => Alone(() => VerifyLake.Run(state, new SealKey(sealKey), Staging.Root, stop), stop);

    /// <summary>Copies the lake and the state database into a folder while both are in use; a second run copies only what is new.</summary>
    /// <param name="link">Hard links instead of copies where the folder is on the same disk: instant, but one disk is one disk.</param>
    public Task<Result<Backup>> Backup(string folder, bool link = false, CancellationToken stop = default) =>
        Alone(() => Writes.Writer.Guarded(() => Maintenance.Backup.Make(state, sealKey, Staging.Root, folder, link, clock.GetUtcNow(), stop)), stop);

    /// <summary>Rebuilds a lake from a backup in an empty place; every file is checked on the way. Open it afterwards as any other.</summary>
    /// <param name="stateFile">Where the state database shall be.</param>
    public static Task<Result<Backup>> Restore(string backupFolder, string folder, string stateFile, byte[] sealKey, TimeProvider clock, CancellationToken stop = default) =>
        RestoreLake.Run(backupFolder, folder, stateFile, sealKey, clock, stop);

    /// <summary>A change of the catalog that makes no snapshot.</summary>
    internal Task<Result<T>> Commit<T>(Func<CatalogChange, Task<Result<T>>> apply, CancellationToken stop) => committer.Run(apply, stop);

    private async Task<T> AsOfNow<T>(Func<DbConnection, DbTransaction, CancellationToken, Task<T>> look, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await CatalogRead.Begin(connection, stop);
        return await look(connection, transaction, stop);
    }

    private async Task<T> Alone<T>(Func<Task<T>> work, CancellationToken stop)
    {
        await upkeep.WaitAsync(stop);
        try
        {
            return await work();
        }
        finally
        {
            upkeep.Release();
        }
    }
}
