// Finds the real input that lies beside the repository; a test without it is skipped with that reason.
namespace Lizhou.Tests.Support;

public static class Shared
{
    /// <summary>A folder or file under <c>shared/data</c>; skips the test where it is absent, fails it under LIZHOU_STRICT=1.</summary>
    public static string Path(string relative)
    {
        var found = Find(relative);
        Servers.SkipWhen(found is null, $"shared/data/{relative} does not lie beside the repository");
        return found!;
    }

    private static string? Find(string relative)
    {
        if (Environment.GetEnvironmentVariable("LIZHOU_SHARED") is { Length: > 0 } root)
        {
            return Existing(System.IO.Path.Combine(root, "data", relative)) ?? Existing(System.IO.Path.Combine(root, relative));
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(System.IO.Path.Combine(folder.FullName, "shared", "data", relative)) is { } path)
            {
                return path;
            }
        }

        return null;
    }

    private static string? Existing(string path) => File.Exists(path) || Directory.Exists(path) ? path : null;
}
