// Where the program listens: the addresses asked for, over TLS where they say https, and the local door of the command line.
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Lizhou.Host;

internal static class Doors
{
    public static void Open(KestrelServerOptions kestrel, Settings settings, DoorBounds bounds, string? urls)
    {
        kestrel.AddServerHeader = false;
        Bounds.Set(kestrel, bounds);
        ConcurrentDictionary<IPAddress, int> open = new();
        var proxies = Proxies.Named(settings.Proxies);
        var door = LocalDoor.PathFor(settings.Data, alone: urls is null);
        File.Delete(door);
        kestrel.ListenUnixSocket(door);
        foreach (var (address, place) in Parsed(urls))
        {
            Action<ListenOptions> seal = door =>
            {
                door.Share(bounds, open, proxies);
                if (address.Scheme == Uri.UriSchemeHttps)
                {
                    door.UseHttps(Sealed(settings));
                }
            };
            if (place is null)
            {
                kestrel.ListenLocalhost(address.Port, seal);
            }
            else
            {
                kestrel.Listen(place, address.Port, seal);
            }
        }
    }

    /// <summary>The first of the addresses that is none; null when all are, or when nothing is said: then the local door alone is open.</summary>
    public static string? Nonsense(string urls)
    {
        try
        {
            return urls.Length > 0 && Parsed(urls) is [] ? urls : null;
        }
        catch (FormatException nonsense)
        {
            return nonsense.Message;
        }
    }

    /// <summary>Tells before anything is made or started what would be refused in the end.</summary>
    /// <exception cref="ProblemException">An address is in use or not ours, or there is no certificate for it.</exception>
    public static void Try(Settings settings, string urls)
    {
        foreach (var (address, place) in Parsed(urls))
        {
            if (address.Scheme == Uri.UriSchemeHttps)
            {
                using var certificate = Certificate(settings);
            }

            try
            {
                using TcpListener probe = new(place ?? IPAddress.Loopback, address.Port);
                probe.Start();
            }
            catch (SocketException taken)
            {
                throw Refused(urls, taken);
            }
        }
    }

    public static ProblemException Refused(string? urls, Exception closed) =>
        new(closed is SocketException { SocketErrorCode: not SocketError.AddressAlreadyInUse } ? Problems.NotListening.With(urls, closed.Message) : Problems.AddressTaken.With(urls), closed);

    /// <summary>Addresses with where they listen; null for both loopbacks.</summary>
    /// <exception cref="FormatException">One is no address; its message is that one.</exception>
    private static List<(BindingAddress Address, IPAddress? Place)> Parsed(string? urls) =>
        [.. (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse)];

    private static (BindingAddress Address, IPAddress? Place) Parse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            var place = address.Host switch
            {
                "localhost" => null,
                "*" or "+" => IPAddress.Any,
                var host => IPAddress.Parse(host.Trim('[', ']')),
            };
            return address.Scheme is "http" or "https" && address.Port is >= 0 and <= ushort.MaxValue && address.PathBase.Trim('/').Length == 0 ? (address, place) : throw new FormatException(url);
        }
        catch (FormatException nonsense)
        {
            throw new FormatException(url, nonsense);
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
