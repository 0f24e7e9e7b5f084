// The secret of this installation from which seals, page marks and the keys of masks are derived; made at first use, readable by its user alone.
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Lizhou.Kernel;

namespace Lizhou.Policy;

internal sealed class PolicyKeys(Settings settings)
{
    private const int SealLength = 32;

    private readonly Lazy<byte[]> secret = new(() => Load(Path.Combine(settings.Keys, "policy")));

    /// <summary>The key of hashes and noise under one grant: the same value looks different under every other.</summary>
    public string Mask(Guid grantOrResource) => Convert.ToHexStringLower(HMACSHA256.HashData(secret.Value, Encoding.UTF8.GetBytes($"mask:{grantOrResource:D}")));

    /// <summary>64 hexadecimal digits that only this installation can make for this text.</summary>
    public string Seal(string what, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(secret.Value, Encoding.UTF8.GetBytes($"{what}:{text}")));

    public bool Fits(string what, string text, string seal) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Seal(what, text)), Encoding.ASCII.GetBytes(seal));

    /// <summary>A text that only this installation can have made, to be carried by a caller.</summary>
    public string Close(string what, string body) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Seal(what, body)[..SealLength] + body));

    /// <summary>What was closed; null when it is not one of ours.</summary>
    public string? Open(string what, string text)
    {
        try
        {
            var plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
            var body = plain.Length > SealLength ? plain[SealLength..] : "";
            return plain.Length > SealLength && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Seal(what, body)[..SealLength]), Encoding.UTF8.GetBytes(plain[..SealLength])) ? body : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static byte[] Load(string path)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var made = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
            using (var file = new FileStream(made, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                file.Write(RandomNumberGenerator.GetBytes(32));
                file.Flush(flushToDisk: true);
            }

            try
            {
                File.Move(made, path, overwrite: false);
            }
            catch (IOException)
            {
                File.Delete(made); // Another was first.
            }
        }

        return File.ReadAllBytes(path);
    }
}
