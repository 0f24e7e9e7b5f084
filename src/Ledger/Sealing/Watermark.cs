// In: the newest batch. Out: its statement in two files outside the state database, one of them beside the keys, so that a database set back, or cut off with its
// seals, is seen. They follow the commit: after a crash they may name the batch before, never one that is not there. Where there are seals both must be there, or it is a
// fault: from the first seal on they are never absent, for they are laid down empty before it. A restore sets them to what was restored.
using System.Data.Common;
using System.Text;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Lizhou.Ledger.Verifying;

namespace Lizhou.Ledger.Sealing;

internal sealed class Watermark(Settings settings)
{
    private readonly (string Path, string Name)[] places =
    [
        (Path.Combine(settings.Data, "ledger", "watermark"), "ledger/watermark"),
        (Path.Combine(settings.Keys, "ledger", "watermark"), "keys/ledger/watermark"),
    ];

    /// <summary>Held while a batch and its mark are not both written, so that a check does not come between.</summary>
    public SemaphoreSlim Still { get; } = new(1);

    /// <param name="newest">Null: there is no batch yet.</param>
    public void Raise(Batch? newest)
    {
        foreach (var (path, _) in places)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            OwnerFile.Write(path, newest?.Text ?? "");
        }
    }

    /// <summary>Names of the places where nothing is remembered any more; none before the first batch.</summary>
    public List<string> Lost(Batch? newest) => newest is null ? [] : [.. places.Where(p => IsLost(Text(p.Path), newest)).Select(p => p.Name)];

    /// <summary>Whether the ledger's seals are those remembered, or nothing is remembered at all: then nobody can say that none were cut off.</summary>
    public async Task<bool> Holds(DbConnection connection, Batch? newest, CancellationToken stop) =>
        Lost(newest).Count < places.Length && !(await Faults(connection, newest, stop)).Exists(f => f.Kind != LedgerFaultKind.Memory);

    /// <summary>Where the seals are not those remembered, and where the memory is gone.</summary>
    public async Task<List<LedgerFault>> Faults(DbConnection connection, Batch? newest, CancellationToken stop)
    {
        var faults = Lost(newest).ConvertAll(name => new LedgerFault(LedgerFaultKind.Memory, newest!.Last, newest.Number, Words.MarkLost.With(name, newest.Number, newest.Last)));
        foreach (var text in places.Select(p => Text(p.Path)).Where(t => !string.IsNullOrEmpty(t)).Distinct(StringComparer.Ordinal))
        {
            if (Statement.Parse(text!) is not { } noted)
            {
                continue;
            }

            if (await Batch.Numbered(connection, noted.Batch, stop) is not { } kept)
            {
                faults.Add(new(LedgerFaultKind.Truncation, (newest?.Last ?? 0) + 1, noted.Batch, Words.BelowWatermark.With(noted.Batch, noted.Sealed)));
            }
            else if (!kept.Signed.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text!)))
            {
                faults.Add(new(LedgerFaultKind.Edit, kept.First, kept.Number, Words.NotTheWatermark.With(kept.Number)));
            }
        }

        return faults;
    }

    /// <summary>Empty is what stands before the first batch, and after it where the mark could not follow.</summary>
    private static bool IsLost(string? text, Batch newest) => text is null || (text.Length == 0 ? newest.Number > 1 : Statement.Parse(text) is null);

    private static string? Text(string path) => File.Exists(path) ? File.ReadAllText(path) : null;
}
