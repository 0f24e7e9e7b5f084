// In: a statement's checked tree. Out: which items of a table its rows may tell: those it names anywhere. All of them where it may reach one without its name; when in doubt all.
using System.Text.Json.Nodes;
using Lizhou.Contracts.Policy;
using Lizhou.Lake;
using Lizhou.Policy.Views;

namespace Lizhou.Policy.UserSql;

internal sealed class NamedItems
{
    private const int Deepest = 400;

    /// <summary>What stands behind FROM and makes columns of those it does not name.</summary>
    private static readonly HashSet<string> Opaque = new(["PIVOT", "SHOW_REF", "COLUMN_DATA", "DELIM_GET", "BOUND_TABLE_REF"], StringComparer.Ordinal);

    private readonly HashSet<string> names = new(EngineNames.Same);
    private readonly bool all;

    private NamedItems(JsonNode root)
    {
        Gather(root, names);
        all = UnnamedReach.In(root) || TreeParts.All(root).Any(Reaches);
    }

    public static NamedItems Of(string tree) => new(JsonNode.Parse(tree, documentOptions: new() { MaxDepth = Deepest })!);

    public IReadOnlyList<ItemDecision> In(View view) => all ? view.Items : [.. view.Items.Where(i => names.Contains(i.Item.Column))];

    private static bool Reaches(JsonObject part) =>
        part.Word("class") is "STAR" or "POSITIONAL_REFERENCE"
        || part.Word("ref_type") is "NATURAL" or "POSITIONAL"
        || part.Names("column_name_alias").Count > 0
        || (part["class"] is null && part.Word("type") is { } type && Opaque.Contains(type));

    /// <summary>Every text of the tree: a name may stand as a column's, in USING, or as a text that a function reads.</summary>
    private static void Gather(JsonNode root, HashSet<string> found)
    {
        foreach (var part in TreeParts.All(root))
        {
            foreach (var member in part.Select(m => m.Value))
            {
                foreach (var text in member is JsonArray list ? list.AsEnumerable() : Enumerable.Repeat(member, 1))
                {
                    if (text is JsonValue value && value.TryGetValue<string>(out var word))
                    {
                        found.Add(word);
                    }
                }
            }
        }
    }
}
