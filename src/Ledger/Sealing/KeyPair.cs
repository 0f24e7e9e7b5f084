// In: a folder and a name. Out: the private key and certificates kept there as PEM; made, self-signed, when there are none.
using Lizhou.Kernel.Data;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Lizhou.Ledger.Sealing;

/// <param name="Name">Common name.</param>
/// <param name="KeyPurpose">Extended usage, marked critical; null for none.</param>
internal sealed record CertificateWish(string Name, KeyPurposeID? KeyPurpose);

internal static class KeyPair
{
    private const int Years = 20;

    public static (AsymmetricKeyParameter Key, IReadOnlyList<X509Certificate> Chain) Open(string folder, string name, Suite suite, TimeProvider clock, CertificateWish wish)
    {
        var (keyFile, certificateFile) = (Path.Combine(folder, name + ".key"), Path.Combine(folder, name + ".pem"));
        if (!File.Exists(keyFile) || !File.Exists(certificateFile))
        {
            Make(keyFile, certificateFile, suite, clock, wish);
        }

        File.SetUnixFileMode(keyFile, OwnerFile.Rights);
        using var text = File.OpenText(keyFile);
        var key = new PemReader(text).ReadObject() switch
        {
            AsymmetricCipherKeyPair pair => pair.Private,
            AsymmetricKeyParameter { IsPrivate: true } alone => alone,
            _ => throw new InvalidDataException($"{name}.key holds no private key."),
        };
        return (key, Certificates(certificateFile));
    }

    public static IReadOnlyList<X509Certificate> Certificates(string file) => [.. new X509CertificateParser().ReadCertificates(File.ReadAllBytes(file))];

    public static string Pem(IEnumerable<object> things)
    {
        using var text = new StringWriter();
        using var pem = new PemWriter(text);
        foreach (var thing in things)
        {
            pem.WriteObject(thing);
        }

        return text.ToString();
    }

    /// <summary>The signature a key makes: RSA and P-256 over SHA-256, SM2 over SM3.</summary>
    public static string SignatureOf(AsymmetricKeyParameter key) => key switch
    {
        RsaKeyParameters => "SHA256WITHRSA",
        ECKeyParameters { PublicKeyParamSet: { } curve } when curve.Equals(Suite.Sm3.Curve) => Suite.Sm3.Signature,
        ECKeyParameters => Suite.Sha256.Signature,
        _ => throw new InvalidDataException("The signer's key is neither RSA nor on an elliptic curve."),
    };

    private static void Make(string keyFile, string certificateFile, Suite suite, TimeProvider clock, CertificateWish wish)
    {
        var random = new SecureRandom();
        var generator = new ECKeyPairGenerator("ECDSA");
        generator.Init(new ECKeyGenerationParameters(suite.Curve, random));
        var pair = generator.GenerateKeyPair();
        var name = new X509Name($"CN={wish.Name}");
        var now = clock.GetUtcNow().UtcDateTime;
        var certificate = new X509V3CertificateGenerator();
        certificate.SetSerialNumber(new BigInteger(127, random));
        certificate.SetIssuerDN(name);
        certificate.SetSubjectDN(name);
        certificate.SetNotBefore(now.AddDays(-1));
        certificate.SetNotAfter(now.AddYears(Years));
        certificate.SetPublicKey(pair.Public);
        certificate.AddExtension(X509Extensions.BasicConstraints, critical: true, new BasicConstraints(cA: false));
        certificate.AddExtension(X509Extensions.KeyUsage, critical: true, new KeyUsage(KeyUsage.DigitalSignature | KeyUsage.NonRepudiation));
        if (wish.KeyPurpose is not null)
        {
            certificate.AddExtension(X509Extensions.ExtendedKeyUsage, critical: true, new ExtendedKeyUsage(wish.KeyPurpose));
        }

        var signed = certificate.Generate(new Asn1SignatureFactory(suite.Signature, pair.Private, random));
        OwnerFile.Write(keyFile, Pem([new Pkcs8Generator(pair.Private).Generate()]));
        OwnerFile.Write(certificateFile, Pem([signed]));
    }
}
