// In: bytes. Out: a detached CMS signature over them, with the certificate inside. The key is made at the first start and stays in keys/ledger;
// a certificate from outside takes its place by putting signer.key and signer.pem there. Refuses signatures of keys that are not this installation's.
using System.Security.Cryptography;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Lizhou.Ledger.Sealing;

internal sealed class Signer : IStatementSigner
{
    /// <summary>Certificates of former signers (PEM), so that their seals stay good.</summary>
    private const string Former = "former";
    private readonly AsymmetricKeyParameter key;
    private readonly IReadOnlyList<X509Certificate> known;
    private readonly string algorithm;

    public Signer(Settings settings, Suite suite, TimeProvider clock)
    {
        var folder = KeyFiles.Folder(settings);
        (key, Chain) = KeyPair.Open(folder, "signer", suite, clock, new("丽州存证签名 Lizhou ledger signer", KeyPurpose: null));
        algorithm = KeyPair.SignatureOf(key);
        var former = Path.Combine(folder, Former);
        known = [Certificate, .. Directory.Exists(former) ? Directory.EnumerateFiles(former, "*.pem").Order(StringComparer.Ordinal).SelectMany(KeyPair.Certificates) : []];
    }

    /// <summary>The signer's certificate first, then its issuers where it has some.</summary>
    public IReadOnlyList<X509Certificate> Chain { get; }

    public X509Certificate Certificate => Chain[0];

    public bool SelfSigned => Certificate.IssuerDN.Equivalent(Certificate.SubjectDN);

    /// <summary>SHA-256 of a certificate, as the city publishes it and <c>openssl x509 -fingerprint -sha256</c> prints it (without colons, lower case).</summary>
    public static string Fingerprint(X509Certificate certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.GetEncoded()));

    public string Print => Fingerprint(Certificate);

    public byte[] Sign(byte[] content)
    {
        var cms = new CmsSignedDataGenerator();
        cms.AddSignerInfoGenerator(new SignerInfoGeneratorBuilder().Build(new Asn1SignatureFactory(algorithm, key), Certificate));
        foreach (var certificate in Chain)
        {
            cms.AddCertificate(certificate);
        }

        return cms.Generate(new CmsProcessableByteArray(content), encapsulate: false).GetEncoded();
    }

    /// <summary>The certificate that signed, when the signature is good and the certificate is this installation's, now or formerly; else null.</summary>
    public X509Certificate? Verify(byte[] content, byte[] signature)
    {
        try
        {
            var signers = new CmsSignedData(new CmsProcessableByteArray(content), signature).GetSignerInfos().GetSigners().ToList();
            return signers.Count == 1 ? known.FirstOrDefault(c => signers[0].SignerID.Match(c) && signers[0].Verify(c)) : null;
        }
        catch (Exception broken) when (broken is CmsException or GeneralSecurityException or IOException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
