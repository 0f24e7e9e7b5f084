// In: a file a source brought, by whatever way. Out: a batch, under the source's contract. One way in for all of them.
using System.Data.Common;
using Lizhou.Collection.Batches;
using Lizhou.Kernel;

namespace Lizhou.Collection.Sources;

internal sealed class DeliverFile(IntakeBatch intake, Originals originals)
{
    /// <param name="name">As the sender calls it.</param>
    /// <param name="hints">What is known of how it is to be read.</param>
    /// <param name="key">The same key again gives the same batch.</param>
    /// <param name="beside">What must become true together with the batch: a watermark, a taken push.</param>
    public async Task<Result<Batch>> Deliver(
        Source source, Stream content, string name, FileHints hints, string key, Actor actor,
        Func<DbConnection, DbTransaction, Guid, CancellationToken, Task>? beside, CancellationToken stop)
    {
        var admitted = await intake.Admit(source.Resource, actor, stop);
        if (admitted.Refused)
        {
            return admitted.Problem!;
        }

        var original = await originals.Keep(content, stop);
        if (original.Refused)
        {
            return original.Problem!;
        }

        var file = new IntakeFile(name, original.Value, hints);
        return await intake.Take(
            new Intake(source.Resource, [file])
            {
                Source = source.Id,
                SourceName = source.Name,
                Drift = source.Drift,
                Mapping = source.Mapping,
                Idempotency = key,
                Beside = beside,
            },
            actor,
            stop);
    }
}
