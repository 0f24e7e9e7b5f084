using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Contracts.Collection;

/// <summary>What one unit collected in a period.</summary>
/// <param name="Rows">Rows in the landing layer now.</param>
/// <param name="Read">Rows read in the period.</param>
/// <param name="Filtered">Of them, left out by the contract.</param>
/// <param name="Due">Published resources whose update cycle has run at least once.</param>
/// <param name="Timely">Of them, those that landed a batch within it.</param>
public sealed record CollectedUnit(Guid Unit, long Rows, long Read, long Accepted, long Rejected, long Filtered, long Due, long Timely);

/// <summary>Rows a unit landed on a day of the city.</summary>
public sealed record CollectedDay(Guid Unit, DateOnly Day, long Accepted, long Rejected);

/// <summary>A published entry that is behind its update cycle.</summary>
/// <param name="LastAt">When it last landed rows; null for never.</param>
public sealed record BehindEntry(Guid Resource, string Code, string Name, Guid Unit, UpdateCycle Cycle, DateTimeOffset? LastAt);

/// <summary>What was collected in a period, as the collection board has it.</summary>
/// <param name="Behind">The first 200, longest behind first.</param>
/// <param name="OrphanTables">Tables without a published entry; 0 for a steward, who does not see them.</param>
/// <param name="OrphanEntries">Published entries without data.</param>
public sealed record Collected(
    DateOnly From, DateOnly To, IReadOnlyList<CollectedUnit> Units, IReadOnlyList<CollectedDay> Days, IReadOnlyList<BehindEntry> Behind, long OrphanTables, long OrphanEntries);

/// <summary>The figures of the collection board, for boards of others.</summary>
public interface ICollected
{
    /// <summary>A steward reads the own unit; at most 92 days.</summary>
    /// <param name="unit">Null for all the actor may see.</param>
    Task<Collected> Read(DateOnly from, DateOnly to, Guid? unit, Actor actor, CancellationToken stop);
}
