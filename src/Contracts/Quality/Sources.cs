using Lizhou.Kernel.Events;

namespace Lizhou.Contracts.Quality;

/// <summary>How one value is chosen among several sources of an item, step by step.</summary>
public enum SurvivorStep
{
    /// <summary>The value of the decided authority, where it has one.</summary>
    Authority,

    /// <summary>The newest value.</summary>
    Recency,
}

/// <summary>Where an item comes from.</summary>
/// <param name="Authority">Whether the bureau decided that this one counts.</param>
public sealed record ItemSource(Guid Resource, Guid Item, Guid Unit, bool Authority);

/// <summary>The sources of an item that several units publish, and the rule by which one value survives.</summary>
/// <param name="Number">Of the conflict, as people quote it.</param>
/// <param name="Rule">Authority, then recency; recency alone while nothing is decided.</param>
/// <param name="Reason">Of the decision; null while there is none.</param>
public sealed record ItemSources(string Number, string Name, IReadOnlyList<ItemSource> Sources, IReadOnlyList<SurvivorStep> Rule, string? Reason, DateTimeOffset? DecidedAt);

/// <summary>一数一源: which source of an item counts. Whoever merges units' data asks.</summary>
public interface ISources
{
    /// <summary>Null when the item's unit is the only one that publishes it.</summary>
    Task<ItemSources?> Of(Guid resource, Guid item, CancellationToken stop);
}

/// <summary>The bureau decided, for the first time or anew, which source of an item counts; what was merged by an earlier rule is to be computed again.</summary>
/// <param name="Resources">All that publish the item.</param>
public sealed record SourceDecided(string Conflict, IReadOnlyList<Guid> Resources) : IFact;
