// In: login and password. Out: a session. Refuses wrong ones without telling which, and while their login (known or not) or their address is locked.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Identity;

internal sealed class SignIn(StateStore state, IdentityDb db, AccountSeals seals, Sessions sessions, SecondFactor factor, Locks locks, Settings settings, ILedger ledger, TimeProvider clock)
{
    internal sealed record Request(string? Login, string? Password);

    /// <summary>Who is signed in, for programs.</summary>
    /// <param name="Pending">What the session waits for before it may do anything: <c>code</c> (or the certificate), <c>password</c>, <c>enrol</c>; null for nothing.</param>
    /// <param name="Antiforgery">To be sent as <c>RequestVerificationToken</c> with every unsafe request of this session.</param>
    internal sealed record Signed(Guid Id, string Name, Guid? Unit, IReadOnlyCollection<string> Roles, string? Antiforgery, string? Pending);

    internal static async Task<Results<Ok<string>, ProblemHttpResult>> Handle(Request ask, SignIn signIn, HttpContext http, CancellationToken stop)
    {
        var signed = await signIn.Run(ask.Login, ask.Password, http, stop);
        return signed.Refused ? signed.Problem!.ToHttp() : TypedResults.Ok(signed.Value.Name);
    }

    internal static Results<Ok<Signed>, ProblemHttpResult> Who(HttpContext http, IAntiforgery antiforgery)
    {
        var actor = Actor.From(http.User)!;
        return TypedResults.Ok(new Signed(actor.Id, actor.Name, actor.Unit, actor.Roles.ToList(), antiforgery.GetAndStoreTokens(http).RequestToken, HalfwayIn.Waits(http.User)));
    }

    public bool MayEnter(Account account) => account.Active && db.IsWhole(account);

    /// <summary>Where one belongs who has just come in; the page of the second factor sends on whom nothing is missing.</summary>
    public async Task<string> Next(Account account, string? back, CancellationToken stop) =>
        (await factor.Of(account.Id, stop)).Any || (account.IsAdministrator && !account.Demo) ? $"/second-factor?back={Uri.EscapeDataString(LocalPath.Of(back))}"
        : account.MustChange ? "/change-password"
        : LocalPath.Of(back);

    public async Task<Result<Account>> Run(string? login, string? password, HttpContext http, CancellationToken stop)
    {
        var name = (login ?? "").Trim().ToLowerInvariant();
        name = name.Length > 100 ? name[..100] : name;
        var account = await db.Accounts.AsNoTracking().FirstOrDefaultAsync(a => a.Login == name, stop);
        if (await locks.Until(name, Sessions.Address(http), stop) is { } until)
        {
            return await Refuse(name, account, Problems.Locked.With(until.Shown()), http, stop);
        }

        if (account is not null && !db.IsWhole(account))
        {
            // Its password may be the one who edited it's: it is not looked at.
            await seals.Tell(account.Id.ToString(), stop);
            await locks.Failed(name, Sessions.Address(http), stop);
            return await Refuse(name, account, Problems.BrokenAccount, http, stop);
        }

        var fits = await Passwords.Fits(password ?? "", account?.Password, stop);
        if (!fits || account is not { Active: true })
        {
            await locks.Failed(name, Sessions.Address(http), stop);
            return await Refuse(name, account, Problems.WrongSignIn, http, stop);
        }

        await Enter(account, http, stop);
        return account;
    }

    /// <summary>Opens the session and remembers it; the caller has proven who it is.</summary>
    /// <param name="proven">How many factors were proven elsewhere.</param>
    public async Task Enter(Account account, HttpContext http, CancellationToken stop, int proven = 1)
    {
        await Remember(account.Login, account, "done", http, stop);
        // The door of the sample county is itself the proof of its simulated people: anybody at this machine may be any of them, under the banner that says so.
        var factors = proven > 1 || (settings.Demo && account.Demo && Nearness.IsThisMachine(http)) || await factor.ProveByCertificate(account, http, stop) ? 2 : 1;
        await sessions.Open(http, account, factors, stop);
    }

    private async Task<Problem> Refuse(string login, Account? account, Problem problem, HttpContext http, CancellationToken stop)
    {
        await Remember(login, account, problem.Code, http, stop);
        return problem;
    }

    // History and evidence in one transaction, before the answer.
    private async Task Remember(string login, Account? account, string result, HttpContext http, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO identity_sign_in (id, account, login, at, address, result)
             VALUES ({Guid.CreateVersion7(now).ToString()}, {account?.Id.ToString()}, {login}, {now.ToStored()}, {Sessions.Address(http)}, {result})
             """,
            stop);
        if (result == "done")
        {
            // With a second factor the count goes on until that too is proven, or the right password would buy five more guesses each time.
            if (!(await factor.Of(account!.Id, stop)).Any)
            {
                await Locks.Clear(connection, transaction, login, stop);
            }

            await connection.Execute(transaction, $"UPDATE identity_account SET last_in_at = {now.ToStored()} WHERE id = {account?.Id.ToString()}", stop);
        }

        var actor = account is null ? Actor.System : new Actor(account.Id, account.Name, account.Unit, account.RoleList.ToHashSet());
        var act = result == "done" ? "sign-in.done" : "sign-in.failed";
        await ledger.Append(connection, transaction, actor, new(act, account?.Id.ToString() ?? "unknown", result), stop);
        await transaction.CommitAsync(stop);
    }
}
