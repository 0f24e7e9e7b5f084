using System.Text.RegularExpressions;

namespace Lizhou.Architecture.Tests;

/// <summary>The table of records and the tests that hold them does not rot.</summary>
public sealed partial class SecurityTableTests
{
    [Fact]
    public void Every_test_the_table_of_security_names_is_there()
    {
        var there = Directory.GetFiles(Path.Combine(House.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories).SelectMany(f => Declared().Matches(File.ReadAllText(f)).Select(m => m.Groups["name"].Value)).ToHashSet(StringComparer.Ordinal);
        var named = Named().Matches(File.ReadAllText(Path.Combine(House.Root, "docs", "security-tests.md"))).Select(m => m.Groups["name"].Value).Distinct().ToList();
        named.Count.ShouldBeGreaterThan(30);
        named.Where(n => !there.Contains(n)).ShouldBeEmpty();
    }

    [GeneratedRegex(@"public (async Task|void|Task) (?<name>[A-Z]\w+)\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Declared();

    [GeneratedRegex("`(?<name>[A-Z][a-z]*_[A-Za-z0-9_]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
