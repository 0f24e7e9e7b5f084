// In: the lines of a code list as somebody wrote them. Out: the faults in them, each with its line and code; none when the list may be kept.
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;

namespace Lizhou.Standards.Lists;

/// <summary>What a version of a code list says of itself; its lines are kept beside it.</summary>
/// <param name="Source">The standard it comes from; null for a local rule.</param>
internal sealed record ListBody(string Name, string? NameEn, string? Source, string? Note);

/// <summary>Something wrong in one line.</summary>
/// <param name="Line">Line of the file or of the list, from 1.</param>
internal sealed record CodeFault(long Line, string? Code, Text What)
{
    public Text Shown => new Text("第 {0} 行 代码 {1}：{2}", "Line {0}, code {1}: {2}").With(Line, Code ?? "—", What);
}

internal static class CodeChecks
{
    public const int MostCodes = 50_000;
    private const int LongestCode = 64;
    private const int LongestName = 200;
    private const int LongestNote = 500;

    /// <param name="lines">Their lines in the file they came from; null: their places in the list.</param>
    public static IReadOnlyList<CodeFault> Faults(IReadOnlyList<CodeRow> rows, IReadOnlyList<long>? lines = null)
    {
        List<CodeFault> faults = [];
        var codes = rows.Select(r => r.Code).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            faults.AddRange(OfRow(rows[i], codes).Select(what => new CodeFault(Line(i), rows[i].Code, what)));
        }

        // Two lines of one code may not hold on the same day.
        foreach (var group in rows.Select((row, at) => (row, at)).GroupBy(r => r.row.Code, StringComparer.Ordinal).Where(g => g.Key.Length > 0))
        {
            var sorted = group.OrderBy(r => r.row.From ?? DateOnly.MinValue).ThenBy(r => r.at).ToList();
            for (var i = 1; i < sorted.Count; i++)
            {
                if (sorted[i - 1].row.Until is not { } ends || ends > (sorted[i].row.From ?? DateOnly.MinValue))
                {
                    faults.Add(new(Line(sorted[i].at), group.Key, new Text("与第 {0} 行的有效期重叠", "Its validity overlaps that of line {0}").With(Line(sorted[i - 1].at))));
                }
            }
        }

        return [.. faults.OrderBy(f => f.Line)];

        long Line(int at) => lines?[at] ?? at + 1;
    }

    private static IEnumerable<Text> OfRow(CodeRow row, HashSet<string> codes)
    {
        if (row.Code.Length is 0 or > LongestCode)
        {
            yield return new Text("代码应有 1 至 {0} 个字符", "A code has 1 to {0} characters").With(LongestCode);
        }

        if (row.Name.Length is 0 or > LongestName)
        {
            yield return new Text("名称应有 1 至 {0} 字", "A name has 1 to {0} characters").With(LongestName);
        }

        if (row.NameEn?.Length > LongestName || row.Note?.Length > LongestNote)
        {
            yield return new Text("英文名称不超过 {0}、说明不超过 {1} 个字符", "An English name has at most {0}, a note at most {1} characters").With(LongestName, LongestNote);
        }

        if (row is { From: { } from, Until: { } until } && until <= from)
        {
            yield return new("失效日期应晚于生效日期", "It must end later than it begins");
        }

        if (row.Parent is { } parent && (parent == row.Code || !codes.Contains(parent)))
        {
            yield return new Text("上级代码 {0} 不在代码集中", "The code above, {0}, is not in the list").With(parent);
        }
    }
}
