// Wakes the ones who wait for new rows of the state, so that an idle city hardly looks and a busy one never waits.
namespace Lizhou.Kernel.Data;

/// <summary>Rung when something was added that a background worker should see. Ringing is a hint: rows of other nodes are found by looking.</summary>
public sealed class Bell
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private TaskCompletionSource rung = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Ring() => Interlocked.Exchange(ref rung, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Waits for a ring, or for a pause that grows with each look in vain: the row may become visible only when its transaction commits.</summary>
    /// <param name="looks">How often the caller looked in vain since it last found something or heard a ring.</param>
    /// <returns>The number of vain looks from now on: 0 after a ring.</returns>
    public async Task<int> Wait(int looks, TimeProvider clock, CancellationToken stop)
    {
        var ring = Volatile.Read(ref rung).Task;
        var pause = Soon * (1 << Math.Min(looks, 6));
        await Task.WhenAny(ring, Task.Delay(pause < Late ? pause : Late, clock, stop));
        return ring.IsCompleted ? 0 : looks + 1;
    }
}
