// Carries told facts to their handlers, in order, at least once; one that keeps failing is parked with its reason.
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lizhou.Kernel.Events;

internal sealed class OutboxCourier(StateStore state, Subscriptions subscriptions, IServiceScopeFactory scopes, TimeProvider clock, ILogger<OutboxCourier> log)
    : BackgroundService
{
    private const int MostAttempts = 8;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var looks = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await CarryOne(stoppingToken))
                {
                    looks = 0;
                    continue;
                }
            }
            catch (Exception outage) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(outage, "The outbox could not be read; trying again.");
            }

            looks = await state.Bell.Wait(looks, clock, stoppingToken);
        }
    }

    private sealed record Waiting(Guid Id, string Type, string Body, long Attempts);

    private async Task<bool> CarryOne(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        Waiting? next = null;
        await foreach (var row in connection.Rows(
            null,
            $"SELECT id, type, body, attempts FROM outbox WHERE done_at IS NULL AND parked IS NULL ORDER BY seq LIMIT 1",
            r => new Waiting(Guid.Parse(r.GetString(0)), r.GetString(1), r.GetString(2), r.GetInt64(3)),
            stop))
        {
            next = row;
        }

        if (next is null)
        {
            return false;
        }

        try
        {
            foreach (var subscription in subscriptions.All.Where(s => s.Fact.FullName == next.Type))
            {
                await using var scope = scopes.CreateAsyncScope();
                await subscription.Deliver(scope.ServiceProvider, next.Body, next.Id, stop);
            }

            await connection.Execute(null, $"UPDATE outbox SET done_at = {clock.GetUtcNow().ToStored()} WHERE id = {next.Id.ToString()}", stop);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogWarning(failure, "A handler of {Fact} failed (attempt {Attempt}).", next.Type, next.Attempts + 1);
            var parked = next.Attempts + 1 >= MostAttempts ? failure.Message : null;
            await connection.Execute(
                null, $"UPDATE outbox SET attempts = attempts + 1, parked = {parked} WHERE id = {next.Id.ToString()}", stop);
            await Task.Delay(TimeSpan.FromMilliseconds(50 << (int)Math.Min(next.Attempts, 6)), clock, stop);
        }

        return true;
    }
}
