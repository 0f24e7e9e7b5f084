// The secret of this installation from which seals, page marks and the keys of masks are derived; made at first use, readable by its user alone.
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;

namespace Lizhou.Policy;

internal sealed class PolicyKeys(Settings settings) : ISeals
{
    private const int SealLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly Lazy<byte[]> secret = new(() => OwnerFile.Key(Path.Combine(settings.Keys, "policy")));

    /// <summary>The key of hashes and noise under one grant: the same value looks different under every other.</summary>
    public string Mask(Guid grantOrResource) => Convert.ToHexStringLower(HMACSHA256.HashData(secret.Value, Encoding.UTF8.GetBytes($"mask:{grantOrResource:D}")));

    /// <summary>64 hexadecimal digits that only this installation can make for this text.</summary>
    public string Seal(string what, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(secret.Value, Encoding.UTF8.GetBytes($"{what}:{text}")));

    public bool Fits(string what, string text, string seal) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Seal(what, text)), Encoding.ASCII.GetBytes(seal));

    /// <summary>A text that only this installation can have made and can read, to be carried by a caller; the same for the same body, because marks are compared.</summary>
    public string Close(string what, string body)
    {
        var plain = Encoding.UTF8.GetBytes(body);
        // The nonce is made of the text itself: no two texts have the same one, and nothing random makes one text two.
        var nonce = HMACSHA256.HashData(secret.Value, Encoding.UTF8.GetBytes($"nonce:{what}:{body}")).AsSpan(0, NonceLength);
        var closed = new byte[NonceLength + plain.Length + TagLength];
        nonce.CopyTo(closed);
        using var cipher = Cipher(what);
        cipher.Encrypt(nonce, plain, closed.AsSpan(NonceLength, plain.Length), closed.AsSpan(NonceLength + plain.Length));
        return Base64Url.EncodeToString(closed);
    }

    /// <summary>What was closed; null when it is not one of ours.</summary>
    public string? Open(string what, string text)
    {
        try
        {
            var closed = Base64Url.DecodeFromChars(text);
            return Deciphered(what, closed) ?? Sealed(what, closed);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private string? Deciphered(string what, byte[] closed)
    {
        if (closed.Length < NonceLength + TagLength)
        {
            return null;
        }

        var plain = new byte[closed.Length - NonceLength - TagLength];
        try
        {
            using var cipher = Cipher(what);
            cipher.Decrypt(closed.AsSpan(0, NonceLength), closed.AsSpan(NonceLength, plain.Length), closed.AsSpan(NonceLength + plain.Length), plain);
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>As it was closed before it was enciphered too: receivers keep such marks for as long as they like.</summary>
    private string? Sealed(string what, byte[] closed)
    {
        var plain = Encoding.UTF8.GetString(closed);
        var body = plain.Length > SealLength ? plain[SealLength..] : "";
        return plain.Length > SealLength && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Seal(what, body)[..SealLength]), Encoding.UTF8.GetBytes(plain[..SealLength])) ? body : null;
    }

    private AesGcm Cipher(string what) => new(HMACSHA256.HashData(secret.Value, Encoding.UTF8.GetBytes($"cipher:{what}")), TagLength);
}
