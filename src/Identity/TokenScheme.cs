// In: Authorization: Bearer lz_…. Out: a steward of the token's unit. Counts only on routes that ask for this scheme.
using System.Security.Claims;
using System.Text.Encodings.Web;
using Lizhou.Contracts.Identity;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lizhou.Identity;

internal sealed class TokenScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, ApiTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    private const string Bearer = "Bearer ";

    /// <summary>The subject of a key that serves one grant begins so.</summary>
    private const string OfGrant = "grant:";

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

        if (await tokens.Find(header[Bearer.Length..].Trim(), Context.RequestAborted) is not { } token)
        {
            Throttle.TokenFailed(Context);
            return AuthenticateResult.Fail("The token is unknown, expired or revoked.");
        }

        List<Claim> claims =
            [
                new(ClaimTypes.NameIdentifier, token.Id.ToString()),
                new(ClaimTypes.Name, token.Name),
                new(ClaimTypes.Role, Roles.Steward),
                new(Actor.UnitClaim, token.Unit.ToString()),
                new(IApiTokens.SubjectClaim, token.Subject),
            ];
        if (token.Subject.StartsWith(OfGrant, StringComparison.Ordinal))
        {
            // A program has no label of its own: what it may see was decided, item by item, when its grant was given.
            claims.Add(new(Actor.LabelClaim, "4"));
        }

        ClaimsIdentity identity = new(claims, IApiTokens.Scheme);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), IApiTokens.Scheme));
    }

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
