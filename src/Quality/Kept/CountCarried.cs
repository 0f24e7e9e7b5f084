// In: what was found in batches at a look. Out: rows at fault of earlier batches that came again in a new one and break the same rule still: they were not mended, they only lie elsewhere now.
// By the key of the resource; one without a key replaces no row.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Lake;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept;

/// <summary>So many rows that broke a rule in one batch lie in another now, and break it still.</summary>
internal sealed record Carried(Guid From, Guid To, string Rule, long Rows);

internal sealed class CountCarried(KeptDb db, Warehouse lake)
{
    public async Task<IReadOnlyList<Carried>> Run(ResourceCard card, Looked looked, IReadOnlyList<BatchFound> found, CancellationToken stop)
    {
        List<string> key = [.. card.Items.Where(i => i.Key).Select(i => i.Column)];
        var (fresh, earlier) = (found.Where(b => b.Fresh).ToList(), found.Where(b => !b.Fresh).ToList());
        if (key.Count == 0 || fresh.Count == 0 || earlier.Count == 0 || await db.Scans.AsNoTracking().FirstOrDefaultAsync(s => s.Resource == card.Id, stop) is not { } last)
        {
            return [];
        }

        var carried = new List<Carried>();
        foreach (var batch in earlier)
        {
            var before = await Before(batch.Root, stop);
            foreach (var (rule, test) in looked.Compiled.Rows.Zip(looked.Compiled.Plan.Tests).Where(r => Failed(batch.Counts, r.First.Name) < Failed(before, r.First.Name)))
            {
                foreach (var other in fresh.Where(f => Failed(f.Counts, rule.Name) > 0))
                {
                    var rows = await lake.StillFails(looked.Table, test, key, new(last.Snapshot, await Of(batch.Root, stop)), new(looked.Found.Snapshot, await Of(other.Root, stop)), stop);
                    if (rows is { Refused: false, Value: > 0 })
                    {
                        carried.Add(new(batch.Root, other.Root, rule.Name, rows.Value));
                    }
                }
            }
        }

        return carried;
    }

    private async Task<IReadOnlyList<RuleCount>> Before(Guid root, CancellationToken stop) =>
        await db.Scores.AsNoTracking().Where(s => s.Batch == root).OrderByDescending(s => s.Id).FirstOrDefaultAsync(stop) is { } score ? KeptDb.From<List<RuleCount>>(score.Rules) : [];

    private async Task<Condition> Of(Guid root, CancellationToken stop) =>
        new Condition.OneOf(Origin.Batch, [.. (await db.Batches.AsNoTracking().Where(b => b.Root == root && !b.Undone).Select(b => b.Batch).ToListAsync(stop)).Select(b => (object)b.ToString("D"))]);

    private static long Failed(IReadOnlyList<RuleCount> counts, string rule) => counts.FirstOrDefault(c => c.Rule == rule)?.Failed ?? 0;
}
