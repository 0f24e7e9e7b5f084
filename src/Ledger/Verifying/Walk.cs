// In: every entry in order. Out: where the chain breaks and how. A bad entry's own hash carries on the chain, so that one edit is one fault.
using Lizhou.Contracts.Ledger;
using Lizhou.Ledger.Sealing;

namespace Lizhou.Ledger.Verifying;

internal sealed class Walk(Suite suite, List<Batch> batches, (long Seq, string Hash) tip)
{
    private const int MostFaults = 100;

    /// <summary>Misplaced entries are looked for among so many that do not fit: their number is cubed.</summary>
    private const int MostCompared = 24;

    private readonly List<LedgerFault> faults = [];
    private readonly List<(Entry Entry, string Hash, string Before)> misfits = [];
    private readonly List<byte[]> leaves = [];
    private int batch;
    private bool broken;
    private (long Seq, string Hash) last = (0, "");

    public long Entries { get; private set; }

    public void See(Entry entry, string hash)
    {
        Entries++;
        if (entry.Seq != last.Seq + 1)
        {
            Found(LedgerFaultKind.Gap, last.Seq + 1, Words.Missing.With(last.Seq + 1, entry.Seq - 1));
        }
        else if (Convert.ToHexStringLower(suite.Leaf(entry.Canonical(last.Hash))) != hash)
        {
            misfits.Add((entry, hash, last.Hash));
            broken = true;
        }

        if (entry.Seq == tip.Seq && hash != tip.Hash)
        {
            Found(LedgerFaultKind.Edit, entry.Seq, Words.Rewritten.With(entry.Seq));
        }

        Weigh(entry.Seq, hash);
        last = (entry.Seq, hash);
    }

    public IReadOnlyList<LedgerFault> End()
    {
        Judge();
        if (last.Seq < tip.Seq)
        {
            Found(LedgerFaultKind.Truncation, last.Seq + 1, Words.TipGone.With(tip.Seq));
        }

        if (batches.Count > 0 && last.Seq < batches[^1].Last)
        {
            Found(LedgerFaultKind.Truncation, last.Seq + 1, Words.SealedGone.With(batches[^1].Last, last.Seq), batches[^1].Number);
        }

        return faults;
    }

    /// <summary>Collects the leaves of the batch being passed and compares its root at its end.</summary>
    private void Weigh(long seq, string hash)
    {
        while (batch < batches.Count && batches[batch].Last < seq)
        {
            Close();
        }

        if (batch < batches.Count && seq >= batches[batch].First)
        {
            leaves.Add(Bytes(hash));
            if (seq == batches[batch].Last)
            {
                Close();
            }
        }
    }

    private void Close()
    {
        var (sealed_, whole) = (batches[batch], leaves.Count == batches[batch].Last - batches[batch].First + 1);
        if (!broken && (!whole || (sealed_.Statement is { } said && Convert.ToHexStringLower(MerkleTree.Root(suite, leaves.ToArray())) != said.Root)))
        {
            Found(LedgerFaultKind.Edit, sealed_.First, Words.NotTheSealed.With(sealed_.First, sealed_.Last, sealed_.Number), sealed_.Number);
        }

        leaves.Clear();
        (batch, broken) = (batch + 1, false);
    }

    /// <summary>An entry that does not fit is misplaced if its hash is right for another place, innocent if only its neighbour is wrong, else edited.</summary>
    private void Judge()
    {
        var compared = misfits.Take(MostCompared).ToList();
        string[] hashes = [.. compared.Select(m => m.Hash).Concat(compared.Select(m => m.Before)).Distinct()];
        var misplaced = compared
            .Where(m => compared.Any(o => o.Entry.Seq != m.Entry.Seq && hashes.Any(b => Fits(m.Entry.At(o.Entry.Seq), b, m.Hash))))
            .Select(m => m.Entry.Seq).ToHashSet();
        foreach (var misfit in misfits)
        {
            if (misplaced.Contains(misfit.Entry.Seq))
            {
                Found(LedgerFaultKind.Reorder, misfit.Entry.Seq, Words.Misplaced.With(misfit.Entry.Seq));
            }
            else if (misplaced.Count == 0 || !hashes.Any(b => Fits(misfit.Entry, b, misfit.Hash)))
            {
                Found(LedgerFaultKind.Edit, misfit.Entry.Seq, Words.Edited.With(misfit.Entry.Seq));
            }
        }
    }

    private bool Fits(Entry entry, string before, string hash) => Convert.ToHexStringLower(suite.Leaf(entry.Canonical(before))) == hash;

    private void Found(LedgerFaultKind kind, long entry, Kernel.Text what, long? inBatch = null)
    {
        broken = true;
        if (faults.Count < MostFaults)
        {
            faults.Add(new(kind, entry, inBatch, what));
        }
    }

    private static byte[] Bytes(string hex) => hex.Length % 2 == 0 && hex.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hex) : [];
}
