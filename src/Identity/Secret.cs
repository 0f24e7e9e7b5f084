// A secret of this program's own making: 256 random bits, which need no slow hash. Kept as its hash alone.
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Lizhou.Identity;

internal static class Secret
{
    /// <param name="start">Tells people and scanners what it is.</param>
    public static string New(string start = "") => start + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
