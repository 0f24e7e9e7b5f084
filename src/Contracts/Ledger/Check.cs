using System.Text.Json.Serialization;
using Lizhou.Kernel;

namespace Lizhou.Contracts.Ledger;

/// <summary>What is wrong with a place in the ledger.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LedgerFaultKind>))]
public enum LedgerFaultKind
{
    /// <summary>An entry, or a batch's statement, is not what was written.</summary>
    Edit,

    /// <summary>An entry or batch is missing between others.</summary>
    Gap,

    /// <summary>Entries stand in another order than they were written in.</summary>
    Reorder,

    /// <summary>The end was cut off.</summary>
    Truncation,

    /// <summary>A seal's signature is not good, or not this installation's.</summary>
    Signature,

    /// <summary>A time stamp is not good, or of something else.</summary>
    Stamp,

    /// <summary>What is remembered outside the database of how far the ledger had got is gone.</summary>
    Memory,

    /// <summary>What keeps the database from changing or removing entries was taken away: none was lost for that, but the next may be.</summary>
    Guard,
}

/// <param name="Entry">Where: the first entry concerned.</param>
/// <param name="Batch">The seal concerned; null where an entry alone tells.</param>
/// <param name="What">For people.</param>
public sealed record LedgerFault(LedgerFaultKind Kind, long Entry, long? Batch, Text What);

/// <summary>What a walk over the whole ledger found.</summary>
/// <param name="Entries">Read.</param>
/// <param name="Batches">Seals checked.</param>
/// <param name="Sealed">Entries under a seal; those after it wait for the next one.</param>
/// <param name="Faults">In the order of the ledger, at most a hundred.</param>
/// <param name="At">When it ended.</param>
public sealed record LedgerReport(long Entries, long Batches, long Sealed, IReadOnlyList<LedgerFault> Faults, DateTimeOffset At)
{
    public bool Whole => Faults.Count == 0;

    /// <summary>First entry that does not fit; null when the ledger is whole.</summary>
    public long? BrokenAt => Whole ? null : Faults.Min(f => f.Entry);
}

/// <summary>Checks the ledger: every entry, the chain, every seal and time stamp. Changes nothing and stops nobody.</summary>
public interface ILedgerCheck
{
    Task<LedgerReport> Run(CancellationToken stop);
}
