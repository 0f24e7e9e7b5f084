// What lies in a zip or gz in; a file of its own for readers that must seek, gone when disposed, out.
namespace Lizhou.Tabular.Containers;

/// <summary>An entry of a container as a file of its own, gone when disposed.</summary>
internal sealed class LocalCopy : IDisposable
{
    private LocalCopy(string path) => Path = path;

    public string Path { get; }

    /// <param name="folder">Where it is put; null for the system's own place.</param>
    public static LocalCopy Of(string path, FileShape shape, string? folder = null)
    {
        var copy = new LocalCopy(folder is null ? System.IO.Path.GetTempFileName() : System.IO.Path.Combine(Directory.CreateDirectory(folder).FullName, $"{Guid.CreateVersion7():N}"));
        try
        {
            using var from = Unpacked.Open(path, shape.Container, shape.Entry);
            using var to = File.Create(copy.Path);
            from.CopyTo(to);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    public void Dispose() => File.Delete(Path);
}
