using Lizhou.Kernel;

namespace Lizhou.Contracts.Catalog;

/// <summary>An item that a published resource of another unit has already, about the same subjects.</summary>
/// <param name="Item">As the resource that is looked at calls it.</param>
/// <param name="SourceItem">As the existing source calls it.</param>
/// <param name="Overlap">How much of their values is common, 0 to 1; null where the data were not compared.</param>
/// <param name="Why">The reason, in a sentence.</param>
public sealed record KnownSource(string Item, Guid Resource, string ResourceName, string UnitName, string SourceItem, double? Overlap, Text Why);

/// <summary>Told where a resource is registered and shown: what need not be collected a second time (一次采集). Whoever compares resources implements it.</summary>
public interface IKnownSources
{
    /// <summary>At most 20, those whose data were compared first.</summary>
    /// <param name="resource">Null for one that is not registered yet.</param>
    Task<IReadOnlyList<KnownSource>> Of(Guid? resource, Guid unit, IReadOnlyList<ItemCard> items, CancellationToken stop);
}

/// <summary>The catalogue's door for levels that a person has confirmed.</summary>
public interface ILevels
{
    /// <summary>Sets the level of an item: by an engineer a published version more, by a steward of the unit a draft that goes through the reviews. Refused while another change is under way.</summary>
    /// <returns>Whether it is in force.</returns>
    Task<Result<bool>> Set(Guid resource, Guid item, Level level, string reason, Actor actor, CancellationToken stop);
}

/// <summary>An item that is less sensitive than what it is made of, by a rule that one person proposed and another approved.</summary>
/// <param name="Number">Of the rule, as people quote it.</param>
/// <param name="From">The level of what it is made of.</param>
/// <param name="Reason">In the words of who proposed it.</param>
public sealed record LoweredItem(string Number, string Column, Level From, Level To, string Reason, string ProposedBy, string ApprovedBy, DateTimeOffset ApprovedAt);

/// <summary>Told where a resource is shown: which of its items an approved rule lowers, and why. Whoever computes resources implements it.</summary>
public interface ILoweredItems
{
    /// <summary>Those in force now; empty for most resources.</summary>
    Task<IReadOnlyList<LoweredItem>> Of(Guid resource, CancellationToken stop);
}

/// <summary>A level that an item's name, values or data element suggest above the one it has.</summary>
public sealed record HigherLevel(ItemCard Item, Level Suggested, IReadOnlyList<Text> Why);

/// <summary>Told where an entry is reviewed and published; whoever looks at values implements it.</summary>
public interface ILevelHints
{
    /// <summary>Of these items, those that are given a lower level than is suggested, in their order.</summary>
    /// <param name="resource">Whose rows were looked at; one that has none yet is judged by names alone.</param>
    Task<IReadOnlyList<HigherLevel>> Higher(Guid resource, IReadOnlyList<ItemCard> items, CancellationToken stop);
}
