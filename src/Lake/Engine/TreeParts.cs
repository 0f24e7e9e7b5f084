// The parts of a statement's tree as the engine serialises it (json_serialize_sql). A query in an expression and one behind FROM both stand under "subquery", those of WITH in "cte_map".
using System.Text.Json.Nodes;

namespace Lizhou.Lake;

/// <summary>Reads a statement's tree without knowing what it means.</summary>
public static class TreeParts
{
    private const string Sub = "subquery";
    private const string Map = "cte_map";

    /// <summary>A member that is a text; null for any other.</summary>
    public static string? Word(this JsonObject part, string member) => part[member] is JsonValue value && value.TryGetValue<string>(out var word) ? word : null;

    /// <summary>A member that is a list of names; none when it is not there.</summary>
    public static IReadOnlyList<string> Names(this JsonObject part, string member) => part[member] is JsonArray list ? [.. list.Select(name => (string)name!)] : [];

    /// <summary>A member that is a list of parts; none when it is not there.</summary>
    public static IEnumerable<JsonObject> Parts(this JsonObject part, string member) => part[member] is JsonArray list ? list.OfType<JsonObject>() : [];

    /// <summary>The node of the query that stands in a member.</summary>
    public static JsonObject NodeIn(this JsonObject part, string member) => part[member]!["node"]!.AsObject();

    /// <summary>The queries of a node's WITH, in their order.</summary>
    public static IEnumerable<(string Name, JsonObject Query)> With(this JsonObject node) =>
        node[Map] is JsonObject map ? map.Parts("map").Select(entry => (entry.Word("key")!, entry["value"]!.AsObject())) : [];

    /// <summary>A part and all parts within it.</summary>
    public static IEnumerable<JsonObject> All(JsonNode? part) => Within(part, _ => true);

    /// <summary>The same without what is another query's own.</summary>
    public static IEnumerable<JsonObject> Own(JsonNode? part) => Within(part, member => member is not (Sub or Map));

    private static IEnumerable<JsonObject> Within(JsonNode? part, Func<string, bool> enter)
    {
        var left = new Stack<JsonNode?>([part]);
        while (left.TryPop(out var next))
        {
            var inner = next switch
            {
                JsonArray list => list,
                JsonObject one => one.Where(m => enter(m.Key)).Select(m => m.Value),
                _ => [],
            };
            if (next is JsonObject found)
            {
                yield return found;
            }

            foreach (var child in inner)
            {
                left.Push(child);
            }
        }
    }
}
