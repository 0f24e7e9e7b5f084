// A training and what came of it; and its model's file: a zip of the two models, of which the state keeps the digest. What the state does not know does not count.
using System.IO.Compression;
using System.Security.Cryptography;
using Lizhou.Kernel.Data;

namespace Lizhou.Cases.Recommending;

internal sealed record Recommender
{
    public int Version { get; init; }

    public Guid Job { get; init; }

    public string AskedBy { get; init; } = "";

    /// <summary>Id of who asked.</summary>
    public Guid Asker { get; init; }

    public DateTimeOffset AskedAt { get; init; }

    /// <summary>Cases closed until then were looked at; null: not trained yet, or refused.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>SHA-256 of its file, hex; null: there is none.</summary>
    public string? File { get; init; }

    public LearnedFrom? About { get; init; }

    /// <summary>Code of the refusal; null: none.</summary>
    public string? Refused { get; init; }
}

/// <summary>What a model learned from and how it measured.</summary>
/// <param name="Seed">Of the order in which cases are learned.</param>
/// <param name="First">Number of the oldest case learned from.</param>
/// <param name="Last">Of the newest: all that were measured are newer.</param>
/// <param name="Digest">SHA-256 of the cases learned from, hex.</param>
internal sealed record LearnedFrom(int Seed, int Cases, string First, string Last, string Digest, IReadOnlyList<GuessScore> Scores);

/// <summary>The file of a model.</summary>
internal static class RecommenderFile
{
    /// <summary>How many are kept: the one in force and those before it, should it be damaged.</summary>
    public const int Kept = 3;

    public static string Folder(string data) => Path.Combine(data, "recommending");

    public static string Of(string data, int version) => Path.Combine(Folder(data), $"{version:D5}.zip");

    /// <summary>Whole or not at all; returns its digest.</summary>
    public static async Task<string> Write(string path, IReadOnlyDictionary<GuessOf, byte[]> models, CancellationToken stop)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (what, model) in models.OrderBy(m => m.Key))
            {
                await using var entry = zip.CreateEntry($"{what}").Open();
                await entry.WriteAsync(model, stop);
            }
        }

        var content = bytes.ToArray();
        OwnerFile.Folder(Path.GetDirectoryName(path)!);
        OwnerFile.Write(path, content);
        return Digest(content);
    }

    /// <summary>Null: it is not there, or is not what was written.</summary>
    public static async Task<IReadOnlyDictionary<GuessOf, Learned>?> Read(string path, string digest, CancellationToken stop)
    {
        var bytes = File.Exists(path) ? await File.ReadAllBytesAsync(path, stop) : [];
        if (Digest(bytes) != digest)
        {
            return null;
        }

        using var zip = new ZipArchive(new MemoryStream(bytes));
        return zip.Entries.ToDictionary(e => Enum.Parse<GuessOf>(e.Name), Model);
    }

    private static Learned Model(ZipArchiveEntry entry)
    {
        using var from = entry.Open();
        using var whole = new MemoryStream();
        from.CopyTo(whole);
        return Learned.Of(whole.ToArray());
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
