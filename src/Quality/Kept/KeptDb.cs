// Entity Framework over the tables of kept rules; states packed as bytes, figures as JSON.
using System.Data.Common;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Lizhou.Lake;
using Lizhou.Quality.Kept.Levels;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept;

internal sealed class KeptDb(StateStore state, ScanSeal seal) : ModuleDb(state)
{
    private static readonly JsonSerializerOptions Words = new() { Converters = { new JsonStringEnumConverter() } };

    public DbSet<RuleSet> Sets => Set<RuleSet>();

    public DbSet<Waiver> Waivers => Set<Waiver>();

    public DbSet<Declined> Declined => Set<Declined>();

    public DbSet<Scanned> Scans => Set<Scanned>();

    public DbSet<FileScan> Files => Set<FileScan>();

    public DbSet<BatchScan> Batches => Set<BatchScan>();

    public DbSet<ScoreLine> Scores => Set<ScoreLine>();

    public DbSet<PrintLine> Prints => Set<PrintLine>();

    public DbSet<LevelWord> LevelWords => Set<LevelWord>();

    /// <summary>The hashes of a fingerprint as they are kept.</summary>
    public byte[] Pack(IEnumerable<ulong> hashes) => seal.Close([.. hashes.SelectMany(BitConverter.GetBytes)]);

    /// <summary>None where they cannot be opened any more.</summary>
    public IReadOnlyList<ulong> Hashes(byte[] packed) => seal.Open(packed) is { } bytes ? [.. Enumerable.Range(0, bytes.Length / 8).Select(i => BitConverter.ToUInt64(bytes, i * 8))] : [];

    public static string Json<T>(T value) => JsonSerializer.Serialize(value, Words);

    public static T From<T>(string json) => JsonSerializer.Deserialize<T>(json, Words)!;

    public byte[] Pack(ScanState found)
    {
        using var packed = new MemoryStream();
        using (var packer = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            packer.Write(found.ToBytes());
        }

        return seal.Close(packed.ToArray());
    }

    /// <summary>Null when an older program, or another key, kept it in another way: the rows are to be scanned again.</summary>
    public ScanState? Unpack(byte[] packed)
    {
        if (seal.Open(packed) is not { } opened)
        {
            return null;
        }

        using var unpacker = new BrotliStream(new MemoryStream(opened), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        unpacker.CopyTo(plain);
        return ScanState.FromBytes(plain.ToArray());
    }

    /// <summary>Whether rules are kept for a resource, so that its batches wait for their scan.</summary>
    public Task<bool> Keeps(Guid resource, CancellationToken stop) => Sets.AsNoTracking().AnyAsync(s => s.Resource == resource && s.State == SetState.InForce, stop);

    /// <summary>Writes the changes and the evidence in one transaction.</summary>
    /// <returns>Null, or why nothing was written: someone else was faster.</returns>
    /// <param name="within">More for the same transaction; null for nothing.</param>
    public Task<Problem?> Commit(ILedger ledger, IEnumerable<(Actor Actor, Evidence Evidence)> evidence, CancellationToken stop, Func<DbConnection, DbTransaction, Task>? within = null) =>
        this.Commit(ledger, evidence, Problems.RulesStale, stop, within);

    protected override void Map(ModelBuilder model)
    {
        model.Entity<RuleSet>(set =>
        {
            set.ToTable("quality_rule_set").HasKey(s => s.Id);
            set.Property(s => s.Id).ValueGeneratedNever();
            set.Property(s => s.Revision).IsConcurrencyToken();
        });
        model.Entity<Waiver>().ToTable("quality_waiver").HasKey(w => w.Id);
        model.Entity<Waiver>().Property(w => w.Id).ValueGeneratedNever();
        model.Entity<Declined>().ToTable("quality_declined").HasKey(d => d.Id);
        model.Entity<Declined>().Property(d => d.Id).ValueGeneratedNever();
        model.Entity<Scanned>(scan =>
        {
            scan.ToTable("quality_scan").HasKey(s => s.Resource);
            scan.Property(s => s.Resource).ValueGeneratedNever();
            scan.Property(s => s.Revision).IsConcurrencyToken();
            scan.Ignore(s => s.Fault);
        });
        model.Entity<FileScan>().ToTable("quality_scan_file").HasKey(f => new { f.Resource, f.File });
        model.Entity<BatchScan>().ToTable("quality_scan_batch").HasKey(b => b.Batch);
        model.Entity<BatchScan>().Property(b => b.Batch).ValueGeneratedNever();
        model.Entity<PrintLine>().ToTable("quality_print").HasKey(p => new { p.Resource, p.Item });
        model.Entity<LevelWord>().ToTable("quality_level").HasKey(w => w.Id);
        model.Entity<LevelWord>().Property(w => w.Id).ValueGeneratedNever();
        model.Entity<ScoreLine>().ToTable("quality_score").HasKey(s => s.Id);
        model.Entity<ScoreLine>().Property(s => s.Id).ValueGeneratedNever();
    }
}
