// Where the repository is, seen from a test that runs within it.
namespace Lizhou.Tests.Support;

public static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Above(new(AppContext.BaseDirectory));

    private static string Above(DirectoryInfo folder) => File.Exists(Path.Combine(folder.FullName, "Lizhou.slnx")) ? folder.FullName
        : Above(folder.Parent ?? throw new DirectoryNotFoundException("The repository was not found above the test."));
}
