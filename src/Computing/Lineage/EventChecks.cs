// In: JSON that is to be an OpenLineage run event. Out: the first thing the standard requires and that it lacks; null when it may be taken.
using System.Text.Json;

namespace Lizhou.Computing.Lineage;

internal static class EventChecks
{
    private static readonly string[] Types = ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"];

    public static string? Fault(JsonElement sent)
    {
        if (sent.ValueKind != JsonValueKind.Object)
        {
            return "object";
        }

        if (!DateTimeOffset.TryParse(Word(sent, "eventTime"), null, System.Globalization.DateTimeStyles.AssumeUniversal, out _))
        {
            return "eventTime";
        }

        return Word(sent, "producer") is null ? "producer"
            : Word(sent, "schemaURL") is null ? "schemaURL"
            : sent.TryGetProperty("eventType", out _) && !Types.Contains(Word(sent, "eventType")) ? "eventType"
            : Part(sent, "run") is not { } run || !Guid.TryParse(Word(run, "runId"), out _) ? "run.runId"
            : Part(sent, "job") is not { } job || Word(job, "namespace") is null || Word(job, "name") is null ? "job"
            : Facets(run, "run", "facets") ?? Parent(run) ?? Facets(job, "job", "facets") ?? Sets(sent, "inputs", "inputFacets") ?? Sets(sent, "outputs", "outputFacets");
    }

    private static string? Parent(JsonElement run) =>
        Part(run, "facets") is { } facets && Part(facets, "parent") is { } parent && !(Part(parent, "run") is { } above && Guid.TryParse(Word(above, "runId"), out _)) ? "run.facets.parent.run.runId" : null;

    private static string? Sets(JsonElement sent, string member, string own)
    {
        if (!sent.TryGetProperty(member, out var list))
        {
            return null;
        }

        return list.ValueKind != JsonValueKind.Array ? member
            : list.EnumerateArray().Select(set => set.ValueKind != JsonValueKind.Object || Word(set, "namespace") is null || Word(set, "name") is null ? member
                : Facets(set, member, "facets") ?? Facets(set, member, own) ?? Lineage(set, member)).FirstOrDefault(f => f is not null);
    }

    private static string? Lineage(JsonElement set, string member)
    {
        if (Part(set, "facets") is not { } facets || Part(facets, "columnLineage") is not { } lineage)
        {
            return null;
        }

        var at = $"{member}.facets.columnLineage";
        return Part(lineage, "fields") is not { } fields ? $"{at}.fields"
            : fields.EnumerateObject().Any(f => f.Value.ValueKind != JsonValueKind.Object || !f.Value.TryGetProperty("inputFields", out var from) || from.ValueKind != JsonValueKind.Array
                || from.EnumerateArray().Any(i => i.ValueKind != JsonValueKind.Object || Word(i, "namespace") is null || Word(i, "name") is null || Word(i, "field") is null)) ? $"{at}.inputFields" : null;
    }

    private static string? Facets(JsonElement part, string at, string member)
    {
        if (!part.TryGetProperty(member, out var facets))
        {
            return null;
        }

        return facets.ValueKind != JsonValueKind.Object ? $"{at}.{member}"
            : facets.EnumerateObject().Select(f => f.Value.ValueKind == JsonValueKind.Object ? Own(f) : null).FirstOrDefault(own => own is not null) is { } own ? $"{at}.{member}.{own}"
            : facets.EnumerateObject().Where(f => f.Value.ValueKind != JsonValueKind.Object || Word(f.Value, "_producer") is null || Word(f.Value, "_schemaURL") is null).Select(f => f.Name).FirstOrDefault() is { } faulty
                ? $"{at}.{member}.{faulty}" : null;
    }

    /// <summary>What the standard's schemas ask of the facets other systems send most; of a facet nobody here knows nothing is asked.</summary>
    private static string? Own(JsonProperty facet) => facet.Name switch
    {
        "ownership" => facet.Value.TryGetProperty("owners", out var owners) && (owners.ValueKind != JsonValueKind.Array || owners.EnumerateArray().Any(o => o.ValueKind != JsonValueKind.Object || Word(o, "name") is null))
            ? "ownership.owners.name" : null,
        // Editions of the standard differ in which of the two they ask for; one that says neither says nothing.
        "dataQualityMetrics" => Part(facet.Value, "columnMetrics") is null && !facet.Value.TryGetProperty("rowCount", out _) ? "dataQualityMetrics.columnMetrics" : null,
        "outputStatistics" => new[] { "rowCount", "size", "fileCount" }.FirstOrDefault(count => facet.Value.TryGetProperty(count, out var told) && !(told.ValueKind == JsonValueKind.Number && told.TryGetInt64(out _))) is { } wrong
            ? $"outputStatistics.{wrong}" : null,
        _ => null,
    };

    private static JsonElement? Part(JsonElement whole, string member) => whole.TryGetProperty(member, out var part) && part.ValueKind == JsonValueKind.Object ? part : null;

    private static string? Word(JsonElement part, string member) => part.TryGetProperty(member, out var word) && word.ValueKind == JsonValueKind.String ? word.GetString() : null;
}
