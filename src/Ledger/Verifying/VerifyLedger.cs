// In: the ledger. Out: each edit, gap, reorder, truncation, bad signature and bad stamp, named and placed. Changes nothing; reads while others write.
using System.Data.Common;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Ledger.Sealing;

namespace Lizhou.Ledger.Verifying;

internal sealed class VerifyLedger(StateStore state, Chain chain, Suite suite, Signer signer, Stamper stamper, Watermark watermark, TimeProvider clock) : ILedgerCheck
{
    private const int MostFaults = 100;

    private static readonly string[] Guards =
    [
        "ledger_entry_kept_update", "ledger_entry_kept_delete", "ledger_entry_kept_next", "ledger_batch_kept_update", "ledger_batch_kept_delete", "ledger_batch_kept_next",
    ];

    private static readonly string[] PostgresGuards = ["ledger_entry_kept", "ledger_batch_kept"];

    /// <summary>What the last check of this process found; null before the first.</summary>
    public LedgerReport? Last { get; private set; }

    public async Task<LedgerReport> Run(CancellationToken stop)
    {
        var tip = chain.Tip;
        await using var connection = await state.Open(stop);
        var (batches, remembered) = await Sealed(connection, stop);
        var walk = new Walk(suite, batches, tip);
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = $"SELECT {Entry.ColumnList}, hash FROM ledger_entry ORDER BY seq";
            await using var rows = await command.ExecuteReaderAsync(stop);
            while (await rows.ReadAsync(stop))
            {
                walk.See(Entry.Read(rows), rows.GetString(Entry.Columns.Count));
            }
        }

        var faults = walk.End().Concat(Seals(batches)).Concat(remembered).Concat(await Unguarded(connection, walk.Entries + 1, stop)).OrderBy(f => f.Entry).ThenBy(f => f.Kind).Take(MostFaults).ToList();
        return Last = new(walk.Entries, batches.Count, batches.Count == 0 ? 0 : batches[^1].Last, faults, clock.GetUtcNow());
    }

    /// <summary>A place in the ledger is none of theirs: they are told at the entry that comes next.</summary>
    private async Task<IEnumerable<LedgerFault>> Unguarded(DbConnection connection, long next, CancellationToken stop)
    {
        var there = await connection.Rows(
            null,
            state.Kind == StateKind.Sqlite ? $"SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'" : (FormattableString)$"SELECT CAST(tgname AS TEXT) FROM pg_trigger WHERE tgenabled IN ('O', 'A')",
            r => r.GetString(0), stop).ToListAsync(stop);
        return (state.Kind == StateKind.Sqlite ? Guards : PostgresGuards).Except(there, StringComparer.Ordinal).Select(gone => new LedgerFault(LedgerFaultKind.Guard, next, null, Words.GuardGone.With(gone)));
    }

    /// <summary>Each seal by itself, and each against the one before.</summary>
    private IEnumerable<LedgerFault> Seals(List<Batch> batches)
    {
        Batch? before = null;
        foreach (var batch in batches)
        {
            if (batch.Number != (before?.Number ?? 0) + 1)
            {
                yield return new(LedgerFaultKind.Gap, (before?.Last ?? 0) + 1, (before?.Number ?? 0) + 1, Words.BatchMissing.With((before?.Number ?? 0) + 1));
            }

            if (batch.Statement is not { } said || said.Batch != batch.Number || said.First != batch.First || said.Last != batch.Last || said.Hash != suite.Name)
            {
                yield return new(LedgerFaultKind.Edit, batch.First, batch.Number, Words.StatementEdited.With(batch.Number));
            }
            else if (before?.Number == batch.Number - 1 && (said.PreviousStatement != suite.Hex(before.Signed) || said.First != before.Last + 1))
            {
                yield return new(LedgerFaultKind.Edit, before.First, before.Number, Words.NotTheOneBefore.With(batch.Number, before.Number));
            }

            if (signer.Verify(batch.Signed, batch.Signature) is not { } by || (batch.Statement is { } named && Signer.Fingerprint(by) != named.Signer))
            {
                yield return new(LedgerFaultKind.Signature, batch.First, batch.Number, Words.BadSignature.With(batch.Number));
            }

            if (stamper.Verify(batch.Signature, batch.Stamp) is not { } stamp || (batch.BuiltIn && !stamper.IsOwn(stamp.By)))
            {
                yield return new(LedgerFaultKind.Stamp, batch.First, batch.Number, Words.BadStamp.With(batch.Number));
            }

            before = batch;
        }
    }

    /// <summary>The seals, and how they stand to what is remembered outside the database.</summary>
    private async Task<(List<Batch> Batches, List<LedgerFault> Faults)> Sealed(DbConnection connection, CancellationToken stop)
    {
        await watermark.Still.WaitAsync(stop);
        try
        {
            var batches = await Batch.All(connection, stop);
            return (batches, await watermark.Faults(connection, batches.LastOrDefault(), stop));
        }
        finally
        {
            watermark.Still.Release();
        }
    }
}
