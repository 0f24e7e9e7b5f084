// Waiting for what happens in its own time: a question is asked again and again until the answer will do, never longer than patience allows.
namespace Lizhou.Tests.Support;

public static class Wait
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    /// <summary>Asks until the answer will do.</summary>
    /// <param name="patience">Null: a minute, which is much even for a slow machine.</param>
    /// <returns>The first answer that would do; <see cref="TimeoutException"/> with the last one when there was none in time.</returns>
    public static async Task<T> For<T>(Func<Task<T>> ask, Func<T, bool> willDo, TimeSpan? patience = null)
    {
        using var bound = new CancellationTokenSource(patience ?? Patience);
        using var pace = new PeriodicTimer(Pace);
        while (true)
        {
            var answer = await ask();
            if (willDo(answer))
            {
                return answer;
            }

            if (bound.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited in vain; the last answer was {answer}.");
            }

            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Looks until it is so.</summary>
    public static Task Until(Func<Task<bool>> isSo, TimeSpan? patience = null) => For(isSo, so => so, patience);

    /// <inheritdoc cref="Until(Func{Task{bool}}, TimeSpan?)"/>
    public static Task Until(Func<bool> isSo, TimeSpan? patience = null) => Until(() => Task.FromResult(isSo()), patience);
}
