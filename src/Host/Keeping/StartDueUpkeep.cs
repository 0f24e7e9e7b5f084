// Looks every few seconds whether some upkeep is due or was asked for, and sees to it that there is a job for it. Nodes that share a state agree by it.
// What was missed while the program was down is done once.
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;

namespace Lizhou.Host.Keeping;

internal sealed class StartDueUpkeep(StateStore state, JobQueue jobs, UpkeepSettings settings, TimeProvider clock) : IRounds
{
    /// <summary>One look.</summary>
    /// <returns>How many tasks became wanted by it.</returns>
    public async Task<int> Look(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        await using var connection = await state.Open(stop);
        foreach (var task in Enum.GetValues<UpkeepTask>())
        {
            await UpkeepTasks.Know(connection, task, settings.Cron(task), settings.Next(task, now), stop);
        }

        var made = 0;
        foreach (var task in await UpkeepTasks.All(connection, stop))
        {
            var due = task.Due <= now;
            if (due && await UpkeepTasks.MoveOn(connection, task, settings.Next(task.Task, now), now, stop))
            {
                made++;
            }

            if (due || task.Wanted is not null)
            {
                // The key keeps it single: over nodes, over looks, and over a crash between the two statements.
                var body = RunUpkeep.Body.For(task.Task);
                await jobs.Add(connection, null, body, body.Key, stop: stop);
            }
        }

        return made;
    }
}
