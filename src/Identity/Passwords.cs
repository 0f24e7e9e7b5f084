// In: a password. Out: its Argon2id hash with the parameters inside, or whether it fits one. At most as many at once as there are cores: a flood costs time, not memory.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Konscious.Security.Cryptography;

namespace Lizhou.Identity;

/// <summary>Hashes as <c>$argon2id$v=19$m=KiB,t=passes,p=lanes$salt$hash</c> (PHC string format, unpadded Base64).</summary>
internal static class Passwords
{
    // OWASP's first recommendation for Argon2id: 19 MiB, two passes, one lane.
    private const int MemoryKiB = 19 * 1024;
    private const int Passes = 2;
    private const int HashBytes = 32;
    private const int Longest = 1000;
    private const string Blank = " ";

    private static readonly SemaphoreSlim Turns = new(Math.Max(2, Environment.ProcessorCount));

    // What an unknown account is checked against, so that it takes as long as a known one.
    private static readonly Lazy<Task<string>> Nobody = new(() => Hash(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), CancellationToken.None));

    public static async Task<string> Hash(string password, CancellationToken stop)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var hash = await Derive(password, salt, MemoryKiB, Passes, lanes: 1, HashBytes, stop);
        return $"$argon2id$v=19$m={MemoryKiB},t={Passes},p=1${Base64(salt)}${Base64(hash)}";
    }

    /// <param name="password">An empty or endless one takes the same time and is false; no account has one.</param>
    /// <param name="stored">Null for an account that does not exist: takes the same time and is false.</param>
    public static async Task<bool> Fits(string password, string? stored, CancellationToken stop)
    {
        if (password.Length is 0 or > Longest)
        {
            return await Fits(Blank, null, stop);
        }

        var parts = (stored ?? await Nobody.Value).Split('$');
        var numbers = parts[3].Split(',').Select(p => int.Parse(p[2..], CultureInfo.InvariantCulture)).ToArray();
        var (salt, expected) = (Bytes(parts[4]), Bytes(parts[5]));
        var actual = await Derive(password, salt, numbers[0], numbers[1], numbers[2], expected.Length, stop);
        return CryptographicOperations.FixedTimeEquals(actual, expected) && stored is not null;
    }

    /// <summary>A random password that keeps the rules: 16 characters without look-alikes.</summary>
    public static string Random() =>
        $"{RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZ", 4)}-{RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz", 6)}-{RandomNumberGenerator.GetString("23456789", 4)}";

    private static async Task<byte[]> Derive(string password, byte[] salt, int memory, int passes, int lanes, int bytes, CancellationToken stop)
    {
        await Turns.WaitAsync(stop);
        try
        {
            using var argon = new Argon2id(Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormC)))
            {
                Salt = salt,
                MemorySize = memory,
                Iterations = passes,
                DegreeOfParallelism = lanes,
            };
            return await Task.Run(() => argon.GetBytes(bytes), stop);
        }
        finally
        {
            Turns.Release();
        }
    }

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[] Bytes(string text) => Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
}
