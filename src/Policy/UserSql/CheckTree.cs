// In: what must hold of a result. Out: the tree of a statement that counts what is at fault. An expression of a user is parsed alone and put in as a part of the tree, never as text.
using System.Text.Json;
using System.Text.Json.Nodes;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;

namespace Lizhou.Policy.UserSql;

internal static class CheckTree
{
    private const string Place = "lz_expression";

    /// <param name="parse">Asks the worker for a text's tree.</param>
    public static async Task<Result<string>> Of(StatementCheck check, string table, Func<string, Task<JsonObject?>> parse)
    {
        var frame = await Parsed(Text(check, table), parse);
        if (frame.Refused || check.Kind != CheckKind.Expression)
        {
            return frame.Refused ? frame.Problem! : frame.Value.ToJsonString(Deep);
        }

        var expression = await Parsed($"SELECT {check.Expression}", parse);
        if (expression.Refused)
        {
            return expression.Problem!;
        }

        var node = expression.Value["statements"]![0]!["node"]!.AsObject();
        if (node.Word("type") != "SELECT_NODE" || node["from_table"] is not JsonObject from || from.Word("type") != "EMPTY" || node["select_list"] is not JsonArray { Count: 1 } shown
            || node["where_clause"] is not null || node.Parts("modifiers").Any() || node.With().Any() || node.Parts("group_expressions").Any() || node["having"] is not null || node["qualify"] is not null
            // Held against one row, an expression can only tell of that row.
            || TreeParts.All(shown).Any(p => p.Word("class") is "SUBQUERY" or "WINDOW"))
        {
            return Problems.NotAllowed.With(check.Expression);
        }

        var place = TreeParts.All(frame.Value).First(p => p.Word("class") == "COLUMN_REF" && p.Names("column_names") is [Place]);
        place.ReplaceWith(shown[0]!.DeepClone());
        var tree = frame.Value.ToJsonString(Deep);
        var looked = SqlTree.Rewrite(tree, (_, name) => name, sure: true).Tree;
        return looked.Refused ? looked.Problem! : tree;
    }

    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 400 };

    private static async Task<Result<JsonObject>> Parsed(string sql, Func<string, Task<JsonObject?>> parse)
    {
        var answer = await parse(sql);
        if (SqlDesk.Fault(answer) is { } fault)
        {
            return fault;
        }

        var (tree, _) = SqlTree.Rewrite((string)answer!["tree"]!, (_, name) => name, sure: true);
        return tree.Refused ? tree.Problem! : JsonNode.Parse((string)answer["tree"]!, documentOptions: new JsonDocumentOptions { MaxDepth = 400 })!.AsObject();
    }

    private static string Text(StatementCheck check, string table) => check.Kind switch
    {
        CheckKind.NotNull => $"SELECT count(*) FROM {table} WHERE {string.Join(" OR ", check.Columns.Select(c => $"{SqlText.Name(c)} IS NULL"))}",
        CheckKind.Unique => $"SELECT count(*) FROM (SELECT 1 FROM {table} GROUP BY {SqlText.Names(check.Columns)} HAVING count(*) > 1) AS twice",
        CheckKind.AcceptedValues => $"SELECT count(*) FROM {table} WHERE CAST({SqlText.Name(check.Columns[0])} AS VARCHAR) NOT IN ({string.Join(", ", check.Values.Select(SqlText.Literal))})",
        _ => $"SELECT count(*) FROM {table} WHERE NOT coalesce({Place}, false)",
    };
}
