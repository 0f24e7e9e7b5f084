// In: an application that has proven its secret, and scopes. Out: a token, good for half an hour, for those of its grants that are in force. Refuses a scope it has not or whose grant ended, with evidence.
using System.Globalization;
using System.Security.Claims;
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Lizhou.Identity.Applications;

internal static class GiveToken
{
    /// <summary>The version of the secret a token was fetched with.</summary>
    public const string Version = "secret_version";

    /// <summary>By which one token is known, and ended.</summary>
    public const string Id = "token_id";

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    internal static async Task<IResult> Handle(HttpContext http, ApplicationRegister register, IScopes scopes, ILedger ledger, TimeProvider clock, CancellationToken stop)
    {
        var request = http.GetOpenIddictServerRequest()!;
        if (await register.Find(Guid.Parse(request.ClientId!), stop) is not { } application)
        {
            return Refused(Errors.InvalidClient, Problems.WrongClient);
        }

        // Nothing asked for is everything there is.
        var asked = request.GetScopes();
        var inForce = await scopes.InForce(asked.Length == 0 ? application.Scopes : [.. application.Scopes.Intersect(asked)], application.Unit, stop);
        if (inForce.Count == 0 || asked.Except(inForce).Any())
        {
            await ledger.Append(application.Actor, new("token.refused", application.Id.ToString(), Problems.NoScope.Code), stop);
            return Refused(Errors.InvalidScope, Problems.NoScope);
        }

        var token = Guid.CreateVersion7(clock.GetUtcNow());
        await register.Given(application, token, inForce, Lifetime, stop);
        ClaimsIdentity identity = new(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, application.Id.ToString()).SetClaim(Version, application.Version.ToString(CultureInfo.InvariantCulture)).SetClaim(Id, token.ToString());
        identity.SetScopes(inForce).SetResources(TokenServer.Audience).SetDestinations(_ => [Destinations.AccessToken]);
        return TypedResults.SignIn(new ClaimsPrincipal(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    /// <summary>A refusal as RFC 6749 §5.2 lets it be said: in ASCII.</summary>
    public static string Said(Problem refusal) => $"{refusal.Code}: {refusal.What.En} {refusal.Todo.En}";

    private static ForbidHttpResult Refused(string error, Problem refusal) => TypedResults.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = Said(refusal),
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
