// In: a workbook. Out: what it would change, line by line, or all of it changed as drafts in one transaction. One fault anywhere: nothing is written.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog.Workbook;

internal enum ImportEffect
{
    Same,
    New,
    Change,
}

/// <summary>What becomes of one line of the sheet 目录.</summary>
internal sealed record ImportLine(long Line, string? Code, string Name, string Effect, Guid? Id);

/// <param name="Done">Whether it was written.</param>
internal sealed record ImportReport(bool Done, IReadOnlyList<ImportLine> Lines, IReadOnlyList<SheetFault> Faults)
{
    public int Count(ImportEffect effect) => Lines.Count(l => l.Effect == effect.ToString());
}

internal static class ImportCatalog
{
    /// <param name="path">The uploaded file.</param>
    /// <param name="write">False: only tell what it would do.</param>
    public static async Task<Result<ImportReport>> Run(Register register, string path, bool write, Actor actor, CancellationToken stop)
    {
        var faults = new List<SheetFault>();
        var drafted = ReadWorkbook.Run(path, await register.Frame(stop), faults);
        if (drafted.Problem is { } unreadable)
        {
            return unreadable;
        }

        var report = new ImportReport(false, [], faults);
        var result = await register.Do<ImportReport>(actor, "catalog.import", "", async work =>
        {
            report = report with { Lines = await Apply(work, drafted.Value) };
            if (faults.Count > 0)
            {
                return Problems.SheetFaulty.With(faults.Count);
            }

            work.Detail = new { created = report.Count(ImportEffect.New), changed = report.Count(ImportEffect.Change), same = report.Count(ImportEffect.Same) };
            return report with { Done = write };
        }, stop, dry: !write);
        return result.Problem is { } refused && refused.Code != Problems.SheetFaulty.Code ? refused
            : report with { Done = write && !result.Refused, Faults = [.. faults.OrderBy(f => f.Sheet, StringComparer.Ordinal).ThenBy(f => f.Line)] };
    }

    private static async Task<List<ImportLine>> Apply(Work work, IReadOnlyList<Drafted> drafted)
    {
        var lines = new List<ImportLine>(drafted.Count);
        var seen = new HashSet<Guid>();
        foreach (var draft in drafted)
        {
            var there = await There(work, draft.Entry);
            if (there is not null && !seen.Add(there.Id))
            {
                draft.Row.Odd("code", new("与前面的行是同一个资源", "The same resource as on an earlier line"));
                continue;
            }

            var tidy = Tidy.Entry(draft.Entry, there is null ? null : await work.Version(there.Id, there.Shown), work.NewId);
            var faults = EntryChecks.Faults(tidy, work.Frame);
            draft.Place(faults);
            var effect = there is null ? ImportEffect.New : await Same(work, there, draft.Entry) ? ImportEffect.Same : ImportEffect.Change;
            if (faults.Count == 0 && effect != ImportEffect.Same)
            {
                var made = there is null ? await CreateResource.In(work, draft.Entry) : await ChangeResource.In(work, there.Id, draft.Entry, null);
                if (made.Problem is { } refused)
                {
                    draft.Row.Odd("name", refused.What);
                }
                else
                {
                    there ??= await work.Head(made.Value.Id);
                }
            }

            lines.Add(new(draft.Row.Line, there?.Code.ToString(), draft.Entry.Name, effect.ToString(), there?.Id));
        }

        return lines;
    }

    private static async Task<Head?> There(Work work, ResourceEntry entry) =>
        entry.Id is { } id && await work.Head(id) is { } known ? known
        : entry.Serial is { } serial ? await work.Head(new ResourceCode(entry.Class, serial).ToString())
        : null;

    private static async Task<bool> Same(Work work, Head there, ResourceEntry entry)
    {
        foreach (var version in new[] { there.Shown, there.Opened ?? there.Shown }.Distinct())
        {
            var kept = (await work.Version(there.Id, version))!;
            var tidy = Tidy.Entry(entry, kept, work.NewId) with { Id = there.Id, Serial = there.Code.Serial };
            if (Shelf.Write(tidy) == Shelf.Write(kept))
            {
                return true;
            }
        }

        return false;
    }
}
