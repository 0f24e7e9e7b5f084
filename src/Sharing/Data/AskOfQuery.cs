// In: ?select=a,b&town=eq.x&born=ge.2000-01-01&order=-born&limit=100&after=…&where={…}. Out: an ask to the gate. Refuses what it does not know; nothing becomes SQL here.
using System.Text.Json;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Sharing.Grants;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Lizhou.Sharing.Data;

internal static class AskOfQuery
{
    private const int MostConditions = 50;

    /// <summary>What asks for a page of many; formats that give all rows at once have none.</summary>
    private static readonly string[] OfPages = ["limit", "after", "count"];

    private static readonly HashSet<string> Words = new(["select", "order", "limit", "after", "where", "format", "count", "batch"], StringComparer.OrdinalIgnoreCase);

    public static Result<RowAsk> Of(IQueryCollection query, SharedGrant grant)
    {
        var parts = new List<Condition>();
        foreach (var (name, value) in query.Where(q => !Words.Contains(q.Key)).SelectMany(q => q.Value.Select(v => (q.Key, v ?? ""))))
        {
            if (parts.Count >= MostConditions || Part(name, value) is not { } part)
            {
                return Problems.BadQuery.With($"{name}={value}");
            }

            parts.Add(part);
        }

        if (query["where"] is { Count: > 0 } where)
        {
            if (Parsed(where) is not { } condition)
            {
                return Problems.BadQuery.With("where");
            }

            parts.Add(condition);
        }

        if (List(query["select"]) is [])
        {
            return Problems.BadQuery.With("select=");
        }

        if (Number(query["limit"], 100) is not { } take)
        {
            return Problems.BadQuery.With($"limit={query["limit"]} (1–1000)");
        }

        if (Id(query["batch"]) is not { } batch)
        {
            return Problems.BadQuery.With($"batch={query["batch"]}");
        }

        return new RowAsk(grant.Resource, grant.Purpose, batch == Guid.Empty ? null : batch, Take: take)
        {
            Grant = grant.Id,
            Select = List(query["select"])?.Distinct(StringComparer.OrdinalIgnoreCase).ToArray(),
            Where = parts.Count == 0 ? null : new Condition.All(parts),
            OrderBy = [.. (List(query["order"]) ?? []).Select(o => o.StartsWith('-') ? new RowOrder(o[1..], Descending: true) : new RowOrder(o))],
            After = query["after"] is { Count: > 0 } after ? after.ToString() : null,
            Count = query["count"] == "true",
        };
    }

    /// <summary>What of a page is asked for; null when nothing is.</summary>
    public static string? Paged(IQueryCollection query) => OfPages.FirstOrDefault(query.ContainsKey);

    private static Condition? Part(string column, string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var (word, value) = dot < 0 ? ("", "") : (text[..dot], text[(dot + 1)..]);
        return word switch
        {
            "eq" => new Condition.Compare(column, Comparison.Equal, value),
            "ne" => new Condition.Compare(column, Comparison.NotEqual, value),
            "lt" => new Condition.Compare(column, Comparison.Less, value),
            "le" => new Condition.Compare(column, Comparison.AtMost, value),
            "gt" => new Condition.Compare(column, Comparison.More, value),
            "ge" => new Condition.Compare(column, Comparison.AtLeast, value),
            "in" when value.Length > 1 && value[0] == '(' && value[^1] == ')' => new Condition.OneOf(column, [.. value[1..^1].Split(',')]),
            "is" when value == "null" => new Condition.Empty(column),
            "not" when value == "null" => new Condition.Not(new Condition.Empty(column)),
            _ => null,
        };
    }

    private static Condition? Parsed(StringValues json)
    {
        try
        {
            return JsonSerializer.Deserialize<Condition>(json.ToString());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string[]? List(StringValues value) => value.Count == 0 ? null : value.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static int? Number(StringValues value, int usual) => value.Count == 0 ? usual : int.TryParse(value, out var number) && number is >= 1 and <= 1000 ? number : null;

    private static Guid? Id(StringValues value) => value.Count == 0 ? Guid.Empty : Guid.TryParse(value, out var id) ? id : null;
}
