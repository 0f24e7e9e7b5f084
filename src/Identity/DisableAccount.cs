// In: an account that may no longer come in, or may again. Out: its new state; its sessions and tokens end at once. Refuses one's own, and accounts another keeper is for.
using System.Data.Common;
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Identity;

internal sealed class DisableAccount(IdentityDb db, EmptyAccount empty, Keeping keeping, ApiTokens tokens, IPeople people, ILedger ledger, TimeProvider clock)
{
    internal static Task<Results<Ok<AccountView>, ProblemHttpResult>> Disable(Guid id, DisableAccount use, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(use.Run(id, active: false, Actor.From(user)!, stop));

    internal static Task<Results<Ok<AccountView>, ProblemHttpResult>> Enable(Guid id, DisableAccount use, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(use.Run(id, active: true, Actor.From(user)!, stop));

    public async Task<Result<AccountView>> Run(Guid id, bool active, Actor actor, CancellationToken stop)
    {
        if (await db.Accounts.FindAsync([id], stop) is not { } account)
        {
            return Problems.NoSuchAccount;
        }

        if (!db.IsWhole(account))
        {
            return active ? Problems.BrokenAccount : await empty.Run(account, actor, stop);
        }

        // To shut somebody out gives nothing away, whatever they might have seen.
        var kept = active ? Kept.Of(account) : Kept.Of(account) with { Label = null };
        if (await keeping.Refusal(actor, kept, active ? "account.enabled" : "account.disabled", stop) is { } refusal)
        {
            return refusal;
        }

        if (active && account.Person is { } person && await people.Find(person, stop) is not { Active: true })
        {
            return Problems.PersonGone;
        }

        if (id == actor.Id && !active)
        {
            return Problems.NotYourself;
        }

        if (!active && await db.IsLastOfKind(account, stop))
        {
            return Problems.LastOfKind;
        }

        if (active && account.Active)
        {
            return AccountView.Of(account); // Whoever is in stays in.
        }

        (account.Active, account.Version, account.ChangedAt) = (active, account.Version + 1, clock.GetUtcNow());
        account.EnabledAt = active ? clock.GetUtcNow() : account.EnabledAt; // Ninety days to come in again, or the next look would put it out once more.
        return await db.Commit(ledger, actor, new(active ? "account.enabled" : "account.disabled", id.ToString(), "done"), stop, End) is { } late ? late : AccountView.Of(account);

        async Task End(DbConnection connection, DbTransaction transaction)
        {
            if (!active)
            {
                await tokens.RevokeAll(connection, transaction, id, actor, stop);
            }

            await Sessions.EndAll(connection, transaction, id, except: null, stop);
        }
    }

    private static async Task<Results<Ok<AccountView>, ProblemHttpResult>> Answer(Task<Result<AccountView>> work) =>
        await work is var result && result.Refused ? result.Problem!.ToHttp() : TypedResults.Ok(result.Value);
}
