// In: a grant and how much a day may be taken. Out: the grant with that quota, in the ledger. Refuses all but the bureau.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Sharing.Grants;

internal static class SetQuota
{
    internal sealed record Ask(long DailyCalls, long DailyRows) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (DailyCalls < 0 || DailyRows < 0)
            {
                yield return new("quota", new("不能为负", "must not be negative"));
            }
        }
    }

    internal static async Task<Results<Ok<GrantView>, ProblemHttpResult>> Handle(
        string number, Ask ask, SharingDb db, FindGrants find, ILedger ledger, ClaimsPrincipal user, CancellationToken stop)
    {
        var actor = Actor.From(user)!;
        var found = await find.One(number, actor, stop);
        if ((found.Problem ?? (actor.Has(Roles.Engineer) ? null : Problems.BureauOnly)) is { } refused)
        {
            return refused.ToHttp();
        }

        (found.Value.DailyCalls, found.Value.DailyRows) = (ask.DailyCalls, ask.DailyRows);
        var stale = await db.Commit(ledger, actor, [new("grant.quota", number, Evidence.Done, ask)], stop);
        return stale is not null ? stale.ToHttp() : TypedResults.Ok(await find.View(found.Value, stop));
    }
}
