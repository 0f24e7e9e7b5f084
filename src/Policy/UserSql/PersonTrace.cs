// In: a statement's checked tree over views, and which of them name persons. Out: whom its rows are about: nobody in particular (a statistic), the persons of rows that can be
// followed from the tables to the result (then the tree that brings their keys along), or whoever is in the tables. When in doubt the last: nobody is missed.
using System.Text.Json;
using System.Text.Json.Nodes;
using Lizhou.Contracts.Catalog;
using Lizhou.Policy.Views;

namespace Lizhou.Policy.UserSql;

/// <param name="Tree">With the keys of persons beside every row; null when it was not changed.</param>
/// <param name="Everybody">Whether it may be about everybody in the tables.</param>
internal sealed record Trace(string? Tree, bool Everybody);

internal sealed class PersonTrace
{
    /// <summary>Columns of keys are named so, then by the view's number.</summary>
    public const string Prefix = "lz_person_";

    private const int Deepest = 400;

    private readonly Dictionary<string, IReadOnlyList<string>> keys;
    private readonly HashSet<string> open;
    private readonly HashSet<string> closed;
    private int made;
    private bool everybody;

    private PersonTrace(IReadOnlyList<(string Name, View View)> views)
    {
        keys = views.Select((v, i) => (v.Name, Keys: Columns(i, v.View))).ToDictionary(v => v.Name, v => v.Keys, StringComparer.OrdinalIgnoreCase);
        var items = views.SelectMany(v => v.View.Items).Select(i => i.Item).ToLookup(i => i.Applied >= Level.L3);
        (open, closed) = (items[false].Select(i => i.Column).ToHashSet(StringComparer.OrdinalIgnoreCase), items[true].Select(i => i.Column).ToHashSet(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The columns by which the view of this number tells whom a row is about.</summary>
    public static IReadOnlyList<string> Columns(int view, View of) => [.. of.People.Select((_, i) => $"{Prefix}{view}_{i}")];

    public static Trace Of(string tree, IReadOnlyList<(string Name, View View)> views)
    {
        if (views.All(v => v.View.People.Count == 0))
        {
            return new(null, Everybody: false);
        }

        var (root, trace) = (JsonNode.Parse(tree, documentOptions: new JsonDocumentOptions { MaxDepth = Deepest })!, new PersonTrace(views));
        var brought = trace.Node(root["statements"]![0]!["node"]!.AsObject(), new(StringComparer.OrdinalIgnoreCase));
        return trace.everybody ? new(null, Everybody: true) : brought.Count == 0 ? new(null, Everybody: false) : new(root.ToJsonString(new JsonSerializerOptions { MaxDepth = Deepest }), Everybody: false);
    }

    /// <returns>The columns of keys that the node's rows now have.</returns>
    private List<string> Node(JsonObject node, Dictionary<string, List<string>> named)
    {
        var inside = new Dictionary<string, List<string>>(named, StringComparer.OrdinalIgnoreCase);
        foreach (var entry in (node["cte_map"]?["map"]?.AsArray() ?? []).OfType<JsonObject>())
        {
            inside[(string)entry["key"]!] = Node(entry["value"]!["query"]!["node"]!.AsObject(), inside);
        }

        if ((string)node["type"]! != "SELECT_NODE")
        {
            return Unknown(node, inside);
        }

        if (IsStatistic(node))
        {
            everybody |= Shows(node["select_list"]) && (Reads(node["from_table"], inside) || Reads(node["select_list"], inside));
            return [];
        }

        var brought = Source(node["from_table"]!.AsObject(), inside);
        everybody |= Any(node["select_list"], n => (Word(n, "class") == "WINDOW" && brought.Count > 0) || (Word(n, "class") == "SUBQUERY" && Tells(n["subquery"]!["node"]!.AsObject(), inside)));
        var shown = node["select_list"]!.AsArray();
        return [.. brought.Select(from =>
        {
            var name = $"{Prefix}{from[^1][Prefix.Length..].Split('_')[0]}_n{made++}";
            shown.Add(new JsonObject { ["class"] = "COLUMN_REF", ["type"] = "COLUMN_REF", ["alias"] = name, ["query_location"] = 0, ["column_names"] = new JsonArray([.. from.Select(p => (JsonNode)p)]) });
            return name;
        })];
    }

    /// <summary>The columns of keys of what stands behind FROM, each as the parts of its name.</summary>
    private List<string[]> Source(JsonObject table, Dictionary<string, List<string>> named)
    {
        switch (Word(table, "type"))
        {
            case "BASE_TABLE":
                var name = Word(table, "table_name")!;
                var alias = Word(table, "alias") is { Length: > 0 } given ? given : name;
                return [.. (named.TryGetValue(name, out var brought) ? brought : keys.GetValueOrDefault(name) ?? []).Select(c => new[] { alias, c })];
            case "SUBQUERY":
                return [.. Node(table["subquery"]!["node"]!.AsObject(), named).Select(c => new[] { c })];
            case "JOIN":
                var (left, right) = (Source(table["left"]!.AsObject(), named), Source(table["right"]!.AsObject(), named));
                return Word(table, "join_type") is "SEMI" or "ANTI" ? left : [.. left, .. right];
            case "EMPTY" or "TABLE_FUNCTION" or "EXPRESSION_LIST":
                return [];
            default:
                Unknown(table, named);
                return [];
        }
    }

    private List<string> Unknown(JsonObject node, Dictionary<string, List<string>> named)
    {
        everybody |= Reads(node, named);
        return [];
    }

    /// <summary>Whether a query that stands for a value may tell of somebody.</summary>
    private bool Tells(JsonObject node, Dictionary<string, List<string>> named) =>
        Reads(node, named) && !(Word(node, "type") == "SELECT_NODE" && IsStatistic(node) && !Shows(node["select_list"]));

    /// <summary>Whether a row of it stands for many.</summary>
    private static bool IsStatistic(JsonObject node) =>
        node["group_expressions"]!.AsArray().Count > 0 || node["having"] is not null || Word(node, "aggregate_handling") != "STANDARD_HANDLING"
        || node["modifiers"]!.AsArray().Any(m => Word(m!.AsObject(), "type") == "DISTINCT_MODIFIER")
        || Aggregates(node["select_list"]);

    /// <summary>In the node itself; what a sub-query counts is its own.</summary>
    private static bool Aggregates(JsonNode? part) => part switch
    {
        JsonArray list => list.Any(Aggregates),
        JsonObject one when Word(one, "class") == "SUBQUERY" => false,
        JsonObject one => (Word(one, "class") == "FUNCTION" && SqlFunctions.Aggregate.Contains(Word(one, "function_name")!.ToLowerInvariant())) || one.Any(m => Aggregates(m.Value)),
        _ => false,
    };

    /// <summary>Whether it shows more than columns that anybody may know of: an item from L3 on, or something whose origin is not plain.</summary>
    private bool Shows(JsonNode? part) => part switch
    {
        JsonArray list => list.Any(Shows),
        JsonObject one when Word(one, "class") == "FUNCTION" && SqlFunctions.Count.Contains(Word(one, "function_name")!.ToLowerInvariant()) => false,
        JsonObject one when Word(one, "class") is "STAR" or "SUBQUERY" => true,
        JsonObject one when Word(one, "class") == "COLUMN_REF" => (string)one["column_names"]!.AsArray()[^1]! is var name && (closed.Contains(name) || !open.Contains(name)),
        JsonObject one => one.Any(m => Shows(m.Value)),
        _ => false,
    };

    private bool Reads(JsonNode? part, Dictionary<string, List<string>> named) => Any(part, n =>
        Word(n, "type") == "BASE_TABLE" && Word(n, "table_name") is { } name && (keys.GetValueOrDefault(name)?.Count > 0 || named.GetValueOrDefault(name)?.Count > 0));

    private static bool Any(JsonNode? part, Func<JsonObject, bool> fits) => part switch
    {
        JsonArray list => list.Any(p => Any(p, fits)),
        JsonObject one => fits(one) || one.Any(m => Any(m.Value, fits)),
        _ => false,
    };

    private static string? Word(JsonObject part, string member) => part[member] is JsonValue value && value.TryGetValue<string>(out var word) ? word : null;
}
