// In: an account and up to which level its person may see data. Out: it holds from their next request. Given and taken by the security administrator alone.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Identity;

internal sealed class LabelAccount(IdentityDb db, ILedger ledger, TimeProvider clock)
{
    /// <param name="Level">1 to 4 for L1 to L4; null takes the label away.</param>
    internal sealed record Request(int? Level) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Level is < 1 or > 4)
            {
                yield return new("level", new("应为 1–4，或为空。", "must be 1 to 4, or nothing."));
            }
        }
    }

    internal static async Task<Results<Ok<AccountView>, ProblemHttpResult>> Handle(Guid id, Request ask, LabelAccount use, ClaimsPrincipal user, CancellationToken stop)
    {
        var labelled = await use.Run(id, ask.Level, Actor.From(user)!, stop);
        return labelled.Refused ? labelled.Problem!.ToHttp() : TypedResults.Ok(labelled.Value);
    }

    public async Task<Result<AccountView>> Run(Guid id, int? level, Actor actor, CancellationToken stop)
    {
        if (!actor.Has(Roles.SecurityAdministrator))
        {
            return Problems.NotYours;
        }

        if (await db.Accounts.FindAsync([id], stop) is not { } account)
        {
            return Problems.NoSuchAccount;
        }

        // The administrators see no data, so no label makes sense on them; one's own label is nobody's to give.
        if (account.IsAdministrator)
        {
            return Problems.NotYours;
        }

        var before = account.Label;
        (account.Label, account.Version, account.ChangedAt) = (level, account.Version + 1, clock.GetUtcNow());
        return await db.Commit(ledger, actor, new("account.labelled", id.ToString(), "done", new { before, level }), stop) is { } late ? late : AccountView.Of(account);
    }
}
