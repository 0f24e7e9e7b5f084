// In: two versions of the rules. Out: what differs, rule by rule and field by field, as the JSON has it.
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lizhou.Policy.Rules;

/// <param name="Rule">Its name; empty for what is common to all.</param>
/// <param name="Field">Of the JSON; <c>place</c> for its place among the others, empty where the whole rule came or went.</param>
/// <param name="Before">Null where there was nothing.</param>
internal sealed record RuleChange(string Rule, string Field, string? Before, string? After);

internal static class RuleDifference
{
    public static IReadOnlyList<RuleChange> Between(RuleSet before, RuleSet after)
    {
        var changes = new List<RuleChange>();
        if (before.Unlabelled != after.Unlabelled)
        {
            changes.Add(new("", "unlabelled", before.Unlabelled.ToString(), after.Unlabelled.ToString()));
        }

        var (old, young) = (Named(before), Named(after));
        changes.AddRange(before.Rules.Where(r => !young.ContainsKey(r.Name)).Select(r => new RuleChange(r.Name, "", Text(old[r.Name].Json), null)));
        foreach (var rule in after.Rules)
        {
            if (!old.TryGetValue(rule.Name, out var was))
            {
                changes.Add(new(rule.Name, "", null, Text(young[rule.Name].Json)));
                continue;
            }

            var (place, now) = young[rule.Name];
            if (was.Place != place)
            {
                changes.Add(new(rule.Name, "place", $"{was.Place}", $"{place}"));
            }

            changes.AddRange(was.Json.Select(p => p.Key).Union(now.Select(p => p.Key)).Select(field => new RuleChange(rule.Name, field, Text(was.Json[field]), Text(now[field])))
                .Where(c => c.Before != c.After));
        }

        return changes;
    }

    /// <summary>By name, with the place, 1-based.</summary>
    private static Dictionary<string, (int Place, JsonObject Json)> Named(RuleSet rules) => JsonNode.Parse(rules.ToString())!["rules"]!.AsArray()
        .Select((r, i) => (Name: (string)r!["name"]!, Place: i + 1, Json: r.AsObject())).ToDictionary(r => r.Name, r => (r.Place, r.Json), StringComparer.Ordinal);

    private static string? Text(JsonNode? node) => node?.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
