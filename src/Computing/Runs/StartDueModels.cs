// Looks every few seconds for models whose time has come and makes one run of them; what was missed while the program was down is made up for once. A run nobody works on gets its job again.
using Lizhou.Computing.Models;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Computing.Runs;

internal sealed class StartDueModels(IServiceScopeFactory scopes, StateStore state, JobQueue jobs, TimeProvider clock) : IRounds
{
    public async Task<int> Look(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        if (await services.GetRequiredService<RunShelf>().Next(stop) is not null)
        {
            await jobs.Add(new RunModels.Body(), RunModels.Key, stop: stop);
        }

        var now = clock.GetUtcNow();
        var due = (await services.GetRequiredService<ModelShelf>().All(stop)).Where(m => m.Active && m.NextAt <= now).ToList();
        if (due.Count == 0)
        {
            return 0;
        }

        await services.GetRequiredService<StartRun>().Run(new([.. due.Select(m => m.Name)]), RunCause.Schedule, Actor.System, stop);
        await using var connection = await state.Open(stop);
        foreach (var model in due)
        {
            await connection.Execute(null, $"UPDATE model SET next_at = {Schedules.Next(model.Head, now)?.ToStored()} WHERE id = {model.Id.ToString("D")}", stop);
        }

        return due.Count;
    }
}
