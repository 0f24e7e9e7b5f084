// Finished files of deliveries: one folder each, named by its run, in which nothing is ever changed. In: a run. Out: its paths. No name of a caller becomes a path.
using Lizhou.Kernel;

namespace Lizhou.Sharing.Deliveries.Files;

internal sealed class FileShelf(Settings settings)
{
    public const string Content = "content";
    public const string Manifest = "manifest.json";
    public const string Signature = "manifest.cms";

    private readonly string root = Path.Combine(settings.Data, "deliveries");

    /// <summary>Where a part of a finished file is; null when it is gone.</summary>
    public string? Find(Guid run, string part) => Path.Combine(root, $"{run:N}", part) is var path && File.Exists(path) ? path : null;

    /// <summary>A fresh folder to write into; what an earlier attempt left there is gone.</summary>
    public string Begin(Guid run)
    {
        var folder = Path.Combine(settings.Work, "deliveries", $"{run:N}");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Directory.CreateDirectory(folder).FullName;
    }

    /// <summary>Puts a whole folder in its place at once.</summary>
    public void Finish(Guid run, string folder)
    {
        Directory.CreateDirectory(root);
        Directory.Move(folder, Path.Combine(root, $"{run:N}"));
    }

    public void Remove(Guid run)
    {
        if (Path.Combine(root, $"{run:N}") is var folder && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The runs there are folders of.</summary>
    public IEnumerable<(Guid Run, DateTime WrittenUtc)> All() => !Directory.Exists(root) ? [] :
        Directory.EnumerateDirectories(root).Select(d => (Ok: Guid.TryParseExact(Path.GetFileName(d), "N", out var run), Run: run, At: Directory.GetLastWriteTimeUtc(d))).Where(d => d.Ok).Select(d => (d.Run, d.At));
}
