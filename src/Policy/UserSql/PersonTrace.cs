// In: a statement's checked tree over views, and which of them name persons. Out: whom its rows are about: nobody in particular (a statistic), the persons of rows that can be
// followed from the tables to the result (then the tree that brings their keys along), or whoever is in the tables. When in doubt the last: nobody is missed.
// The keys travel in columns whose names nobody can guess; a statement that may reach a column without its name is not followed.
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.Json;
using Lizhou.Lake;
using Lizhou.Policy.Views;

namespace Lizhou.Policy.UserSql;

/// <param name="Tree">With the keys of persons beside every row; null when it was not changed.</param>
/// <param name="Everybody">Whether it may be about everybody in the tables.</param>
/// <param name="Prefix">Of the columns of keys, then comes the view's number.</param>
internal sealed record Trace(string? Tree, bool Everybody, string Prefix)
{
    /// <summary>The columns by which the view of this number tells whom a row is about.</summary>
    public IReadOnlyList<string> Columns(int view, View of) => [.. of.People.Select((_, i) => $"{Prefix}{view}_{i}")];
}

internal sealed class PersonTrace
{
    /// <summary>No name in a statement begins so.</summary>
    public const string Reserved = "lz_person";

    private const int Deepest = 400;

    private readonly string prefix;
    private readonly Dictionary<string, IReadOnlyList<string>> keys;
    private readonly Statistic statistic;
    private int made;
    private bool everybody;

    private PersonTrace(IReadOnlyList<(string Name, View View)> views, Trace none)
    {
        prefix = none.Prefix;
        keys = views.Select((v, i) => (v.Name, Keys: none.Columns(i, v.View))).ToDictionary(v => v.Name, v => v.Keys, EngineNames.Same);
        statistic = new(views);
    }

    public static Trace Of(string tree, IReadOnlyList<(string Name, View View)> views)
    {
        var none = new Trace(null, Everybody: false, $"{Reserved}_{RandomNumberGenerator.GetHexString(32, lowercase: true)}_");
        if (views.All(v => v.View.People.Count == 0))
        {
            return none;
        }

        var (root, trace) = (JsonNode.Parse(tree, documentOptions: new JsonDocumentOptions { MaxDepth = Deepest })!, new PersonTrace(views, none));
        var reached = UnnamedReach.In(root);
        var brought = trace.Node(root["statements"]![0]!["node"]!.AsObject(), new(EngineNames.Same));
        return trace.everybody || (reached && brought.Count > 0) ? none with { Everybody = true }
            : brought.Count == 0 ? none
            : none with { Tree = root.ToJsonString(new JsonSerializerOptions { MaxDepth = Deepest }) };
    }

    /// <returns>The columns of keys that the node's rows now have.</returns>
    private List<string> Node(JsonObject node, Dictionary<string, Named> named)
    {
        var inside = new Dictionary<string, Named>(named, EngineNames.Same);
        foreach (var (name, query) in node.With())
        {
            var with = query.NodeIn("query");
            var shows = statistic.Within(with, inside, SureNames.None);
            var keyed = Node(with, inside);
            inside[name] = new(keyed, shows && keyed.Count > 0);
            everybody |= keyed.Count > 0 && query.Names("aliases").Count > 0;
        }

        if (node.Word("type") != "SELECT_NODE")
        {
            return Unknown(node, inside);
        }

        if (Statistic.Is(node))
        {
            everybody |= Reads(node, inside) && statistic.Shows(node, inside, SureNames.None);
            return [];
        }

        var from = node["from_table"]!.AsObject();
        var (brought, sure) = (Source(from, inside), statistic.Sure(from, inside, SureNames.None));
        everybody |= TreeParts.Own(node).Any(p => p.Word("class") switch
        {
            "WINDOW" => brought.Count > 0,
            "SUBQUERY" => Reads(p, inside) && statistic.Tells(p, inside, sure),
            _ => false,
        });
        var shown = node["select_list"]!.AsArray();
        return [.. brought.Select(key =>
        {
            var name = $"{prefix}{key[^1][prefix.Length..].Split('_')[0]}_n{made++}";
            shown.Add(new JsonObject { ["class"] = "COLUMN_REF", ["type"] = "COLUMN_REF", ["alias"] = name, ["query_location"] = 0, ["column_names"] = new JsonArray([.. key.Select(p => (JsonNode)p)]) });
            return name;
        })];
    }

    /// <summary>The columns of keys of what stands behind FROM, each as the parts of its name.</summary>
    private List<string[]> Source(JsonObject table, Dictionary<string, Named> named)
    {
        switch (table.Word("type"))
        {
            case "BASE_TABLE":
                var name = table.Word("table_name")!;
                return Called(table, name, named.TryGetValue(name, out var query) ? query.Keys : keys.GetValueOrDefault(name) ?? []);
            case "SUBQUERY":
                return Called(table, $"{prefix}t{made++}", Node(table.NodeIn("subquery"), named));
            case "JOIN":
                var (left, right) = (Source(table["left"]!.AsObject(), named), Source(table["right"]!.AsObject(), named));
                everybody |= IsDoubtful(table, left.Count > 0, right.Count > 0);
                return table.Word("join_type") is "SEMI" or "ANTI" ? left : [.. left, .. right];
            case "EMPTY" or "TABLE_FUNCTION" or "EXPRESSION_LIST":
                return [];
            default:
                Unknown(table, named);
                return [];
        }
    }

    /// <summary>Whether a row may tell of somebody whose key it does not carry, by having found no other row. NATURAL would compare the keys too.</summary>
    private static bool IsDoubtful(JsonObject join, bool left, bool right) => (join.Word("ref_type"), join.Word("join_type")) switch
    {
        ("NATURAL" or "POSITIONAL", _) => left || right,
        (_, "INNER") => false,
        (_, "LEFT" or "SEMI" or "ANTI") => right,
        (_, "RIGHT") => left,
        _ => left || right,
    };

    /// <summary>The columns under the table's name, which is given to it when it has none: the engine's own could be guessed. Columns called anew are reached by their place.</summary>
    private List<string[]> Called(JsonObject table, string otherwise, IReadOnlyList<string> brought)
    {
        var name = table.Word("alias") is { Length: > 0 } given ? given : otherwise;
        table["alias"] = name;
        everybody |= brought.Count > 0 && table.Names("column_name_alias").Count > 0;
        return [.. brought.Select(c => new[] { name, c })];
    }

    private List<string> Unknown(JsonObject node, Dictionary<string, Named> named)
    {
        everybody |= Reads(node, named);
        return [];
    }

    private bool Reads(JsonNode? part, Dictionary<string, Named> named) => TreeParts.All(part).Any(p =>
        p.Word("type") == "BASE_TABLE" && p.Word("table_name") is { } name && (keys.GetValueOrDefault(name)?.Count > 0 || named.GetValueOrDefault(name)?.Keys.Count > 0));
}
