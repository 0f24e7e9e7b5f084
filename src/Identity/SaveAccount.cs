// In: an account as it should be. Out: the account, and for a new one a first password, shown once. Refuses roles that exclude one another, a login taken, a keeper of the wrong kind.
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

/// <summary>An account as lists show it.</summary>
internal sealed record AccountView(
    Guid Id, string Login, string Name, Guid? Unit, IReadOnlyList<string> Roles, bool Active, bool MustChange, bool Demo, int Version, DateTimeOffset MadeAt, Guid? Person, int? Label, DateTimeOffset? LastInAt)
{
    /// <summary>Nobody can come in yet: the second half of the password was not taken by another administrator.</summary>
    public bool HalfWaits { get; init; }

    /// <summary>It was edited past the program and counts no more; in lists alone.</summary>
    public bool Broken { get; init; }

    public static AccountView Of(Account a) => new(a.Id, a.Login, a.Name, a.Unit, a.RoleList, a.Active, a.MustChange, a.Demo, a.Version, a.MadeAt, a.Person, a.Label, a.LastInAt) { HalfWaits = a.SecondHalf is not null };
}

internal sealed class SaveAccount(IdentityDb db, Keeping keeping, IUnits units, IPeople people, SecondFactor factor, TakeSecondHalf halves, ApiTokens tokens, ILedger ledger, TimeProvider clock)
{
    /// <param name="Unit">Where there is a person, theirs.</param>
    /// <param name="Version">The version the editor saw; null to overwrite.</param>
    /// <param name="Person">Whose account it is; their name and unit are the account's. Null to leave it; a new account is always somebody's.</param>
    internal sealed record Request(string? Login, string? Name, Guid? Unit, IReadOnlyList<string>? Roles, int? Version = null, Guid? Person = null) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (!Naming.IsLogin(Login))
            {
                yield return new("login", Naming.NoLogin);
            }

            if (!(Person is not null && string.IsNullOrWhiteSpace(Name)) && !Naming.IsName(Name))
            {
                yield return new("name", Naming.NoName);
            }

            if (Roles is not { Count: > 0 } || Roles.Any(string.IsNullOrWhiteSpace))
            {
                yield return new("roles", new("请至少选择一个角色。", "needs at least one role."));
            }
        }
    }

    /// <param name="Password">To be handed over in person and changed at the first sign-in. Made by one of the three administrators, its first half: <see cref="TakeSecondHalf"/>.</param>
    internal sealed record Made(AccountView Account, string Password);

    internal static async Task<Results<Created<Made>, ProblemHttpResult>> HandleAdd(Request ask, SaveAccount save, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await save.Add(ask, Actor.From(user)!, stop);
        return made.Refused ? made.Problem!.ToHttp() : TypedResults.Created($"/api/v1/accounts/{made.Value.Account.Id}", made.Value);
    }

    internal static async Task<Results<Ok<AccountView>, ProblemHttpResult>> HandleChange(Guid id, Request ask, SaveAccount save, ClaimsPrincipal user, CancellationToken stop)
    {
        var changed = await save.Change(id, ask, Actor.From(user)!, stop);
        return changed.Refused ? changed.Problem!.ToHttp() : TypedResults.Ok(changed.Value);
    }

    public async Task<Result<Made>> Add(Request ask, Actor actor, CancellationToken stop)
    {
        ask = await OfPerson(ask, stop);
        if (await Refusal(ask, null, actor, stop) is { } refusal)
        {
            return refusal;
        }

        var login = ask.Login!.Trim().ToLowerInvariant();
        if (await db.Accounts.AnyAsync(a => a.Login == login, stop))
        {
            return Problems.LoginTaken.With(login);
        }

        var (password, whole, kept) = halves.New(ask.Roles!, actor);
        var account = Account.New(login, ask.Name!, ask.Unit, ask.Roles!, await Passwords.Hash(whole, stop), clock.GetUtcNow());
        (account.MustChange, account.Person, account.SecondHalf) = (true, ask.Person, kept);
        db.Accounts.Add(account);
        return await db.Commit(ledger, actor, new("account.added", account.Id.ToString(), "done", new { account.Login, account.Roles, account.Unit, account.Person }), stop) is { } late
            ? late
            : new Made(AccountView.Of(account), password);
    }

    public async Task<Result<AccountView>> Change(Guid id, Request ask, Actor actor, CancellationToken stop)
    {
        if (await db.Accounts.FindAsync([id], stop) is not { } account)
        {
            return Problems.NoSuchAccount;
        }

        // Both what it is and what it is to be must be the keeper's: nobody promotes across the line.
        if (await keeping.Refusal(actor, Kept.Of(account), "account.changed", stop) is { } notYours)
        {
            return notYours;
        }

        ask = await OfPerson(ask with { Person = ask.Person ?? account.Person }, stop);
        if (id == actor.Id && account.IsAdministrator && (account.Person != ask.Person || !account.RoleList.ToHashSet(StringComparer.Ordinal).SetEquals(ask.Roles!)))
        {
            await ledger.Append(actor, new("account.refused", id.ToString(), Problems.NotOwnRole.Code, new { act = "account.changed", ask.Roles }), stop);
            return Problems.NotOwnRole;
        }

        if (await Refusal(ask, id, actor, stop) is { } refusal)
        {
            return refusal;
        }

        // To make the last auditor something else shuts the city as well as to disable them.
        if (account.Roles != RoleRules.Joined(ask.Roles!) && await db.IsLastOfKind(account, stop))
        {
            return Problems.LastOfKind;
        }

        if (ask.Version is { } known)
        {
            db.Entry(account).Property(a => a.Version).OriginalValue = known;
        }

        var (handedOver, gaveUp) = (account.Person is not null && account.Person != ask.Person, account.Unit != ask.Unit || (account.RoleList.Contains(Roles.Steward) && !ask.Roles!.Contains(Roles.Steward)));
        account.Name = ask.Name!.Trim();
        account.Unit = ask.Unit;
        account.Label = account.Person is null || account.Person == ask.Person ? account.Label : null; // A label was given to somebody, not to a login.
        account.Person = ask.Person;
        account.Roles = RoleRules.Joined(ask.Roles!);
        (account.Version, account.ChangedAt) = ((ask.Version ?? account.Version) + 1, clock.GetUtcNow());
        return await db.Commit(ledger, actor, new("account.changed", id.ToString(), "done", new { account.Roles, account.Unit }), stop, End) is { } late ? late : AccountView.Of(account);

        // With the change: no moment is left in which the old person's ways in are the new one's account, and a change that is refused takes nothing away.
        async Task End(DbConnection connection, DbTransaction transaction)
        {
            if (handedOver)
            {
                await factor.Forget(connection, transaction, id, actor, stop);
            }

            if (handedOver || gaveUp)
            {
                await tokens.RevokeAll(connection, transaction, id, actor, stop);
            }

            await Sessions.EndAll(connection, transaction, id, except: null, stop);
        }
    }

    /// <summary>A person's account is named as they are and acts for their unit; an administrator's for none.</summary>
    private async Task<Request> OfPerson(Request ask, CancellationToken stop) =>
        ask.Person is { } id && await people.Find(id, stop) is { Active: true } person
            ? ask with { Name = person.Name, Unit = ask.Roles!.Any(Roles.Administrators.Contains) ? null : person.Unit }
            : ask;

    private async Task<Problem?> Refusal(Request ask, Guid? id, Actor actor, CancellationToken stop)
    {
        if (ask.Person is { } person)
        {
            if (await people.Find(person, stop) is not { Active: true })
            {
                return Problems.PersonGone;
            }

            if (await db.Accounts.AsNoTracking().FirstOrDefaultAsync(a => a.Person == person && a.Id != id, stop) is { } holder)
            {
                return Problems.PersonTaken.With(holder.Login);
            }
        }

        if (RoleRules.Fault([.. ask.Roles!], ask.Unit) is { } fault)
        {
            return fault;
        }

        if (await keeping.Refusal(actor, new(id, [.. ask.Roles!], ask.Unit, null), id is null ? "account.added" : "account.changed", stop) is { } notYours)
        {
            return notYours;
        }

        // 三员分立 is about people: an administrator is one of the register, who holds no other account.
        if (ask.Person is null && ask.Roles!.Any(Roles.Administrators.Contains))
        {
            return Problems.ListedAdministrator;
        }

        // Accounts are those of the register's people: nobody hands out nameless ones. Those of before this was so are kept on by the system administrator.
        if (ask.Person is null && (id is null || !actor.Has(Roles.SystemAdministrator)))
        {
            return Problems.PersonNeeded;
        }

        return ask.Unit is { } unit && await units.Find(unit, stop) is not { Active: true } ? Problems.UnitMissing : null;
    }
}
