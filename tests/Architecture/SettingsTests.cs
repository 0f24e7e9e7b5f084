// What can be set is told: every field of a section of the configuration is on the page of settings.
using System.Text.RegularExpressions;

namespace Lizhou.Architecture.Tests;

public sealed partial class SettingsTests
{
    [Fact]
    public void Every_setting_is_on_the_page_of_settings()
    {
        var (sections, page) = (new List<string>(), House.Read("src/Host/Docs.cs"));
        foreach (var section in House.Files("src", ".cs").SelectMany(f => Section().Matches(House.Read(f))))
        {
            var type = House.Assemblies.Values.SelectMany(a => a.GetTypes()).Single(t => t.Name == section.Groups["type"].Value);
            var wanted = type.GetProperties().Where(p => p.CanWrite).Select(p => $"`{section.Groups["section"].Value}__{p.Name}{(p.PropertyType == typeof(IReadOnlyList<string>) ? "__0" : "")}`").ToList();
            wanted.ShouldNotBeEmpty(type.Name);
            wanted.Where(w => !page.Contains(w, StringComparison.Ordinal)).ShouldBeEmpty("tell what it means in src/Host/Docs.cs");
            sections.Add(section.Groups["section"].Value);
        }

        sections.Count.ShouldBeGreaterThanOrEqualTo(4);
        foreach (var name in House.Files("src", ".cs").SelectMany(f => Variable().Matches(House.Read(f))).Select(m => m.Groups["name"].Value).Distinct())
        {
            page.ShouldContain($"`{name}`");
        }
    }

    [GeneratedRegex(@"GetSection\(""(?<section>\w+)""\)\.Get<(?<type>\w+)>")]
    private static partial Regex Section();

    [GeneratedRegex(@"GetEnvironmentVariable\(""(?<name>LIZHOU_\w+)""\)")]
    private static partial Regex Variable();
}
