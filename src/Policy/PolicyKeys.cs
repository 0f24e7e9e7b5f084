// The secret of this installation from which seals, page marks and the keys of masks are derived; made at first use, readable by its user alone.
using System.Security.Cryptography;
using System.Text;
using Lizhou.Kernel;

namespace Lizhou.Policy;

internal sealed class PolicyKeys(Settings settings)
{
    private readonly Lazy<byte[]> secret = new(() => Load(Path.Combine(settings.Keys, "policy")));

    /// <summary>The key of hashes and noise under one grant: the same value looks different under every other.</summary>
    public string Mask(Guid grantOrResource) => Convert.ToHexStringLower(HMACSHA256.HashData(secret.Value, Encoding.UTF8.GetBytes($"mask:{grantOrResource:D}")));

    /// <summary>64 hexadecimal digits that only this installation can make for this text.</summary>
    public string Seal(string what, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(secret.Value, Encoding.UTF8.GetBytes($"{what}:{text}")));

    public bool Fits(string what, string text, string seal) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Seal(what, text)), Encoding.ASCII.GetBytes(seal));

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
