// In: a statement's tree before keys of persons stand beside its rows. Out: whether it may reach a column without naming it: as a field of a whole row, by its place, among all.
using System.Text.Json.Nodes;
using Lizhou.Lake;

namespace Lizhou.Policy.UserSql;

internal static class UnnamedReach
{
    public static bool In(JsonNode root)
    {
        var parts = TreeParts.All(root).ToList();
        // A name that is a table's may mean its whole row, and so may one that ends with it: main.people.
        var rows = parts.SelectMany(p => new[] { p.Word("table_name"), p["class"] is null ? p.Word("alias") : null, p.Word("key") }).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var stars = parts.SelectMany(p => p.Parts("select_list")).Where(IsPlainStar).ToHashSet();
        return parts.Any(p => p.Word("class") switch
        {
            "POSITIONAL_REFERENCE" => true,
            "COLUMN_REF" => rows.Contains(p.Names("column_names")[^1]),
            "STAR" => !stars.Contains(p),
            _ => OrdersByPlace(p),
        });
    }

    /// <summary>All columns as they are, in their places: what is hidden stays apart. EXCLUDE takes names.</summary>
    private static bool IsPlainStar(JsonObject shown) =>
        shown.Word("class") == "STAR" && shown["columns"] is JsonValue columns && !columns.GetValue<bool>() && shown["expr"] is null
        && !shown.Parts("replace_list").Any() && !shown.Parts("rename_list").Any();

    /// <summary>A number in ORDER BY that may lie beyond what is shown: keys stand within a star, and behind the last column.</summary>
    private static bool OrdersByPlace(JsonObject node)
    {
        var sure = node.Parts("select_list").TakeWhile(shown => TreeParts.Own(shown).All(p => p.Word("class") != "STAR")).Count();
        return node.Parts("modifiers").SelectMany(m => m.Parts("orders")).Select(o => o["expression"]!.AsObject())
            .Any(by => by.Word("class") == "CONSTANT" && !(by["value"]?["value"] is JsonValue value && value.TryGetValue<int>(out var place) && place >= 1 && place <= sure));
    }
}
