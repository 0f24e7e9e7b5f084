// In: a path, which need not be there yet. Out: the path without links in it, by which two names of one place are told to be one.
namespace Lizhou.Tabular;

/// <summary>Paths compared by where they lead.</summary>
public static class RealPath
{
    /// <exception cref="IOException">Links that lead in a circle.</exception>
    public static string Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
        {
            return full;
        }

        FileInfo here = new(Path.Combine(Of(parent), Path.GetFileName(full)));
        return here.LinkTarget is null ? here.FullName : Of(here.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
    }

    /// <summary>Whether a place is this folder or somewhere under it.</summary>
    public static bool IsWithin(string place, string folder)
    {
        var (inner, outer) = (Of(place), Of(folder));
        return inner == outer || inner.StartsWith(Path.EndsInDirectorySeparator(outer) ? outer : outer + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }
}
