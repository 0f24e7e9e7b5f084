using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Contracts.Policy;

/// <summary>What the policy decided for one item.</summary>
public enum Verdict
{
    Allow,

    /// <summary>Shown in part: enough to recognise, not enough to use.</summary>
    Mask,

    Refuse,
}

/// <summary>The decision for one item and why.</summary>
public sealed record ItemDecision(ItemCard Item, Verdict Verdict, Text Why);

/// <summary>A wish to see rows of a resource.</summary>
/// <param name="Resource">A published resource.</param>
/// <param name="Purpose">Why, in the reader's words or a fixed one of the page (<c>preview</c>, <c>rejects</c>, <c>export</c>); goes to the ledger.</param>
/// <param name="Batch">Only rows of this batch; null for all.</param>
/// <param name="Skip">Rows to pass over, in the table's stable order.</param>
/// <param name="Take">At most this many, 1–1,000.</param>
/// <param name="AsOf">A snapshot of the lake; null for now.</param>
public sealed record RowAsk(Guid Resource, string Purpose, Guid? Batch = null, int Skip = 0, int Take = 50, long? AsOf = null);

/// <summary>Rows as this actor may see them. <see cref="Provenance"/> tells batch, file and record of each row.</summary>
public sealed record RowSet(
    IReadOnlyList<ItemDecision> Items, IReadOnlyList<IReadOnlyList<object?>> Rows, IReadOnlyList<RowOrigin> Provenance, long Snapshot, long Total);

/// <summary>Where a row came from.</summary>
/// <param name="File">Index of the file in its batch, 0-based.</param>
/// <param name="Record">1-based record number in the file, after preamble and header.</param>
public sealed record RowOrigin(Guid Batch, int File, long Record);

/// <summary>The one gate through which rows leave the lake. It decides, compiles the decision into the query, and writes the evidence before it answers.</summary>
public interface IRowGate
{
    Task<Result<RowSet>> Read(RowAsk ask, Actor actor, CancellationToken stop);

    /// <summary>The decision alone, e.g. to show a lock beside an item.</summary>
    Task<Result<IReadOnlyList<ItemDecision>>> Decide(Guid resource, Actor actor, CancellationToken stop);

    /// <summary>One value of an item as this actor may see it: for values that left a file without entering the lake (rejected cells, previews).</summary>
    string? Show(ItemCard item, string? value, Actor actor, Guid ownerUnit);
}
