// The part of a statement's lineage that looks at tables and at expressions.
using System.Text.Json.Nodes;
using Lizhou.Lake;

namespace Lizhou.Computing.Lineage;

internal sealed partial class StatementLineage
{
    private static readonly HashSet<string> Aggregates =
    [
        .. """
            count count_star sum sum_no_overflow fsum kahan_sum sumkahan avg mean favg min max arg_min arg_max argmin argmax min_by max_by any_value arbitrary first last list array_agg string_agg group_concat listagg bool_and bool_or
            bit_and bit_or bit_xor product median mode mad quantile quantile_cont quantile_disc approx_count_distinct approx_quantile approx_top_k reservoir_quantile stddev stddev_pop stddev_samp variance var_pop var_samp covar_pop
            covar_samp corr regr_slope regr_intercept regr_r2 regr_count regr_avgx regr_avgy regr_sxx regr_syy regr_sxy skewness kurtosis kurtosis_pop entropy histogram histogram_exact count_if countif geomean geometric_mean sem
            weighted_avg wavg arg_min_null arg_max_null json_group_array json_group_object
            """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
    ];

    private List<Sight> From(JsonObject table, Named named, Scope beside)
    {
        var alias = table.Word("alias") is { Length: > 0 } given ? given : null;
        switch (table.Word("type"))
        {
            case "BASE_TABLE":
                return [new(alias ?? table.Word("table_name")!, Renamed(Table(table, named), table.Names("column_name_alias")))];
            case "SUBQUERY":
                return [new(alias ?? "", Renamed(Query(table.NodeIn("subquery"), named, beside), table.Names("column_name_alias")))];
            case "JOIN":
                return Join(table, named, beside);
            case "TABLE_FUNCTION":
                var function = table["function"]!.AsObject();
                var from = Changed(function.Parts("children").SelectMany(c => Expression(c, beside, named)), FlowKind.Transformation);
                var names = table.Names("column_name_alias");
                return [new(alias ?? function.Word("function_name")!, names.Count > 0 ? [.. names.Select(n => new FlowColumn(n, from))] : [new(null, from)])];
            case "EXPRESSION_LIST":
                var lists = table["values"]!.AsArray().Select(row => row!.AsArray().OfType<JsonObject>().Select(v => Expression(v, beside, named)).ToList()).ToList();
                return [new(alias ?? "", [.. lists[0].Select((_, i) => new FlowColumn($"col{i}", lists.SelectMany(l => l[i]).ToHashSet()))])];
            default:
                return [];
        }
    }

    private IReadOnlyList<FlowColumn> Table(JsonObject table, Named named)
    {
        var (schema, name) = (table.Word("schema_name") ?? "", table.Word("table_name") ?? "");
        if (schema.Length == 0 && named.Find(name) is { } query)
        {
            return query.Result ?? (query.Query is not { } inside ? []
                : inside.Word("type") == "RECURSIVE_CTE_NODE" ? Recursive(inside, query.Name, query.Before!, query.Aliases, null) : Renamed(Query(inside, query.Before!, null), query.Aliases));
        }

        var key = Key(schema, name);
        legs[key] = legs.GetValueOrDefault(key) + 1;
        return columns(schema, name) is { } known
            ? [.. known.Select(c => new FlowColumn(c, new HashSet<Flow> { new(key, c, FlowKind.Identity) }))]
            : throw new FlowFault(name, Place(table), unknown: false);
    }

    private List<Sight> Join(JsonObject join, Named named, Scope beside)
    {
        var kind = join.Word("join_type");
        var before = new Dictionary<string, int>(legs, StringComparer.Ordinal);
        var left = From(join["left"]!.AsObject(), named, beside);
        var lefts = Grown(before);
        before = new(legs, StringComparer.Ordinal);
        var right = From(join["right"]!.AsObject(), named, new Scope([.. beside.Tables, .. left], beside));
        var rights = Grown(before);
        // Where a row need not be met by another, it stands there without it, and vanishes when the other comes.
        optional.UnionWith(kind is "INNER" or "SEMI" ? [] : kind is "LEFT" or "ANTI" ? rights : kind == "RIGHT" ? lefts : [.. lefts, .. rights]);
        whole |= join.Word("ref_type") is "POSITIONAL";

        var shared = join.Word("ref_type") == "NATURAL"
            ? [.. left.SelectMany(l => l.Columns).Select(c => c.Name).OfType<string>().Where(n => right.Any(r => r.Find(n) is not null)).Distinct(StringComparer.OrdinalIgnoreCase)]
            : join.Names("using_columns");
        foreach (var name in shared)
        {
            deciding.UnionWith(left.Concat(right).Select(s => s.Find(name)).OfType<FlowColumn>().SelectMany(c => c.From).Select(f => f with { Kind = FlowKind.Join }));
        }

        if (join["condition"] is JsonObject on)
        {
            Decide(on, FlowKind.Join, new Scope([.. left, .. right], beside), named);
        }

        return kind is "SEMI" or "ANTI" ? left : shared.Count == 0 ? [.. left, .. right] : Merged(left, right, shared.ToHashSet(StringComparer.OrdinalIgnoreCase), kind);
    }

    /// <summary>A column both sides share is shown once: the right's when only that is sure to be there, both when neither is.</summary>
    private static List<Sight> Merged(List<Sight> left, List<Sight> right, HashSet<string> shared, string? kind)
    {
        FlowColumn One(FlowColumn column)
        {
            var other = column.Name is not null && shared.Contains(column.Name) ? right.Select(r => r.Find(column.Name)).FirstOrDefault(c => c is not null) : null;
            return other is null ? column : kind switch
            {
                "RIGHT" => column with { From = other.From },
                "OUTER" or "FULL" => column with { From = Changed(column.From.Concat(other.From), FlowKind.Transformation) },
                _ => column,
            };
        }

        return [.. left.Select(l => l with { Columns = [.. l.Columns.Select(One)] }), .. right.Select(r => r with { Hidden = shared.Concat(r.Hidden).ToHashSet(StringComparer.OrdinalIgnoreCase) })];
    }

    private IReadOnlySet<Flow> Expression(JsonObject part, Scope scope, Named named)
    {
        switch (part.Word("class"))
        {
            case "COLUMN_REF":
                var names = part.Names("column_names");
                return scope.Find(names) ?? throw new FlowFault(string.Join('.', names), Place(part), unknown: true);
            case "STAR":
                return Changed(Star(part, scope, named).SelectMany(c => c.From), FlowKind.Transformation);
            case "SUBQUERY":
                return Inner(part, scope, named);
            case "CASE":
                var checks = part.Parts("case_checks").ToList();
                return new HashSet<Flow>(
                [
                    .. Changed(checks.SelectMany(c => Expression(c["when_expr"]!.AsObject(), scope, named)), FlowKind.Conditional),
                    .. Changed(checks.SelectMany(c => Expression(c["then_expr"]!.AsObject(), scope, named)), FlowKind.Transformation),
                    .. part["else_expr"] is JsonObject other ? Changed(Expression(other, scope, named), FlowKind.Transformation) : [],
                ]);
            case "LAMBDA":
                var parameters = TreeParts.All(part["lhs"]).Where(p => p.Word("class") == "COLUMN_REF").Select(p => p.Names("column_names")[^1]);
                return Expression(part["expr"]!.AsObject(), scope.With(parameters), named);
            case "WINDOW":
                whole = true;
                return Window(part, scope, named);
            case "FUNCTION" when Aggregates.Contains((part.Word("function_name") ?? "").ToLowerInvariant()):
                return new HashSet<Flow>(
                [
                    .. Changed(part.Parts("children").SelectMany(c => Expression(c, scope, named)), FlowKind.Aggregation),
                    .. part["filter"] is JsonObject filter ? Changed(Expression(filter, scope, named), FlowKind.Conditional) : [],
                ]);
            default:
                return Changed(Children(part).SelectMany(c => Expression(c, scope, named)), FlowKind.Transformation);
        }
    }

    private HashSet<Flow> Window(JsonObject part, Scope scope, Named named)
    {
        var order = part.Parts("orders").Concat(part.Parts("arg_orders")).Select(o => o["expression"]).OfType<JsonObject>();
        return
        [
            .. Changed(part.Parts("children").SelectMany(c => Expression(c, scope, named)), FlowKind.Aggregation),
            .. Changed(part.Parts("partitions").Concat(order).SelectMany(c => Expression(c, scope, named)), FlowKind.Window),
        ];
    }

    /// <summary>A query where a value stands: its value, or whether it has rows.</summary>
    private HashSet<Flow> Inner(JsonObject part, Scope scope, Named named)
    {
        var result = Query(part.NodeIn("subquery"), named, scope);
        var exists = part.Word("subquery_type") is "EXISTS" or "NOT_EXISTS";
        return
        [
            .. exists ? [] : Changed(result.SelectMany(c => c.From), FlowKind.Transformation),
            .. part["child"] is JsonObject child ? Changed(Expression(child, scope, named), FlowKind.Transformation) : [],
        ];
    }

    private static IEnumerable<JsonObject> Children(JsonObject part) => part.Select(m => m.Value).SelectMany(v => v switch
    {
        JsonObject one => [one],
        JsonArray list => list.OfType<JsonObject>(),
        _ => Enumerable.Empty<JsonObject>(),
    }).SelectMany(c => c["class"] is not null ? [c] : Children(c));

    private static HashSet<Flow> Changed(IEnumerable<Flow> flows, FlowKind to) => [.. flows.Select(f => f with { Kind = f.Kind > to ? f.Kind : to })];

    private List<string> Grown(Dictionary<string, int> before) => [.. legs.Where(l => l.Value > before.GetValueOrDefault(l.Key)).Select(l => l.Key)];
}
