// In: the state. Out: the graph of all lineage as it is now, kept in memory; of what has changed since only the owners' edges are read, and change places in it.
using Lizhou.Kernel;

namespace Lizhou.Computing.Lineage;

internal sealed class KeptGraph(StateStore state) : IDisposable
{
    private readonly SemaphoreSlim one = new(1);
    private readonly LineageGraph graph = new();

    /// <summary>-1: nothing was read yet.</summary>
    private long stamp = -1;

    public async Task<LineageGraph> Now(CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            await using var connection = await state.Open(stop);
            var now = Convert.ToInt64(await connection.Scalar(null, $"SELECT n FROM lineage_stamp", stop), null);
            if (now == stamp)
            {
                return graph;
            }

            // What changes between these looks has a later stamp than the first, and is read again next time.
            var owners = await LineageEdges.OwnersSince(connection, stamp, stop).ToListAsync(stop);
            var edges = (await LineageEdges.Since(connection, stamp, stop).ToListAsync(stop)).ToLookup(e => e.Owner, e => e.Edge, StringComparer.Ordinal);
            foreach (var owner in owners)
            {
                graph.Put(owner, [.. edges[owner]]);
            }

            stamp = now;
            return graph;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();
}
