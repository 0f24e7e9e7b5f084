// Looks every few seconds for sources that are due and makes jobs of them, one for each; what was missed while the program was
// down is caught up once, not as often as it was missed.
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Collection.Sources;

internal sealed class StartDueSources(StateStore state, JobQueue jobs, TimeProvider clock) : IRounds
{
    /// <summary>One look.</summary>
    /// <returns>How many became jobs.</returns>
    public async Task<int> Look(CancellationToken stop)
    {
        await using var db = new SourcesDb(state);
        var now = clock.GetUtcNow();
        var stored = now.ToStored();
        var due = await db.Sources
            .FromSql($"SELECT * FROM source WHERE state = 'Active' AND next_at IS NOT NULL AND next_at <= {stored} ORDER BY next_at")
            .Take(100).ToListAsync(stop);
        if (due.Count == 0)
        {
            return 0;
        }

        var calendar = await db.Calendar(stop);
        foreach (var source in due)
        {
            // First the job, then the next time: a crash between the two repeats a look, and the job's key keeps it single.
            await jobs.Add(new RunSource.Body(source.Id, RunCause.Schedule), RunSource.Key(source.Id), stop: stop);
            source.NextAt = source.Schedule?.Next(now, calendar);
            await db.SaveChangesAsync(stop);
        }

        return due.Count;
    }
}
