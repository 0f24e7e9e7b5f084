// In: a received batch. Out: its rows in the landing table, its rejects in their file, everything in one transaction; or the batch refused with the reason.
using Lizhou.Kernel.Jobs;

namespace Lizhou.Collection.Batches;

internal sealed class LoadBatch : IJob<LoadBatch.Body>
{
    internal sealed record Body(Guid Batch);

    public Task Run(Body body, JobRun run, CancellationToken stop) => Task.CompletedTask;
}
