// Where the program listens: the addresses asked for, over TLS where they say https, and the local door of the command line.
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Lizhou.Host;

internal static class Doors
{
    public static void Open(KestrelServerOptions kestrel, Settings settings, string? urls)
    {
        kestrel.AddServerHeader = false;
        var door = LocalDoor.PathFor(settings.Data, alone: urls is null);
        File.Delete(door);
        kestrel.ListenUnixSocket(door);
        foreach (var url in (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = Microsoft.AspNetCore.Http.BindingAddress.Parse(url);
            Action<ListenOptions> seal = address.Scheme == Uri.UriSchemeHttps ? door => door.UseHttps(Sealed(settings)) : _ => { };
            if (address.Host is "localhost")
            {
                kestrel.ListenLocalhost(address.Port, seal);
            }
            else
            {
                kestrel.Listen(System.Net.IPAddress.TryParse(address.Host, out var ip) ? ip : System.Net.IPAddress.Any, address.Port, seal);
            }
        }
    }

    private static HttpsConnectionAdapterOptions Sealed(Settings settings) => new()
    {
        ServerCertificate = Certificate(settings),
        ClientCertificateMode = settings.ClientCertificates ? ClientCertificateMode.AllowCertificate : ClientCertificateMode.NoCertificate,
        // TLS proves that the client holds the key; whose certificate it is, and whether it counts, is decided where somebody signs in.
        ClientCertificateValidation = (_, _, _) => true,
        // A client's certificate may name addresses to download its issuer from: nothing is fetched for a stranger.
        OnAuthenticate = (_, tls) => tls.CertificateChainPolicy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck, TrustMode = X509ChainTrustMode.CustomRootTrust,
        },
    };

    private static X509Certificate2 Certificate(Settings settings)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(settings.Certificate ?? throw new ProblemException(Problems.NoServerCertificate.With("--certificate")));
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Problems.NoServerCertificate.With(unreadable.Message));
        }
    }
}
