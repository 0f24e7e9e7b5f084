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

    private static object Why(Exception closed) => closed switch
    {
        UnauthorizedAccessException => new Text("没有写入权限。", "there is no permission to write."),
        IOException { HResult: 30 } => new Text("它所在的磁盘是只读的。", "its disk is read-only."),
        IOException { HResult: 28 } => new Text("它所在的磁盘已满。", "its disk is full."),
        _ => closed.Message,
    };
}
