// The door to an outside provider (OpenID Connect, code flow with PKCE): what the handler is told. It checks state, nonce, signature, issuer, audience and times; here is decided whom it lets in.
using System.Net;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel.Web;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Lizhou.Identity.Outside;

internal static class OutsideDoor
{
    public const string Scheme = "Outside";

    /// <summary>Leads to the provider.</summary>
    public const string Start = "/sign-in/outside";

    /// <summary>Where the provider sends people back to: <c>redirect_uri</c>.</summary>
    private const string Return = "/sign-in/outside/return";

    // The provider's own keys, of which it publishes the public half: a secret that both sides know proves nobody.
    private static readonly string[] Signatures = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public static void AddOutsideDoor(this IServiceCollection services, Settings settings)
    {
        services.AddScoped<OutsideLinks>().AddScoped<ComeFromOutside>();
        if (settings.Provider is not { } provider)
        {
            return;
        }

        if (provider.Authority.Scheme != Uri.UriSchemeHttps && !(IPAddress.TryParse(provider.Authority.Host, out var address) && IPAddress.IsLoopback(address)))
        {
            throw new ProblemException(Problems.PlainProvider.With(provider.Authority));
        }

        services.AddAuthentication().AddOpenIdConnect(Scheme, provider.Name, _ => { });
        services.AddOptions<OpenIdConnectOptions>(Scheme).Configure<IHostGuard>((options, guard) => Set(options, provider, guard));
    }

    /// <summary>To the provider and back to a place of this site.</summary>
    internal static IResult Handle(string? back, Settings settings) => settings.Provider is null
        ? TypedResults.NotFound()
        : TypedResults.Challenge(new AuthenticationProperties { RedirectUri = LocalPath.Of(back) }, [Scheme]);

    private static void Set(OpenIdConnectOptions options, Provider provider, IHostGuard guard)
    {
        options.Authority = provider.Authority.ToString();
        options.RequireHttpsMetadata = provider.Authority.Scheme == Uri.UriSchemeHttps;
        options.ClientId = provider.Client;
        options.ClientSecret = File.ReadAllText(provider.SecretFile).Trim();
        options.Backchannel = new HttpClient(guard.Handler()) { Timeout = TimeSpan.FromSeconds(20), MaxResponseContentBufferSize = 1 << 20 };
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.CallbackPath = Return;
        options.Scope.Clear();
        options.Scope.Add("openid");
        options.Scope.Add("profile");
        options.MapInboundClaims = false;
        options.ClaimActions.Clear(); // The claims stay as the provider signed them.
        options.SaveTokens = false;
        options.RemoteAuthenticationTimeout = TimeSpan.FromMinutes(10);
        options.TokenValidationParameters.ClockSkew = TimeSpan.FromMinutes(1);
        options.TokenValidationParameters.ValidAlgorithms = Signatures;
        // The provider answers by a plain redirect, which carries lax cookies; no other site's form does.
        (options.CorrelationCookie.SameSite, options.CorrelationCookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        (options.NonceCookie.SameSite, options.NonceCookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        options.Events.OnTokenValidated = context =>
        {
            // In the code flow the handler takes a token without a signature, whatever it is told, since it fetched it itself. Who stands between, or at the provider, could name anybody so.
            // A signature that is there it does check, against the published keys.
            if (context.TokenEndpointResponse?.IdToken is not { } told || new JsonWebToken(told) is not { EncodedSignature.Length: > 0 } token || !Signatures.Contains(token.Alg))
            {
                context.Fail("The ID token is not signed by a key of the provider.");
            }

            return Task.CompletedTask;
        };
        options.Events.OnTicketReceived = async context =>
        {
            context.HandleResponse();
            await Come(context.HttpContext).In(context.Principal!, context.ReturnUri, context.HttpContext, context.HttpContext.RequestAborted);
        };
        options.Events.OnRemoteFailure = async context =>
        {
            context.HandleResponse();
            await Come(context.HttpContext).Not(context.HttpContext, context.HttpContext.RequestAborted);
        };
    }

    private static ComeFromOutside Come(HttpContext http) => http.RequestServices.GetRequiredService<ComeFromOutside>();
}
