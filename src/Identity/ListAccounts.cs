// In: a filter. Out: accounts, and who came in when. Shown to administrators, to a unit's administrator those of its people; everyone sees their own sign-ins.
using System.Security.Claims;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Identity;

internal static class ListAccounts
{
    /// <param name="Q">Part of the login or the name.</param>
    internal sealed record Filter(string? Q = null, string? Role = null, Guid? Unit = null, bool? Active = null);

    internal static async Task<Ok<Page<AccountView>>> Handle([AsParameters] Filter filter, [AsParameters] PageAsk ask, IdentityDb db, IUnits units, ClaimsPrincipal user, CancellationToken stop) =>
        TypedResults.Ok(await Run(filter, ask, Keeping.Charge(Actor.From(user)!, await units.All(stop)), db, stop));

    /// <param name="charge">Of these units alone; null for all.</param>
    internal static async Task<Page<AccountView>> Run(Filter filter, PageAsk ask, IReadOnlySet<Guid>? charge, IdentityDb db, CancellationToken stop)
    {
        var accounts = db.Accounts.AsNoTracking();
        List<Guid?> own = charge is null ? [] : [.. charge];
        accounts = charge is null ? accounts : accounts.Where(a => own.Contains(a.Unit));
        if (!string.IsNullOrWhiteSpace(filter.Q))
        {
            var (part, login) = (filter.Q.Trim(), filter.Q.Trim().ToLowerInvariant());
            accounts = accounts.Where(a => a.Login.Contains(login) || a.Name.Contains(part));
        }

        accounts = string.IsNullOrEmpty(filter.Role) ? accounts : accounts.Where(a => ("," + a.Roles + ",").Contains("," + filter.Role + ","));
        accounts = filter.Unit is { } unit ? accounts.Where(a => a.Unit == unit) : accounts;
        accounts = filter.Active is { } active ? accounts.Where(a => a.Active == active) : accounts;
        var total = await accounts.LongCountAsync(stop);
        var rows = await accounts.OrderBy(a => a.Login).Skip(ask.Skip).Take(ask.Rows).ToListAsync(stop);
        return new([.. rows.Select(a => AccountView.Of(a) with { Broken = !db.IsWhole(a) })], ask.Number, ask.Rows, total);
    }
}

/// <summary>One attempt to come in.</summary>
/// <param name="Result"><c>done</c>, or the code of the refusal.</param>
internal sealed record SignInView(DateTimeOffset At, string Login, string Address, string Result);

internal sealed class SignInHistory(StateStore state)
{
    internal static async Task<Ok<Page<SignInView>>> Handle([AsParameters] PageAsk ask, SignInHistory history, CancellationToken stop) =>
        TypedResults.Ok(await history.Run(null, ask, stop));

    /// <param name="account">Null for all.</param>
    public async Task<Page<SignInView>> Run(Guid? account, PageAsk ask, CancellationToken stop)
    {
        var one = account?.ToString() ?? "";
        await using var connection = await state.Open(stop);
        var total = Convert.ToInt64(await connection.Scalar(null, $"SELECT COUNT(*) FROM identity_sign_in WHERE {one} = '' OR account = {one}", stop), null);
        List<SignInView> rows = [];
        await foreach (var row in connection.Rows(
            null,
            $"SELECT at, login, address, result FROM identity_sign_in WHERE {one} = '' OR account = {one} ORDER BY at DESC, id DESC LIMIT {ask.Rows} OFFSET {ask.Skip}",
            r => new SignInView(Clock.FromStored(r.GetString(0)), r.GetString(1), r.GetString(2), r.GetString(3)),
            stop))
        {
            rows.Add(row);
        }

        return new(rows, ask.Number, ask.Rows, total);
    }
}
