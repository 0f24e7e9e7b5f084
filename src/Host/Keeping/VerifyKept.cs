// In: a state and the data folder it belongs to. Out: every file kept beside the lake that is not what was acknowledged. Changes nothing.
using System.Data.Common;
using System.Security.Cryptography;
using Lizhou.Lake.Maintenance;

namespace Lizhou.Host.Keeping;

internal static class VerifyKept
{
    public static async Task<(long Files, long Bytes, List<Damage> Found)> Run(DbConnection state, string folder, CancellationToken stop)
    {
        var (files, bytes, found) = (0L, 0L, new List<Damage>());
        foreach (var module in Modules.All)
        {
            await foreach (var kept in module.Kept(state, stop))
            {
                try
                {
                    await using var file = new FileStream(Path.Combine(folder, kept.Path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
                    (files, bytes) = (files + 1, bytes + file.Length);
                    if (Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop)) != kept.Digest)
                    {
                        found.Add(new(kept.Path, "内容与收下时不同 the bytes are not those received"));
                    }
                }
                catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
                {
                    if (kept.Needed)
                    {
                        found.Add(new(kept.Path, kept.Of is { } of ? $"文件不在 the file is missing（{of.Zh} {of.En}）" : "文件不在 the file is missing"));
                    }
                }
                catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
                {
                    found.Add(new(kept.Path, unread.Message));
                }
            }
        }

        return (files, bytes, found);
    }
}
