// In: a grant. Out: what it cost since the first request for it: what was moved, the processor time that took, the time of those who reviewed it.
using System.Security.Claims;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Data;
using Lizhou.Sharing.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Grants;

/// <param name="Calls">Answered ones; what was refused is not in it.</param>
/// <param name="ProcessorMicroseconds">Of this program's threads while they worked on calls, files, messages and pushes under the grant, as the operating system counts it.</param>
/// <param name="Reviews">Decisions of reviewers on requests for it.</param>
/// <param name="ReviewMinutes">From a request's arrival at a reviewer's step to the decision there, in office hours of working days; the sum over all steps.</param>
/// <param name="OpenMinutes">The same by the clock: nights, weekends and holidays included.</param>
internal sealed record GrantCost(long Calls, long Rows, long Bytes, long ProcessorMicroseconds, int Reviews, long ReviewMinutes, long OpenMinutes);

internal sealed class CountCost(SharingDb db, Quota quota, ReviewTime reviews)
{
    internal static async Task<Results<Ok<GrantCost>, ProblemHttpResult>> Handle(string number, FindGrants find, CountCost count, ClaimsPrincipal user, CancellationToken stop)
    {
        var grant = await find.One(number, Actor.From(user)!, stop);
        return grant.Refused ? grant.Problem!.ToHttp() : TypedResults.Ok(await count.Of(grant.Value, stop));
    }

    public async Task<GrantCost> Of(SharedGrant grant, CancellationToken stop)
    {
        await quota.Look(stop);
        var uses = await db.Uses.AsNoTracking().Where(u => u.Granted == grant.Id).ToListAsync(stop);
        var reviewed = await reviews.Of(grant, stop);
        return new(
            uses.Sum(u => u.Calls), uses.Sum(u => u.Rows), uses.Sum(u => u.Bytes), uses.Sum(u => u.Processor), reviewed.Count, Minutes(reviewed.Select(r => r.Office)), Minutes(reviewed.Select(r => r.Open)));
    }

    /// <summary>Whole ones, of the sum.</summary>
    public static long Minutes(IEnumerable<TimeSpan> spans) => (long)spans.Sum(s => s.TotalMinutes);
}
