// The repository and its assemblies as the tests of this folder see them.
using System.Reflection;
using System.Text.RegularExpressions;
using Lizhou.Tests.Support;

namespace Lizhou.Architecture.Tests;

internal static partial class House
{
    public static string Root => Repository.Root;

    /// <summary>Every assembly of the house, by its project's folder name.</summary>
    public static IReadOnlyDictionary<string, Assembly> Assemblies { get; } = Directory.GetDirectories(Path.Combine(Root, "src"))
        .Select(Path.GetFileName).OfType<string>()
        .Where(name => File.Exists(Path.Combine(Root, "src", name, $"Lizhou.{name}.csproj")))
        .Order(StringComparer.Ordinal)
        .ToDictionary(name => name, name => Assembly.Load("Lizhou." + name), StringComparer.Ordinal);

    /// <summary>Rooms with a table of contents.</summary>
    public static IReadOnlyList<Kernel.Module> Modules { get; } = Host.Modules.All;

    public static string NameOf(Assembly assembly) => assembly.GetName().Name!["Lizhou.".Length..];

    /// <summary>Source files under a folder, without build output; paths relative to the root, with slashes.</summary>
    public static IEnumerable<string> Files(string folder, params string[] extensions) =>
        Directory.Exists(Path.Combine(Root, folder))
            ? Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
                .Where(f => extensions.Length == 0 || extensions.Contains(Path.GetExtension(f)))
                .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
                .Where(f => !Built().IsMatch(f))
                .Order(StringComparer.Ordinal)
            : [];

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    [GeneratedRegex("(^|/)(bin|obj)/")]
    private static partial Regex Built();
}
