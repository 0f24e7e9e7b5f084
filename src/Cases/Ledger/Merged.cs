// In: a case that was merged into another, or has others merged into it. Out: the one that is worked on for it, and those it is worked on for: whoever reported one of them is answered by it.
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Ledger;

internal static class Merged
{
    /// <summary>The case that is worked on for this one: itself, unless it was merged. What a case is merged into may be merged later itself; only open ones are merged into, so there is no circle.</summary>
    public static async Task<CaseFile> Main(this CasesDb db, CaseFile file, CancellationToken stop)
    {
        while (file is { Outcome: Outcome.Merged, Parent: { } parent } && await db.Files.AsNoTracking().FirstOrDefaultAsync(f => f.Id == parent, stop) is { } next)
        {
            file = next;
        }

        return file;
    }

    /// <summary>All that were merged into it, and into those, by number.</summary>
    public static async Task<IReadOnlyList<CaseFile>> MergedInto(this CasesDb db, CaseFile file, CancellationToken stop)
    {
        List<CaseFile> all = [];
        for (List<Guid> next = [file.Id]; next.Count > 0;)
        {
            var found = await db.Files.AsNoTracking().Where(f => f.Parent != null && next.Contains(f.Parent.Value)).ToListAsync(stop);
            all.AddRange(found);
            next = [.. found.Select(f => f.Id)];
        }

        return [.. all.OrderBy(f => f.Number, StringComparer.Ordinal)];
    }

    /// <summary>Cases that are done with for who reported them: ended, and if they were merged, what they were merged into too.</summary>
    public static IQueryable<CaseFile> Done(this CasesDb db, bool done) => db.Files.FromSql(
        $"""
         SELECT * FROM case_file WHERE {(done ? 1 : 0)} = CASE WHEN ended = 0 OR id IN (
             WITH RECURSIVE waits (id) AS (
                 SELECT f.id FROM case_file f JOIN case_file p ON p.id = f.parent WHERE p.ended = 0
                 UNION ALL SELECT f.id FROM case_file f JOIN waits w ON w.id = f.parent)
             SELECT id FROM waits) THEN 0 ELSE 1 END
         """).AsNoTracking();
}
