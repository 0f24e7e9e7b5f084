// One scan of a resource at a time, so that its batches are looked at in their order; others go on beside it.
using System.Collections.Concurrent;

namespace Lizhou.Quality.Kept;

internal sealed class Turns
{
    private readonly ConcurrentDictionary<Guid, SemaphoreSlim> doors = new();

    /// <summary>Waits for the resource's turn; it ends when what is returned is disposed.</summary>
    public async Task<IDisposable> Take(Guid resource, CancellationToken stop)
    {
        var door = doors.GetOrAdd(resource, _ => new SemaphoreSlim(1, 1));
        await door.WaitAsync(stop);
        return new Turn(door);
    }

    private sealed class Turn(SemaphoreSlim door) : IDisposable
    {
        public void Dispose() => door.Release();
    }
}
