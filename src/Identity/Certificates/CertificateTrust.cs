// In: a client's certificate. Out: what is wrong with it by itself, and whether a configured authority issued it to the account. Asks nobody else: no download, no revocation service.
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Lizhou.Kernel;

namespace Lizhou.Identity.Certificates;

internal sealed class CertificateTrust(Settings settings, TimeProvider clock)
{
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly Lazy<X509Certificate2Collection> authorities = new(() =>
    {
        X509Certificate2Collection found = [];
        if (settings.ClientAuthority is { } file)
        {
            found.ImportFromPemFile(file);
        }

        return found;
    });

    /// <summary>Null when the certificate is in date, strong enough and may be used by a client.</summary>
    public Text? Fault(X509Certificate2 certificate)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (now < certificate.NotBefore.ToUniversalTime() || now >= certificate.NotAfter.ToUniversalTime())
        {
            return new("不在有效期内", "it is not in date");
        }

        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is { KeySize: < 2048 })
        {
            return new("RSA 密钥短于 2048 位", "its RSA key is shorter than 2,048 bits");
        }

        var uses = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(e => e.EnhancedKeyUsages.Cast<Oid>()).Select(o => o.Value).ToList();
        return uses.Count > 0 && !uses.Contains(ForClients) ? new("用途不含客户端认证", "it is not for clients") : null;
    }

    /// <summary>Whether a configured authority issued it and its common name is the account's login.</summary>
    public bool Issued(X509Certificate2 certificate, Account account)
    {
        if (authorities.Value.Count == 0 || !string.Equals(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), account.Login, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        using var chain = new X509Chain { ChainPolicy = Policy(clock.GetUtcNow()) };
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities.Value);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ForClients));
        return chain.Build(certificate);
    }

    /// <summary>A chain that is built from what is here: a certificate may name addresses to download from, and they are its holder's choice.</summary>
    public static X509ChainPolicy Policy(DateTimeOffset now) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
        VerificationTime = now.UtcDateTime,
        VerificationTimeIgnored = false,
    };
}
