// A small real provider (OpenIddict's server, authorization code with PKCE) on a free loopback port. Its person is whom the test says, and it can be told to lie.
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Lizhou.Identity.Tests;

internal sealed class OutsideProvider : IAsyncDisposable
{
    public const string Client = "lizhou";
    public const string Secret = "a-secret-of-the-test-that-is-long-enough";

    private WebApplication? app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Who signs in there next.</summary>
    public string Subject { get; set; } = "sub-1";

    /// <summary>How they proved it, as <c>amr</c>.</summary>
    public string[] How { get; set; } = ["pwd"];

    /// <summary>A nonce to put in the place of the one asked for; null: the right one.</summary>
    public string? Nonce { get; set; }

    /// <summary>The algorithm of its ID tokens, when it lies: <c>none</c> and no signature, or HS256 with the client's secret; null: its own key.</summary>
    public string? Algorithm { get; set; }

    public static async Task<OutsideProvider> Start()
    {
        var provider = new OutsideProvider();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode().DisableAccessTokenEncryption().DisableScopeValidation();
            server.SetAuthorizationEndpointUris("/authorize").SetTokenEndpointUris("/token").AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32))).AddEphemeralSigningKey();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(h => h.UseInlineHandler(context =>
            {
                if (context.ClientId != Client || context.RedirectUri?.EndsWith("/sign-in/outside/return", StringComparison.Ordinal) != true)
                {
                    context.Reject(Errors.InvalidClient);
                }

                return default;
            }));
            server.AddEventHandler<ValidateTokenRequestContext>(h => h.UseInlineHandler(context =>
            {
                if (context.ClientId != Client || context.ClientSecret != Secret)
                {
                    context.Reject(Errors.InvalidClient);
                }

                return default;
            }));
            server.AddEventHandler<HandleAuthorizationRequestContext>(h => h.UseInlineHandler(context =>
            {
                ClaimsIdentity identity = new("test", Claims.Name, Claims.Role);
                identity.SetClaim(Claims.Subject, provider.Subject).SetClaim(Claims.Name, "王外部").SetClaims(Claims.AuthenticationMethodReference, [.. provider.How]);
                identity.SetScopes(context.Request.GetScopes()).SetDestinations(_ => [Destinations.IdentityToken, Destinations.AccessToken]);
                context.SignIn(new ClaimsPrincipal(identity));
                return default;
            }));
            server.AddEventHandler<GenerateTokenContext>(h => h.UseInlineHandler(context =>
            {
                if (provider.Nonce is { } lie && context.TokenType == TokenTypeIdentifiers.IdentityToken)
                {
                    context.Principal.SetClaim(Claims.Nonce, lie);
                }

                return default;
            }).SetOrder(int.MinValue));
            server.AddEventHandler<ApplyTokenResponseContext>(h => h.UseInlineHandler(context =>
            {
                if (provider.Algorithm is { } lie && context.Response.IdToken is { } token)
                {
                    context.Response.IdToken = Signed(lie, token.Split('.')[1]);
                }

                return default;
            }).SetOrder(int.MinValue));
            server.UseAspNetCore().DisableTransportSecurityRequirement();
        });
        builder.Services.AddAuthentication();
        provider.app = builder.Build();
        provider.app.UseAuthentication();
        await provider.app.StartAsync();
        provider.Address = new(provider.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        // Its first answers cost the most, and on a busy machine more than the patience of the city that asks for them: they are given before anybody waits.
        using var first = new HttpClient { BaseAddress = provider.Address, Timeout = TimeSpan.FromMinutes(2) };
        foreach (var known in new[] { ".well-known/openid-configuration", ".well-known/jwks" })
        {
            (await first.GetAsync(new Uri(known, UriKind.Relative))).EnsureSuccessStatusCode();
        }

        return provider;
    }

    private static string Signed(string algorithm, string body)
    {
        var text = Base64UrlEncoder.Encode($$"""{"alg":"{{algorithm}}","typ":"JWT"}""") + "." + body;
        return text + "." + (algorithm == "none" ? "" : Base64UrlEncoder.Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(text))));
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }
}
