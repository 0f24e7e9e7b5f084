// In: a backup, the keys kept apart, and an empty data folder. Out: the city as it was, every file checked. Refuses an altered backup and a folder in use.
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;
using Lizhou.Kernel.Data;
using Lizhou.Lake;

namespace Lizhou.Host.Keeping;

internal static class RestoreCity
{
    private const string SealKey = "lake-seal";

    public static Command Command()
    {
        var backup = new Argument<DirectoryInfo>("backup") { Description = "A folder made by backup. 备份目录" };
        var keys = new Option<DirectoryInfo>("--keys") { Description = "The keys/ folder of the city it came from. 密钥目录", Required = true };
        var into = new Option<DirectoryInfo>("--into") { Description = "The new data folder; empty or not there yet. 恢复到", Required = true };
        var json = CommandOutput.JsonOption();
        var command = new Command("restore", "Restore a city into an empty folder. 恢复") { backup, keys, into, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            var restored = await Run(parsed.GetValue(backup)!.FullName, parsed.GetValue(keys)!.FullName, new Settings(parsed.GetValue(into)!.FullName), stop);
            CommandOutput.Print(parsed.GetValue(json), restored, $"快照 snapshot {restored["Snapshot"]}: 文件 files {restored["Files"]}  -> {parsed.GetValue(into)!.FullName}");
            return 0;
        }));
        return command;
    }

    private static async Task<JsonNode> Run(string backup, string keys, Settings settings, CancellationToken stop)
    {
        if (!File.Exists(Path.Combine(keys, SealKey)))
        {
            throw new ProblemException(Problems.NoKeys.With(keys));
        }

        var there = Directory.Exists(settings.Data) ? Directory.GetFileSystemEntries(settings.Data) : null;
        try
        {
            OwnerFile.Folder(settings.Data);
            var seal = await File.ReadAllBytesAsync(Path.Combine(keys, SealKey), stop);
            var restored = await Warehouse.Restore(backup, settings.Lake, settings.StatePath, seal, TimeProvider.System, stop);
            if (restored.Refused)
            {
                throw new ProblemException(restored.Problem!);
            }

            await Beside(backup, keys, settings, stop);
            return JsonSerializer.SerializeToNode(restored.Value)!;
        }
        catch
        {
            Remove(settings.Data, there);
            throw;
        }
    }

    /// <summary>What is kept beside the lake, compared with what the restored state says of it; the keys last.</summary>
    private static async Task Beside(string backup, string keys, Settings settings, CancellationToken stop)
    {
        foreach (var kept in BackUpCity.Kept)
        {
            BackUpCity.CopyMissing(Path.Combine(backup, kept), Path.Combine(settings.Data, kept));
        }

        using StateStore state = new(settings.StatePath);
        await using (var connection = await state.Open(stop))
        {
            if ((await VerifyKept.Run(connection, settings.Data, stop)).Found is { Count: > 0 } found)
            {
                throw new ProblemException(Problems.AlteredBackup.With(string.Join(", ", found.Take(5).Select(f => f.Where)), found.Count));
            }
        }

        OwnerFile.Folder(settings.Keys);
        BackUpCity.CopyMissing(keys, settings.Keys);
        foreach (var key in Directory.EnumerateFiles(settings.Keys))
        {
            File.SetUnixFileMode(key, OwnerFile.Rights);
        }

        await using var restored = await state.Open(stop);
        foreach (var module in Modules.All)
        {
            await module.Restored(restored, settings, stop);
        }
    }

    /// <summary>A restore that failed leaves the folder as it was.</summary>
    /// <param name="there">What was in it before; null when it was not there.</param>
    private static void Remove(string folder, string[]? there)
    {
        foreach (var left in Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder).Except(there ?? [], StringComparer.Ordinal) : [])
        {
            if (Directory.Exists(left))
            {
                Directory.Delete(left, recursive: true);
            }
            else
            {
                File.Delete(left);
            }
        }

        if (there is null && Directory.Exists(folder))
        {
            Directory.Delete(folder);
        }
    }
}
