// In: a grant. Out: the OpenAPI 3.1 document of its data API: every way under it, its items with their masks, parameters, formats, answers and refusals, and how one proves who one is.
// Refuses whom the data API refuses, with the same evidence; a label is not asked for, as no value is in it.
using System.Security.Claims;
using System.Text.Json.Nodes;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Grants;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Sharing.Data;

internal static class ApiOfGrant
{
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";

    internal static async Task<IResult> Handle(string number, ReadGranted read, ClaimsPrincipal who, CancellationToken stop)
    {
        var carried = await read.Carried(number, who, stop, described: true);
        return carried.Refused
            ? carried.Problem!.ToHttp()
            : TypedResults.Text(Document(carried.Value.Grant, [.. carried.Value.Items.Where(d => d.Verdict != Verdict.Refuse)]).ToJsonString(), $"{Json}; charset=utf-8");
    }

    private static JsonObject Document(SharedGrant grant, IReadOnlyList<ItemDecision> items)
    {
        var components = JsonNode.Parse(ApiParts.Components)!.AsObject();
        var columns = new JsonObject(items.Select(i => KeyValuePair.Create<string, JsonNode?>(i.Item.Column, Column(i))));
        components["schemas"]!["row"] = new JsonObject { ["type"] = "object", ["properties"] = columns };
        components["securitySchemes"]!["application"]!["flows"]!["clientCredentials"]!["scopes"] = new JsonObject { [grant.Number] = grant.Purpose };
        var at = $"/api/v1/data/{grant.Number}";
        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = $"{grant.Number} {grant.ResourceName}", ["version"] = "1", ["description"] = grant.Purpose },
            ["security"] = new JsonArray(new JsonObject { ["key"] = new JsonArray() }, new JsonObject { ["application"] = new JsonArray(grant.Number) }),
            ["paths"] = new JsonObject
            {
                [at] = Get("read", "Rows as the grant shows them: a page of JSON within one snapshot, or all rows in another format", ReadParameters(items), Rows(), "304", "400", "401", "403", "404", "406", "409", "429"),
                [$"{at}/changes"] = Get("changes", "What came, changed or went since a cursor", ChangeParameters(), Changes(), "400", "401", "403", "404", "406", "409", "410", "429"),
                [$"{at}/corrections"] = Get("corrections", "When rows that were taken changed or went afterwards", [], Of(("corrections", Json)), "401", "403", "404", "429"),
                [$"{at}/files"] = Get("files", "Files of deliveries that wait", [], Of(("files", Json)), "401", "403", "404"),
                [$"{at}/files/{{run}}"] = Get("fetch", "A file, also in ranges; its ETag is its SHA-256", [Run()], Bytes("application/octet-stream", "application/pkcs7-mime"), "206", "304", "401", "403", "404", "410", "416", "429"),
                [$"{at}/files/{{run}}/manifest"] = Get("manifest", "What the file is", [Run()], Of(("manifest", Json)), "401", "403", "404", "410", "429"),
                [$"{at}/files/{{run}}/signature"] = Get("signature", "Detached CMS signature over the manifest", [Run()], Bytes("application/pkcs7-signature"), "401", "403", "404", "410", "429"),
            },
            ["components"] = components,
        };
    }

    private static JsonObject Column(ItemDecision of) => new()
    {
        ["type"] = new JsonArray(of.Mask is null ? TypeOf(of.Item.Type) : "string", "null"),
        ["title"] = of.Item.Name,
        ["description"] = of.Mask is null ? of.Item.Meaning : $"{of.Item.Meaning} mask: {of.Mask}".Trim(),
    };

    private static JsonArray ReadParameters(IReadOnlyList<ItemDecision> items)
    {
        JsonArray parameters =
        [
            Query("select", "Columns, comma-separated; all when left out", Text()), Query("order", "Columns, comma-separated; - before one for descending", Text()),
            Query("limit", "Rows a page; JSON only, other formats give all rows and refuse it", Number(1000, 100)), Query("after", "next of the page before; it fixes the snapshot; JSON only", Text()),
            Query("count", "true to get the total; JSON only", new() { ["type"] = "boolean", ["default"] = false }), Where(items),
            Query("batch", "Only rows of this batch", Id()), Query("format", "Before Accept; json when neither says anything", Among("json", "csv", "ndjson", "arrow", "parquet", "xlsx")),
            Header("If-None-Match", "The ETag of an answer before"),
        ];
        foreach (var item in items)
        {
            parameters.Add(Query(item.Item.Column, "Only rows for which it is true, with all other conditions: eq. ne. lt. le. gt. ge. before a value, in.(a,b), is.null, not.null; e.g. " + $"{item.Item.Column}=eq.{Example(item)}", new() { ["type"] = "string", ["pattern"] = @"^((eq|ne|lt|le|gt|ge)\.|in\.\(.*\)$|(is|not)\.null$)" }));
        }

        return parameters;
    }

    /// <summary>What the short form (<c>column=eq.value</c>, all of them together) cannot say: any of several, not.</summary>
    private static JsonObject Where(IReadOnlyList<ItemDecision> items)
    {
        var (first, last) = (items[0], items[^1]);
        JsonObject Equal(ItemDecision of) => new() { ["column"] = of.Item.Column, ["is"] = "Equal", ["value"] = Example(of) };
        JsonObject Named(JsonObject value) => new() { ["value"] = value };
        return new()
        {
            ["name"] = "where",
            ["in"] = "query",
            ["description"] = "A condition as JSON, percent-encoded; it holds together with the short form of the items",
            ["content"] = new JsonObject
            {
                [Json] = new JsonObject
                {
                    ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/condition" },
                    ["examples"] = new JsonObject
                    {
                        ["equal"] = Named(Equal(first)),
                        ["oneOf"] = Named(new() { ["column"] = first.Item.Column, ["oneOf"] = new JsonArray(Example(first)) }),
                        ["any"] = Named(new() { ["any"] = new JsonArray(Equal(first), new JsonObject { ["not"] = new JsonObject { ["column"] = last.Item.Column, ["empty"] = true } }) }),
                    },
                },
            },
        };
    }

    /// <summary>A value of the type as it is shown.</summary>
    private static string Example(ItemDecision of) => of.Mask is not (null or MaskKind.Null or MaskKind.Noise) ? "x" : of.Item.Type switch
    {
        ItemType.Number or ItemType.Money or ItemType.Integer or ItemType.Double or ItemType.Float => "1",
        ItemType.Date => "2026-01-31",
        ItemType.Moment => "2026-01-31T08:00:00",
        ItemType.Logical => "true",
        _ => "x",
    };

    private static JsonArray ChangeParameters() =>
    [
        Query("since", "cursor of the answer before; left out: everything; now: only the place, no rows", Text()), Query("limit", "Changes a page; JSON only", Number(1000, 1000)),
        Query("format", "ndjson gives all changes, one a line, and the next cursor last", Among("json", "ndjson")),
    ];

    private static JsonObject Rows()
    {
        var content = Of(("rows", Json), ("row", Lines));
        foreach (var type in ReadGranted.Formats.Values.Select(f => f.Type.Split(';')[0]).Where(t => !content.ContainsKey(t)))
        {
            content[type] = Binary();
        }

        return content;
    }

    private static JsonObject Changes() => Of(("changes", Json), ("change", Lines));

    private static JsonObject Of(params (string Schema, string Type)[] content) =>
        new(content.Select(c => KeyValuePair.Create<string, JsonNode?>(c.Type, new JsonObject { ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{c.Schema}" } })));

    private static JsonObject Bytes(params string[] types) => new(types.Select(t => KeyValuePair.Create<string, JsonNode?>(t, Binary())));

    /// <summary>As 3.1 has it: no type for bytes as they are.</summary>
    private static JsonObject Binary() => new() { ["schema"] = new JsonObject() };

    private static JsonObject Get(string name, string summary, JsonArray parameters, JsonObject content, params string[] others)
    {
        var ok = new JsonObject { ["description"] = summary, ["content"] = content };
        if (others.Contains("304"))
        {
            ok["headers"] = new JsonObject { ["ETag"] = new JsonObject { ["schema"] = Text() } };
        }

        var responses = new JsonObject { ["200"] = ok };
        foreach (var status in others)
        {
            responses[status] = new JsonObject { ["$ref"] = $"#/components/responses/{status}" };
        }

        return new() { ["get"] = new JsonObject { ["operationId"] = name, ["summary"] = summary, ["parameters"] = parameters, ["responses"] = responses } };
    }

    private static JsonObject Run() => new() { ["name"] = "run", ["in"] = "path", ["required"] = true, ["description"] = "run of the list of files", ["schema"] = Id() };

    private static JsonObject Query(string name, string description, JsonObject schema) => new() { ["name"] = name, ["in"] = "query", ["description"] = description, ["schema"] = schema };

    private static JsonObject Header(string name, string description) => new() { ["name"] = name, ["in"] = "header", ["description"] = description, ["schema"] = Text() };

    private static JsonObject Text() => new() { ["type"] = "string" };

    private static JsonObject Id() => new() { ["type"] = "string", ["format"] = "uuid" };

    private static JsonObject Number(int most, int usual) => new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = most, ["default"] = usual };

    private static JsonObject Among(params string[] values) => new() { ["type"] = "string", ["enum"] = new JsonArray([.. values.Select(v => JsonValue.Create(v))]), ["default"] = values[0] };

    private static string TypeOf(ItemType type) => type switch
    {
        ItemType.Number or ItemType.Money or ItemType.Double or ItemType.Float => "number",
        ItemType.Integer => "integer",
        ItemType.Logical => "boolean",
        _ => "string",
    };
}
