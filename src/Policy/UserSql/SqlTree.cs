// In: a statement as the engine parsed it, and what table names stand for. Out: the same tree with every table replaced by the policy's view of it; or what is not allowed.
// Everything is refused that is not known: node, table form, expression class, function. No text of the user is ever looked at or pasted.
using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lizhou.Kernel;
using Lizhou.Lake;

namespace Lizhou.Policy.UserSql;

internal sealed partial class SqlTree
{
    private const int Deepest = 400;

    private static readonly HashSet<string> Nodes = ["SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"];
    private static readonly HashSet<string> Tables = ["BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY"];
    private static readonly HashSet<string> Others =
        ["ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER", "ORDER_DEFAULT", "ASCENDING", "DESCENDING"];

    private static readonly HashSet<string> Classes =
    [
        "COLUMN_REF", "CONSTANT", "FUNCTION", "COMPARISON", "CONJUNCTION", "OPERATOR", "CASE", "CAST", "SUBQUERY", "STAR", "WINDOW", "BETWEEN", "LAMBDA", "COLLATE",
        "POSITIONAL_REFERENCE",
    ];

    /// <summary>What a type says of itself beside its name: the digits of a decimal, what a list or a structure holds.</summary>
    private static readonly HashSet<string> TypeParts = new(["DECIMAL_TYPE_INFO", "LIST_TYPE_INFO", "STRUCT_TYPE_INFO", "STRING_TYPE_INFO"], StringComparer.Ordinal);

    private static readonly HashSet<string> Types =
    [
        "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "VARCHAR", "DATE",
        "TIME", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "INTERVAL", "UUID", "NULL", "STRUCT", "LIST", "MAP", "ARRAY", "BLOB", "ANY",
        "INVALID", "UNKNOWN", "SQLNULL", "INTEGER_LITERAL", "STRING_LITERAL", "UNBOUND",
    ];

    /// <summary>Functions, and words that mean one, whose answer is another each time.</summary>
    private static readonly HashSet<string> Fickle =
    [
        "random", "setseed", "uuid", "gen_random_uuid", "now", "today", "current_date", "current_time", "get_current_time", "current_timestamp", "get_current_timestamp", "current_localtimestamp",
        "current_localtime", "localtimestamp", "localtime", "transaction_timestamp",
    ];

    private static readonly Text NoSelect = new("该语句不是 SELECT", "this is no SELECT");
    private static readonly Text One = new("一次执行一条，且不能为空", "one at a time, and not none");

    private readonly Func<string, string, string?> view;
    private readonly bool sure;
    private Problem? problem;
    private long? at;

    private SqlTree(Func<string, string, string?> view, bool sure) => (this.view, this.sure) = (view, sure);

    /// <summary>The names of the tables a statement reads, as (schema, name) in the order met; or what is not allowed in it.</summary>
    public static Result<IReadOnlyList<(string Schema, string Name)>> TablesOf(string serialized)
    {
        var met = new List<(string, string)>();
        var seen = Rewrite(serialized, (schema, name) =>
        {
            met.Add((schema, name));
            return name;
        });
        if (seen.Refused)
        {
            return seen.Problem!;
        }

        var reserved = Words(JsonNode.Parse(seen.Value, documentOptions: new JsonDocumentOptions { MaxDepth = Deepest })).FirstOrDefault(w => w.StartsWith(PersonTrace.Reserved, StringComparison.OrdinalIgnoreCase));
        return reserved is null ? met.Distinct().ToList() : Problems.NotAllowed.With(reserved);
    }

    /// <param name="view">The view's name for a table's schema and name; null when there is no such table.</param>
    public static Result<string> Rewrite(string serialized, Func<string, string, string?> view) => Rewrite(serialized, view, sure: false).Tree;

    /// <param name="sure">Whether it must give the same rows whenever it is run.</param>
    /// <returns>Beside a refusal, the byte of the statement it is about; null where that is not known.</returns>
    public static (Result<string> Tree, long? At) Rewrite(string serialized, Func<string, string, string?> view, bool sure)
    {
        JsonObject root;
        try
        {
            root = JsonNode.Parse(serialized, documentOptions: new JsonDocumentOptions { MaxDepth = Deepest })!.AsObject();
        }
        catch (JsonException)
        {
            return (Problems.TooDeep, null);
        }

        if (root["error"] is JsonValue error && error.GetValue<bool>())
        {
            return (Problems.NotOneSelect.With(Told((string?)root["error_message"] ?? "")), long.TryParse(root.Word("position"), out var byteAt) ? byteAt : null);
        }

        if (root["statements"] is not JsonArray { Count: 1 })
        {
            return (Problems.NotOneSelect.With(One), null);
        }

        var tree = new SqlTree(view, sure);
        tree.Walk(root["statements"], new HashSet<string>(StringComparer.Ordinal));
        return (tree.problem is null ? root.ToJsonString(new JsonSerializerOptions { MaxDepth = Deepest }) : tree.problem, tree.at);
    }

    /// <summary>Of what parses and is no SELECT the engine says only that it cannot be told as JSON; where it does not parse, its word stands in the statement.</summary>
    private static object Told(string engine) => engine.StartsWith("Only SELECT", StringComparison.Ordinal) ? NoSelect : EngineWords.OfText(engine);

    private void Walk(JsonNode? node, IReadOnlySet<string> known)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var part in list)
                {
                    Walk(part, known);
                }

                break;
            case JsonObject part:
                Look(part, known);
                break;
        }
    }

    private void Look(JsonObject part, IReadOnlySet<string> known)
    {
        if (problem is not null)
        {
            return;
        }

        Steady(part);
        if (part["class"] is not null)
        {
            Expression(part);
        }
        else if (part.Word("type") is { } type && !TypeParts.Contains(type))
        {
            if (Nodes.Contains(type))
            {
                Query(part, known);
                return;
            }

            Table(part, type, known);
        }
        else if (part["id"] is not null && part.Word("id") is { } id && !Types.Contains(id))
        {
            Refuse(Problems.NotAllowed.With(id));
        }

        foreach (var (_, child) in part)
        {
            Walk(child, known);
        }

        if (problem is not null)
        {
            at ??= part.TryGetPropertyValue("query_location", out var place) && place is JsonValue number && number.TryGetValue<ulong>(out var byteAt) && byteAt < int.MaxValue ? (long)byteAt : null;
        }
    }

    /// <summary>A sample of rows, a moment and a lot are others each time.</summary>
    private void Steady(JsonObject part)
    {
        var word = part["sample"] is JsonObject ? "TABLESAMPLE"
            : part.Word("class") == "FUNCTION" ? part.Word("function_name")?.ToLowerInvariant()
            : part.Word("class") == "COLUMN_REF" && part.Names("column_names") is [var only] ? only.ToLowerInvariant() : null;
        if (sure && word is not null && (word == "TABLESAMPLE" || Fickle.Contains(word)))
        {
            Refuse(Problems.Fickle.With(word));
        }
    }

    private void Expression(JsonObject part)
    {
        var kind = part.Word("class");
        if (kind is null || !Classes.Contains(kind))
        {
            Refuse(Problems.NotAllowed.With(kind));
            return;
        }

        if (kind is "FUNCTION" or "WINDOW")
        {
            Called(part, SqlFunctions.Scalar);
        }
    }

    private void Called(JsonObject part, IReadOnlySet<string> allowed)
    {
        var name = part.Word("function_name") ?? "";
        if (!allowed.Contains(name.ToLowerInvariant()) || (part.Word("schema") ?? "") is not ("" or "main") || (part.Word("catalog") ?? "") != "")
        {
            Refuse(Problems.ForbiddenFunction.With(name));
        }
    }

    private void Table(JsonObject part, string type, IReadOnlySet<string> known)
    {
        if (!Tables.Contains(type) && !Others.Contains(type))
        {
            Refuse(Problems.NotAllowed.With(type));
        }
        else if (type == "BASE_TABLE")
        {
            Base(part, known);
        }
        else if (type == "TABLE_FUNCTION")
        {
            if (part["function"] is JsonObject function && function.Word("class") == "FUNCTION")
            {
                Called(function, SqlFunctions.Table);
            }
            else
            {
                Refuse(Problems.NotAllowed.With(type));
            }
        }
    }

    private void Base(JsonObject part, IReadOnlySet<string> known)
    {
        var (schema, name) = (part.Word("schema_name") ?? "", part.Word("table_name") ?? "");
        if ((part.Word("catalog_name") ?? "") != "" || part["at_clause"] is not null)
        {
            Refuse(Problems.UnknownTable.With(name));
        }
        else if (schema.Length == 0 && known.Contains(name.ToLowerInvariant()))
        {
            return;
        }
        else if (view(schema, name) is { } found)
        {
            // Columns may be named by the table's own name.
            part["alias"] = part.Word("alias") is { Length: > 0 } alias ? alias : name;
            (part["schema_name"], part["table_name"]) = ("", found);
        }
        else
        {
            Refuse(Problems.UnknownTable.With(schema.Length == 0 ? name : $"{schema}.{name}"));
        }
    }

    /// <summary>Names of WITH hold inside their query; each sees those before it and, for recursion, itself.</summary>
    private void Query(JsonObject node, IReadOnlySet<string> known)
    {
        var inside = new HashSet<string>(known, StringComparer.Ordinal);
        if (node["cte_map"]?["map"] is JsonArray named)
        {
            foreach (var entry in named.OfType<JsonObject>())
            {
                var name = entry.Word("key") ?? "";
                // A plain word never is a file, so a name that is not in force where it stands finds nothing.
                if (!PlainName().IsMatch(name))
                {
                    Refuse(Problems.NotAllowed.With(name));
                    return;
                }

                inside.Add(name.ToLowerInvariant());
                Walk(entry["value"], new HashSet<string>(inside, StringComparer.Ordinal));
            }
        }

        foreach (var (member, child) in node)
        {
            if (member != "cte_map")
            {
                Walk(child, inside);
            }
        }
    }

    private void Refuse(Problem found) => problem ??= found;

    /// <summary>All words of a statement but its values.</summary>
    private static IEnumerable<string> Words(JsonNode? part) => part switch
    {
        JsonArray list => list.SelectMany(Words),
        JsonObject one => one.Where(m => m.Key != "value" || one.Word("class") != "CONSTANT").SelectMany(m => Words(m.Value)),
        JsonValue value when value.TryGetValue<string>(out var word) => [word],
        _ => [],
    };

    [GeneratedRegex(@"\A[\p{L}_][\p{L}\p{N}_]{0,62}\z", RegexOptions.NonBacktracking)]
    private static partial Regex PlainName();
}
