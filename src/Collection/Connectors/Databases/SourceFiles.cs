// Which files of this machine a source may name: those that lie in their own folder of the data folder, and nothing else.
using Lizhou.Collection.Sources;
using Lizhou.Kernel;

namespace Lizhou.Collection.Connectors.Databases;

internal sealed class SourceFiles(Settings settings)
{
    /// <summary>Where SQLite files of departments are put.</summary>
    public string Folder => Path.Combine(settings.Data, "databases");

    public IReadOnlyList<string> Databases() =>
        Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)] : [];

    /// <summary>The path of a file of the folder; links are refused because they lead out of it.</summary>
    public string Database(string name)
    {
        var path = Path.Combine(Folder, Path.GetFileName(name));
        return Path.GetFileName(name) == name && new FileInfo(path) is { Exists: true, LinkTarget: null }
            ? path
            : throw new ProblemException(SourceProblems.Unreachable.With(name, "databases/"));
    }
}
