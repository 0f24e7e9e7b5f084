// The house's shape: sealed and internal, names from the field, scripts numbered, files and methods that can be read in one go.
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lizhou.Architecture.Tests;

public sealed partial class ShapeTests
{
    private const int MostLines = 400;
    private const int SignalLines = 200;
    private const int MostInMethod = 80;
    private const int SignalInMethod = 40;

    /// <summary>Longer than may be, each with its reason.</summary>
    private static readonly (string Method, string Why)[] Long = [("src/Tabular/FastRows.cs Scan", "one loop over bytes with its state in registers")];

    [Fact]
    public void Everything_in_a_module_is_internal_but_its_contents_its_texts_and_its_pages()
    {
        // Lake is a library to the modules above it as well as a module; the host has the compiler's Program.
        var offenders = House.Modules.Select(m => m.Assembly).Where(a => House.NameOf(a) is not ("Lake" or "Host")).SelectMany(a => a.GetExportedTypes())
            .Where(t => !typeof(Kernel.Module).IsAssignableFrom(t) && !typeof(IComponent).IsAssignableFrom(t) && t.Name is not ("Texts" or "_Imports") && !Generated(t));

        offenders.Select(t => t.FullName).ShouldBeEmpty("what another module needs is a record or an interface in Contracts");
    }

    [Fact]
    public void A_class_is_sealed_static_abstract_or_has_heirs()
    {
        var types = House.Assemblies.Values.SelectMany(a => a.GetTypes()).Where(t => !Generated(t)).ToList();
        var parents = types.Select(t => t.BaseType is { IsGenericType: true } b ? b.GetGenericTypeDefinition() : t.BaseType).ToHashSet();
        var offenders = types.Where(t => t.IsClass && !t.IsSealed && !t.IsAbstract && !parents.Contains(t) && !typeof(IComponent).IsAssignableFrom(t) && t.Name != "_Imports" && t.Name != "Program");

        offenders.Select(t => t.FullName).ShouldBeEmpty();
    }

    [Fact]
    public void A_modules_pages_and_parts_are_drawn_when_all_is_read()
    {
        var offenders = House.Modules.Select(m => m.Assembly).SelectMany(a => a.GetTypes()).Where(t => typeof(IComponent).IsAssignableFrom(t) && !typeof(Ui.DrawnWhole).IsAssignableFrom(t) && t.Name != "_Imports");

        offenders.Select(t => t.FullName).ShouldBeEmpty("_Imports.razor inherits Lizhou.Ui.DrawnWhole: else a page fails on PostgreSQL alone");
    }

    [Fact]
    public void Contracts_hold_records_enums_and_interfaces_only()
    {
        var offenders = House.Assemblies["Contracts"].GetExportedTypes()
            .Where(t => !t.IsInterface && !t.IsEnum && t.GetMethod("<Clone>$") is null && !(t.IsAbstract && t.IsSealed));

        offenders.Select(t => t.FullName).ShouldBeEmpty();
    }

    [Fact]
    public void Names_are_words_of_the_field()
    {
        var offenders = House.Assemblies.Values.SelectMany(a => a.GetTypes()).Where(t => !Generated(t) && Vague().IsMatch(t.Name.Split('`')[0]));

        offenders.Select(t => t.FullName).ShouldBeEmpty();
    }

    [Fact]
    public void Every_modules_scripts_are_numbered_without_gaps()
    {
        foreach (var assembly in House.Assemblies.Values)
        {
            var scripts = assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
            scripts.ShouldAllBe(n => Script().IsMatch(n));
            scripts.Select(n => int.Parse(Script().Match(n).Groups[1].Value)).ShouldBe(Enumerable.Range(1, scripts.Count), House.NameOf(assembly));
        }
    }

    [Fact]
    public void A_table_belongs_to_one_module()
    {
        var owners = House.Files("src", ".sql")
            .SelectMany(f => CreatedTable().Matches(House.Read(f)).Select(m => (Table: m.Groups[1].Value, Room: f.Split('/')[1])))
            .GroupBy(t => t.Table, StringComparer.Ordinal).Where(g => g.Select(t => t.Room).Distinct().Count() > 1);

        owners.Select(g => g.Key).ShouldBeEmpty();
    }

    [Fact]
    public void A_file_can_be_read_in_one_go()
    {
        var lengths = House.Files("src", ".cs", ".razor", ".js").Select(f => (File: f, Lines: House.Read(f).Count(c => c == '\n'))).ToList();
        Show("files", lengths.Where(f => f.Lines > SignalLines).OrderByDescending(f => f.Lines).Select(f => $"{f.Lines,4} {f.File}"));

        lengths.Where(f => f.Lines > MostLines).Select(f => $"{f.Lines} {f.File}").ShouldBeEmpty($"at most {MostLines} lines");
    }

    [Fact]
    public void A_method_can_be_seen_at_once()
    {
        var lengths = House.Files("src", ".cs").SelectMany(Methods).ToList();
        Show("methods", lengths.Where(m => m.Lines > SignalInMethod).OrderByDescending(m => m.Lines).Select(m => $"{m.Lines,4} {m.Name}"));

        lengths.Where(m => m.Lines > MostInMethod && Long.All(l => l.Method != m.Name)).Select(m => $"{m.Lines} {m.Name}").ShouldBeEmpty($"at most {MostInMethod} lines");
    }

    [Fact]
    public void A_code_file_opens_with_what_it_is_for()
    {
        var offenders = House.Files("src", ".cs").Where(f =>
        {
            var text = House.Read(f).TrimStart();
            var name = Path.GetFileNameWithoutExtension(f);
            return !text.StartsWith("//", StringComparison.Ordinal) && !name.EndsWith("Module", StringComparison.Ordinal) && name != "Problems" && !f.StartsWith("src/Contracts/", StringComparison.Ordinal);
        });

        offenders.ShouldBeEmpty("one to three lines: what comes in, what goes out, what is refused");
    }

    [Fact]
    public void The_kernel_stays_small() =>
        House.Files("src/Kernel", ".cs").Sum(f => House.Read(f).Count(c => c == '\n')).ShouldBeLessThanOrEqualTo(2_000);

    private static IEnumerable<(string Name, int Lines)> Methods(string file)
    {
        var tree = CSharpSyntaxTree.ParseText(House.Read(file));
        foreach (var method in tree.GetRoot().DescendantNodes().Where(n => n is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax))
        {
            var span = tree.GetLineSpan(method.Span);
            var name = method is MethodDeclarationSyntax declared ? declared.Identifier.Text : method is LocalFunctionStatementSyntax local ? local.Identifier.Text : "constructor";
            yield return ($"{file} {name}", span.EndLinePosition.Line - span.StartLinePosition.Line + 1);
        }
    }

    private static void Show(string what, IEnumerable<string> offenders)
    {
        foreach (var offender in offenders.Take(20))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"long {what}: {offender}");
        }
    }

    private static bool Generated(Type type) =>
        type.GetCustomAttribute<CompilerGeneratedAttribute>() is not null || type.Name.Contains('<', StringComparison.Ordinal)
        || (type.Namespace ?? "").StartsWith("Microsoft", StringComparison.Ordinal) || (type.Namespace ?? "").StartsWith("System", StringComparison.Ordinal)
        || (type.FullName ?? "").Contains('<', StringComparison.Ordinal) || (type.FullName ?? "").StartsWith("Internal.", StringComparison.Ordinal)
        || (type.DeclaringType is { } outer && Generated(outer));

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Utility|Service|Impl|Processor|Base|Data|Info|Dto|Repository)$")]
    private static partial Regex Vague();

    [GeneratedRegex(@"\.Schema\.(\d{3})_[a-z0-9_]+\.sql$")]
    private static partial Regex Script();

    [GeneratedRegex(@"CREATE TABLE (?:IF NOT EXISTS )?(\w+)")]
    private static partial Regex CreatedTable();
}
