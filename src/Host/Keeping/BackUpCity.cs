// In: a running city and a folder. Out: the state of one moment, every file of the lake it names, every original and reject: complete and checked; only
// what the folder lacks is copied. Refuses whoever is not at this machine, because the folder is a path of it, and any folder within the data folder. Keys are left out: keep them apart.
using System.CommandLine;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;
using Lizhou.Kernel.Web;
using Lizhou.Lake;
using Lizhou.Lake.Maintenance;
using Lizhou.Tabular;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Host.Keeping;

internal static class BackUpCity
{
    /// <summary>Folders of the data folder that are kept beside the lake: files that never change once written.</summary>
    internal static readonly string[] Kept = ["originals", "rejects", "disclosures", "recommending"];

    internal sealed record Request(string Folder);

    public static async Task<Results<Ok<Backup>, ProblemHttpResult>> Handle(
        Request ask, HttpContext context, Warehouse lake, ILedger ledger, Settings settings, CancellationToken stop)
    {
        if (!LocalOperator.IsLocalDoor(context))
        {
            return Problems.OnlyHere.ToHttp();
        }

        if (Unfit(ask.Folder, settings.Data) is { } unfit)
        {
            return unfit.ToHttp();
        }

        // Originals first: the state copied afterwards then never names an original the backup lacks.
        foreach (var kept in Kept)
        {
            CopyMissing(Path.Combine(settings.Data, kept), Path.Combine(ask.Folder, kept));
        }

        var backup = (await lake.Backup(ask.Folder, link: false, stop)).Value; // a refusal travels as ProblemException
        foreach (var kept in Kept)
        {
            CopyMissing(Path.Combine(settings.Data, kept), Path.Combine(ask.Folder, kept));
        }

        await ledger.Append(Actor.From(context.User)!, new Evidence("keeping.backed-up", "city", "done", new { backup.Snapshot, backup.Files, backup.Bytes }), stop);
        return TypedResults.Ok(backup);
    }

    /// <summary>Why nothing can be kept there; null when it can.</summary>
    private static Problem? Unfit(string folder, string data)
    {
        try
        {
            if (RealPath.IsWithin(folder, data))
            {
                return Problems.BackupInside.With(folder);
            }

            Directory.CreateDirectory(folder);
            using var probe = new FileStream(Path.Combine(folder, $".{Path.GetRandomFileName()}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException && !Warehouse.IsDiskFull(closed))
        {
            return Problems.BackupClosed.With(folder, FolderLock.Why(closed));
        }
    }

    public static Command Command(IHostCalls host)
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Where to; a second backup into it copies only what is new. 备份到" };
        var json = CommandOutput.JsonOption();
        var command = new Command("backup", "Back up the city while it runs. 备份") { folder, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var answer = await CommandOutput.Answer(
                await client.PostAsJsonAsync("api/v1/keeping/backup", new Request(parsed.GetValue(folder)!.FullName), stop), stop);
            CommandOutput.Print(parsed.GetValue(json), answer, $"""
                快照 snapshot {answer["snapshot"]}: 文件 files {answer["files"]}, 新复制 copied {answer["copied"]}, {answer["bytes"]:N0} 字节 bytes
                密钥不在备份中，请另行保管数据目录下的 keys/。 Keys are not in it: keep the data folder's keys/ apart, it is needed to restore.
                """);
            return 0;
        }));
        return command;
    }

    /// <summary>Files here are named by what they hold or by a batch's id, so one that is there with the same length is the same.</summary>
    internal static void CopyMissing(string from, string to)
    {
        if (!Directory.Exists(from))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            if (File.Exists(target) && new FileInfo(target).Length == new FileInfo(file).Length)
            {
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            try
            {
                File.Copy(file, target + ".part", overwrite: true);
                File.Move(target + ".part", target, overwrite: true);
            }
            catch (FileNotFoundException)
            {
                // Merged into another under the copy, which the next pass takes.
            }
        }
    }
}
