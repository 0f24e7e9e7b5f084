using Lizhou.Kernel;

namespace Lizhou.Contracts.Collection;

/// <summary>Rejected rows by what became of them.</summary>
/// <param name="Open">待整改</param>
/// <param name="Mended">Its mended row was accepted.</param>
/// <param name="Withdrawn">Not to be collected, says the source.</param>
/// <param name="Explained">Right as the source sent it.</param>
public sealed record RejectTally(long Open, long Mended, long Withdrawn, long Explained)
{
    public long Found => Open + Mended + Withdrawn + Explained;
}

/// <summary>A batch that landed, and what became of its rejected rows since.</summary>
/// <param name="Number">As people know it.</param>
/// <param name="Code">Of the resource.</param>
/// <param name="Parent">The batch whose rejected rows it brought again, mended; null for a load.</param>
/// <param name="UndoneWhy">Null while it stands; once undone the reason, empty when none was given.</param>
public sealed record LandedBatch(
    Guid Id, string Number, Guid Resource, string Code, string Name, Guid Unit, Guid? Parent, DateTimeOffset LandedAt, string? UndoneWhy, BatchCounts Counts, RejectTally Rejects)
{
    /// <summary>Of the lake, in which its rows came; null when it brought none.</summary>
    public long? Snapshot { get; init; }
}

/// <summary>The rejected rows of a batch that one kind of fault stopped. A row with two faults is in two groups.</summary>
/// <param name="Item">The item's id in the catalogue; null for faults of the row as a whole.</param>
/// <param name="At">Its place in the batch, as the page of rejects filters by it; −1 for the whole row.</param>
public sealed record RejectGroup(Guid? Item, int At, string Code, Text Reason, RejectTally Rows);

/// <summary>A rejected row, as an example; the value as the actor may see it.</summary>
/// <param name="Number">Batch and row, as people quote it.</param>
/// <param name="Line">Line, or row of the sheet; 0 when unknown.</param>
public sealed record RejectSample(string Number, string File, long Line, string? Value, string Reason, string Hint);

/// <summary>How rejected rows end without a replay.</summary>
public enum RejectEnd
{
    /// <summary>Sent again, mended, in another batch.</summary>
    Mended,

    /// <summary>Right as sent.</summary>
    Explained,
}

/// <summary>What others ask of rejected rows: how many of which fault, what became of them, a few to look at.</summary>
public interface IRejects
{
    /// <summary>Of these ids, the batches that landed (undone ones too); at most 1,000, in no order.</summary>
    Task<IReadOnlyList<LandedBatch>> Batches(IReadOnlyCollection<Guid> batches, CancellationToken stop);

    /// <summary>Of the batches of a resource that stand, those with rejected rows and those that brought rejected rows again, in the order they landed.</summary>
    /// <param name="since">With it all that landed from then on too.</param>
    Task<IReadOnlyList<LandedBatch>> Faulty(Guid resource, DateTimeOffset? since, CancellationToken stop);

    /// <summary>By its number; null when there is none or it has not landed.</summary>
    Task<LandedBatch?> Named(string number, CancellationToken stop);

    /// <summary>By fault and item, most rows first; empty when the batch has no rejected rows.</summary>
    Task<IReadOnlyList<RejectGroup>> Groups(Guid batch, CancellationToken stop);

    /// <summary>The first rows of a group; the look is evidence.</summary>
    Task<IReadOnlyList<RejectSample>> Samples(Guid batch, int at, string code, int take, Actor actor, CancellationToken stop);

    /// <summary>Ends the open rows of a group. Refused as the page of rejects would refuse it.</summary>
    Task<Result<bool>> Settle(Guid batch, int at, string code, RejectEnd end, string words, Actor actor, CancellationToken stop);
}

/// <summary>Rejected rows of a batch were withdrawn, explained, or told to have come again, by a person.</summary>
public sealed record RejectsSettled(Guid Batch, Guid Resource) : Lizhou.Kernel.Events.IFact;
