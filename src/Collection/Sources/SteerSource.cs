// In: a source and what to do with it: pause, resume, run now. Out: done, with evidence. Refuses running what sends by itself.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Collection.Sources;

internal sealed class SteerSource(SourcesDb db, FindSources find, JobQueue jobs, ILedger ledger, TimeProvider clock)
{
    /// <param name="Job">The job that runs it.</param>
    internal sealed record Started(Guid Job);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandlePause(string source, SteerSource steer, ClaimsPrincipal who, CancellationToken stop) =>
        await steer.Pause(source, pause: true, Actor.From(who)!, stop) is { Refused: true } refused ? refused.Problem!.ToHttp() : TypedResults.NoContent();

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleResume(string source, SteerSource steer, ClaimsPrincipal who, CancellationToken stop) =>
        await steer.Pause(source, pause: false, Actor.From(who)!, stop) is { Refused: true } refused ? refused.Problem!.ToHttp() : TypedResults.NoContent();

    internal static async Task<Results<Accepted<Started>, ProblemHttpResult>> HandleRun(string source, SteerSource steer, ClaimsPrincipal who, CancellationToken stop)
    {
        var job = await steer.RunNow(source, Actor.From(who)!, stop);
        return job.Refused ? job.Problem!.ToHttp() : TypedResults.Accepted((string?)null, new Started(job.Value));
    }

    public async Task<Result<Source>> Pause(string code, bool pause, Actor actor, CancellationToken stop)
    {
        var found = await find.ByCode(code, actor, stop);
        if (found.Refused)
        {
            return found;
        }

        var source = found.Value;
        source.State = pause ? SourceState.Paused : SourceState.Active;
        source.NextAt = pause ? null : source.Schedule?.Next(clock.GetUtcNow(), await db.Calendar(stop));
        await ledger.Append(actor, new(pause ? "source.paused" : "source.resumed", code, "done"), stop);
        await db.SaveChangesAsync(stop);
        return source;
    }

    public async Task<Result<Guid>> RunNow(string code, Actor actor, CancellationToken stop)
    {
        var found = await find.ByCode(code, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        if (!found.Value.Pulls)
        {
            return SourceProblems.NotPulled.With(found.Value.Name);
        }

        await ledger.Append(actor, new("source.run", code, "done"), stop);
        return await jobs.Add(new RunSource.Body(found.Value.Id, RunCause.Hand), RunSource.Key(found.Value.Id), stop: stop);
    }
}
