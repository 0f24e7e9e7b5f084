// In: the interface document's schema of a condition, which its own converter hides. Out: the same with what its JSON is and examples; a grant's own document has it in full.
using System.Text.Json.Nodes;
using Lizhou.Kernel;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Lizhou.Host;

internal sealed class ConditionSchema : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type == typeof(Condition))
        {
            schema.Type = JsonSchemaType.Object;
            schema.Description = "Which rows. One of: {column, is, value} with is Equal, NotEqual, Less, AtMost, More or AtLeast; {column, oneOf: [values]}; {column, empty: true}; {all: [conditions]}; {any: [conditions]}; {not: condition}. "
                + "Nothing else; at most 12 deep, 200 parts. A comparison with an empty cell is never true.";
            schema.Examples =
            [
                JsonNode.Parse("""{ "column": "town", "is": "Equal", "value": "x" }""")!,
                JsonNode.Parse("""{ "all": [{ "column": "amount", "is": "AtLeast", "value": 20 }, { "not": { "column": "note", "empty": true } }] }""")!,
                JsonNode.Parse("""{ "column": "town", "oneOf": ["x", "y"] }""")!,
            ];
        }

        return Task.CompletedTask;
    }
}
