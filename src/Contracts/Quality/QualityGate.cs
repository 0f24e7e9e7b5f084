using Lizhou.Kernel;
using Lizhou.Kernel.Events;

namespace Lizhou.Contracts.Quality;

/// <summary>Whether a batch may go on to the standard layer.</summary>
/// <param name="Share">Good rows ÷ rows that count, 0 to 1; null when nothing counts.</param>
/// <param name="Least">The share asked for, 0 to 1.</param>
/// <param name="Why">Null when admitted; else which gate, why, and what to do.</param>
public sealed record Admission(Guid Batch, string Number, bool Admitted, decimal? Share, decimal Least, DateTimeOffset JudgedAt, Problem? Why)
{
    /// <summary>Of the lake, in which its rows came; null when it brought none.</summary>
    public long? Snapshot { get; init; }
}

/// <summary>A batch that was held back is admitted, or one that was admitted is held back; what was computed without its rows, or with them, is to be computed again.</summary>
public sealed record AdmissionChanged(Guid Batch, Guid Resource, bool Admitted) : IFact;

/// <summary>The second gate (一律达标后入库): a batch below its resource's threshold is landed, and not admitted to the standard layer until it is mended.</summary>
public interface IQualityGate
{
    /// <summary>Whether rows of this batch may be taken on. Mended rows stand with the batch they mend. One that is undone or unknown does not pass.</summary>
    Task<bool> Passed(Guid batch, CancellationToken stop);

    /// <summary>Of the batches of a resource that stand, those that are not admitted now, with the batches that brought mended rows of theirs, in the order they landed; one not judged yet is judged by its
    /// counts. Whoever computes anything above the landing layer leaves their rows out, and lets stand what they replaced.</summary>
    Task<IReadOnlyList<Admission>> Held(Guid resource, CancellationToken stop);
}
