// A host's sign of life: a file in the data folder that it keeps locked. A lease whose holder's mark lies here unlocked is a dead host's.
// The mark of another machine, or none at all, proves nothing: such a lease is waited for.
namespace Lizhou.Kernel.Jobs;

internal sealed class HostMark : IDisposable
{
    private readonly FileStream held;

    public HostMark(string folder, TimeProvider clock)
    {
        Name = $"{Environment.MachineName}_{Guid.CreateVersion7(clock.GetUtcNow()):N}";
        held = Hold(Path.Combine(Directory.CreateDirectory(folder).FullName, Name), FileMode.CreateNew);
    }

    public string Name { get; }

    /// <summary>Whether the host of this name is known to be dead; its mark is gone then.</summary>
    public static bool Dead(string folder, string name)
    {
        try
        {
            // A dead host's mark can be held; disposing it removes it.
            using var mark = name.StartsWith($"{Environment.MachineName}_", StringComparison.Ordinal) ? Hold(Path.Combine(folder, name), FileMode.Open) : null;
            return mark is not null;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose() => held.Dispose();

    private static FileStream Hold(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
}
