// In: a batch landed or was undone, or its resource was retired. Out: it is noted, and its resource is scanned by a job, which forgets what it kept of a retired one. Idempotent: a batch is noted once, and a scan compares with what the lake shows.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept;

internal sealed class FollowLanded(KeptDb db, IRejects rejects, JobQueue jobs) : IHandle<BatchLanded>, IHandle<BatchUndone>, IHandle<ResourceRetired>
{
    public async Task Handle(BatchLanded fact, Guid delivery, CancellationToken stop)
    {
        if (await db.Batches.FirstOrDefaultAsync(b => b.Batch == fact.Batch, stop) is null && await rejects.Batches([fact.Batch], stop) is [var landed])
        {
            db.Batches.Add(new() { Batch = landed.Id, Root = await Root(landed, stop), Resource = landed.Resource, LandedAt = landed.LandedAt, Undone = landed.UndoneWhy is not null });
            await db.SaveChangesAsync(stop);
        }

        await jobs.Add(new ScanKept.Body(fact.Resource), ScanKept.Key(fact.Resource), stop: stop);
    }

    public async Task Handle(BatchUndone fact, Guid delivery, CancellationToken stop)
    {
        foreach (var batch in await db.Batches.Where(b => b.Batch == fact.Batch).ToListAsync(stop))
        {
            // What it mended is open again, and is looked at once more.
            (batch.Undone, batch.ScannedAt) = (true, null);
        }

        await db.SaveChangesAsync(stop);
        await jobs.Add(new ScanKept.Body(fact.Resource), ScanKept.Key(fact.Resource), stop: stop);
    }

    public Task Handle(ResourceRetired fact, Guid delivery, CancellationToken stop) => jobs.Add(new ScanKept.Body(fact.Resource), $"{ScanKept.Key(fact.Resource)}:retired", stop: stop);

    private async Task<Guid> Root(LandedBatch batch, CancellationToken stop) =>
        batch.Parent is { } parent && await rejects.Batches([parent], stop) is [var before] ? await Root(before, stop) : batch.Id;
}
