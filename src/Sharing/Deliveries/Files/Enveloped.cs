// In: a receiver's certificate and a stream. Out: a stream that encrypts to it as CMS EnvelopedData (AES-256, RSA), written through in bounded memory, which
// `openssl cms -decrypt` opens. Refuses what holds a private key, is no certificate, is out of date, or has a key too short or not RSA.
using System.Security.Cryptography;
using Lizhou.Kernel;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.X509;

namespace Lizhou.Sharing.Deliveries.Files;

internal static class Enveloped
{
    private const int LeastBits = 2048;
    private const int MostCharacters = 16_384;

    /// <summary>What every PEM block of a private key names, whatever its kind.</summary>
    public const string Key = "PRIVATE KEY";

    /// <summary>Why one cannot encrypt to it; null when one can.</summary>
    public static Text? Fault(string pem, DateTimeOffset now)
    {
        if (pem.Contains(Key, StringComparison.OrdinalIgnoreCase))
        {
            return new(
                "含有私钥（PRIVATE KEY），没有保存；私钥已离开贵方，请换用新的密钥和证书，并只提供证书段",
                "holds a private key (PRIVATE KEY), which was not kept; the key has left your hands: make a new key and certificate and give the certificate's block alone");
        }

        if (Certificate(pem) is not { } certificate)
        {
            return new("不是 PEM 格式的 X.509 证书", "is no X.509 certificate in PEM");
        }

        if (certificate.GetPublicKey() is not RsaKeyParameters { IsPrivate: false } key || key.Modulus.BitLength < LeastBits)
        {
            return new("证书公钥应为不少于 2048 位的 RSA", "must have an RSA key of at least 2048 bits");
        }

        return certificate.IsValid(now.UtcDateTime) ? null : new("证书不在有效期内", "is not valid today");
    }

    /// <summary>The certificate's block and nothing of what else stood beside it; empty where none can be read, and to that nothing is encrypted.</summary>
    public static string Alone(string pem) =>
        Certificate(pem) is { } certificate ? PemEncoding.WriteString("CERTIFICATE", certificate.GetEncoded()) : "";

    /// <summary>What is written is encrypted to the receiver; the message ends when the stream is disposed. <paramref name="to"/> stays open.</summary>
    public static Stream Open(string pem, Stream to)
    {
        var generator = new CmsEnvelopedDataStreamGenerator();
        generator.AddKeyTransRecipient(Certificate(pem) ?? throw new CryptographicException("The receiver's certificate cannot be read."));
        return generator.Open(to, CmsEnvelopedGenerator.Aes256Cbc);
    }

    private static X509Certificate? Certificate(string pem)
    {
        try
        {
            return pem.Length <= MostCharacters ? new X509CertificateParser().ReadCertificate(System.Text.Encoding.ASCII.GetBytes(pem)) : null;
        }
        catch (Exception broken) when (broken is Org.BouncyCastle.Security.GeneralSecurityException or IOException or ArgumentException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
