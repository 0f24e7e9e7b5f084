// The note of a finished chunk, beside its files: what an interrupted load leaves so that its next run need not do the chunk again.
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lizhou.Lake.Catalog;

namespace Lizhou.Lake;

/// <summary>A chunk whose rows are in a synced file (none when no row was accepted) and whose rejects are in a synced log.</summary>
/// <param name="Plan">Digest of the plan it was loaded under; a note of another plan is not taken over.</param>
/// <param name="Length">Bytes of the chunk file.</param>
internal sealed record StagedChunk(int Sequence, int Source, string Plan, long Length, LoadCounts Counts, StagedFile? File, Profile[] Profiles)
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Place of the chunk in the batch: its file, then its number in it.</summary>
    [JsonIgnore]
    public (int Source, int Sequence) Place => (Source, Sequence);

    /// <summary>By which its files are named.</summary>
    public static string NameOf(int source, int sequence) => $"{source:D4}_{sequence:D6}";

    public static string RejectsPath(LoadPlan plan, int source, int sequence) => Path.Combine(plan.Folder, NameOf(source, sequence) + ".rejects");

    /// <summary>What identifies the plan's meaning.</summary>
    public static string DigestOf(LoadPlan plan) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        new { plan.Batch, plan.Columns, plan.Key, plan.Keep, Table = plan.Table.Id, Fields = plan.Table.Columns.Select(c => (c.Name, c.Id).ToString()) }, Json)));

    /// <summary>Puts the note down; it counts once its name is there.</summary>
    public void Write(LoadPlan plan)
    {
        var path = Path.Combine(plan.Folder, NameOf(Source, Sequence) + ".json");
        var draft = path + ".draft";
        System.IO.File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(this, Json));
        Durable.File(draft);
        System.IO.File.Move(draft, path, overwrite: true);
        Durable.Folder(plan.Folder);
    }

    /// <summary>The notes of earlier runs of the same plan whose files are still there whole.</summary>
    public static IEnumerable<StagedChunk> Find(LoadPlan plan)
    {
        var digest = DigestOf(plan);
        foreach (var path in Directory.Exists(plan.Folder) ? Directory.EnumerateFiles(plan.Folder, "*.json") : [])
        {
            var note = JsonSerializer.Deserialize<StagedChunk>(System.IO.File.ReadAllBytes(path), Json)!;
            var whole = note.File is null || (new FileInfo(note.File.Path) is { Exists: true } file && file.Length == note.File.Bytes);
            if (note.Plan == digest && whole)
            {
                yield return note;
            }
        }
    }
}
