// In: nothing. Out: a scan for every resource with a batch nobody has looked at, which a crash or a scan under way had missed; and once a day for those whose rules go by the day.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Quality.Kept;

internal sealed class LookForScans(IServiceScopeFactory scopes, TimeProvider clock) : IRounds
{
    /// <summary>After a scan that came to nothing, for as long; what it was for waits.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);

    public async Task<int> Look(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, catalog, jobs, now) = (scope.ServiceProvider.GetRequiredService<KeptDb>(), scope.ServiceProvider.GetRequiredService<ICatalog>(), scope.ServiceProvider.GetRequiredService<JobQueue>(), clock.GetUtcNow());
        var scans = await db.Scans.AsNoTracking().Select(s => new { s.Resource, s.ScannedAt, s.FaultZh }).ToListAsync(stop);
        var waiting = await db.Batches.AsNoTracking().Where(b => b.ScannedAt == null).Select(b => b.Resource).Distinct().ToListAsync(stop);
        var byDay = await db.Sets.AsNoTracking().Where(s => s.State == SetState.InForce && (s.Yaml.Contains("Freshness") || s.Yaml.Contains("NotFuture"))).Select(s => s.Resource).ToListAsync(stop);
        var yesterday = scans.Where(s => s.ScannedAt.Day() < now.Day()).Select(s => s.Resource);
        var failed = scans.Where(s => s.FaultZh is not null && s.ScannedAt > now - Again).Select(s => s.Resource);
        var due = waiting.Union(byDay.Intersect(yesterday)).Except(failed).ToList();
        foreach (var some in due.Chunk(500))
        {
            foreach (var card in await catalog.Published(some, stop))
            {
                await jobs.Add(new ScanKept.Body(card.Id), ScanKept.Key(card.Id), stop: stop);
            }
        }

        return due.Count;
    }
}
