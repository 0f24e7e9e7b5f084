// One process at a time keeps a data folder: two would sweep away each other's work in progress. The kernel lets go of the lock when its holder dies, however it dies.
using Lizhou.Kernel;

namespace Lizhou.Host;

internal sealed class FolderLock : IDisposable
{
    /// <summary>What the system says of a file another process has locked: EAGAIN on Linux and on macOS, a sharing violation on Windows.</summary>
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream held;

    private FolderLock(FileStream held) => this.held = held;

    /// <summary>Makes the folder where there is none.</summary>
    /// <exception cref="ProblemException">Another process keeps the folder, or it cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder, OwnerOnly.Folder);
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

    /// <summary>A folder that was there before may be open to others: what lies in it is nobody else's to read.</summary>
    private static void Close(string folder)
    {
        var mode = File.GetUnixFileMode(folder);
        if ((mode & ~OwnerOnly.Folder) == UnixFileMode.None)
        {
            return;
        }

        try
        {
            if (!mode.HasFlag(UnixFileMode.StickyBit)) // such a folder, as /tmp, is everybody's
            {
                File.SetUnixFileMode(folder, OwnerOnly.Folder);
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
