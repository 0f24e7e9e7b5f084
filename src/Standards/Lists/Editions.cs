// In: the lines of a list so far, and dated editions, each the whole list as code and name. Out: the lines with their validity, the changes the editions show, and the candidates for what took
// an ended code's place. An edition shows that something changed since the one before, not on which day: its own day stands for the change.
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;

namespace Lizhou.Standards.Lists;

/// <param name="Day">The last day of its month: the state it shows.</param>
internal sealed record Edition(DateOnly Day, IReadOnlyDictionary<string, string> Codes);

/// <summary>A candidate for what took the place of a code that ended.</summary>
internal sealed record Candidate(string Code, string ToCode, DateOnly On, CodeChangeKind Kind, Text Reason);

internal sealed record Derived(IReadOnlyList<CodeRow> Rows, IReadOnlyList<Candidate> Candidates, int Renamed, int Ended, int Came);

internal static class Editions
{
    private const int DivisionDigits = 6;

    /// <summary>Endings of names of divisions, the longest first.</summary>
    private static readonly string[] Endings = Load();

    public static Derived Derive(IReadOnlyList<CodeRow> soFar, IEnumerable<Edition> editions)
    {
        List<CodeRow> ended = [.. soFar.Where(r => r.Until is not null)];
        var open = soFar.Where(r => r.Until is null).ToDictionary(r => r.Code, StringComparer.Ordinal);
        List<Candidate> candidates = [];
        List<CodeRow> waiting = [];
        var (renamed, gone, came, first) = (0, 0, 0, soFar.Count == 0);
        foreach (var edition in editions.OrderBy(e => e.Day))
        {
            List<CodeRow> left = [];
            List<CodeRow> fresh = [];
            foreach (var row in open.Values.Where(r => !edition.Codes.ContainsKey(r.Code)).ToList())
            {
                open.Remove(row.Code);
                left.Add(row with { Until = edition.Day });
            }

            foreach (var (code, name) in edition.Codes)
            {
                var now = new CodeRow(code, name, null, Parent(code, edition.Codes), first ? null : edition.Day);
                if (!open.TryGetValue(code, out var there))
                {
                    fresh.Add(now);
                    open[code] = now;
                }
                else if (there.Name != name)
                {
                    renamed++;
                    ended.Add(there with { Until = edition.Day });
                    open[code] = now;
                }
                else if (there.Parent != now.Parent)
                {
                    open[code] = there with { Parent = now.Parent };
                }
            }

            if (!first)
            {
                (gone, came) = (gone + left.Count, came + fresh.Count);
                List<Candidate> proposed = [.. Candidates(left, fresh, edition.Day)];
                // A successor may come an edition later than its forerunner goes: those that nothing was proposed for wait.
                proposed.AddRange(waiting.SelectMany(w => Later(w, fresh, edition.Day)));
                candidates.AddRange(proposed);
                waiting.AddRange(left.Where(l => IsDivision(l.Code)));
                waiting.RemoveAll(w => proposed.Exists(c => c.Code == w.Code) || open.ContainsKey(w.Code));
            }

            ended.AddRange(left);
            first = false;
        }

        // Parents of ended lines may be gone themselves; a list knows every code it ever had.
        return new([.. ended.Concat(open.Values).OrderBy(r => r.Code, StringComparer.Ordinal).ThenBy(r => r.From)], candidates, renamed, gone, came);
    }

    /// <summary>For each code that ended the codes that came in the same edition and may be it: by name under the same prefecture, under the one that took its place, or alone of its name in the province.</summary>
    internal static IEnumerable<Candidate> Candidates(IReadOnlyList<CodeRow> left, IReadOnlyList<CodeRow> fresh, DateOnly day)
    {
        var divisions = fresh.Where(f => IsDivision(f.Code)).ToList();
        var moved = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var gone in left.Where(l => IsDivision(l.Code) && l.Code[4..] == "00"))
        {
            var like = divisions.Where(f => f.Code[4..] == "00" && f.Code[..2] == gone.Code[..2] && SameStem(gone.Name, f.Name)).ToList();
            foreach (var to in like)
            {
                moved.TryAdd(gone.Code[..4], to.Code[..4]);
                yield return Of(gone, to, day, new("同省同名", "The same name in the province"));
            }
        }

        foreach (var gone in left.Where(l => IsDivision(l.Code) && l.Code[4..] != "00"))
        {
            var place = moved.GetValueOrDefault(gone.Code[..4], gone.Code[..4]);
            var near = divisions.Where(f => f.Code[4..] != "00" && f.Code[..4] == place && SameStem(gone.Name, f.Name)).ToList();
            var why = place == gone.Code[..4] ? new Text("同一地级下同名", "The same name under the same prefecture")
                : new Text("接替的地级 {0}00 下同名", "The same name under {0}00, which took the prefecture's place").With(place);
            if (near.Count == 0)
            {
                (near, why) = Elsewhere(gone, divisions);
            }

            foreach (var to in near)
            {
                yield return Of(gone, to, day, why);
            }
        }
    }

    /// <summary>The one county of its name in the province, whatever prefecture it is under; none where there are several. The same name with another word for its rank is less sure than the same name.</summary>
    private static (List<CodeRow> Near, Text Why) Elsewhere(CodeRow gone, IEnumerable<CodeRow> divisions)
    {
        var counties = divisions.Where(f => f.Code[4..] != "00" && f.Code[..2] == gone.Code[..2] && f.Code != gone.Code).ToList();
        var same = counties.Where(f => f.Name == gone.Name && !IsWord(f.Name)).ToList();
        var like = same.Count > 0 ? same : [.. counties.Where(f => !IsWord(f.Name) && SameStem(gone.Name, f.Name))];
        return like.Count != 1 ? ([], default)
            : (like, same.Count > 0 ? new("同省唯一同名，地级不同（把握约 90%）", "The only one of its name in the province, under another prefecture (about 90 % sure)")
                : new("同省唯一同名，建制类别和代码段不同（把握约 75%）", "The only one of its name in the province, of another rank and range of codes (about 75 % sure)"));
    }

    private static IEnumerable<Candidate> Later(CodeRow gone, IReadOnlyList<CodeRow> fresh, DateOnly day)
    {
        var (near, why) = gone.Code[4..] == "00" ? ([], default) : Elsewhere(gone, fresh.Where(f => IsDivision(f.Code)));
        return near.Select(to => Of(gone, to, day, new($"{why.Zh}，晚一期出现", $"{why.En}, in a later edition")));
    }

    /// <summary>Names such as 城区 and 郊区 say no more than what it is.</summary>
    private static bool IsWord(string name) => Stem(name).Length == 1 && name.EndsWith('区');

    private static Candidate Of(CodeRow gone, CodeRow to, DateOnly day, Text why) =>
        new(gone.Code, to.Code, day, gone.Name == to.Name ? CodeChangeKind.Recoded : CodeChangeKind.Upgraded, new($"{why.Zh}：{gone.Name} → {to.Name}", $"{why.En}: {gone.Name} → {to.Name}"));

    private static bool SameStem(string one, string other) => one == other || (Stem(one) is { Length: > 1 } stem && stem == Stem(other));

    /// <summary>A name without the word for its rank; what is nothing else stays.</summary>
    internal static string Stem(string name) => Endings.FirstOrDefault(e => name.Length > e.Length && name.EndsWith(e, StringComparison.Ordinal)) is { } ending ? name[..^ending.Length] : name;

    /// <summary>Of a six-digit division the one above: its prefecture, else its province. Other lists are flat.</summary>
    private static string? Parent(string code, IReadOnlyDictionary<string, string> codes) =>
        !IsDivision(code) ? null
        : new[] { code[..4] + "00", code[..2] + "0000" }.FirstOrDefault(p => p != code && codes.ContainsKey(p));

    private static bool IsDivision(string code) => code.Length == DivisionDigits && code.All(char.IsAsciiDigit);

    private static string[] Load()
    {
        using var reader = new StreamReader(typeof(Editions).Assembly.GetManifestResourceStream("Lizhou.Standards.Lists.endings.txt")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).OrderByDescending(e => e.Length)];
    }
}
