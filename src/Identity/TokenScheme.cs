// In: Authorization: Bearer lz_…, or an application's signed token; on some routes a field. Out: a steward of its unit. Counts only on routes that ask for this scheme.
// Refuses, with evidence, what was not issued here, what counts no more, and an address that failed too often.
using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Ledger;
using Lizhou.Identity.Applications;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lizhou.Identity;

internal sealed class TokenScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, ApiTokens tokens, ReadToken applications, FailedTokens failed, IRefusalNotes notes)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    private const string Bearer = "Bearer ";

    private Problem? refused;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await Brought() is not { Length: > 0 } bearer)
        {
            return AuthenticateResult.NoResult();
        }

        if (!failed.MayTry(Context))
        {
            return await Refuse(Problems.TooOften, null);
        }

        var (claims, of) = await (bearer.StartsWith(ApiTokens.Start, StringComparison.Ordinal) ? OfKey(bearer) : OfApplication(bearer));
        if (claims is null)
        {
            failed.Failed(Context);
            return await Refuse(of is null ? Problems.BadToken : Problems.TokenOver, of);
        }

        ClaimsIdentity identity = new(claims, IApiTokens.Scheme);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), IApiTokens.Scheme));
    }

    private async Task<string?> Brought()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return header[Bearer.Length..].Trim();
        }

        return Context.GetEndpoint()?.Metadata.GetMetadata<TokenField>() is not { Name: var field } ? null
            : Request.HasFormContentType && (await Request.ReadFormAsync(Context.RequestAborted))[field].ToString() is { Length: > 0 } filled ? filled
            : Request.Query[field].ToString();
    }

    /// <param name="of">Whose key or token it was; null when that is not proven.</param>
    private async Task<AuthenticateResult> Refuse(Problem refusal, string? of)
    {
        refused = refusal;
        // Never the token itself, nor what it says of itself. Nobody has come in, so its actor is nobody; an address is a door.
        await notes.Note(Actor.System, $"token {refusal.Code} {of ?? "unknown"} {Throttle.Bucket(Context)}", new("token.refused", of ?? "unknown", refusal.Code, new { from = Sessions.Address(Context) }));
        return AuthenticateResult.Fail(refusal.Code);
    }

    /// <returns>Null where it does not count; and whose it is or was.</returns>
    private async Task<(List<Claim>? Claims, string? Of)> OfKey(string secret)
    {
        if (await tokens.Find(secret, Context.RequestAborted) is not { } token)
        {
            return (null, (await tokens.Known(secret, Context.RequestAborted))?.Subject);
        }

        return (Program(token.Id, token.Name, token.Unit, token.Subject, token.Label), token.Subject);
    }

    private async Task<(List<Claim>? Claims, string? Of)> OfApplication(string token)
    {
        var (application, scopes, of) = await applications.Run(token, Request, Context.RequestAborted);
        var subject = of is null ? null : $"application:{of}";
        return application is null
            ? (null, subject)
            : ([.. Program(application.Id, application.Name, application.Unit, subject!, application.Label), .. scopes.Select(s => new Claim(IApplications.ScopeClaim, s))], subject);
    }

    /// <param name="label">Null: nobody labelled it, as a person without a label.</param>
    private static List<Claim> Program(Guid id, string name, Guid unit, string subject, int? label) =>
    [
        new(ClaimTypes.NameIdentifier, id.ToString()),
        new(ClaimTypes.Name, name),
        new(ClaimTypes.Role, Roles.Steward),
        new(Actor.UnitClaim, unit.ToString()),
        new(IApiTokens.SubjectClaim, subject),
        .. label is { } level ? [new Claim(Actor.LabelClaim, level.ToString(CultureInfo.InvariantCulture))] : (Claim[])[],
    ];

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (refused == Problems.TooOften)
        {
            Response.Headers.RetryAfter = "60";
            return refused.ToHttp().ExecuteAsync(Context);
        }

        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = refused is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        return refused?.ToHttp().ExecuteAsync(Context) ?? Task.CompletedTask;
    }
}
