// What people read: refusals with stable codes in both languages, texts with a Chinese entry, no words that bypass them.
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Lizhou.Kernel;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lizhou.Architecture.Tests;

public sealed partial class WordsTests
{
    /// <summary>Files whose Chinese is content they read or write, not words on a page.</summary>
    private static readonly (string Place, string Why)[] Content =
    [
        ("src/Tabular/", "shapes of dates, numbers and footers in departments' files"),
        ("src/Lake/Load/", "yes and no as departments write them"),
        ("src/Lake/Checks/", "characters of licence plates and telephone numbers"),
        ("src/Quality/Suggest/FindChecks.cs", "how departments write male and female"),
        ("src/Quality/Suggest/Amount.cs", "units as departments write them behind numbers"),
        ("src/Quality/Suggest/FindDates.cs", "how departments write days"),
        ("src/Quality/Suggest/MissingWords.cs", "how departments write that a value is missing"),
        ("src/Lake/Masks/", "the words an address names its town by"),
        ("src/Identity/DemoPeople.cs", "names of the sample's invented people"),
        ("src/Catalog/EntryChecks.cs", "the secrecy marks that must not enter"),
        ("src/Catalog/Spreadsheet/", "the words of the catalogue guide's spreadsheet"),
        ("src/Cases/Dispatching/TableText.cs", "the columns and limits of the dispatch table's file"),
        ("src/Cases/Levels/Crosswalk.cs", "the columns and kinds of a crosswalk"),
        ("src/Collection/Sources/Upload/OddCells.cs", "characters of dates in departments' files"),
        ("src/Cases/Nodes/DutyText.cs", "the columns of the duty list's file"),
        ("src/Cases/Nodes/PlaceWords.cs", "the words names of villages and grids are made of"),
        ("src/Catalog/Labels.cs", "the words of the catalogue guide"),
        ("src/Computing/Models/FollowTreatments.cs", "titles of the standard layer in the catalogue"),
        ("src/Computing/Models/ModelEntry.cs", "what the catalogue's entry of a computed table says"),
    ];

    internal static readonly IReadOnlyList<(string Room, Problem Problem)> Problems =
    [
        .. House.Assemblies.SelectMany(a => a.Value.GetTypes()
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(f => f.FieldType == typeof(Problem) && !f.DeclaringType!.ContainsGenericParameters)
            .Select(f => (a.Key, (Problem)f.GetValue(null)!))),
    ];

    [Fact]
    public void A_refusals_code_is_unique_and_well_formed()
    {
        Problems.Count.ShouldBeGreaterThan(20);
        Problems.Where(p => !Code().IsMatch(p.Problem.Code)).Select(p => p.Problem.Code).ShouldBeEmpty();
        Problems.GroupBy(p => p.Problem.Code).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();
        Problems.Where(p => p.Problem.Status is < 400 or > 599).Select(p => p.Problem.Code).ShouldBeEmpty();
    }

    [Fact]
    public void A_refusal_says_the_same_in_both_languages()
    {
        foreach (var (_, problem) in Problems)
        {
            foreach (var text in new[] { problem.What, problem.Todo })
            {
                text.Zh.ShouldNotBeNullOrWhiteSpace(problem.Code);
                text.En.ShouldNotBeNullOrWhiteSpace(problem.Code);
                Holes(text.Zh).ShouldBe(Holes(text.En), problem.Code);
            }

            (Chinese().IsMatch(problem.What.Zh) && !Chinese().IsMatch(problem.What.En)).ShouldBeTrue(problem.Code);
        }
    }

    [Fact]
    public void Every_text_on_a_page_has_its_Chinese_and_every_Chinese_its_text()
    {
        foreach (var room in House.Assemblies.Keys)
        {
            var used = House.Files("src/" + room, ".razor", ".cs").SelectMany(f => Key().Matches(House.Read(f)).Select(m => Regex.Unescape(m.Groups[1].Value))).ToHashSet(StringComparer.Ordinal);
            var file = $"src/{room}/Texts.zh-CN.resx";
            if (used.Count == 0 && !File.Exists(Path.Combine(House.Root, file)))
            {
                continue;
            }

            var entries = XDocument.Parse(House.Read(file)).Descendants("data").ToDictionary(d => (string)d.Attribute("name")!, d => (string)d.Element("value")!, StringComparer.Ordinal);
            entries.Keys.GroupBy(k => k, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty($"{file}: the compiler keeps one of texts that differ in case alone, and says nothing");
            used.Except(entries.Keys).ShouldBeEmpty($"{file} lacks them");
            entries.Where(e => string.IsNullOrWhiteSpace(e.Value)).Select(e => e.Key).ShouldBeEmpty(file);
            foreach (var (english, chinese) in entries)
            {
                Holes(chinese).ShouldBe(Holes(english), $"{file}: {english}");
            }
        }
    }

    [Fact]
    public void Every_act_the_ledger_keeps_has_its_words()
    {
        var of = House.Assemblies["Ledger"].GetType("Lizhou.Ledger.Entries.ActWords", throwOnError: true)!.GetMethod("Of", BindingFlags.Static | BindingFlags.Public)!;
        string[] rooms = ["Ledger", "Policy", "Organisation", "Identity", "Standards", "Catalog", "Collection", "Quality", "Computing", "Sharing", "Cases", "Host"];
        var written = rooms.SelectMany(r => House.Files($"src/{r}", ".cs")).Where(f => !f.EndsWith("SendHook.cs", StringComparison.Ordinal)) // kinds of messages, not acts
            .SelectMany(f => Act().Matches(House.Read(f)).Select(m => m.Groups["act"].Value)).Where(a => !NameOfFile().IsMatch(a))
            .Concat(Named("catalog", "Catalog", "Lizhou.Catalog.Step")).Concat(Named("request", "Sharing", "Lizhou.Sharing.Requests.RequestStep"))
            .Concat(Named("ticket", "Quality", "Lizhou.Quality.Tickets.TicketStep"))
            .Concat(Named("conflict", "Quality", "Lizhou.Quality.Conflicts.ConflictStep"))
            .Concat(Named("delivery", "Sharing", "Lizhou.Sharing.Deliveries.DeliveryStep")).Concat(Named("lake", "Host", "Lizhou.Host.Keeping.UpkeepTask"))
            .Concat(Named("collection", "Collection", "Lizhou.Collection.Batches.BatchAct").Where(a => a is "collection.cancelled" or "collection.retried"))
            .Concat(from thing in new[] { "units", "systems", "posts", "people" } from deed in new[] { "imported", "exported" } select $"{thing}.{deed}")
            .Concat(from thing in new[] { "system", "post", "person" } from deed in new[] { "added", "changed" } select $"{thing}.{deed}")
            .Append("sign-out").Distinct().Order(StringComparer.Ordinal).ToList();

        written.Count.ShouldBeGreaterThan(90);
        written.Where(act => of.Invoke(null, [act]) is null).ShouldBeEmpty("give them words in src/Ledger/Entries/ActWords.cs");

        static IEnumerable<string> Named(string thing, string room, string type) =>
            Enum.GetNames(House.Assemblies[room].GetType(type, throwOnError: true)!).Select(n => $"{thing}.{n.ToLowerInvariant()}");
    }

    [Fact]
    public void A_page_says_nothing_in_Chinese_past_its_texts()
    {
        var offenders = House.Files("src", ".razor").SelectMany(f => RazorComment().Replace(House.Read(f), "").Split('\n')
            .Where(l => Chinese().IsMatch(BothLanguages().Replace(l, ""))).Select(l => $"{f}: {l.Trim()}"));

        offenders.ShouldBeEmpty("use T[\"English\"] and Texts.zh-CN.resx");
    }

    [Fact]
    public void Code_says_nothing_in_Chinese_without_its_English()
    {
        var offenders = House.Files("src", ".cs").Where(f => !Content.Any(c => f.StartsWith(c.Place, StringComparison.Ordinal))).SelectMany(Alone);

        offenders.ShouldBeEmpty("a text is Text(zh, en), or a word of a file that reads Chinese content (listed above, with its reason)");
    }

    /// <summary>Chinese literals that are not the first of a (zh, en) pair and do not carry their English themselves.</summary>
    private static IEnumerable<string> Alone(string file)
    {
        var tree = CSharpSyntaxTree.ParseText(House.Read(file));
        foreach (var literal in tree.GetRoot().DescendantNodes().OfType<LiteralExpressionSyntax>().Where(l => l.Token.Value is string s && Chinese().IsMatch(s)))
        {
            var text = (string)literal.Token.Value!;
            var paired = literal.FirstAncestorOrSelf<ArgumentSyntax>() is { Parent: ArgumentListSyntax { Arguments.Count: >= 2 } list } argument
                && list.Arguments.IndexOf(argument) + 1 is var next && next < list.Arguments.Count && Speaks(list.Arguments[next]);
            if (!paired && !English().IsMatch(text))
            {
                yield return $"{file}:{tree.GetLineSpan(literal.Span).StartLinePosition.Line + 1} {literal}";
            }
        }
    }

    private static bool Speaks(ArgumentSyntax argument) =>
        argument.DescendantNodes().Any(n => n is LiteralExpressionSyntax { Token.Value: string } or InterpolatedStringExpressionSyntax);

    private static IEnumerable<string> Holes(string text) => Hole().Matches(text).Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex("^[A-Z]{3}-[0-9]{3}$")]
    private static partial Regex Code();

    [GeneratedRegex(@"\{(\d+)")]
    private static partial Regex Hole();

    [GeneratedRegex("[\u3400-\u9fff]")]
    private static partial Regex Chinese();

    [GeneratedRegex("[A-Za-z]{3}")]
    private static partial Regex English();

    [GeneratedRegex(@"\bT\[""((?:[^""\\]|\\.)*)""")]
    private static partial Regex Key();

    [GeneratedRegex(@"@\*.*?\*@|<!--.*?-->|^\s*///?.*?$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex RazorComment();

    /// <summary>A dotted verb in quotes.</summary>
    [GeneratedRegex("\"(?<act>[a-z]+(-[a-z]+)*\\.[a-z]+(-[a-z]+)*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Act();

    [GeneratedRegex(@"\.(db|csv|json|cms|cer|tsr|ini|txt|md|sock|lock|zip|xlsx|pem|key|log|mac|sql|parquet|sh)$")]
    private static partial Regex NameOfFile();

    [GeneratedRegex(@"new (?:Text)?\(""[^""]*"", ""[^""]*""\)|new\(""[^""]*"", ""[^""]*""\)|丽州 Lizhou|>中文<|""中文""")]
    private static partial Regex BothLanguages();
}
