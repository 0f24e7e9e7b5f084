// The description of a grant's own API, read by a library, held against the answers.
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

[Collection(nameof(DataCity))]
public sealed class DataDescriptionTests(SharedCity city)
{
    [Fact]
    public async Task The_grant_describes_its_own_API_so_that_a_library_finds_no_fault_and_the_answers_are_as_described()
    {
        var (grant, program, _) = await city.Ready(masks: new { name = "Partial" }, items: ["code", "name", "amount"]);
        var read = OpenApiDocument.Parse(await program.GetStringAsync($"/api/v1/data/{grant}/openapi.json"), "json");
        read.Diagnostic!.Errors.ShouldBeEmpty();
        read.Diagnostic.Warnings.ShouldBeEmpty();
        var document = read.Document!;
        document.Components!.Schemas!["row"].Properties!.Keys.ShouldBe(["code", "name", "amount"]);
        var rows = document.Paths[$"/api/v1/data/{grant}"].Operations![HttpMethod.Get];
        string[] words = ["select", "order", "limit", "after", "count", "where", "batch", "format", "If-None-Match"];
        rows.Parameters!.Select(p => p.Name).ShouldBe([.. words, "code", "name", "amount"]);
        var where = rows.Parameters!.Single(p => p.Name == "where").Content!["application/json"];
        where.Schema.ShouldBeOfType<OpenApiSchemaReference>().Reference.Id.ShouldBe("condition");
        foreach (var example in where.Examples!.Values)
        {
            (await program.GetAsync($"/api/v1/data/{grant}?where={Uri.EscapeDataString(example.Value!.ToJsonString())}")).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        }

        foreach (var format in new[] { "json", "csv", "ndjson", "arrow", "parquet", "xlsx" })
        {
            rows.Responses!["200"].Content!.Keys.ShouldContain((await program.GetAsync($"/api/v1/data/{grant}?format={format}")).Content.Headers.ContentType!.MediaType!, format);
        }

        // Every way under the grant that the host has is there, and none else; every refusal is a problem, but that of no key.
        var ways = city.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText!)
            .Where(r => r.StartsWith("/api/v1/data/{number}", StringComparison.Ordinal) && !r.EndsWith("openapi.json", StringComparison.Ordinal)).Distinct(); // HEAD is told with its GET.
        document.Paths.Keys.ShouldBe(ways.Select(w => w.Replace("{number}", grant, StringComparison.Ordinal).Replace(":guid", "", StringComparison.Ordinal)), ignoreOrder: true);
        foreach (var (status, answer) in document.Paths.Values.SelectMany(p => p.Operations!.Values).SelectMany(o => o.Responses!).Where(r => r.Key is not ("200" or "206" or "304" or "416")))
        {
            answer.Content!.Keys.ShouldBe(["application/problem+json"], status);
        }

        document.Components.SecuritySchemes!.Select(s => (s.Key, s.Value.Type)).ShouldBe([("key", SecuritySchemeType.Http), ("application", SecuritySchemeType.OAuth2)], ignoreOrder: true);
        Fits(document, "rows", await Json(await program.GetAsync($"/api/v1/data/{grant}?count=true")));
        Fits(document, "changes", await Json(await program.GetAsync($"/api/v1/data/{grant}/changes")));
        Fits(document, "problem", await (await program.GetAsync($"/api/v1/data/{grant}?limit=0")).Content.ReadFromJsonAsync<JsonElement>());
    }

    [Fact]
    public async Task Whom_the_grant_carries_no_more_is_refused_its_description_with_evidence()
    {
        var (grant, program, _) = await city.Ready();
        await Json(await city.SourceSteward.PostAsJsonAsync($"/api/v1/grants/{grant}/revoke", new { reason = "用途已结束" }));
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}/openapi.json"))).ShouldBe("POL-006");
        var entry = (await Json(await city.Engineer.GetAsync($"/api/v1/ledger/entries?act=data.refused&grant={grant}"))).GetProperty("items")[0];
        entry.GetProperty("result").GetString().ShouldBe("POL-006");
    }

    /// <summary>That an answer has what its schema requires, nothing it does not name, and each of its type.</summary>
    private static void Fits(OpenApiDocument document, string schema, JsonElement answer) => Fits(document.Components!.Schemas![schema], answer, schema);

    private static void Fits(IOpenApiSchema schema, JsonElement answer, string at)
    {
        var kind = answer.ValueKind switch
        {
            JsonValueKind.Null => JsonSchemaType.Null, JsonValueKind.True or JsonValueKind.False => JsonSchemaType.Boolean, JsonValueKind.String => JsonSchemaType.String,
            JsonValueKind.Array => JsonSchemaType.Array, JsonValueKind.Object => JsonSchemaType.Object,
            _ => schema.Type!.Value.HasFlag(JsonSchemaType.Integer) ? JsonSchemaType.Integer : JsonSchemaType.Number,
        };
        schema.Type!.Value.HasFlag(kind).ShouldBeTrue($"{at} is {kind}, said to be {schema.Type}");
        if (kind == JsonSchemaType.Array)
        {
            answer.EnumerateArray().ToList().ForEach(e => Fits(schema.Items!, e, at + "[]"));
        }
        else if (kind == JsonSchemaType.Object)
        {
            (schema.Required ?? new HashSet<string>()).Except(answer.EnumerateObject().Select(p => p.Name)).ShouldBeEmpty(at);
            answer.EnumerateObject().ToList().ForEach(p => Fits(schema.Properties![p.Name], p.Value, $"{at}.{p.Name}"));
        }
    }
}
