// In: a statement's tree as the engine parsed it, and the columns of the tables it names. Out: where each column of its result comes from, through queries of WITH, sub-queries, joins, unions,
// expressions and stars. Refuses, with its place, a column that is nowhere.
using System.Text.Json;
using System.Text.Json.Nodes;
using Lizhou.Lake;

namespace Lizhou.Computing.Lineage;

internal sealed partial class StatementLineage
{
    private const int Deepest = 400;
    private const int MostSteps = 100_000;

    private readonly Func<string, string, IReadOnlyList<string>?> columns;
    private readonly HashSet<Flow> deciding = [];
    private readonly Dictionary<string, int> legs = new(StringComparer.Ordinal);
    private readonly HashSet<string> optional = new(StringComparer.Ordinal);
    private bool whole;
    private int steps;

    private StatementLineage(Func<string, string, IReadOnlyList<string>?> columns) => this.columns = columns;

    /// <param name="columns">Of a table by schema and name.</param>
    /// <exception cref="FlowFault">A column is nowhere, or the statement cannot be followed.</exception>
    public static StatementFlow Of(string tree, Func<string, string, IReadOnlyList<string>?> columns)
    {
        var root = JsonNode.Parse(tree, documentOptions: new JsonDocumentOptions { MaxDepth = Deepest })!;
        var lineage = new StatementLineage(columns);
        var result = lineage.Query(root["statements"]![0]!["node"]!.AsObject(), Named.None, null);
        return new(result, lineage.deciding, (at, table) => lineage.Slice(result[at], table));
    }

    /// <summary>The name of a table in flows.</summary>
    public static string Key(string schema, string name) => schema.Length == 0 ? name : $"{schema}.{name}";

    /// <summary>A changed row of the table changes only rows with its own value: it is read once, its rows meet no window, limit or super-group, and none is there though it is not.</summary>
    private string? Slice(FlowColumn column, string table) =>
        whole || legs.GetValueOrDefault(table) != 1 || optional.Contains(table) ? null
        : column.From.Where(f => f.Table == table).ToList() is [{ Kind: FlowKind.Identity } only] && column.From.All(f => f.Kind == FlowKind.Identity) ? only.Column : null;

    private List<FlowColumn> Query(JsonObject node, Named named, Scope? outer)
    {
        if (++steps > MostSteps)
        {
            throw new FlowFault("…", null, unknown: false);
        }

        foreach (var (name, query) in node.With())
        {
            named = named.And(name, query.NodeIn("query"), query.Names("aliases"));
        }

        var result = node.Word("type") switch
        {
            "SELECT_NODE" => Select(node, named, outer),
            "SET_OPERATION_NODE" => Together(node, named, outer),
            _ => throw new FlowFault(node.Word("type") ?? "", null, unknown: false),
        };
        return result;
    }

    private List<FlowColumn> Together(JsonObject node, Named named, Scope? outer)
    {
        var (left, right) = (Query(node["left"]!.AsObject(), named, outer), Query(node["right"]!.AsObject(), named, outer));
        var merged = node.Word("setop_type") == "UNION_BY_NAME"
            ? left.Select(l => l with { From = Both(l, right.FirstOrDefault(r => Same(l.Name, r.Name))) }).Concat(right.Where(r => !left.Any(l => Same(l.Name, r.Name)))).ToList()
            : [.. left.Select((l, i) => l with { From = Both(l, right.ElementAtOrDefault(i)) })];
        Modifiers(node, new Scope([new("", merged)], outer), merged, named);
        return merged;
    }

    /// <summary>The first query's columns, and what the second makes of them until nothing new comes in.</summary>
    private List<FlowColumn> Recursive(JsonObject node, string name, Named named, IReadOnlyList<string> aliases, Scope? outer)
    {
        whole = true;
        var result = Renamed(Query(node["left"]!.AsObject(), named, outer), aliases);
        for (var grown = true; grown;)
        {
            var next = Query(node["right"]!.AsObject(), named.Known(name, result), outer);
            var merged = result.Select((l, i) => l with { From = Both(l, next.ElementAtOrDefault(i)) }).ToList();
            grown = merged.Zip(result).Any(p => p.First.From.Count > p.Second.From.Count);
            result = merged;
        }

        return result;
    }

    private List<FlowColumn> Select(JsonObject node, Named named, Scope? outer)
    {
        var scope = new Scope(From(node["from_table"]!.AsObject(), named, new Scope([], outer)), outer);
        Decide(node["where_clause"], FlowKind.Filter, scope, named);
        var result = new List<FlowColumn>();
        foreach (var shown in node.Parts("select_list"))
        {
            if (shown.Word("class") == "STAR")
            {
                result.AddRange(Star(shown, scope, named));
                continue;
            }

            var name = shown.Word("alias") is { Length: > 0 } alias ? alias : shown.Word("class") == "COLUMN_REF" ? shown.Names("column_names")[^1] : null;
            var column = new FlowColumn(name, Expression(shown, scope, named));
            result.Add(column);
            if (name is not null)
            {
                scope.Name(name, column.From);
            }
        }

        foreach (var by in node.Parts("group_expressions"))
        {
            Decide(by.Word("class") == "CONSTANT" ? null : by, FlowKind.GroupBy, scope, named);
        }

        if (node.Word("aggregate_handling") == "FORCE_AGGREGATES")
        {
            // GROUP BY ALL: by every column that is no aggregate.
            deciding.UnionWith(result.SelectMany(c => c.From).Where(f => f.Kind <= FlowKind.Transformation).Select(f => f with { Kind = FlowKind.GroupBy }));
        }

        whole |= node["group_sets"] is JsonArray { Count: > 1 };
        Decide(node["having"], FlowKind.Filter, scope, named);
        Decide(node["qualify"], FlowKind.Filter, scope, named);
        Modifiers(node, scope, result, named);
        return result;
    }

    private void Modifiers(JsonObject node, Scope scope, IReadOnlyList<FlowColumn> result, Named named)
    {
        foreach (var modifier in node.Parts("modifiers"))
        {
            whole |= modifier.Word("type") is "LIMIT_MODIFIER" or "LIMIT_PERCENT_MODIFIER" || modifier.Parts("distinct_on_targets").Any();
            foreach (var by in modifier.Parts("orders").Select(o => o["expression"]).OfType<JsonObject>().Concat(modifier.Parts("distinct_on_targets")))
            {
                if (by.Word("class") == "COLUMN_REF" && by.Names("column_names") is [var name] && result.FirstOrDefault(c => Same(c.Name, name)) is { } shown)
                {
                    deciding.UnionWith(shown.From.Select(f => f with { Kind = FlowKind.Sort }));
                }
                else if (by.Word("class") is not ("CONSTANT" or "STAR"))
                {
                    Decide(by, FlowKind.Sort, scope, named);
                }
            }
        }
    }

    private IEnumerable<FlowColumn> Star(JsonObject star, Scope scope, Named named)
    {
        if (star["columns"] is JsonValue columnsOf && columnsOf.GetValue<bool>())
        {
            throw new FlowFault("COLUMNS", Place(star), unknown: false);
        }

        var only = star.Word("relation_name") ?? "";
        var without = star.Names("exclude_list").ToHashSet(StringComparer.OrdinalIgnoreCase);
        var instead = star.Parts("replace_list").ToDictionary(r => r.Word("key") ?? "", r => r["value"]!.AsObject(), StringComparer.OrdinalIgnoreCase);
        foreach (var table in scope.Tables.Where(t => only.Length == 0 || Same(t.Name, only)))
        {
            foreach (var column in table.Columns.Where(c => c.Name is null || (!without.Contains(c.Name) && (only.Length > 0 || !table.Hidden.Contains(c.Name)))))
            {
                yield return column.Name is not null && instead.TryGetValue(column.Name, out var other) ? new(column.Name, Expression(other, scope, named)) : column;
            }
        }
    }

    private void Decide(JsonNode? expression, FlowKind kind, Scope scope, Named named)
    {
        if (expression is JsonObject part)
        {
            deciding.UnionWith(Expression(part, scope, named).Select(f => f with { Kind = kind }));
        }
    }

    private static HashSet<Flow> Both(FlowColumn left, FlowColumn? right) => [.. left.From, .. right?.From ?? new HashSet<Flow>()];

    private static List<FlowColumn> Renamed(IReadOnlyList<FlowColumn> columns, IReadOnlyList<string> names) => [.. columns.Select((c, i) => i < names.Count ? c with { Name = names[i] } : c)];

    private static bool Same(string? one, string? other) => one is not null && string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static long? Place(JsonObject part) => part["query_location"] is JsonValue value && value.TryGetValue<ulong>(out var at) && at < int.MaxValue ? (long)at : null;

    /// <summary>The queries of WITH in sight; each is followed anew wherever it is named, so that a table read twice counts twice.</summary>
    private sealed record Named(string Name, JsonObject? Query, IReadOnlyList<string> Aliases, IReadOnlyList<FlowColumn>? Result, Named? Before)
    {
        public static readonly Named None = new("", null, [], null, null);

        public Named And(string name, JsonObject query, IReadOnlyList<string> aliases) => new(name, query, aliases, null, this);

        public Named Known(string name, IReadOnlyList<FlowColumn> result) => new(name, null, [], result, this);

        public Named? Find(string name)
        {
            for (var at = this; at is not null; at = at.Before)
            {
                if (Same(at.Name, name))
                {
                    return at;
                }
            }

            return null;
        }
    }
}
