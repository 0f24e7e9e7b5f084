// In: time. Out: jobs that ended long ago are gone, and so are facts that everybody was told of; what failed stays longer, for whoever looks for the reason.
namespace Lizhou.Kernel.Jobs;

/// <summary>How long jobs are kept after their end, in days (section <c>Jobs</c> of the configuration, e.g. the environment variable <c>Jobs__KeepDays</c>); less than 1 counts as 1.</summary>
internal sealed record JobKeeping
{
    /// <summary>Of a job that was done or cancelled, and of a fact that was told.</summary>
    public int KeepDays { get; init; } = 30;

    /// <summary>Of a job that was parked: refused, or failed too often.</summary>
    public int KeepFailedDays { get; init; } = 180;
}

internal sealed class ForgetJobs(StateStore state, JobKeeping keep, TimeProvider clock) : IRounds
{
    /// <summary>So many at once, that nobody who writes waits for long.</summary>
    private const int Most = 10_000;

    public async Task<int> Look(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var (done, failed) = (Before(keep.KeepDays), Before(keep.KeepFailedDays));
        return await connection.Execute(
            null,
            $"""
             DELETE FROM job WHERE id IN (
               SELECT id FROM job
               WHERE (state IN ('Done', 'Cancelled') AND COALESCE(ended_at, due_at) < {done}) OR (state = 'Parked' AND COALESCE(ended_at, due_at) < {failed}) LIMIT {Most})
             """,
            stop)
            + await connection.Execute(null, $"DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE done_at < {done} LIMIT {Most})", stop);
    }

    private string Before(int days) => (clock.GetUtcNow() - TimeSpan.FromDays(Math.Max(1, days))).ToStored();
}
