using System.Text.Json.Serialization;
using Lizhou.Kernel;

namespace Lizhou.Contracts.Policy;

/// <summary>What became of a row between two snapshots, as the receiver sees it: a change of what they may not see is none.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChangeKind>))]
public enum ChangeKind
{
    Inserted,
    Changed,

    /// <summary>Gone, or no longer among the rows of the grant.</summary>
    Withdrawn,
}

/// <summary>A wish to know what changed under a grant.</summary>
/// <param name="Since">A cursor of this gate, or of rows handed out before; null: from nothing, so every row is inserted.</param>
/// <param name="Take">At most this many, 1–1,000; does not limit <see cref="IChangeGate.Write"/>.</param>
public sealed record ChangeAsk(Guid Resource, string Purpose, Guid Grant, string? Since = null, int Take = 1000)
{
    /// <summary>As in <see cref="RowAsk.Room"/>.</summary>
    public Func<long, Task<Problem?>>? Room { get; init; }

    /// <summary>As in <see cref="RowAsk.Body"/>; its set has no bytes, digest and evidence yet.</summary>
    public Func<ChangeSet, (long Bytes, string Digest)>? Body { get; init; }
}

/// <param name="Id">The row's identity for this receiver, 32 hexadecimal digits: the same for the same key (or, without key items, the same row of the lake)
/// under one grant, and another under every other.</param>
/// <param name="Values">As shown now; of a withdrawn row, as it was shown last.</param>
public sealed record RowChange(ChangeKind Kind, string Id, IReadOnlyList<object?> Values);

public sealed record ChangeCounts(long Inserted, long Changed, long Withdrawn)
{
    public long Sum => Inserted + Changed + Withdrawn;
}

/// <param name="From">The snapshot compared with; null for nothing.</param>
/// <param name="To">The snapshot compared; the same on every page.</param>
/// <param name="Cursor">Where to go on: the next page, or, when there is no more, what comes after <paramref name="To"/>.</param>
/// <param name="Evidence">Number of the ledger's entry.</param>
public sealed record ChangeSet(IReadOnlyList<ItemDecision> Items, IReadOnlyList<RowChange> Rows, long? From, long To, string Cursor, bool More, long Bytes, string Digest, long Evidence)
{
    /// <summary>For <see cref="ChangeAsk.Since"/>: gives this very page again, whatever came meanwhile; null when the one asked with does.</summary>
    public string? Again { get; init; }
}

/// <summary>All changes, one JSON object a line: <c>_op</c>, <c>_id</c>, then the items.</summary>
/// <param name="Digest">SHA-256 of the bytes, hexadecimal, lower case; also in the ledger.</param>
public sealed record ChangeFile(
    IReadOnlyList<ItemDecision> Items, ChangeCounts Counts, long? From, long To, string Cursor, long Bytes, string Digest, long Evidence);

/// <summary>The gate for what changed between two snapshots of a resource's table: decided, masked and filtered as rows are, evidence before the answer.</summary>
public interface IChangeGate
{
    /// <summary>Code of the refusal of items above the label of the one who takes them.</summary>
    const string AboveLabel = "POL-034";

    /// <summary>A page in the order of <see cref="RowChange.Id"/>. Refused when the snapshot of the cursor has expired, or the grant shows its rows in another
    /// way than at the cursor: then everything is to be taken anew.</summary>
    Task<Result<ChangeSet>> Read(ChangeAsk ask, Actor actor, CancellationToken stop);

    /// <summary>All changes at once, in no order, in bounded memory. Ends as <see cref="IRowGate.Write"/> does when the grant ends meanwhile.</summary>
    Task<Result<ChangeFile>> Write(ChangeAsk ask, Stream to, Actor actor, CancellationToken stop);

    /// <summary>How many rows changed; none is read out and there is no evidence. With the cursor of the snapshot counted up to.</summary>
    Task<Result<(ChangeCounts Counts, long To, string Cursor)>> Count(ChangeAsk ask, Actor actor, CancellationToken stop);

    /// <summary>A cursor of now, for those who want only what comes; no row is read.</summary>
    Task<Result<(long At, string Cursor)>> Now(ChangeAsk ask, Actor actor, CancellationToken stop);

    /// <summary>Null while what was handed out with this cursor would be handed out in the same way now; else why not.</summary>
    Task<Problem?> Fault(ChangeAsk ask, Actor actor, CancellationToken stop);
}

/// <summary>What a refusal of the gate means for one who follows changes.</summary>
public static class Follow
{
    /// <summary>The snapshot of the cursor is gone, or the view changed: everything is to be taken anew.</summary>
    public static bool Anew(Problem problem) => problem.Status is 409 or 410;
}
