// In: a zip of dated editions of a list, a file {"code":"name"} for each, named after its month (201607.json). Out: a draft whose lines have the validity the editions show, and in the crosswalk
// the candidates for what took ended codes' places. Refuses files it cannot read, all of them with one fault, and editions not later than the list's last change.
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Standards.Lists;

internal static class ImportEditions
{
    public const string Noun = "editions";
    private const int MostEditions = 200;
    private const int MostEntries = 1_000;
    private const int MostBytes = 16 << 20;
    private const int MostBytesInAll = 128 << 20;
    private const int FirstYear = 1949;
    private static readonly byte[] Utf8Mark = [0xEF, 0xBB, 0xBF];

    internal sealed record Outcome(bool Done, IReadOnlyList<DateOnly> Editions, int Lines, int Renamed, int Ended, int Came, int Candidates);

    public static async Task<Result<Outcome>> Run(Register register, string list, string path, bool preview, Actor actor, CancellationToken stop)
    {
        if (await register.Refusal(StandardKind.CodeList, list, actor, stop) is { } refused)
        {
            return refused;
        }

        if (await register.Find(StandardKind.CodeList, list, stop) is not { } standard)
        {
            return Problems.NotFound.With(list);
        }

        var read = Read(path, register.Clock.Today());
        if (read.Refused)
        {
            return read.Problem!;
        }

        List<CodeRow> sofar = [.. (await register.Codes(standard, standard.Draft ?? standard.Shown, stop)).Select(CodeRow.Of)];
        if (sofar.SelectMany(r => new[] { r.From, r.Until }).Max() is { } last && read.Value[0].Day <= last)
        {
            return Problems.EditionTooOld.With(read.Value[0].Day.ToString("yyyyMM", CultureInfo.InvariantCulture), ImportCodes.Day(last));
        }

        var derived = Editions.Derive(sofar, read.Value);
        if (CodeChecks.Faults(derived.Rows) is [var fault, ..] faults)
        {
            return Problems.CodesFaulty.With(faults.Count, fault.Shown);
        }

        Outcome outcome = new(!preview, [.. read.Value.Select(e => e.Day)], derived.Rows.Count, derived.Renamed, derived.Ended, derived.Came, derived.Candidates.Count);
        if (preview)
        {
            return outcome;
        }

        var body = (await register.Body<ListBody>(standard, standard.Draft ?? standard.Shown, stop))!;
        var drafted = await register.Draft(StandardKind.CodeList, list, body.Name, body, derived.Rows, null, fresh: false, actor, stop);
        if (drafted.Refused)
        {
            return drafted.Problem!;
        }

        await Propose(register, list, derived.Candidates, actor, stop);
        var evidence = new { version = drafted.Value.Draft, editions = read.Value.Count, lines = derived.Rows.Count, candidates = derived.Candidates.Count };
        return await register.Commit(actor, new("code-list.imported", list, "done", evidence), stop) is { } late ? late : outcome;
    }

    /// <summary>What is in the crosswalk already, confirmed or declined too, stays as it is.</summary>
    private static async Task Propose(Register register, string list, IReadOnlyList<Candidate> candidates, Actor actor, CancellationToken stop)
    {
        var there = (await register.Db.Crosswalk.AsNoTracking().Where(c => c.List == list && c.ToList == list).Select(c => new { c.Code, c.ToCode, c.ChangedOn }).ToListAsync(stop))
            .Select(c => (c.Code, c.ToCode, c.ChangedOn)).ToHashSet();
        var now = register.Clock.GetUtcNow();
        register.Db.Crosswalk.AddRange(candidates.Where(c => there.Add((c.Code, c.ToCode, c.On))).Select(c => new CrosswalkLine
        {
            Id = Guid.CreateVersion7(now), List = list, Code = c.Code, ToList = list, ToCode = c.ToCode, ChangedOn = c.On, Kind = c.Kind, State = CrosswalkState.Proposed,
            Reason = c.Reason.Zh, MadeBy = actor.Name, MadeAt = now, Revision = 1,
        }));
    }

    /// <summary>The editions of a zip, the earliest first.</summary>
    internal static Result<IReadOnlyList<Edition>> Read(string path, DateOnly today)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            List<ZipArchiveEntry> files = [.. zip.Entries.Take(MostEntries + 1).Where(e => e.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))];
            if (Fault(zip, files) is { } what)
            {
                return Problems.NoEditions.With(what);
            }

            List<Edition> editions = [];
            foreach (var entry in files)
            {
                var named = DateOnly.TryParseExact(Path.GetFileNameWithoutExtension(entry.Name) + "01", "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month);
                if (!named || month.Year < FirstYear || month > today)
                {
                    return Problems.NoEditions.With(new Text("“{0}”不是“年月.json”，年月应在 {1}01 与今天之间", "{0} is not named after a month between {1}01 and today").With(entry.Name, FirstYear));
                }

                var codes = Codes(entry);
                if (codes.Refused)
                {
                    return codes.Problem!;
                }

                editions.Add(new(month.AddMonths(1).AddDays(-1), codes.Value));
            }

            return editions.GroupBy(e => e.Day).FirstOrDefault(g => g.Count() > 1) is { } twice
                ? Problems.NoEditions.With(new Text("{0} 出现两次", "{0} is there twice").With(twice.Key.ToString("yyyyMM", CultureInfo.InvariantCulture)))
                : editions.OrderBy(e => e.Day).ToList();
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException or NotSupportedException)
        {
            return Problems.NoEditions.With(new Text("不是可读的 zip", "it is no zip that can be read"));
        }
    }

    /// <summary>Judged by what the archive says of itself, before any of it is unpacked.</summary>
    private static Text? Fault(ZipArchive zip, List<ZipArchiveEntry> files) =>
        files.Count == 0 ? new("zip 中没有 json", "no json in the zip")
        : zip.Entries.Count > MostEntries || files.Count > MostEditions ? new Text("最多 {0} 个版次", "at most {0} editions").With(MostEditions)
        : files.Find(e => e.Length > MostBytes) is { } large ? new Text("“{0}”超过 {1} MiB", "{0} has more than {1} MiB").With(large.Name, MostBytes >> 20)
        : files.Sum(e => e.Length) > MostBytesInAll ? new Text("解开后超过 {0} MiB", "more than {0} MiB unpacked").With(MostBytesInAll >> 20)
        : null;

    /// <summary>Refuses what is no object of texts, an empty code or name, a code that is there twice (two spellings of one count as one), and too many.</summary>
    private static Result<Dictionary<string, string>> Codes(ZipArchiveEntry entry)
    {
        Problem Wrong(Text what) => Problems.NoEditions.With(new Text("“{0}”{1}", "{0}: {1}").With(entry.Name, what));
        // The length an archive claims may be a lie: no more than it is read.
        using var stream = entry.Open();
        var bytes = new byte[(int)entry.Length];
        stream.ReadExactly(bytes);
        try
        {
            using var read = JsonDocument.Parse(bytes.AsMemory(bytes.AsSpan().StartsWith(Utf8Mark) ? Utf8Mark.Length : 0));
            if (read.RootElement.ValueKind != JsonValueKind.Object)
            {
                return Wrong(new("应为 {\"代码\":\"名称\"}", "should be {\"code\":\"name\"}"));
            }

            var codes = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in read.RootElement.EnumerateObject())
            {
                var (code, name) = (property.Name.Trim(), property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()!.Trim() : "");
                if (code.Length == 0 || name.Length == 0)
                {
                    return Wrong(new Text("代码“{0}”没有名称", "code “{0}” has no name").With(property.Name));
                }

                if (!codes.TryAdd(code, name))
                {
                    return Wrong(new Text("代码 {0} 出现两次", "code {0} is there twice").With(code));
                }

                if (codes.Count > CodeChecks.MostCodes)
                {
                    return Problems.TooMany.With(CodeChecks.MostCodes);
                }
            }

            return codes.Count == 0 ? Wrong(new("没有代码", "there are no codes")) : codes;
        }
        catch (JsonException broken)
        {
            return Wrong(new Text("不是可读的 JSON（第 {0} 行）", "is no JSON that can be read (line {0})").With(broken.LineNumber + 1));
        }
    }
}
