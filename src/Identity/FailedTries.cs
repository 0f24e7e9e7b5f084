// In: a request, and later that it failed. Out: whether its address has failed too often in the minute that began with the first. A good try is never counted.
// Every call of the data API asks: a limiter of the framework that is asked while it is put away as idle throws.
using Lizhou.Contracts.Identity;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Identity;

internal abstract class FailedTries(TimeProvider clock)
{
    private const int PerMinute = 60;

    // The clock's marks, not its time of day: whoever sets that gets no more tries.
    private readonly (long Since, int Count)[] failed = new (long, int)[AddressLimits.Buckets];

    public bool MayTry(HttpContext http)
    {
        lock (failed)
        {
            var (since, count) = failed[Throttle.Bucket(http)];
            return count < PerMinute || IsOver(since);
        }
    }

    public void Failed(HttpContext http)
    {
        lock (failed)
        {
            ref var here = ref failed[Throttle.Bucket(http)];
            here = here.Count == 0 || IsOver(here.Since) ? (clock.GetTimestamp(), 1) : (here.Since, here.Count + 1);
        }
    }

    private bool IsOver(long since) => clock.GetElapsedTime(since) >= TimeSpan.FromMinutes(1);
}

/// <summary>Keys and secrets of programs.</summary>
internal sealed class FailedTokens(TimeProvider clock) : FailedTries(clock);

/// <summary>Comings from the outside provider that were refused: they use up no program's tries at the same address.</summary>
internal sealed class FailedVisits(TimeProvider clock) : FailedTries(clock);
