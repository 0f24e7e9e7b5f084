// In: what runs for one exchange, on whichever threads it runs. Out: their processor time, as the operating system counts it; waiting for disk, network or turn costs nothing.
// It is read where the work comes to a thread and where it leaves it, a few times a call. The engine's helper threads are not in it, nor is the sending of the answer.
using System.Runtime.InteropServices;
using Lizhou.Sharing.Grants;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Sharing.Data;

internal sealed partial class ProcessorTime
{
    private static readonly AsyncLocal<ProcessorTime?> Current = new(Moved);

    /// <summary><c>CLOCK_THREAD_CPUTIME_ID</c></summary>
    private static readonly int ThreadClock = OperatingSystem.IsMacOS() ? 16 : 3;

    [ThreadStatic]
    private static long since;

    private long nanoseconds;

    /// <summary>The grant it is spent on; null as long as nobody has shown to be entitled to one.</summary>
    public SharedGrant? Grant { get; private set; }

    /// <summary>Up to now.</summary>
    public long Microseconds => (Interlocked.Read(ref nanoseconds) + (Current.Value == this ? Now() - since : 0)) / 1000;

    /// <summary>Counts what the calling method and those it calls do from here on.</summary>
    public static ProcessorTime Begin(SharedGrant? grant = null) => Current.Value = new() { Grant = grant };

    /// <summary>What is under way is for this grant.</summary>
    public static void For(SharedGrant grant)
    {
        if (Current.Value is { } under)
        {
            under.Grant = grant;
        }
    }

    /// <summary>Around a route: the time of the whole call goes to the grant it was for.</summary>
    public static async ValueTask<object?> Count(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var spent = Begin();
        try
        {
            return await next(call);
        }
        finally
        {
            if (spent.Grant is { } grant)
            {
                await call.HttpContext.RequestServices.GetRequiredService<Quota>().Worked(grant, spent.Microseconds);
            }
        }
    }

    /// <summary>On each thread, when the work comes to it or leaves it. Must not throw: there is nobody to catch it.</summary>
    private static void Moved(AsyncLocalValueChangedArgs<ProcessorTime?> change)
    {
        var now = Now();
        if (change.PreviousValue is { } left)
        {
            Interlocked.Add(ref left.nanoseconds, now - since);
        }

        since = now;
    }

    /// <summary>Of this thread, nanoseconds; 0 where the system does not tell.</summary>
    private static long Now() => OperatingSystem.IsWindows() || ReadClock(ThreadClock, out var time) != 0 ? 0 : (time.Seconds * 1_000_000_000L) + time.Nanoseconds;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out Moment time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Moment
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
