// One process at a time keeps a data folder: two would sweep away each other's work in progress. The kernel lets go of the lock when its holder dies, however it dies.
using Lizhou.Kernel;

namespace Lizhou.Host;

internal sealed class FolderLock : IDisposable
{
    private readonly FileStream held;

    private FolderLock(FileStream held) => this.held = held;

    /// <exception cref="ProblemException">Another process keeps the folder.</exception>
    public static FolderLock Take(string folder)
    {
        try
        {
            return new(new FileStream(Path.Combine(folder, "host.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken) when (taken is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new ProblemException(Problems.FolderTaken.With(folder));
        }
    }

    public void Dispose() => held.Dispose();
}
