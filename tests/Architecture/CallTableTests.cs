// Who may use whom: the call table of ARCHITECTURE.md against the projects, the assemblies and the constructors.
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Lizhou.Architecture.Tests;

public sealed partial class CallTableTests
{
    private static readonly Dictionary<string, (string[] References, string[] Asks)> Table = House.Read("ARCHITECTURE.md").Split('\n')
        .SkipWhile(l => !l.StartsWith("<!-- call table -->", StringComparison.Ordinal)).TakeWhile(l => !l.StartsWith("<!-- end -->", StringComparison.Ordinal))
        .Select(l => Line().Match(l)).Where(m => m.Success && m.Groups[1].Value != "room")
        .ToDictionary(m => m.Groups[1].Value, m => (Words(m.Groups[2].Value), Words(m.Groups[3].Value)), StringComparer.Ordinal);

    [Fact]
    public void The_table_has_a_line_for_every_room_and_no_other() =>
        Table.Keys.Order(StringComparer.Ordinal).ShouldBe(House.Assemblies.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void A_project_references_only_what_its_line_allows()
    {
        foreach (var room in House.Assemblies.Keys)
        {
            var project = XDocument.Parse(House.Read($"src/{room}/Lizhou.{room}.csproj"));
            var references = project.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!)["Lizhou.".Length..]);
            references.Except(Table[room].References).ShouldBeEmpty($"{room} references a project that its line in ARCHITECTURE.md does not name");
        }
    }

    [Fact]
    public void A_compiled_room_uses_only_what_its_line_allows_or_what_comes_with_it()
    {
        foreach (var (room, assembly) in House.Assemblies.Where(a => a.Key != "Host"))
        {
            var used = assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("Lizhou.", StringComparison.Ordinal)).Select(n => n["Lizhou.".Length..]);
            used.Except(Table[room].References).Except(["Kernel"]).ShouldBeEmpty(room);
        }
    }

    [Fact]
    public void No_module_references_another_module()
    {
        var modules = House.Modules.Select(m => House.NameOf(m.Assembly)).Except(["Lake"]).ToHashSet(StringComparer.Ordinal);
        foreach (var (room, line) in Table.Where(l => l.Key != "Host"))
        {
            line.References.Where(modules.Contains).ShouldBeEmpty($"{room} asks other modules through Contracts, or listens to their facts");
        }
    }

    [Fact]
    public void A_module_asks_only_the_contracts_its_line_names()
    {
        foreach (var module in House.Modules)
        {
            var room = House.NameOf(module.Assembly);
            Asked(module.Assembly).Except([room]).Except(Table[room].Asks).ShouldBeEmpty($"{room} asks a module that its line in ARCHITECTURE.md does not name");
        }
    }

    [Fact]
    public void Only_Lake_talks_to_DuckDB() =>
        House.Assemblies.Where(a => a.Value.GetReferencedAssemblies().Any(r => r.Name!.StartsWith("DuckDB", StringComparison.Ordinal)))
            .Select(a => a.Key).ShouldBe(["Lake"]);

    [Fact]
    public void Only_Policy_takes_rows_out_of_Lake()
    {
        // The namespace of plans, readers and conditions is the only way from a table to its rows; ExitTests look into the compiled code.
        var readers = House.Files("src", ".cs").Where(f => !f.StartsWith("src/Lake/", StringComparison.Ordinal) && !f.StartsWith("src/Policy/", StringComparison.Ordinal) && f != "src/Host/Exits/RowSources.cs")
            .Where(f => Reader().IsMatch(House.Read(f)));

        readers.ShouldBeEmpty("rows leave the lake through IRowGate");
    }

    /// <summary>Rooms whose contracts' interfaces are taken by a constructor, a method or an injected property.</summary>
    private static HashSet<string> Asked(Assembly assembly)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return assembly.GetTypes()
            .SelectMany(t => t.GetConstructors(all).Cast<MethodBase>().Concat(t.GetMethods(all)).SelectMany(m => m.GetParameters()).Select(p => p.ParameterType)
                .Concat(t.GetProperties(all).Select(p => p.PropertyType)).Concat(t.GetFields(all).Select(f => f.FieldType)))
            .SelectMany(t => t.IsGenericType ? t.GetGenericArguments().Append(t) : [t])
            .Where(t => t.IsInterface && t.Assembly == House.Assemblies["Contracts"])
            .Select(t => t.Namespace!["Lizhou.Contracts.".Length..].Split('.')[0])
            .Except([House.NameOf(assembly)])
            .ToHashSet(StringComparer.Ordinal);
    }

    private static string[] Words(string cell) => cell.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Where(w => w != "–").ToArray();

    [GeneratedRegex(@"^\| \*{0,2}(\w+)\*{0,2} \|([^|]*)\|([^|]*)\|")]
    private static partial Regex Line();

    [GeneratedRegex(@"\b(ReadPlan|Lizhou\.Lake\.Reading|Lizhou\.Lake\.Session)\b")]
    private static partial Regex Reader();
}
