// Run events out, valid against the standard's own schemas; run events in, with the standard's own valid and invalid examples.
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lizhou.Tests;
using Lizhou.Tests.Support;

namespace Lizhou.Computing.Tests;

public sealed class OpenLineageTests(Town town) : IClassFixture<Town>
{
    [Fact]
    public async Task A_run_is_told_as_start_and_end_of_each_model_with_its_columns()
    {
        var standard = Shared.Path("catalog/openlineage");
        var (_, code, table) = await town.Publish("事件人员（模拟）", ("编号", "id", "Text", true, "L1"), ("数", "n", "Integer", false, "L1"));
        await town.Collect(code, "编号,数\nA,1\nB,-2\n");
        await town.Save(Town.Text("event_good", $"SELECT id, n + 1 AS m FROM {table} WHERE n > 0", "key: [id]"));
        await town.Save(Town.Text("event_bad", $"SELECT id, n FROM {table}", "tests:\n  - expression: n > 0"));
        var run = await town.Run("event_good", "event_bad");
        var events = JsonNode.Parse(await town.Engineer.GetStringAsync(new Uri($"/api/v1/model-runs/{run.GetProperty("number").GetString()}/openlineage", UriKind.Relative)))!.AsArray();
        events.Select(e => $"{e!["job"]!["name"]} {e["eventType"]}").Order(StringComparer.Ordinal).ShouldBe(["event_bad FAIL", "event_bad START", "event_good COMPLETE", "event_good START"]);

        var schemas = new Schemas(Path.Combine(standard, "spec"));
        foreach (var told in events)
        {
            schemas.Faults(told, "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent").ShouldBeEmpty(told!.ToJsonString());
            foreach (var facet in (told["outputs"]!.AsArray().FirstOrDefault()?["facets"]?.AsObject() ?? []).Concat(told["run"]!["facets"]!.AsObject()))
            {
                var url = (string)facet.Value!["_schemaURL"]!;
                schemas.Faults(facet.Value, schemas.Definition(url)).ShouldBeEmpty(facet.Key);
            }
        }

        var lineage = events.First(e => (string)e!["eventType"]! == "COMPLETE")!["outputs"]![0]!["facets"]!["columnLineage"]!;
        ((string)lineage["fields"]!["m"]!["inputFields"]![0]!["field"]!, (string)lineage["fields"]!["m"]!["inputFields"]![0]!["transformations"]![0]!["subtype"]!).ShouldBe(("n", "TRANSFORMATION"));
        ((string)lineage["dataset"]![0]!["transformations"]![0]!["type"]!).ShouldBe("INDIRECT");
    }

    [Fact]
    public async Task Events_of_other_systems_join_the_lineage_and_those_that_are_not_valid_are_refused()
    {
        var standard = Shared.Path("catalog/openlineage");
        foreach (var file in Directory.GetFiles(Path.Combine(standard, "invalid_events"), "*.json"))
        {
            var answer = await town.Engineer.PostAsync("/api/v1/lineage/events", JsonContent.Create(JsonNode.Parse(await File.ReadAllTextAsync(file))));
            var name = Path.GetFileName(file);
            answer.IsSuccessStatusCode.ShouldBe(name is "event_simple.json" or "event_full.json", $"{name} {await answer.Content.ReadAsStringAsync()}");
        }

        var own = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(standard, "invalid_events", "event_simple.json")))!;
        own["job"]!["namespace"] = "lizhou";
        (await town.Engineer.PostAsync("/api/v1/lineage/events", JsonContent.Create(own))).StatusCode.ShouldBe(System.Net.HttpStatusCode.Conflict, "an event from elsewhere tells of no job of this city");

        var (_, _, table) = await town.Publish("血缘来源（模拟）", ("编号", "id", "Text", true, "L1"));
        var made = (await town.Save(Town.Text("lineage_own", $"SELECT id FROM {table}", "key: [id]"))).GetProperty("table").GetString()!;
        var foreign = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(standard, "invalid_events", "event_simple.json")))!;
        (foreign["job"]!["name"], foreign["outputs"]) = ("writes_ours", new JsonArray(new JsonObject { ["namespace"] = "lizhou", ["name"] = made }));
        (await County.Refusal(await town.Engineer.PostAsync("/api/v1/lineage/events", JsonContent.Create(foreign)))).ShouldBe("COM-044");

        var reached = await County.Json(await town.Engineer.GetAsync(new Uri("/api/v1/lineage/?set=my-datasource-namespace/instance.schema.input-1", UriKind.Relative)));
        reached.GetProperty("sets").EnumerateArray().Select(s => s.GetProperty("set").GetString()).ShouldContain("my-datasource-namespace/instance.schema.output-1");
    }

    /// <summary>As much of JSON Schema as the standard's schemas use to say what must be there.</summary>
    private sealed class Schemas(string folder)
    {
        private readonly Dictionary<string, JsonObject> byId = Directory.GetFiles(folder, "*.json").Select(f => JsonNode.Parse(File.ReadAllText(f))!.AsObject()).ToDictionary(s => (string)s["$id"]!);

        /// <summary>The one definition a facet's address means.</summary>
        public string Definition(string url)
        {
            var id = byId.Keys.First(k => k.Split('/')[^1] == url.Split('/')[^1]);
            return $"{id}#/$defs/{Path.GetFileNameWithoutExtension(id)}";
        }

        public List<string> Faults(JsonNode? value, string reference)
        {
            var (id, path) = (reference.Split('#')[0], reference.Split('#')[1]);
            JsonNode schema = byId[id];
            foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                schema = schema[part]!;
            }

            return [.. Look(value, schema.AsObject(), id, "")];
        }

        private IEnumerable<string> Look(JsonNode? value, JsonObject schema, string id, string at)
        {
            if ((string?)schema["$ref"] is { } reference)
            {
                foreach (var fault in Faults(value, reference.StartsWith('#') ? id + reference : reference))
                {
                    yield return $"{at}{fault}";
                }
            }

            foreach (var part in (schema["allOf"] as JsonArray ?? []).Concat(schema["anyOf"] as JsonArray is [var only] ? [only] : []))
            {
                foreach (var fault in Look(value, part!.AsObject(), id, at))
                {
                    yield return fault;
                }
            }

            if ((string?)schema["type"] is { } type && type != Kind(value))
            {
                yield return $"{at} is no {type}";
                yield break;
            }

            var wrong = (string?)schema["format"] switch
            {
                "uuid" => !Guid.TryParse((string?)value, out _),
                "date-time" => !DateTimeOffset.TryParse((string?)value, out _),
                "uri" => !Uri.TryCreate((string?)value, UriKind.Absolute, out _),
                _ => false,
            };
            if (wrong || (schema["enum"] is JsonArray allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value))))
            {
                yield return $"{at} is not as it must be";
            }

            foreach (var fault in Inside(value, schema, id, at))
            {
                yield return fault;
            }
        }

        private IEnumerable<string> Inside(JsonNode? value, JsonObject schema, string id, string at)
        {
            if (value is JsonArray list && schema["items"] is JsonObject items)
            {
                foreach (var fault in list.SelectMany((v, i) => Look(v, items, id, $"{at}[{i}]")))
                {
                    yield return fault;
                }
            }

            if (value is not JsonObject own)
            {
                yield break;
            }

            foreach (var needed in (schema["required"] as JsonArray ?? []).Where(n => !own.ContainsKey((string)n!)))
            {
                yield return $"{at}.{needed} is missing";
            }

            foreach (var (name, member) in own)
            {
                var rule = schema["properties"]?[name] as JsonObject ?? schema["additionalProperties"] as JsonObject;
                foreach (var fault in rule is null ? [] : Look(member, rule, id, $"{at}.{name}"))
                {
                    yield return fault;
                }
            }
        }

        private static string Kind(JsonNode? value) => value?.GetValueKind() switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => "number",
            _ => "null",
        };
    }
}
