// One process at a time keeps a data folder: two would sweep away each other's work in progress. The kernel lets go of the lock when its holder dies, however it dies.
using Lizhou.Kernel;
using Lizhou.Kernel.Data;

namespace Lizhou.Host;

internal sealed class FolderLock : IDisposable
{
    /// <summary>What the system says of a file another process has locked: EAGAIN on Linux and on macOS, a sharing violation on Windows.</summary>
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020)];

    /// <summary>What a city's folder has from its first moment, or from a restore.</summary>
    private static readonly string?[] Signs = ["host.lock", "lizhou.db", "keys", "lake"];

    private readonly FileStream held;

    private FolderLock(FileStream held) => this.held = held;

    /// <summary>Makes the folder where there is none.</summary>
    /// <exception cref="ProblemException">Another process keeps the folder, it holds something else than a city, or it cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        try
        {
            OwnerFile.Folder(folder);
            if (!IsOurs(folder))
            {
                throw new ProblemException(Problems.FolderOfOthers.With(folder));
            }

            Close(folder);
            return new(new FileStream(Path.Combine(folder, "host.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken) when (Held.Contains(taken.HResult))
        {
            throw new ProblemException(Problems.FolderTaken.With(folder));
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Problems.FolderClosed.With(folder, Why(closed)), closed);
        }
    }

    public void Dispose() => held.Dispose();

    /// <summary>Whether there is nothing, or a city: of a folder of other things, somebody's home perhaps, nobody is shut out.</summary>
    private static bool IsOurs(string folder)
    {
        var found = Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Where(n => n != "lost+found").ToList(); // which every new disk has
        return found.Count == 0 || found.Any(Signs.Contains);
    }

    /// <summary>A folder that was there before may be open to others: what lies in it is nobody else's to read.</summary>
    private static void Close(string folder)
    {
        var mode = File.GetUnixFileMode(folder);
        if ((mode & ~OwnerFile.FolderRights) == UnixFileMode.None)
        {
            return;
        }

        try
        {
            if (!mode.HasFlag(UnixFileMode.StickyBit)) // such a folder, as /tmp, is everybody's
            {
                File.SetUnixFileMode(folder, OwnerFile.FolderRights);
                return;
            }
        }
        catch (UnauthorizedAccessException)
        {
            // It belongs to somebody else, who must do it.
        }

        Console.Error.WriteLine(new Text(
            $"警告：数据目录 {folder} 可被其他用户读取，且无法改为仅本用户可读；请执行 chmod 700。", $"Warning: others can read the data folder {folder}, and this could not be changed; run chmod 700 on it."));
    }

    internal static object Why(Exception closed) => closed switch
    {
        UnauthorizedAccessException => new Text("没有写入权限。", "there is no permission to write."),
        IOException { HResult: 30 } => new Text("它所在的磁盘是只读的。", "its disk is read-only."),
        IOException { HResult: 28 } => new Text("它所在的磁盘已满。", "its disk is full."),
        _ => closed.Message,
    };
}
