// In: the folder keys/tokens. Out: the keys (ECDSA P-256) that sign applications' tokens: made here, readable by the program's user alone, replaced every ninety days.
// A new key is published at once and signs two hours later, when every host on the folder has read it; an old one stays until no token of it lives.
using System.Globalization;
using System.Security.Cryptography;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Lizhou.Kernel.Jobs;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace Lizhou.Identity.Applications;

internal sealed class TokenKeys : IConfigureOptions<OpenIddictServerOptions>, IOptionsChangeTokenSource<OpenIddictServerOptions>, IDisposable
{
    private const string Moment = "yyyyMMdd'T'HHmmss'Z'";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);
    private static readonly TimeSpan Spread = TimeSpan.FromHours(2);

    // Nobody is given an encrypted token; the server asks for a key all the same.
    private static readonly SymmetricSecurityKey Unused = new(RandomNumberGenerator.GetBytes(32));

    private readonly string folder;
    private readonly TimeProvider clock;
    private readonly Lock changing = new();
    private CancellationTokenSource changed = new();
    private volatile IReadOnlyList<TokenKey> keys = [];

    public TokenKeys(Settings settings, TimeProvider clock)
    {
        this.clock = clock;
        folder = OwnerFile.Folder(Path.Combine(settings.Keys, "tokens"));
        Refresh();
    }

    /// <summary>All whose tokens are believed, the one that signs first.</summary>
    public IReadOnlyList<SecurityKey> All => [.. keys.Select(k => k.Key)];

    string? IOptionsChangeTokenSource<OpenIddictServerOptions>.Name => Options.DefaultName;

    public void Configure(OpenIddictServerOptions options)
    {
        options.EncryptionCredentials.Add(new(Unused, SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
        options.SigningCredentials.AddRange(keys.Select(k => new SigningCredentials(k.Key, SecurityAlgorithms.EcdsaSha256)));
    }

    public IChangeToken GetChangeToken() => new CancellationChangeToken(changed.Token);

    /// <summary>Reads what is there, makes a new key when it is time, and takes away what no token needs any more.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool Refresh()
    {
        lock (changing)
        {
            var now = clock.GetUtcNow();
            var known = keys.ToDictionary(k => k.Name);
            var found = Directory.EnumerateFiles(folder, "*.pem").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal).Reverse()
                .Select(name => known.GetValueOrDefault(name) ?? Read(name)).ToList();
            if (found.Count == 0 || now - found[0].Made >= Lifetime)
            {
                found.Insert(0, Make(now));
            }

            // The newest that every host knows; what is older than it, and than its tokens, goes.
            var signing = found.FirstOrDefault(k => now - k.Made >= Spread) ?? found[^1];
            foreach (var old in found.Where(k => k.Made < signing.Made && now - signing.Made >= Spread + Spread + GiveToken.Lifetime).ToList())
            {
                File.Delete(PathOf(old.Name));
                found.Remove(old);
            }

            IReadOnlyList<TokenKey> sorted = [signing, .. found.Where(k => k != signing)];
            if (sorted.SequenceEqual(keys))
            {
                return false;
            }

            keys = sorted;
            var before = Interlocked.Exchange(ref changed, new());
            before.Cancel();
            before.Dispose();
            return true;
        }
    }

    public void Dispose() => changed.Dispose();

    private TokenKey Make(DateTimeOffset now)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = $"{now.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        OwnerFile.Write(PathOf(name), pair.ExportPkcs8PrivateKeyPem());
        return Read(name);
    }

    private TokenKey Read(string name)
    {
        var pair = ECDsa.Create();
        pair.ImportFromPem(File.ReadAllText(PathOf(name)));
        var made = DateTimeOffset.ParseExact(name.Split('-')[0], Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        return new(name, made, new ECDsaSecurityKey(pair) { KeyId = name });
    }

    private string PathOf(string name) => Path.Combine(folder, name + ".pem");

    private sealed record TokenKey(string Name, DateTimeOffset Made, ECDsaSecurityKey Key);
}

/// <summary>Looks every hour whether it is time for a new key, or another host has made one.</summary>
internal sealed class RotateTokenKeys(TokenKeys keys) : IRounds
{
    public Task<int> Look(CancellationToken stop) => Task.FromResult(keys.Refresh() ? 1 : 0);
}
