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

    /// <summary>The mark of a host that is known to be dead: it can be held. To be disposed, which removes it, once the host's leases are ended. Null for any other.</summary>
    public static IDisposable? OfDead(string folder, string name)
    {
        try
        {
            return name.StartsWith($"{Environment.MachineName}_", StringComparison.Ordinal) ? Hold(Path.Combine(folder, name), FileMode.Open) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => held.Dispose();

    private static FileStream Hold(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
}
