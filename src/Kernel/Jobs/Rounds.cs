// Work that has to be looked for: at the start, and again after each pause, while the host runs.
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lizhou.Kernel.Jobs;

/// <summary>Something to look for again and again.</summary>
public interface IRounds
{
    /// <summary>One look. It may fail; the next one comes after the pause all the same.</summary>
    /// <returns>How much there was to do.</returns>
    Task<int> Look(CancellationToken stop);
}

public static class RoundsServices
{
    /// <summary>Registers <typeparamref name="T"/> and lets it look while the host runs.</summary>
    /// <param name="pause">Between the end of a look and the next.</param>
    public static IServiceCollection AddRounds<T>(this IServiceCollection services, TimeSpan pause)
        where T : class, IRounds =>
        services.AddSingleton<T>().AddSingleton<IHostedService>(s => new Rounds<T>(
            s.GetRequiredService<T>(), pause, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<T>>()));
}

internal sealed class Rounds<T>(T work, TimeSpan pause, TimeProvider clock, ILogger<T> log) : BackgroundService
    where T : IRounds
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await work.Look(stoppingToken);
            }
            catch (Exception outage) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(outage, "A look failed; trying again in {Pause}.", pause);
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
