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
    public Text Shown => new Text("第 {0} 行 代码 {1}：{2}", "Line {0}, code {1}: {2}").With(Line, Code is null ? "—" : string.Concat(Code.Select(c => char.IsControl(c) ? '�' : c)), What);
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

        faults.AddRange(Circles(rows).Select(c => new CodeFault(Line(c.At), rows[c.At].Code, c.What)));
        return [.. faults.OrderBy(f => f.Line)];

        long Line(int at) => lines?[at] ?? at + 1;
    }

    /// <summary>Lines whose codes are above themselves, over one another: once for each circle, at its first line. One that is its own parent is told with its line.</summary>
    private static IEnumerable<(int At, Text What)> Circles(IReadOnlyList<CodeRow> rows)
    {
        // A code may have had several parents, one after the other; only those of one line each are followed together.
        var above = rows.Where(r => r.Parent is not null && r.Parent != r.Code).GroupBy(r => r.Code, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Parent!, StringComparer.Ordinal);
        HashSet<string> done = new(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            List<string> way = [];
            var code = rows[i].Code;
            while (done.Add(code) && above.TryGetValue(code, out var parent))
            {
                way.Add(code);
                code = parent;
            }

            if (way.IndexOf(code) is >= 0 and var from)
            {
                var first = rows.Index().First(r => way.IndexOf(r.Item.Code) >= from).Index;
                yield return (first, new Text("上级代码成环：{0}；请改正其中一个上级", "The codes above one another go in a circle: {0}; correct one of them").With(string.Join(" → ", [.. way[from..], code])));
            }
        }
    }

    private static IEnumerable<Text> OfRow(CodeRow row, HashSet<string> codes)
    {
        if (row.Code.Length is 0 or > LongestCode)
        {
            yield return new Text("代码应有 1 至 {0} 个字符", "A code has 1 to {0} characters").With(LongestCode);
        }

        if (row.Code.Any(char.IsControl) || row.Name.Any(char.IsControl))
        {
            yield return new("代码和名称不能含有控制字符（如制表符、换行），请删去", "A code and a name have no control characters (tabs, line ends); take them out");
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
