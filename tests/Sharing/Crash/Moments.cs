using System.Collections.Concurrent;

namespace Lizhou.Sharing.Tests.Crash;

/// <summary>Things that happen while the program runs, and that a kill may want to follow.</summary>
internal sealed class Moments
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> awaited = new();

    public void Now(string what)
    {
        if (awaited.TryRemove(what, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    /// <summary>So many more times.</summary>
    public async Task Next(string what, int times)
    {
        for (var time = 0; time < times; time++)
        {
            await Next(what);
        }
    }

    /// <summary>The next time.</summary>
    public Task Next(string what) => awaited.GetOrAdd(what, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
}
