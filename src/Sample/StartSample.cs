// In: a size and a seed. Out: the job that grows the sample county. Refuses an unknown size and a folder that holds other organisations.
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Sample;

internal static class StartSample
{
    /// <param name="Size">demo, county or full.</param>
    /// <param name="Seed">Null for the plan's own.</param>
    internal sealed record Request(string Size, ulong? Seed);

    internal static async Task<Results<Accepted<JobView>, ProblemHttpResult>> Handle(Request ask, IUnits units, JobQueue jobs, CancellationToken stop)
    {
        var plan = Plan.Read();
        if (ask.Size is null || !plan.Sizes.ContainsKey(ask.Size))
        {
            return Problems.NoSuchSize.With(ask.Size).ToHttp();
        }

        var seed = ask.Seed ?? plan.Seed;
        var own = GrowSample.Units(plan, seed).Select(u => u.Id).ToHashSet();
        if ((await units.All(stop)).Any(u => !own.Contains(u.Id)))
        {
            return Problems.NotEmpty.ToHttp();
        }

        var job = await jobs.Add(new GrowSample.Body(ask.Size, seed), key: "sample", stop: stop);
        return TypedResults.Accepted($"/api/v1/sample/{job}", (await jobs.Find(job, stop))!);
    }

    internal static async Task<Results<Ok<JobView>, NotFound>> Progress(Guid job, JobQueue jobs, CancellationToken stop) =>
        await jobs.Find(job, stop) is { } view ? TypedResults.Ok(view) : TypedResults.NotFound();
}
