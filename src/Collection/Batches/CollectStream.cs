// In: a stream from inside the program. Out: the counts of its batch, once it has ended. Refuses what an upload of the same bytes would be refused for.
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Collection.Batches;

internal sealed class CollectStream(IntakeBatch intake, Originals originals, StateStore state, TimeProvider clock) : IIntake
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    public async Task<Result<BatchCounts>> Collect(
        string resource, string file, Stream content, string key, bool keep, Actor actor, CancellationToken stop)
    {
        var admitted = await intake.Admit(resource, actor, stop);
        if (admitted.Refused)
        {
            return admitted.Problem!;
        }

        var kept = await originals.Keep(content, stop);
        if (kept.Refused)
        {
            return kept.Problem!;
        }

        var taken = await intake.Take(new(resource, [new(file, kept.Value, FileHints.None)]) { Idempotency = key }, actor, stop);
        if (taken.Refused)
        {
            return taken.Problem!;
        }

        var ended = await End(taken.Value.Id, stop);
        if (!keep)
        {
            await originals.LetGo(kept.Value, stop);
        }

        return ended.Problem is { } refused ? refused : ended.Counts;
    }

    private async Task<Batch> End(Guid id, CancellationToken stop)
    {
        while (true)
        {
            await using (var connection = await state.Open(stop))
            {
                if (await BatchRows.Find(connection, null, id, stop) is { Ended: true } batch)
                {
                    return batch;
                }
            }

            await Task.Delay(Glance, clock, stop);
        }
    }
}
