// In: the lines of two versions of a code list, or of one on two days. Out: what differs.
namespace Lizhou.Standards.Lists;

/// <summary>A line that differs. Before null: it came; after null: it went.</summary>
internal sealed record CodeChange(string Code, CodeRow? Before, CodeRow? After);

internal static class Compare
{
    /// <summary>Between two versions; a line is known by its code and its first day.</summary>
    public static IReadOnlyList<CodeChange> Versions(IReadOnlyList<CodeRow> before, IReadOnlyList<CodeRow> after)
    {
        var left = Index(before);
        var right = Index(after);
        return
        [
            .. left.Keys.Union(right.Keys).Select(key => new CodeChange(key.Code, left.GetValueOrDefault(key), right.GetValueOrDefault(key)))
                .Where(c => c.Before != c.After).OrderBy(c => c.Code, StringComparer.Ordinal).ThenBy(c => (c.Before ?? c.After)!.From),
        ];
    }

    /// <summary>Between two days of one version: what ended, came, or means something else.</summary>
    public static IReadOnlyList<CodeChange> Days(IReadOnlyList<CodeRow> rows, DateOnly from, DateOnly to)
    {
        var left = rows.Where(r => r.Holds(from)).ToDictionary(r => r.Code, StringComparer.Ordinal);
        var right = rows.Where(r => r.Holds(to)).ToDictionary(r => r.Code, StringComparer.Ordinal);
        return
        [
            .. left.Keys.Union(right.Keys, StringComparer.Ordinal).Select(code => new CodeChange(code, left.GetValueOrDefault(code), right.GetValueOrDefault(code)))
                .Where(c => c.Before?.Name != c.After?.Name).OrderBy(c => c.Code, StringComparer.Ordinal),
        ];
    }

    /// <summary>The codes in force on a day before that no longer are after: whoever is bound to the list loses them.</summary>
    public static IReadOnlyList<CodeRow> Gone(IReadOnlyList<CodeRow> before, IReadOnlyList<CodeRow> after, DateOnly day)
    {
        var stay = after.Where(r => r.Holds(day)).Select(r => r.Code).ToHashSet(StringComparer.Ordinal);
        return [.. before.Where(r => r.Holds(day) && !stay.Contains(r.Code))];
    }

    private static Dictionary<(string Code, DateOnly? From), CodeRow> Index(IReadOnlyList<CodeRow> rows)
    {
        var index = new Dictionary<(string Code, DateOnly? From), CodeRow>();
        foreach (var row in rows)
        {
            index.TryAdd((row.Code, row.From), row);
        }

        return index;
    }
}
