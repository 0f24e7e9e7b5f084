// In: an OpenLineage run event of another system. Out: its edges are part of the lineage; a later event of the same job replaces them. Refuses what is no valid run event, what says that it wrote a table that a model computes here, and what is too large before any of it is looked up.
using System.Security.Claims;
using System.Text.Json;
using Lizhou.Computing.Models;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Computing.Lineage;

internal sealed class TakeEvent(StateStore state, ICatalog catalog, ModelShelf models, ILedger ledger)
{
    private const int MostEdges = 100_000;
    private const int MostSets = 1_000;
    private const int LongestName = 500;

    /// <param name="Edges">How many edges its job has now.</param>
    internal sealed record Taken(string Job, int Edges);

    internal static async Task<Results<Ok<Taken>, ProblemHttpResult>> Handle(JsonElement sent, TakeEvent take, ClaimsPrincipal who, CancellationToken stop)
    {
        var taken = await take.Run(sent, Actor.From(who)!, stop);
        return taken.Refused ? taken.Problem!.ToHttp() : TypedResults.Ok(taken.Value);
    }

    public async Task<Result<Taken>> Run(JsonElement sent, Actor actor, CancellationToken stop)
    {
        if (EventChecks.Fault(sent) is { } fault)
        {
            return Problems.BadEvent.With(fault);
        }

        if (Word(sent.GetProperty("job"), "namespace") == TellEvents.Namespace)
        {
            return Problems.OwnJob.With(TellEvents.Namespace);
        }

        var job = $"{Word(sent.GetProperty("job"), "namespace")}/{Word(sent.GetProperty("job"), "name")}";
        var (inputs, outputs) = (Sets(sent, "inputs"), Sets(sent, "outputs"));
        if (TooLarge(job, inputs, outputs) is { } large)
        {
            return Problems.BadEvent.With(large);
        }

        foreach (var output in outputs.Where(o => Word(o, "namespace") == TellEvents.Namespace))
        {
            if (await catalog.ByTable(Table(output), stop) is { } card && await models.NameOf(card.Id, stop) is { } own)
            {
                return Problems.OwnTable.With(card.Table, own);
            }
        }

        var edges = await Edges(inputs, outputs, stop);
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (edges.Count > 0)
        {
            await LineageEdges.Put(connection, transaction, $"job:{job}", edges, stop);
        }

        await ledger.Append(connection, transaction, actor, new Evidence("lineage.event", job, Evidence.Done, new { type = Word(sent, "eventType"), edges = edges.Count }), stop);
        await transaction.CommitAsync(stop);
        return new Taken(job, edges.Count);
    }

    /// <summary>What there is too much of; null when all may be taken. Counted, not made: an output without columns has an edge from each input.</summary>
    private static string? TooLarge(string job, List<JsonElement> inputs, List<JsonElement> outputs)
    {
        var fields = outputs.SelectMany(o => Fields(o)).ToList();
        var sets = inputs.Concat(outputs).Concat(fields.SelectMany(f => f.From)).ToList();
        var names = sets.SelectMany(s => new[] { Word(s, "namespace"), Word(s, "name"), Word(s, "field") }).Concat(fields.Select(f => f.Column)).Append(job);
        return outputs.Sum(o => Fields(o).Sum(f => (long)f.From.Count) is > 0 and var own ? own : inputs.Count) > MostEdges ? $"edges > {MostEdges}"
            : sets.Select(s => (Word(s, "namespace"), Word(s, "name"))).Distinct().Count() > MostSets ? $"datasets > {MostSets}"
            : names.Any(n => n?.Length > LongestName) ? $"name > {LongestName}" : null;
    }

    private async Task<List<Edge>> Edges(List<JsonElement> inputs, List<JsonElement> outputs, CancellationToken stop)
    {
        var (edges, names) = (new List<Edge>(), new Dictionary<(string Space, string Name), string>());
        foreach (var output in outputs)
        {
            var to = await Name(output, names, stop);
            var followed = edges.Count;
            foreach (var (column, from) in Fields(output))
            {
                foreach (var field in from)
                {
                    edges.Add(new(new(await Name(field, names, stop), Word(field, "field") ?? ""), new(to, column), Kind(field)));
                }
            }

            // Without its columns all that is known is that the one feeds the other.
            foreach (var input in edges.Count > followed ? [] : inputs)
            {
                edges.Add(new(new(await Name(input, names, stop), ""), new(to, ""), FlowKind.Transformation));
            }
        }

        return edges;
    }

    /// <summary>A dataset of this city is its resource; any other is called by its namespace and name.</summary>
    /// <param name="known">Those looked up before.</param>
    private async Task<string> Name(JsonElement set, Dictionary<(string Space, string Name), string> known, CancellationToken stop)
    {
        var key = (Space: Word(set, "namespace")!, Name: Word(set, "name")!);
        if (!known.TryGetValue(key, out var name))
        {
            var card = key.Space == TellEvents.Namespace ? await catalog.ByTable(Table(set), stop) : null;
            known[key] = name = card?.Id.ToString("D") ?? $"{key.Space}/{key.Name}";
        }

        return name;
    }

    /// <summary>The name of a table of this city, without its layer.</summary>
    private static string Table(JsonElement set) => Word(set, "name")!.Split('.')[^1];

    private static List<JsonElement> Sets(JsonElement sent, string member) => sent.TryGetProperty(member, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    private static IEnumerable<(string Column, IReadOnlyList<JsonElement> From)> Fields(JsonElement output) =>
        output.TryGetProperty("facets", out var facets) && facets.TryGetProperty("columnLineage", out var lineage) && lineage.TryGetProperty("fields", out var fields)
            ? fields.EnumerateObject().Select(f => (f.Name, (IReadOnlyList<JsonElement>)[.. f.Value.GetProperty("inputFields").EnumerateArray()])) : [];

    private static FlowKind Kind(JsonElement from)
    {
        var first = from.TryGetProperty("transformations", out var all) && all.ValueKind == JsonValueKind.Array ? all.EnumerateArray().FirstOrDefault() : default;
        var subtype = (first.ValueKind == JsonValueKind.Object ? Word(first, "subtype") : null)?.Replace("_", "", StringComparison.Ordinal);
        return Enum.TryParse<FlowKind>(subtype, ignoreCase: true, out var kind) && Enum.IsDefined(kind) ? kind
            : first.ValueKind == JsonValueKind.Object && Word(first, "type") == "INDIRECT" ? FlowKind.Conditional : FlowKind.Transformation;
    }

    private static string? Word(JsonElement part, string member) => part.TryGetProperty(member, out var word) && word.ValueKind == JsonValueKind.String ? word.GetString() : null;
}
