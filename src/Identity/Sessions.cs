// Sessions live in the database: signing out, disabling an account or a new password ends them at once, on every node. They are sealed, as accounts are: who can write there opens none.
using System.Data.Common;
using System.Globalization;
using System.Security.Claims;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Identity;

/// <summary>How long a session lasts.</summary>
/// <param name="Idle">Without a request.</param>
/// <param name="Absolute">In all.</param>
internal sealed record SessionLimits(TimeSpan Idle, TimeSpan Absolute)
{
    /// <summary>A fourth session ends the oldest. The sample's people are everybody's and have as many as they like.</summary>
    public const int AtOnce = 3;

    public static SessionLimits Of(Settings settings) =>
        new(settings.SessionIdle ?? (settings.Demo ? TimeSpan.FromHours(2) : TimeSpan.FromMinutes(15)), settings.SessionLongest ?? TimeSpan.FromHours(8));
}

internal sealed class Sessions(StateStore state, IUnits units, SessionLimits limits, AccountSeals seals, TimeProvider clock)
{
    public const string SessionClaim = "lizhou:session";

    public const string WantsCode = "code";

    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    /// <summary>Opens a new session and sets its cookie; one the browser had before is ended, so that nobody can plant one.</summary>
    /// <param name="factors">How many the person has proven: 1 the password, 2 the authenticator or the certificate too.</param>
    public async Task Open(HttpContext http, Account account, int factors, CancellationToken stop)
    {
        if (http.Request.Cookies[CookieName(http)] is { } before)
        {
            await End(Secret.Hash(before), stop);
        }

        var token = Secret.New();
        var (key, now) = (Secret.Hash(token), clock.GetUtcNow().ToStored());
        var unit = account.Unit is { } id ? await units.Find(id, stop) : null;
        await using var connection = await state.Open(stop);
        await connection.Execute(
            null,
            $"""
             INSERT INTO identity_session (id, account, unit_name, opened_at, seen_at, address, factors, seal)
             VALUES ({key}, {account.Id.ToString()}, {unit?.Name}, {now}, {now}, {Address(http)}, {factors}, {seals.OfSession(key, account.Id.ToString(), factors, now)})
             """,
            stop);
        var old = (clock.GetUtcNow() - limits.Absolute).ToStored();
        await connection.Execute(null, $"DELETE FROM identity_session WHERE opened_at < {old}", stop);
        if (!account.Demo)
        {
            var who = account.Id.ToString();
            await connection.Execute(
                null,
                $"""
                 DELETE FROM identity_session WHERE account = {who} AND id NOT IN
                 (SELECT id FROM identity_session WHERE account = {who} ORDER BY opened_at DESC, id LIMIT {SessionLimits.AtOnce})
                 """,
                stop);
        }

        http.Response.Cookies.Append(CookieName(http), token, new CookieOptions
        {
            HttpOnly = true,
            Secure = http.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            IsEssential = true,
        });
    }

    /// <summary>Who the request's cookie stands for; null when its session has ended, is too old, or its account may not come in.</summary>
    public async Task<ClaimsPrincipal?> Find(HttpContext http, CancellationToken stop)
    {
        if (http.Request.Cookies[CookieName(http)] is not { Length: > 0 and < 100 } token)
        {
            return null;
        }

        var (key, now) = (Secret.Hash(token), clock.GetUtcNow());
        await using var connection = await state.Open(stop);
        Row? row = null;
        await foreach (var found in connection.Rows(
            null,
            $"""
             SELECT a.id, a.login, a.name, a.unit, a.roles, a.password, a.must_change, a.password_at, a.person, a.label, a.active, a.demo, a.second_half, a.seal,
                    s.opened_at, s.seen_at, s.unit_name, COALESCE(a.password_at, a.made_at), s.factors,
                    (SELECT COUNT(*) FROM identity_factor f WHERE f.account = a.id)
                    + (SELECT COUNT(*) FROM identity_certificate c WHERE c.account = a.id AND c.removed_at IS NULL),
                    s.seal
             FROM identity_session s JOIN identity_account a ON a.id = s.account WHERE s.id = {key} AND a.active = 1
             """,
            r => seals.Fits(r)
                ? new Row(
                    Clock.FromStored(r.GetString(14)), Clock.FromStored(r.GetString(15)), r.IsDBNull(16) ? null : r.GetString(16), r.GetString(0), r.GetString(2),
                    r.IsDBNull(3) ? null : r.GetString(3), r.GetString(4), r.GetInt64(6) == 1 || (r.GetInt64(11) == 0 && now - Clock.FromStored(r.GetString(17)) > PasswordRules.Lifetime), r.IsDBNull(9) ? null : r.GetInt64(9), r.GetInt64(18), r.GetInt64(19) > 0) { Forged = r.IsDBNull(20) || !seals.FitsSession(key, r.GetString(0), r.GetInt64(18), r.GetString(14), r.GetString(20)) }
                : new Row(now, now, null, r.GetString(0), "", null, "", MustChange: true, null, 0, HasFactor: false) { Broken = true },
            stop))
        {
            row = found;
        }

        if (row is { Broken: true } or { Forged: true })
        {
            await seals.Tell(row.Account, stop, row.Broken ? "account.broken" : "session.broken");
            return null;
        }

        if (row is null || now - row.Seen > limits.Idle || now - row.Opened > limits.Absolute)
        {
            return null;
        }

        if (now - row.Seen > SeenEvery)
        {
            await connection.Execute(null, $"UPDATE identity_session SET seen_at = {now.ToStored()} WHERE id = {key}", stop);
        }

        return Principal(row, key);
    }

    public async Task End(string key, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(null, $"DELETE FROM identity_session WHERE id = {key}", stop);
    }

    /// <summary>Ends every session of an account, except one, in the transaction of the act that ends them.</summary>
    public static Task EndAll(DbConnection connection, DbTransaction transaction, Guid account, string? except, CancellationToken stop) =>
        connection.Execute(transaction, $"DELETE FROM identity_session WHERE account = {account.ToString()} AND id <> {except ?? ""}", stop);

    public static void Forget(HttpContext http) =>
        http.Response.Cookies.Delete(CookieName(http), new CookieOptions { Path = "/", Secure = http.Request.IsHttps, HttpOnly = true, SameSite = SameSiteMode.Lax });

    public static string Address(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "local";

    // The __Host- prefix makes a browser refuse the cookie unless it came over https from this very host.
    private static string CookieName(HttpContext http) => http.Request.IsHttps ? "__Host-lizhou" : "lizhou";

    private static ClaimsPrincipal? Principal(Row row, string key)
    {
        string[] roles = row.Roles.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (RoleRules.Fault(roles, row.Unit is null ? null : Guid.Parse(row.Unit)) is not null)
        {
            return null;
        }

        List<Claim> claims = [new(ClaimTypes.NameIdentifier, row.Account), new(ClaimTypes.Name, row.Name), new(SessionClaim, key)];
        // Until the code has come, a password set by someone else is changed, an administrator has enrolled, the person is known but may do nothing.
        var pending = row is { HasFactor: true, Factors: < 2 } ? WantsCode : row.MustChange ? "password" : row.Factors < 2 && roles.Any(Roles.Administrators.Contains) ? "enrol" : null;
        if (pending is not null)
        {
            claims.Add(new(HalfwayIn.Claim, pending));
        }
        else
        {
            claims.AddRange(roles.Select(r => new Claim(ClaimTypes.Role, r)));
            claims.AddRange(row.Unit is null ? [] : [new Claim(Actor.UnitClaim, row.Unit)]);
            claims.AddRange(row.Label is { } label ? [new Claim(Actor.LabelClaim, label.ToString(CultureInfo.InvariantCulture))] : []);
        }

        claims.AddRange(row.UnitName is null ? [] : [new Claim(Actor.UnitNameClaim, row.UnitName)]);
        return new ClaimsPrincipal(new ClaimsIdentity(claims, SessionScheme.Name));
    }

    private sealed record Row(DateTimeOffset Opened, DateTimeOffset Seen, string? UnitName, string Account, string Name, string? Unit, string Roles, bool MustChange, long? Label, long Factors, bool HasFactor)
    {
        /// <summary>Edited past the program: nothing of it is believed.</summary>
        public bool Broken { get; init; }

        /// <summary>Not a session the program opened for this account.</summary>
        public bool Forged { get; init; }
    }
}
