// In: filters. Out: conflicts of the own unit's items (all for the bureau), newest first; 一数一源率 as Metric defines it; the list as a file, the export in the ledger first.
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular.Writers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Conflicts;

/// <param name="Items">Published items of one meaning count once.</param>
/// <param name="Alone">Published by one unit alone.</param>
/// <param name="Decided">Published by several, with a decided authority.</param>
/// <param name="AsOf">Of the last count; null before the first.</param>
internal sealed record OneSourceRate(long Items, long Alone, long Decided, DateTimeOffset? AsOf)
{
    /// <summary>0 to 1; null when there are no items.</summary>
    public decimal? Rate => Metric.Ratio(Alone + Decided, Items);
}

internal sealed class ListConflicts(ConflictsDb db, IUnits units, ILedger ledger, TimeProvider clock)
{
    private const int Most = 10_000;

    public async Task<OneSourceRate> Rate(CancellationToken stop)
    {
        var last = await db.Counts.AsNoTracking().OrderByDescending(c => c.Id).FirstOrDefaultAsync(stop);
        return new(last?.Items ?? 0, last?.Alone ?? 0, await db.Conflicts.LongCountAsync(c => c.State == ConflictState.Decided, stop), last?.At);
    }

    public async Task<Page<Conflict>> Run(ConflictState? state, string? words, PageAsk page, Actor actor, CancellationToken stop)
    {
        var query = Of(state, words, actor);
        return new(await query.OrderByDescending(c => c.Number).Skip(page.Skip).Take(page.Rows).ToListAsync(stop), page.Number, page.Rows, await query.LongCountAsync(stop));
    }

    public async Task<ILookup<Guid, ConflictSource>> Sources(IReadOnlyList<Conflict> conflicts, CancellationToken stop)
    {
        var ids = conflicts.Select(c => c.Id).ToList();
        return (await db.Sources.AsNoTracking().Where(s => ids.Contains(s.Conflict)).OrderBy(s => s.ResourceName).ToListAsync(stop)).ToLookup(s => s.Conflict);
    }

    public async Task<FileContentHttpResult> Export(ConflictState? state, string? words, string? format, Actor actor, CancellationToken stop)
    {
        var found = await Of(state, words, actor).OrderByDescending(c => c.Number).Take(Most).ToListAsync(stop);
        var (sources, names) = (await Sources(found, stop), (await units.All(stop)).ToDictionary(u => u.Id, u => u.Name));
        await ledger.Append(actor, new("conflicts.exported", "conflicts", Evidence.Done, new { rows = found.Count }), stop);
        (Text Name, double Width)[] columns =
        [
            (new("编号", "Number"), 18), (new("信息项", "Item"), 24), (new("共同主键", "Shared key"), 20), (new("状态", "State"), 14), (new("单位", "Unit"), 28), (new("信息资源", "Resource"), 32), (new("是否权威来源", "Authority"), 14), (new("理由", "Reason"), 40),
        ];
        var title = new Text("一数一源", "One source");
        var file = ListFile.Of(
            format, title.ToString(), [.. columns.Select(c => (c.Name.ToString(), c.Width))],
            found.SelectMany(c => sources[c.Id].Select(s => new[]
            {
                c.Number, c.Name, c.Subject, ConflictWords.Of(c.State).ToString(), names.GetValueOrDefault(s.Unit), s.ResourceName,
                (s.Resource == c.Resource && s.Item == c.Item ? new Text("是", "yes") : new Text("否", "no")).ToString(), c.Reason,
            })));
        return TypedResults.File(file.Content, file.Type, $"{title}_{clock.GetUtcNow().InCity():yyyyMMdd_HHmm}{file.Ending}");
    }

    private IQueryable<Conflict> Of(ConflictState? state, string? words, Actor actor)
    {
        var (bureau, unit, text) = (actor.Has(Roles.Engineer), actor.Unit, words?.Trim());
        var seen = db.Conflicts.AsNoTracking().Where(c => (bureau || db.Sources.Any(s => s.Conflict == c.Id && s.Unit == unit)) && (state == null || c.State == state));
        return string.IsNullOrEmpty(text) ? seen : seen.Where(c => c.Number.Contains(text) || c.Name.Contains(text));
    }
}
