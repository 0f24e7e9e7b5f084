// In: the node of a query. Out: whether its rows stand for many, and whether it shows or asks by anything but items below L3: columns, arguments, conditions, joins, groups and order,
// and those of the queries within it. When in doubt it does.
using System.Text.Json.Nodes;
using Lizhou.Lake;
using Lizhou.Policy.Views;

namespace Lizhou.Policy.UserSql;

/// <summary>A query of WITH.</summary>
/// <param name="Keys">The columns of keys that its rows have.</param>
/// <param name="Shows">Whether even how many rows it has may tell of somebody.</param>
internal sealed record Named(IReadOnlyList<string> Keys, bool Shows);

internal sealed class Statistic(IReadOnlyList<(string Name, View View)> views)
{
    private readonly Dictionary<string, Dictionary<string, bool>> columns = views.ToDictionary(v => v.Name, v => SureNames.Columns(v.View), EngineNames.Same);

    /// <summary>Whether a row of it stands for many. What a sub-query counts is its own.</summary>
    public static bool Is(JsonObject node) =>
        node.Word("type") == "SELECT_NODE"
        && (node.Parts("group_expressions").Any() || node["having"] is not null || node.Word("aggregate_handling") != "STANDARD_HANDLING"
            || node.Parts("modifiers").Any(m => m.Word("type") == "DISTINCT_MODIFIER")
            || TreeParts.Own(node["select_list"]).Any(p => p.Word("class") == "FUNCTION" && SqlFunctions.Aggregate.Contains(p.Word("function_name")!.ToLowerInvariant())));

    public SureNames Sure(JsonObject from, IReadOnlyDictionary<string, Named> named, SureNames outer) => SureNames.Of(from, columns, named.ContainsKey, outer);

    /// <param name="outer">What is sure of the names of the query around it, when it stands in an expression.</param>
    public bool Shows(JsonObject node, IReadOnlyDictionary<string, Named> named, SureNames outer)
    {
        if (node.Word("type") != "SELECT_NODE")
        {
            return true;
        }

        var sure = Sure(node["from_table"]!.AsObject(), named, outer);
        // A column's own new name stands for an expression that is looked at too.
        var own = node.Parts("select_list").Select(p => p.Word("alias") ?? "").Where(sure.IsFree).ToHashSet(EngineNames.Same);
        return TreeParts.Own(node).Any(part => part["class"] is null ? Source(part, named, sure) : part.Word("class") switch
        {
            "STAR" or "POSITIONAL_REFERENCE" => true,
            "COLUMN_REF" => part.Names("column_names") is var name && !sure.IsOpen(name) && !(name is [var single] && own.Contains(single)),
            "SUBQUERY" => Tells(part, named, sure),
            _ => false,
        });
    }

    /// <summary>Whether a sub-query in an expression may tell of somebody: its rows are not followed.</summary>
    public bool Tells(JsonObject part, IReadOnlyDictionary<string, Named> named, SureNames outer) =>
        part.NodeIn("subquery") is var node && ((IsOfOne(part, node) && !Is(node)) || Within(node, named, outer));

    /// <summary>The same of a query that has WITH: what stands there is not looked at.</summary>
    public bool Within(JsonObject node, IReadOnlyDictionary<string, Named> named, SureNames outer) => node.With().Any() || Shows(node, named, outer);

    private bool Source(JsonObject table, IReadOnlyDictionary<string, Named> named, SureNames sure) => table.Word("type") switch
    {
        "BASE_TABLE" => named.TryGetValue(table.Word("table_name")!, out var query) && query.Shows,
        "SUBQUERY" => Within(table.NodeIn("subquery"), named, SureNames.None),
        "JOIN" => table.Word("ref_type") == "NATURAL" || table.Names("using_columns").Any(column => !sure.IsOpen([column])),
        _ => false,
    };

    /// <summary>Whether it takes a few rows out of many.</summary>
    private static bool IsOfOne(JsonObject part, JsonObject node) =>
        part.Word("subquery_type") is not ("EXISTS" or "ANY") || node.Parts("modifiers").Any(m => m.Word("type") is "LIMIT_MODIFIER" or "LIMIT_PERCENT_MODIFIER");
}
