// In: what stands behind FROM. Out: which items its names mean, where that is sure: nothing but tables under their own column names. Elsewhere an item may go by another's name.
using System.Text.Json.Nodes;
using Lizhou.Contracts.Catalog;
using Lizhou.Lake;
using Lizhou.Policy.Views;

namespace Lizhou.Policy.UserSql;

internal sealed class SureNames
{
    /// <summary>Nothing is sure.</summary>
    public static readonly SureNames None = new();

    /// <summary>By the names that the tables have in the query: their columns, and whether anybody may know of each.</summary>
    private readonly Dictionary<string, Dictionary<string, bool>> tables = new(EngineNames.Same);

    private SureNames()
    {
    }

    /// <param name="views">The columns of each table, and whether anybody may know of them.</param>
    /// <param name="named">Whether a name is a query's of WITH.</param>
    /// <param name="outer">Of the query around, whose columns may be named too.</param>
    public static SureNames Of(JsonObject from, IReadOnlyDictionary<string, Dictionary<string, bool>> views, Func<string, bool> named, SureNames outer)
    {
        var found = new SureNames();
        foreach (var table in Leaves(from).Where(t => t.Word("type") != "EMPTY"))
        {
            var name = table.Word("table_name") ?? "";
            if (table.Word("type") != "BASE_TABLE" || named(name) || table.Names("column_name_alias").Count > 0 || !views.TryGetValue(name, out var columns)
                || !found.tables.TryAdd(table.Word("alias") is { Length: > 0 } alias ? alias : name, columns))
            {
                return None;
            }
        }

        foreach (var (alias, columns) in outer.tables)
        {
            found.tables.TryAdd(alias, columns);
        }

        return found;
    }

    /// <summary>The columns of a view, and whether anybody may know of each: items below L3.</summary>
    public static Dictionary<string, bool> Columns(View view) =>
        view.Items.GroupBy(i => i.Item.Column, EngineNames.Same).ToDictionary(g => g.Key, g => g.All(i => i.Item.Applied < Level.L3), EngineNames.Same);

    /// <summary>Whether a name surely is an item that anybody may know of. A table's own name may stand for its whole row.</summary>
    public bool IsOpen(IReadOnlyList<string> name) => name switch
    {
        [var column] => !tables.ContainsKey(column) && tables.Values.Where(t => t.ContainsKey(column)).ToList() is { Count: > 0 } meant && meant.All(t => t[column]),
        [var table, var column] => tables.TryGetValue(table, out var columns) && columns.GetValueOrDefault(column),
        _ => false,
    };

    /// <summary>Whether a name surely means nothing of the tables.</summary>
    public bool IsFree(string name) => tables.Count > 0 && !tables.ContainsKey(name) && tables.Values.All(t => !t.ContainsKey(name));

    private static IEnumerable<JsonObject> Leaves(JsonObject table) =>
        table.Word("type") == "JOIN" ? Leaves(table["left"]!.AsObject()).Concat(Leaves(table["right"]!.AsObject())) : [table];
}
