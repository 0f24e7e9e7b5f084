// In: an account that one of the three administrators made, or whose password they reset. Out: the second half of its password, once, for another of the three to hand over.
// 三员分立: the security administrator keeps the three's accounts, the system administrator all others, and would otherwise know a password to each: a steward, an engineer and another steward
// of one and the same hand are no two people for a request. A unit's administrator makes accounts of the own units alone and is shown the whole password.
using System.Security.Claims;
using System.Security.Cryptography;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Identity;

internal sealed class TakeSecondHalf(IdentityDb db, ILedger ledger, IDataProtectionProvider seals, TimeProvider clock)
{
    /// <summary>Who may take one at all: of an account the two administrators that do not make its kind, <see cref="MayTake"/>.</summary>
    public const string Takers = Roles.SystemAdministrator + "," + Roles.SecurityAdministrator + "," + Roles.AuditAdministrator;

    private readonly IDataProtector seal = seals.CreateProtector("Lizhou.Account.SecondHalf");

    internal static async Task<Results<Ok<string>, ProblemHttpResult>> Handle(Guid id, TakeSecondHalf use, ClaimsPrincipal user, CancellationToken stop)
    {
        var half = await use.Run(id, Actor.From(user)!, stop);
        return half.Refused ? half.Problem!.ToHttp() : TypedResults.Ok(half.Value);
    }

    public static bool MayTake(Actor actor, AccountView account) =>
        account.HalfWaits && account.Id != actor.Id && (actor.Has(Roles.AuditAdministrator) || actor.Has(OfThree(account.Roles) ? Roles.SystemAdministrator : Roles.SecurityAdministrator));

    /// <summary>Who takes it beside the audit administrator, in words.</summary>
    public static Text Taker(AccountView account) => OfThree(account.Roles) ? new("系统管理员", "system") : new("安全管理员", "security");

    /// <summary>A first password: what its maker is shown, what is typed, and what is kept until another takes it (null where the maker is shown all of it).</summary>
    public (string Shown, string Whole, string? Kept) New(IEnumerable<string> roles, Actor maker)
    {
        var (first, second) = (Passwords.Random(), Passwords.Random());
        return OfThree(roles) || maker.Has(Roles.SystemAdministrator) ? (first, first + second, seal.Protect(second)) : (first, first, null);
    }

    public async Task<Result<string>> Run(Guid id, Actor actor, CancellationToken stop)
    {
        if (await db.Accounts.FindAsync([id], stop) is not { } account)
        {
            return Problems.NoSuchAccount;
        }

        if (!MayTake(actor, AccountView.Of(account) with { HalfWaits = true }))
        {
            await ledger.Append(actor, new("account.refused", id.ToString(), Problems.NotYours.Code, new { act = "account.half-given" }), stop);
            return Problems.NotYours;
        }

        if (Open(account.SecondHalf) is not { } half)
        {
            return Problems.NoHalf;
        }

        (account.SecondHalf, account.Version, account.ChangedAt) = (null, account.Version + 1, clock.GetUtcNow());
        return await db.Commit(ledger, actor, new("account.half-given", id.ToString(), Evidence.Done, new { account.Login, account.Roles }), stop) is { } late ? late : half;
    }

    private static bool OfThree(IEnumerable<string> roles) => roles.Any(Roles.Administrators.Contains);

    private string? Open(string? kept)
    {
        try
        {
            return kept is null ? null : seal.Unprotect(kept);
        }
        catch (CryptographicException)
        {
            return null; // of keys that are lost: another reset makes another
        }
    }
}
