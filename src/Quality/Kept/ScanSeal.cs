// In: what a scan keeps of a resource's values: whole rows, hashes of values. Out: the same sealed under a key of this installation, as the state database keeps it, and back. Who has the database alone, or a copy of it,
// reads no value and tries none against a hash.
using System.Security.Cryptography;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;

namespace Lizhou.Quality.Kept;

internal sealed class ScanSeal(Settings settings)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly Lazy<byte[]> key = new(() => OwnerFile.Key(Path.Combine(settings.Keys, "scans")));

    public byte[] Close(ReadOnlySpan<byte> plain)
    {
        var closed = new byte[NonceLength + TagLength + plain.Length];
        var nonce = closed.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key.Value, TagLength);
        aes.Encrypt(nonce, plain, closed.AsSpan(NonceLength + TagLength), closed.AsSpan(NonceLength, TagLength));
        return closed;
    }

    /// <summary>Null when it was not closed by this key: the next scan makes it anew.</summary>
    public byte[]? Open(ReadOnlySpan<byte> closed)
    {
        if (closed.Length < NonceLength + TagLength)
        {
            return null;
        }

        var plain = new byte[closed.Length - NonceLength - TagLength];
        using var aes = new AesGcm(key.Value, TagLength);
        try
        {
            aes.Decrypt(closed[..NonceLength], closed[(NonceLength + TagLength)..], closed[NonceLength..(NonceLength + TagLength)], plain);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
