// The house as a provider of tokens for applications (OAuth 2.0 client credentials): what OpenIddict is told. It keeps no tables of its own (docs/decisions/0012).
using Lizhou.Contracts.Identity;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Lizhou.Identity.Applications;

internal static class TokenServer
{
    public const string TokenPath = "/oauth/token";

    /// <summary>Whom tokens are for: the data API. A token for anybody else is refused there.</summary>
    public const string Audience = "lizhou:data";

    public static void AddTokenServer(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<ApplicationRegister>().AddSingleton<IApplications>(s => s.GetRequiredService<ApplicationRegister>()).AddSingleton<ReadToken>().AddScoped<CheckClient>();
        services.AddSingleton<TokenKeys>().AddRounds<RotateTokenKeys>(TimeSpan.FromHours(1));
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(s => s.GetRequiredService<TokenKeys>());
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(s => s.GetRequiredService<TokenKeys>());
        services.AddOpenIddict().AddServer(server =>
        {
            // Scopes are grants, which GiveToken asks about.
            server.EnableDegradedMode().DisableAccessTokenEncryption().DisableScopeValidation();
            server.SetTokenEndpointUris(TokenPath).AllowClientCredentialsFlow().SetAccessTokenLifetime(GiveToken.Lifetime);
            // Every request passes by here, and to look for its own among them cost a tenth of a small call.
            server.AddEventHandler<ProcessRequestContext>(pass => pass.SetOrder(int.MinValue).UseInlineHandler(request =>
            {
                if (request.Transaction.GetHttpRequest()?.Path.StartsWithSegments("/api", StringComparison.Ordinal) == true)
                {
                    request.SkipRequest();
                }

                return default;
            }));
            server.AddEventHandler<ValidateTokenRequestContext>(check => check.UseScopedHandler<CheckClient>());
            // Plain HTTP is refused by CheckClient, except on this machine.
            server.UseAspNetCore().EnableTokenEndpointPassthrough().DisableTransportSecurityRequirement();
            if (settings.Address is { } address)
            {
                server.SetIssuer(address);
            }
        });
    }

    /// <summary>Who the tokens say they are from: the address of the settings, or the one this request came to.</summary>
    public static string Issuer(HttpRequest request, Settings settings) => (settings.Address ?? new Uri($"{request.Scheme}://{request.Host}/")).AbsoluteUri;
}
