// In: a signed token. Out: the application, as the register knows it now, and which of the token's scopes are still its own. Refuses a token that is forged, unsigned, of another issuer or
// for another audience, too old or from the future; and one that was ended, or whose application was disabled or has a new secret.
using System.Globalization;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Claims = OpenIddict.Abstractions.OpenIddictConstants.Claims;
using JsonWebTokenTypes = OpenIddict.Abstractions.OpenIddictConstants.JsonWebTokenTypes;

namespace Lizhou.Identity.Applications;

internal sealed class ReadToken(TokenKeys keys, ApplicationRegister register, Settings settings, TimeProvider clock)
{
    // Between hosts on one folder; the clocks of applications do not matter.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private static readonly JsonWebTokenHandler Tokens = new() { MaximumTokenSizeInBytes = 16 * 1024, MapInboundClaims = false };

    /// <param name="Application">Null when the token is not good.</param>
    /// <param name="Scopes">Of the token, those that are still the application's.</param>
    /// <param name="Of">The application's id where our signature proves it was given to it, also when it counts no more; else null.</param>
    internal sealed record Answer(ActiveApplication? Application, IReadOnlyList<string> Scopes, Guid? Of);

    public async Task<Answer> Run(string token, HttpRequest request, CancellationToken stop)
    {
        var read = await Tokens.ValidateTokenAsync(token, Rules(TokenServer.Issuer(request, settings)));
        // Its times are looked at after its signature.
        var ours = read.IsValid || read.Exception is SecurityTokenInvalidLifetimeException ? new JsonWebToken(token) : null;
        Guid? of = Guid.TryParseExact(ours?.Subject, "D", out var id) ? id : null;
        if (!read.IsValid || of is null || !ours!.TryGetClaim(GiveToken.Id, out var self) || await register.Find(id, stop, self.Value) is not { } application)
        {
            return new(null, [], of);
        }

        var version = ours.TryGetClaim(GiveToken.Version, out var claim) ? claim.Value : null;
        var scopes = ours.TryGetClaim(Claims.Scope, out var named) ? named.Value.Split(' ') : [];
        return new(version == application.Version.ToString(CultureInfo.InvariantCulture) ? application : null, [.. scopes.Intersect(application.Scopes)], of);
    }

    private TokenValidationParameters Rules(string issuer) => new()
    {
        ValidIssuer = issuer,
        ValidAudience = TokenServer.Audience,
        ValidTypes = [JsonWebTokenTypes.AccessToken],
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        IssuerSigningKeys = keys.All,
        TryAllIssuerSigningKeys = false,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        LifetimeValidator = (from, until, _, _) =>
        {
            var now = clock.GetUtcNow().UtcDateTime;
            return until > now && (from is null || from <= now + Skew);
        },
    };
}
