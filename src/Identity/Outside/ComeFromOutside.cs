// In: a person whom the outside provider has proven. Out: their session, when they are linked to an account; else a sealed note that lets them link the account they sign in to.
// Refuses, with evidence, what the handler found forged, replayed or too old, and accounts that may not come in.
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Identity.Outside;

internal sealed class ComeFromOutside(OutsideLinks links, SignIn door, FailedVisits failed, Settings settings, ILedger ledger, IDataProtectionProvider seals)
{
    /// <summary>Where an outside identity is linked to the account of the one who is signed in.</summary>
    public const string LinkPage = "/sign-in/link";

    private const string Note = "lizhou-outside";

    // Of RFC 8176, and of the policies a provider may name instead.
    private static readonly string[] Several = ["mfa", "http://schemas.openid.net/pape/policies/2007/06/multi-factor"];

    private readonly ITimeLimitedDataProtector notes = seals.CreateProtector("Lizhou.Outside.Note").ToTimeLimitedDataProtector();

    public async Task In(ClaimsPrincipal proven, string? back, HttpContext http, CancellationToken stop)
    {
        OutsidePerson person = new(Value(proven, "iss").TrimEnd('/'), Value(proven, "sub"), proven.FindFirstValue("name") ?? proven.FindFirstValue("preferred_username"));
        if (await links.Find(person, stop) is not { } account)
        {
            await ledger.Append(Actor.System, new("outside.unknown", "unknown", Problems.NotLinked.Code, new { person.Issuer }), stop);
            http.Response.Cookies.Append(Note, notes.Protect(JsonSerializer.Serialize(person), TimeSpan.FromMinutes(10)), Cookie(http));
            http.Response.Redirect($"/sign-in?outside=unknown&back={Uri.EscapeDataString(LinkPage)}");
            return;
        }

        if (!door.MayEnter(account))
        {
            await Not(http, stop);
            return;
        }

        await links.Used(person, stop);
        var several = proven.FindAll("amr").Concat(proven.FindAll("acr")).Any(c => Several.Contains(c.Value));
        await door.Enter(account, http, stop, proven: several ? 2 : 1);
        http.Response.Redirect(await door.Next(account, back, stop));
    }

    public async Task Not(HttpContext http, CancellationToken stop)
    {
        // Anybody can knock here as often as they like; an entry for each knock would fill the ledger.
        if (failed.MayTry(http))
        {
            failed.Failed(http);
            await ledger.Append(Actor.System, new("sign-in.failed", "unknown", Problems.OutsideRefused.Code, new { provider = settings.Provider!.Authority, from = Sessions.Address(http) }), stop);
        }

        http.Response.Redirect("/sign-in?outside=refused");
    }

    /// <summary>Who came from the provider with this browser within the last ten minutes and is linked to nobody; null for none.</summary>
    public OutsidePerson? Waiting(HttpContext http)
    {
        try
        {
            return http.Request.Cookies[Note] is { Length: > 0 } note ? JsonSerializer.Deserialize<OutsidePerson>(notes.Unprotect(note)) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public static void Forget(HttpContext http) => http.Response.Cookies.Delete(Note, Cookie(http));

    private static CookieOptions Cookie(HttpContext http) => new() { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = LinkPage, IsEssential = true };

    private static string Value(ClaimsPrincipal proven, string claim) => proven.FindFirstValue(claim) ?? throw new InvalidOperationException($"The provider's token has no {claim}.");
}
