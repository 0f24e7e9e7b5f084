using Lizhou.Kernel;

namespace Lizhou.Contracts.Collection;

/// <summary>How a landed batch stands before the standard layer.</summary>
/// <param name="Why">Null when it is admitted; else what holds it back, and what to do.</param>
/// <param name="Tickets">Numbers of the tickets about its rows that are not closed.</param>
public sealed record BatchStanding(Problem? Why, IReadOnlyList<string> Tickets);

/// <summary>Told where a batch is shown: that it landed is not yet that its rows are taken on. Whoever keeps the gate implements it.</summary>
public interface IBatchStandings
{
    /// <summary>Null for a batch nobody has judged yet, or that is undone. Mended rows stand with the batch they mend.</summary>
    Task<BatchStanding?> Of(Guid batch, CancellationToken stop);
}
