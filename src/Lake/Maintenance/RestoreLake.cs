// In: a backup and an empty place. Out: the lake as it was, every file checked against its digest. Refuses an altered backup and a place in use.
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using static Lizhou.Lake.Catalog.CatalogTables;

namespace Lizhou.Lake.Maintenance;

internal static class RestoreLake
{
    public static async Task<Result<Backup>> Run(string backupFolder, string folder, string stateFile, byte[] sealKey, TimeProvider clock, CancellationToken stop)
    {
        var data = Warehouse.DataFolder(folder);
        if (File.Exists(stateFile) || (Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any()))
        {
            return Problems.NotEmpty.With(folder);
        }

        var backup = Backup.Open(backupFolder, sealKey);
        if (backup.Refused)
        {
            return backup;
        }

        Directory.CreateDirectory(data);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(stateFile))!);
        var part = stateFile + ".part";
        File.Copy(Path.Combine(backupFolder, backup.Value.State), part, overwrite: true);
        using (var copy = new StateStore(part))
        {
            await using var connection = await Backup.OpenReadOnly(copy, stop);
            await foreach (var (path, size, digest) in VerifyLake.Listed(connection, null, stop))
            {
                var from = Path.Combine(backupFolder, "data", path);
                if (!File.Exists(from))
                {
                    return Problems.BadBackup.With(path);
                }

                try
                {
                    Backup.Bring(from, Path.Combine(data, path), data, size, digest!, link: false);
                }
                catch (ProblemException bad)
                {
                    return bad.Problem;
                }
            }
        }

        // The state comes last: before it there is no lake, after it a whole one.
        Durable.File(part);
        File.Move(part, stateFile);
        Durable.Folder(Path.GetDirectoryName(Path.GetFullPath(stateFile))!);
        await Move(stateFile, sealKey, data, clock, stop);
        return backup;
    }

    /// <summary>Tells the catalog where its files are now.</summary>
    private static async Task Move(string stateFile, byte[] sealKey, string data, TimeProvider clock, CancellationToken stop)
    {
        using var state = new StateStore(stateFile);
        await using var committer = new Committer(state, new SealKey(sealKey), clock);
        var moved = await committer.Run<int>(async change => await change.Update(Metadata, [("value", data + "/")], [("key", "data_path")], stop), stop);
        _ = moved.Value;
    }
}
