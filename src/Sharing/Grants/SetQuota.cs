// In: a grant and how much a day may be taken. Out: the grant with that quota, in the ledger. Refuses all but the bureau.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Sharing.Grants;

internal sealed class SetQuota(SharingDb db, FindGrants find, TurnAway turn, ILedger ledger)
{
    /// <summary>Both are needed: one left out is no wish for none.</summary>
    internal sealed record Ask(long? DailyCalls, long? DailyRows) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            foreach (var (field, _) in new[] { ("dailyCalls", DailyCalls), ("dailyRows", DailyRows) }.Where(q => q.Item2 is not >= 0))
            {
                yield return new(field, new("须填写且不能为负", "is needed and must not be negative"));
            }
        }
    }

    internal static async Task<Results<Ok<GrantView>, ProblemHttpResult>> Handle(string number, Ask ask, SetQuota set, FindGrants find, ClaimsPrincipal user, CancellationToken stop)
    {
        var grant = await set.Run(number, ask, Actor.From(user)!, stop);
        return grant.Refused ? grant.Problem!.ToHttp() : TypedResults.Ok(await find.View(grant.Value, stop));
    }

    /// <summary>The same for the route and the page.</summary>
    public async Task<Result<SharedGrant>> Run(string number, Ask ask, Actor actor, CancellationToken stop)
    {
        var found = await find.One(number, actor, stop);
        if (found.Refused)
        {
            return found;
        }

        if (!actor.Has(Roles.Engineer))
        {
            return await turn.Run(actor, FindGrants.Refused, number, Problems.BureauOnly);
        }

        (found.Value.DailyCalls, found.Value.DailyRows) = (ask.DailyCalls!.Value, ask.DailyRows!.Value);
        return await db.Commit(ledger, actor, [new("grant.quota", number, Evidence.Done, ask)], stop) is { } stale ? stale : found.Value;
    }
}
