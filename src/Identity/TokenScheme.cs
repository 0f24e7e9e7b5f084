// In: Authorization: Bearer lz_…, or an application's signed token. Out: a steward of its unit. Counts only on routes that ask for this scheme.
using System.Security.Claims;
using System.Text.Encodings.Web;
using Lizhou.Contracts.Identity;
using Lizhou.Identity.Applications;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lizhou.Identity;

internal sealed class TokenScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, ApiTokens tokens, ReadToken applications)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    private const string Bearer = "Bearer ";

    /// <summary>The subject of a key that serves one grant begins so.</summary>
    private const string OfGrant = "grant:";

    // A program has no label of its own: what it may see was decided, item by item, when its grant was given.
    private static Claim AllLevels => new(Actor.LabelClaim, "4");

    private bool throttled;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        if (!Throttle.MayTryToken(Context))
        {
            throttled = true;
            return AuthenticateResult.Fail(Problems.TooOften.Code);
        }

        var bearer = header[Bearer.Length..].Trim();
        if (await (bearer.StartsWith(ApiTokens.Start, StringComparison.Ordinal) ? OfKey(bearer) : OfApplication(bearer)) is not { } claims)
        {
            Throttle.TokenFailed(Context);
            return AuthenticateResult.Fail("The token is unknown, expired or revoked.");
        }

        ClaimsIdentity identity = new(claims, IApiTokens.Scheme);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), IApiTokens.Scheme));
    }

    private async Task<List<Claim>?> OfKey(string secret)
    {
        if (await tokens.Find(secret, Context.RequestAborted) is not { } token)
        {
            return null;
        }

        var claims = Program(token.Id, token.Name, token.Unit, token.Subject);
        if (token.Subject.StartsWith(OfGrant, StringComparison.Ordinal))
        {
            claims.Add(AllLevels);
        }

        return claims;
    }

    private async Task<List<Claim>?> OfApplication(string token) =>
        await applications.Run(token, Request, Context.RequestAborted) is var (application, scopes)
            ? [.. Program(application.Id, application.Name, application.Unit, $"application:{application.Id}"), AllLevels, .. scopes.Select(s => new Claim(IApplications.ScopeClaim, s))]
            : null;

    private static List<Claim> Program(Guid id, string name, Guid unit, string subject) =>
    [
        new(ClaimTypes.NameIdentifier, id.ToString()),
        new(ClaimTypes.Name, name),
        new(ClaimTypes.Role, Roles.Steward),
        new(Actor.UnitClaim, unit.ToString()),
        new(IApiTokens.SubjectClaim, subject),
    ];

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (throttled)
        {
            Response.Headers.RetryAfter = "60";
            return Problems.TooOften.ToHttp().ExecuteAsync(Context);
        }

        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }
}
