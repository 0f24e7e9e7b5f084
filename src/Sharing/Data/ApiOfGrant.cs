// In: a grant. Out: the OpenAPI 3.1 document of its data API: its items with their masks, its filters, formats and refusals. Refuses whom the data API refuses.
using System.Security.Claims;
using System.Text.Json.Nodes;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Sharing.Data;

internal static class ApiOfGrant
{
    internal static async Task<IResult> Handle(string number, ReadGranted read, IRowGate gate, ClaimsPrincipal who, CancellationToken stop)
    {
        var caller = await read.Caller(number, who, stop);
        if (caller.Refused)
        {
            return caller.Problem!.ToHttp();
        }

        var (grant, actor) = caller.Value;
        var decided = await gate.Decide(new RowAsk(grant.Resource, grant.Purpose) { Grant = grant.Id }, actor, stop);
        return decided.Refused
            ? decided.Problem!.ToHttp()
            : TypedResults.Text(Document(number, grant.ResourceName, grant.Purpose, [.. decided.Value.Where(d => d.Verdict != Verdict.Refuse)]).ToJsonString(), "application/json; charset=utf-8");
    }

    private static JsonObject Document(string number, string name, string purpose, IReadOnlyList<ItemDecision> items)
    {
        var columns = new JsonObject();
        foreach (var item in items)
        {
            columns[item.Item.Column] = new JsonObject
            {
                ["type"] = new JsonArray(item.Mask is null ? TypeOf(item.Item.Type) : "string", "null"),
                ["title"] = item.Item.Name,
                ["description"] = item.Mask is null ? item.Item.Meaning : $"{item.Item.Meaning} mask: {item.Mask}".Trim(),
            };
        }

        JsonArray parameters = [
            Query("select", "Columns, comma-separated"), Query("order", "Columns, comma-separated; - before one for descending"), Query("limit", "1 to 1000 rows a page (JSON)"),
            Query("after", "next of the page before; it fixes the snapshot"), Query("where", "A condition as JSON"), Query("batch", "Only rows of this batch"), Query("count", "true to get the total"),
            Query("format", "json, csv, ndjson, arrow, parquet, xlsx")];
        foreach (var item in items)
        {
            parameters.Add(Query(item.Item.Column, "eq. ne. lt. le. gt. ge. before a value, in.(a,b), is.null, not.null"));
        }

        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = $"{number} {name}", ["version"] = "1", ["description"] = purpose },
            ["security"] = new JsonArray(new JsonObject { ["key"] = new JsonArray() }),
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["key"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
                ["schemas"] = new JsonObject { ["row"] = new JsonObject { ["type"] = "object", ["properties"] = columns } },
            },
            ["paths"] = new JsonObject { [$"/api/v1/data/{number}"] = new JsonObject { ["get"] = Get(parameters) } },
        };
    }

    private static JsonObject Get(JsonArray parameters)
    {
        var page = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["snapshot"] = new JsonObject { ["type"] = "integer" },
                ["rows"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["$ref"] = "#/components/schemas/row" } },
                ["next"] = new JsonObject { ["type"] = new JsonArray("string", "null") },
            },
        };
        var responses = new JsonObject { ["200"] = new JsonObject { ["description"] = "Rows", ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = page } } } };
        foreach (var (status, text) in new[] { ("304", "Nothing changed since If-None-Match"), ("400", "The query is not valid"), ("401", "No key"), ("403", "The grant does not carry, with the reason"), ("404", "No such grant"), ("429", "The day's quota is spent") })
        {
            responses[status] = new JsonObject { ["description"] = text };
        }

        return new() { ["operationId"] = "read", ["parameters"] = parameters, ["responses"] = responses };
    }

    private static JsonObject Query(string name, string description) =>
        new() { ["name"] = name, ["in"] = "query", ["description"] = description, ["schema"] = new JsonObject { ["type"] = "string" } };

    private static string TypeOf(ItemType type) => type switch
    {
        ItemType.Number or ItemType.Money or ItemType.Double or ItemType.Float => "number",
        ItemType.Integer => "integer",
        ItemType.Logical => "boolean",
        _ => "string",
    };
}
