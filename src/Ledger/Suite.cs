// Which algorithms a ledger uses, from its first entry on: SHA-256 with ECDSA P-256, or SM3 with SM2. Fixed when the installation starts for the first time.
using System.Security.Cryptography;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Security;

namespace Lizhou.Ledger;

/// <param name="Name">As statements and OpenSSL call the digest.</param>
/// <param name="Digest">Of the bytes; 32 bytes.</param>
/// <param name="Signature">Of a key on <paramref name="Curve"/>.</param>
/// <param name="Curve">Of keys made here.</param>
internal sealed record Suite(string Name, Func<byte[], byte[]> Digest, string Signature, DerObjectIdentifier Curve)
{
    public static readonly Suite Sha256 = new("sha256", SHA256.HashData, "SHA256WITHECDSA", SecObjectIdentifiers.SecP256r1);

    public static readonly Suite Sm3 = new("sm3", bytes => DigestUtilities.CalculateDigest("SM3", bytes), "SM3WITHSM2", GMObjectIdentifiers.sm2p256v1);

    private const string File = "suite";

    /// <summary>The suite this installation began with; the setting counts only before the first start. Refuses a name there is none of: a slip would decide for good.</summary>
    public static Suite Of(Settings settings)
    {
        var asked = Named(settings.LedgerSuite);
        var kept = Path.Combine(KeyFiles.Folder(settings), File);
        if (!System.IO.File.Exists(kept))
        {
            OwnerFile.Write(kept, asked.Name);
        }

        return Named(System.IO.File.ReadAllText(kept).Trim());
    }

    /// <summary>Null and nothing are the usual one.</summary>
    /// <exception cref="ProblemException">There is no such suite.</exception>
    public static Suite Named(string? name) => name switch
    {
        null or "" or "sha256" => Sha256,
        "sm3" => Sm3,
        _ => throw new ProblemException(Problems.NoSuite.With(name)),
    };

    /// <summary>Leaf of RFC 6962: the digest of a zero byte and the canonical bytes. Also the hash that chains an entry to the next.</summary>
    public byte[] Leaf(byte[] canonical) => Digest([0, .. canonical]);

    /// <summary>Inner node of RFC 6962.</summary>
    public byte[] Node(byte[] left, byte[] right) => Digest([1, .. left, .. right]);

    public string Hex(byte[] bytes) => Convert.ToHexStringLower(Digest(bytes));
}
