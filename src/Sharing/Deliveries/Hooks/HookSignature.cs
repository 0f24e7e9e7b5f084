// Standard Webhooks: HMAC-SHA-256 over id, time and body under a key both sides know; the receiver checks it before it believes a word.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lizhou.Sharing.Deliveries.Hooks;

internal static class HookSignature
{
    private const string Prefix = "whsec_";

    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The three headers of a message.</summary>
    public static IEnumerable<(string Name, string Value)> Headers(string secret, string id, DateTimeOffset at, byte[] body)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{time}."), .. body];
        var signed = HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), content);
        return [("webhook-id", id), ("webhook-timestamp", time), ("webhook-signature", $"v1,{Convert.ToBase64String(signed)}")];
    }
}
