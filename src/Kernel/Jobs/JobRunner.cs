// Claims due jobs and runs them, two at a time; keeps their leases; repeats with a growing pause; parks what keeps failing.
using System.Collections.Frozen;
using System.Data.Common;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lizhou.Kernel.Jobs;

/// <summary>Ties the kind of a job to its use case.</summary>
public sealed record JobKind(string Name, Func<IServiceProvider, string, JobRun, CancellationToken, Task> Run)
{
    public static JobKind Of<TBody, TJob>()
        where TJob : class, IJob<TBody> =>
        new(typeof(TBody).FullName!, (scope, body, run, stop) =>
            ActivatorUtilities.GetServiceOrCreateInstance<TJob>(scope).Run(JsonSerializer.Deserialize<TBody>(body)!, run, stop));
}

internal sealed class JobRunner(StateStore state, Settings settings, IEnumerable<JobKind> kinds, IServiceScopeFactory scopes, TimeProvider clock, ILogger<JobRunner> log)
    : BackgroundService
{
    private const int Workers = 2;
    private const int MostAttempts = 5;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private readonly FrozenDictionary<string, JobKind> byName = kinds.ToFrozenDictionary(k => k.Name);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var mark = new HostMark(settings.Hosts, clock);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Work(mark.Name, stoppingToken)));
    }

    private async Task Work(string host, CancellationToken stop)
    {
        var looks = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await Claim(host, stop) is { } claimed)
                {
                    await Run(claimed, stop);
                    looks = 0;
                    continue;
                }
            }
            catch (Exception outage) when (!stop.IsCancellationRequested)
            {
                log.LogError(outage, "Jobs could not be claimed; trying again.");
            }

            looks = await state.Bell.Wait(looks, clock, stop);
        }
    }

    private sealed record Claimed(Guid Id, string Kind, string Body, int Attempts);

    /// <summary>Ends the leases of hosts that died on this folder: nobody waits a minute for a host that was restarted.</summary>
    private async Task EndDeadLeases(DbConnection connection, string host, DateTimeOffset now, CancellationToken stop)
    {
        var holders = connection.Rows(
            null, $"SELECT DISTINCT holder FROM job WHERE state = 'Running' AND holder <> {host} AND lease_until >= {now.ToStored()}", r => r.GetString(0), stop);
        foreach (var holder in await holders.ToListAsync(stop))
        {
            // Held until its leases are ended: who dies in between leaves the mark to the next, and nobody waits a minute.
            using var mark = HostMark.OfDead(settings.Hosts, holder);
            _ = mark is null ? 0 : await connection.Execute(null, $"UPDATE job SET lease_until = {(now - Lease).ToStored()} WHERE state = 'Running' AND holder = {holder}", stop);
        }
    }

    private async Task<Claimed?> Claim(string host, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var now = clock.GetUtcNow();
        await EndDeadLeases(connection, host, now, stop);
        var due = connection.Rows(
            null,
            $"""
             SELECT id, kind, body, attempts FROM job
             WHERE (state = 'Waiting' AND due_at <= {now.ToStored()}) OR (state = 'Running' AND lease_until < {now.ToStored()})
             ORDER BY due_at LIMIT 1
             """,
            r => new Claimed(Guid.Parse(r.GetString(0)), r.GetString(1), r.GetString(2), (int)r.GetInt64(3)),
            stop);
        if (await due.FirstOrDefaultAsync(stop) is not { } next)
        {
            return null;
        }

        // The claim is a compare-and-set, so two workers, or two nodes, never hold the same job.
        var won = await connection.Execute(
            null,
            $"""
             UPDATE job SET state = 'Running', attempts = attempts + 1, lease_until = {(now + Lease).ToStored()}, holder = {host}
             WHERE id = {next.Id.ToString()} AND attempts = {next.Attempts} AND (state = 'Waiting' OR lease_until < {now.ToStored()})
             """,
            stop);
        return won == 1 ? next with { Attempts = next.Attempts + 1 } : null;
    }

    private async Task Run(Claimed job, CancellationToken stop)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var keeping = KeepLease(job, cancel);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var kind = byName.GetValueOrDefault(job.Kind) ?? throw new InvalidOperationException($"No module runs jobs of kind {job.Kind}.");
            await kind.Run(scope.ServiceProvider, job.Body, new JobRun(job.Id, (done, total, note) => Show(job.Id, done, total, note, stop)), cancel.Token);
            await Finish(job, JobState.Done, null, null, stop);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Cancelled by a user: the row already says so. Stopped with the host: hand the job back at once.
            await using var connection = await state.Open(CancellationToken.None);
            await connection.Execute(
                null, $"UPDATE job SET state = 'Waiting', attempts = attempts - 1 WHERE id = {job.Id.ToString()} AND state = 'Running'", CancellationToken.None);
        }
        catch (ProblemException refusal)
        {
            await Finish(job, JobState.Parked, refusal.Problem.ToString(), null, stop);
        }
        catch (Exception failure)
        {
            log.LogError(failure, "Job {Kind} {Id} failed (attempt {Attempt}).", job.Kind, job.Id, job.Attempts);
            var again = job.Attempts < MostAttempts;
            await Finish(
                job, again ? JobState.Waiting : JobState.Parked, failure.Message, clock.GetUtcNow() + TimeSpan.FromSeconds(Math.Pow(3, job.Attempts)), stop);
        }
        finally
        {
            await cancel.CancelAsync();
            await keeping;
        }
    }

    private async Task KeepLease(Claimed job, CancellationTokenSource cancel)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(2), clock, cancel.Token);
                await using var connection = await state.Open(cancel.Token);
                var held = await connection.Execute(
                    null,
                    $"UPDATE job SET lease_until = {(clock.GetUtcNow() + Lease).ToStored()} WHERE id = {job.Id.ToString()} AND state = 'Running' AND attempts = {job.Attempts}",
                    cancel.Token);
                if (held == 0)
                {
                    await cancel.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The job has ended.
        }
        catch (Exception outage)
        {
            log.LogWarning(outage, "The lease of job {Id} could not be kept; it stops and will be repeated.", job.Id);
            await cancel.CancelAsync();
        }
    }

    private async Task Show(Guid id, long done, long total, string? note, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(null, $"UPDATE job SET done = {done}, total = {total}, note = {note} WHERE id = {id.ToString()}", stop);
    }

    private async Task Finish(Claimed job, JobState end, string? note, DateTimeOffset? due, CancellationToken stop)
    {
        var ended = end == JobState.Waiting ? null : clock.GetUtcNow().ToStored();
        await using var connection = await state.Open(stop);
        await connection.Execute(
            null,
            $"""
             UPDATE job SET state = {end.ToString()}, note = COALESCE({note}, note), due_at = COALESCE({due?.ToStored()}, due_at), lease_until = NULL, ended_at = {ended}
             WHERE id = {job.Id.ToString()} AND state = 'Running' AND attempts = {job.Attempts}
             """,
            stop);
    }
}
