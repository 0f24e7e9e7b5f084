// Looks every few seconds for deliveries that are due and makes jobs of them, one for each; what was missed while the program was down is made up for once.
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;

namespace Lizhou.Sharing.Deliveries;

internal sealed class StartDueDeliveries(StateStore state, JobQueue jobs, TimeProvider clock) : IRounds
{
    /// <summary>When a job that was lost is made anew.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);

    public async Task<int> Look(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var (now, later) = (clock.GetUtcNow().ToStored(), (clock.GetUtcNow() + Again).ToStored());
        var due = await connection.Rows(
            null, $"SELECT id, failures, wanted_at FROM sharing_delivery WHERE state = 'Active' AND next_at <= {now} ORDER BY next_at LIMIT 100",
            r => (Id: Guid.Parse(r.GetString(0)), Cause: r.GetInt64(1) > 0 ? RunCause.Retry : r.IsDBNull(2) ? RunCause.Schedule : RunCause.Change), stop).ToListAsync(stop);
        foreach (var (id, cause) in due)
        {
            // First the job, then a later time: a crash between the two repeats a look, and the job's key keeps it single. The end of the run sets the next time.
            await jobs.Add(new RunDelivery.Body(id, cause), RunDelivery.Key(id), stop: stop);
            await connection.Execute(null, $"UPDATE sharing_delivery SET next_at = {later} WHERE id = {id.ToString("D")} AND next_at <= {now}", stop);
        }

        return due.Count;
    }
}
