// In: a run. Out: what it did as OpenLineage run events (2.0.2): each model a job, a start and an end for each, with the columns of its tables and where they come from.
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Lizhou.Computing.Models;
using Lizhou.Computing.Runs;
using Lizhou.Kernel;

namespace Lizhou.Computing.Lineage;

internal sealed class TellEvents(ModelShelf models, RunShelf runs)
{
    /// <summary>The namespace of this city's datasets and jobs.</summary>
    public const string Namespace = "lizhou";

    private const string Producer = "https://lizhou.invalid/computing";
    private const string Spec = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
    private const string Facets = "https://openlineage.io/spec/facets/";

    public async Task<Result<IReadOnlyList<JsonObject>>> Run(string number, CancellationToken stop)
    {
        if (await runs.Find(number, stop) is not { } run)
        {
            return Problems.NoRun.With(number);
        }

        var events = new List<JsonObject>();
        foreach (var step in (await runs.Steps(run.Id, stop)).Where(s => s.StartedAt is not null))
        {
            if ((await models.Find(step.Name, stop)) is { } now && (await models.Versions(now.Id, stop)).FirstOrDefault(v => v.Version == step.Version) is { } model)
            {
                events.Add(Event("START", step.StartedAt!.Value, run, model, step, outputs: false));
                if (step.EndedAt is { } ended)
                {
                    events.Add(Event(step.Problem is null ? "COMPLETE" : "FAIL", ended, run, model, step, outputs: step.State is StepState.Built or StepState.Undone));
                }
            }
        }

        return events;
    }

    private static JsonObject Event(string type, DateTimeOffset at, Run run, Model model, RunStep step, bool outputs)
    {
        var facets = new JsonObject { ["parent"] = Facet("1-1-0/ParentRunFacet.json", new() { ["run"] = new JsonObject { ["runId"] = run.Id.ToString("D") }, ["job"] = Job(run.Number) }) };
        if (type == "FAIL")
        {
            facets["errorMessage"] = Facet("1-0-1/ErrorMessageRunFacet.json", new() { ["message"] = $"{step.Problem!.Code} {step.Problem.What.En}", ["programmingLanguage"] = "SQL" });
        }

        var job = Job(model.Name);
        job["facets"] = new JsonObject { ["sql"] = Facet("1-1-0/SQLJobFacet.json", new() { ["query"] = model.Sql, ["dialect"] = "duckdb" }) };
        return new()
        {
            ["eventType"] = type,
            ["eventTime"] = at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"),
            ["producer"] = Producer,
            ["schemaURL"] = Spec,
            ["run"] = new JsonObject { ["runId"] = IdOf(run, model).ToString("D"), ["facets"] = facets },
            ["job"] = job,
            ["inputs"] = new JsonArray([.. model.Found.Inputs.DistinctBy(i => i.Set).Select(i => (JsonNode)new JsonObject { ["namespace"] = Namespace, ["name"] = i.Table })]),
            ["outputs"] = outputs ? new JsonArray(Output(model)) : new JsonArray(),
        };
    }

    private static JsonObject Output(Model model)
    {
        var fields = model.Found.Columns.Select(c => (JsonNode)new JsonObject { ["name"] = c.Name, ["type"] = c.Type, ["description"] = c.Title });
        var lineage = new JsonObject(model.Found.Columns.Select(c => KeyValuePair.Create(c.Name, (JsonNode?)new JsonObject { ["inputFields"] = Fields(model, c.From) })));
        return new()
        {
            ["namespace"] = Namespace,
            ["name"] = model.Table,
            ["facets"] = new JsonObject
            {
                ["schema"] = Facet("1-2-0/SchemaDatasetFacet.json", new() { ["fields"] = new JsonArray([.. fields]) }),
                ["columnLineage"] = Facet("1-2-0/ColumnLineageDatasetFacet.json", new() { ["fields"] = lineage, ["dataset"] = Fields(model, model.Found.Deciding) }),
            },
        };
    }

    private static JsonArray Fields(Model model, IEnumerable<Flow> flows)
    {
        var tables = model.Found.Inputs.ToDictionary(i => i.Key, i => i.Table, StringComparer.Ordinal);
        return new([.. flows.GroupBy(f => (f.Table, f.Column)).Select(g => (JsonNode)new JsonObject
        {
            ["namespace"] = Namespace,
            ["name"] = tables[g.Key.Table],
            ["field"] = g.Key.Column,
            ["transformations"] = new JsonArray([.. g.Select(f => (JsonNode)new JsonObject { ["type"] = f.Kind <= FlowKind.Aggregation ? "DIRECT" : "INDIRECT", ["subtype"] = Subtype(f.Kind) })]),
        })]);
    }

    private static string Subtype(FlowKind kind) => kind == FlowKind.GroupBy ? "GROUP_BY" : kind.ToString().ToUpperInvariant();

    private static JsonObject Job(string name) => new() { ["namespace"] = Namespace, ["name"] = name };

    private static JsonObject Facet(string schema, JsonObject facet)
    {
        (facet["_producer"], facet["_schemaURL"]) = (Producer, Facets + schema);
        return facet;
    }

    /// <summary>One id for what a run does of a model, the same whenever it is told.</summary>
    private static Guid IdOf(Run run, Model model) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{run.Id:D}{model.Id:D}")).AsSpan(0, 16));
}
