// Who calls, when a reverse proxy stands before the house: its word counts only where the settings name it. Nobody else's header changes an address or shows a certificate.
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;

namespace Lizhou.Host;

internal static class Proxies
{
    /// <summary>What the proxy says the client proved by TLS: <c>:base64:</c> (RFC 9440), or PEM with percent signs as nginx writes it.</summary>
    private const string ClientCertificate = "Client-Cert";

    /// <summary>The first of the names that is no address; null when all are.</summary>
    public static string? Nonsense(string? named) => Split(named).FirstOrDefault(proxy => !IPAddress.TryParse(proxy, out _));

    public static IReadOnlySet<IPAddress> Named(string? named) => Split(named).Select(IPAddress.Parse).ToHashSet();

    public static IApplicationBuilder UseProxies(this IApplicationBuilder app)
    {
        var settings = app.ApplicationServices.GetRequiredService<Settings>();
        if (settings.Proxies is not { } named || string.IsNullOrWhiteSpace(named))
        {
            return app;
        }

        ForwardedHeadersOptions options = new() { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in Named(named))
        {
            options.KnownProxies.Add(proxy);
        }

        // Before the address is rewritten: who is believed is the one at the other end of the connection.
        app.Use((context, next) =>
        {
            if (context.Connection.RemoteIpAddress is { } peer && options.KnownProxies.Contains(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer))
            {
                // The proxy's own certificate is nobody's second factor, and its word counts only where certificates are asked for: one that was set up for addresses alone passes on what a
                // client writes. Of this request alone, for the connection may carry other people's at the same time.
                context.Features.Set<ITlsConnectionFeature>(new TlsConnectionFeature { ClientCertificate = settings.ClientCertificates ? Read(context.Request.Headers[ClientCertificate]) : null });
            }

            return next(context);
        });
        return app.UseForwardedHeaders(options);
    }

    private static string[] Split(string? named) => (named ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static X509Certificate2? Read(Microsoft.Extensions.Primitives.StringValues header)
    {
        if (header is not [{ Length: > 2 and < 20_000 } text])
        {
            return null; // None; or two, of which one may be the client's own.
        }

        try
        {
            return text[0] == ':' && text[^1] == ':' ? X509CertificateLoader.LoadCertificate(Convert.FromBase64String(text[1..^1])) : X509Certificate2.CreateFromPem(Uri.UnescapeDataString(text));
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
