// In: a wish for another password, one's own or for someone who lost theirs. Out: it is set, other sessions end. Refuses weak ones, the old one again, a wrong old one,
// and after as many wrong ones as at sign-in every further try: a session left open is no place to guess the password at.
using System.Data.Common;
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Identity;

internal sealed class ChangePassword(IdentityDb db, Keeping keeping, IUnits units, TakeSecondHalf halves, Locks locks, ILedger ledger, TimeProvider clock)
{
    internal sealed record Request(string? Old, string? New);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleOwn(Request ask, ChangePassword use, HttpContext http, CancellationToken stop) =>
        await use.Run(ask.Old, ask.New, http, stop) is { } refusal ? refusal.ToHttp() : TypedResults.NoContent();

    internal static async Task<Results<Ok<string>, ProblemHttpResult>> HandleReset(Guid id, ChangePassword use, ClaimsPrincipal user, CancellationToken stop)
    {
        var password = await use.Reset(id, Actor.From(user)!, stop);
        return password.Refused ? password.Problem!.ToHttp() : TypedResults.Ok(password.Value);
    }

    public async Task<Problem?> Run(string? old, string? wished, HttpContext http, CancellationToken stop)
    {
        var actor = Actor.From(http.User)!;
        if (HalfwayIn.Waits(http.User) == Sessions.WantsCode)
        {
            return Problems.CodeFirst;
        }

        if (await db.Accounts.FindAsync([actor.Id], stop) is not { } account)
        {
            return Problems.NoSuchAccount;
        }

        var unit = account.Unit is { } of ? (await units.Find(of, stop))?.Name : null;
        if (PasswordRules.Fault(wished, account.Login, account.Name, unit) is { } weak)
        {
            return weak;
        }

        if (await locks.Until(account.Login, Sessions.Address(http), stop) is { } until)
        {
            return Problems.Locked.With(until.Shown());
        }

        if (wished == old)
        {
            return Problems.SamePassword;
        }

        if (!await Passwords.Fits(old ?? "", account.Password, stop))
        {
            // Counted with the wrong ones of sign-in. The lock also bounds how many of them the ledger hears of.
            await locks.Failed(account.Login, Sessions.Address(http), stop);
            await ledger.Append(actor, new("password.changed", account.Id.ToString(), Problems.SamePassword.Code), stop);
            return Problems.SamePassword;
        }

        if (await Before(account, wished!, stop))
        {
            return Problems.PasswordUsed.With(PasswordRules.Remembered);
        }

        await Set(account, wished!, mustChange: false, stop);
        var here = http.User.FindFirst(Sessions.SessionClaim)?.Value;
        return await db.Commit(ledger, actor, new("password.changed", account.Id.ToString(), "done"), stop, End);

        async Task End(DbConnection connection, DbTransaction transaction)
        {
            await Locks.Clear(connection, transaction, account.Login, stop);
            await Sessions.EndAll(connection, transaction, account.Id, here, stop);
        }
    }

    /// <summary>A random password to hand over, by one of the three administrators its first half; the account must change it and is no longer locked.</summary>
    public async Task<Result<string>> Reset(Guid id, Actor actor, CancellationToken stop)
    {
        if (await db.Accounts.FindAsync([id], stop) is not { } account)
        {
            return Problems.NoSuchAccount;
        }

        if (await keeping.Refusal(actor, Kept.Of(account), "password.reset", stop) is { } refusal)
        {
            return refusal;
        }

        // One's own is changed with the old one; nobody makes themselves a password that another of the three must hand out.
        if (id == actor.Id)
        {
            await ledger.Append(actor, new("account.refused", id.ToString(), Problems.NotOwnReset.Code, new { act = "password.reset" }), stop);
            return Problems.NotOwnReset;
        }

        if (!Keeping.MayReset(actor, Kept.Of(account), await units.All(stop)))
        {
            await ledger.Append(actor, new("account.refused", id.ToString(), Problems.LabelFirst.Code, new { act = "password.reset" }), stop);
            return Problems.LabelFirst.With(account.Label!);
        }

        var (password, whole, kept) = halves.New(account.RoleList, actor);
        await Set(account, whole, mustChange: true, stop);
        account.SecondHalf = kept;
        return await db.Commit(ledger, actor, new("password.reset", id.ToString(), "done"), stop, End) is { } late ? late : password;

        async Task End(DbConnection connection, DbTransaction transaction)
        {
            await Locks.Clear(connection, transaction, account.Login, stop);
            await Sessions.EndAll(connection, transaction, id, except: null, stop);
        }
    }

    private async Task<bool> Before(Account account, string wished, CancellationToken stop)
    {
        var id = account.Id;
        var before = await db.OldPasswords.AsNoTracking().Where(p => p.Account == id).OrderByDescending(p => p.SetAt).Take(PasswordRules.Remembered - 1).ToListAsync(stop);
        foreach (var hash in before.Select(p => p.Hash))
        {
            if (await Passwords.Fits(wished, hash, stop))
            {
                return true;
            }
        }

        return false;
    }

    private async Task Set(Account account, string password, bool mustChange, CancellationToken stop)
    {
        db.OldPasswords.Add(new() { Id = Guid.CreateVersion7(clock.GetUtcNow()), Account = account.Id, Hash = account.Password, SetAt = account.PasswordAt ?? account.MadeAt });
        account.PasswordAt = clock.GetUtcNow();
        account.Password = await Passwords.Hash(password, stop);
        (account.MustChange, account.Version, account.ChangedAt) = (mustChange, account.Version + 1, clock.GetUtcNow());
    }
}
