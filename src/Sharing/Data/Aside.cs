// The rows a delivery has set aside of the day's, from before they leave until they are written with its place; what did not get there is given back. In memory alone: a crash forgets them.
using Lizhou.Kernel;
using Lizhou.Sharing.Grants;

namespace Lizhou.Sharing.Data;

internal sealed class Aside(Quota quota, SharedGrant grant, Actor actor)
{
    private long held;

    /// <summary>For the gate: refuses, with evidence, more than the day leaves.</summary>
    public Func<long, Task<Problem?>> Room(CancellationToken stop) => async rows =>
    {
        if (await quota.Room(grant, actor, stop, counts: false)(rows) is { } full)
        {
            return full;
        }

        held += rows;
        return null;
    };

    /// <summary>At most as many rows as the day leaves, so that a page is not refused for what the next day would take; 1 when it leaves none.</summary>
    public async Task<int> Page(int most, CancellationToken stop) => (int)Math.Clamp(await quota.Left(grant, stop), 1, most);

    /// <summary>Rows are written with the delivery's place.</summary>
    public async Task Reached(long rows)
    {
        var settled = Math.Min(held, rows);
        held -= settled;
        await quota.Settled(grant, settled, written: true);
    }

    /// <summary>The attempt is over.</summary>
    public async Task End()
    {
        await quota.Settled(grant, held, written: false);
        held = 0;
    }
}
