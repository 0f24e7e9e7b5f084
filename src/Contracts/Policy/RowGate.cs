using System.Text.Json.Serialization;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Contracts.Policy;

/// <summary>What the policy decided for one item.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    Allow,

    /// <summary>Shown as its <see cref="ItemDecision.Mask"/> leaves it.</summary>
    Mask,

    Refuse,
}

/// <summary>The decision for one item and why.</summary>
public sealed record ItemDecision(ItemCard Item, Verdict Verdict, Text Why)
{
    /// <summary>Which mask; null unless the verdict is <see cref="Verdict.Mask"/>.</summary>
    public MaskKind? Mask { get; init; }
}

/// <summary>A wish to see rows of a resource.</summary>
/// <param name="Resource">A published resource.</param>
/// <param name="Purpose">Why, in the reader's words, the grant's, or a fixed one of <see cref="Purposes"/>; goes to the ledger.</param>
/// <param name="Batch">Only rows of this batch; null for all.</param>
/// <param name="Skip">Rows to pass over, in the table's stable order; for pages with numbers. Programs page by <see cref="After"/>.</param>
/// <param name="Take">At most this many, 1–1,000; does not limit <see cref="IRowGate.Write"/>.</param>
/// <param name="AsOf">A snapshot of the lake; null for now.</param>
public sealed record RowAsk(Guid Resource, string Purpose, Guid? Batch = null, int Skip = 0, int Take = 50, long? AsOf = null)
{
    /// <summary>The grant asked under; then it alone decides, whatever roles the actor has. Null: the actor's own right, or a grant of their unit.</summary>
    public Guid? Grant { get; init; }

    /// <summary>Column names in the order wished; null for all that may be seen. One that may not be seen is refused as one that does not exist.</summary>
    public IReadOnlyList<string>? Select { get; init; }

    /// <summary>What the reader looks for. It sees what the reader sees: a masked column is compared in its masked form.</summary>
    public Condition? Where { get; init; }

    /// <summary>Only these rows, by the numbers the lake gave them (what a scan names); null for all.</summary>
    public IReadOnlyList<long>? RowIds { get; init; }

    /// <summary>Over columns as they are shown; ties in the table's stable order.</summary>
    public IReadOnlyList<RowOrder> OrderBy { get; init; } = [];

    /// <summary><see cref="RowSet.Next"/> of the page before, with the same order and filter; it also fixes the snapshot. Null for the first page.</summary>
    public string? After { get; init; }

    /// <summary>Whether <see cref="RowSet.Total"/> is wanted; counting a filtered table costs a scan.</summary>
    public bool Count { get; init; } = true;

    /// <summary>Asked with how many rows the answer has, before the evidence and before any of them leaves; what it returns refuses the answer. Null: as many as there are.</summary>
    public Func<long, Task<Problem?>>? Room { get; init; }

    /// <summary>Asked for the bytes that will be sent of the answer, and their SHA-256 (hexadecimal, lower case), for its evidence. Null: of the rows alone, as a JSON array of arrays.</summary>
    public Func<RowSet, (long Bytes, string Digest)>? Body { get; init; }
}

/// <param name="Column">A column the reader may see.</param>
public sealed record RowOrder(string Column, bool Descending = false);

/// <summary>Purposes of the house's own pages; a grant's rows may be looked at for these and for its own purpose, for nothing else.</summary>
public static class Purposes
{
    public const string Preview = "preview";
    public const string Rejects = "rejects";
    public const string Export = "export";
    public const string Query = "query";
    public const string Delivery = "delivery";

    public static readonly IReadOnlyList<string> House = [Preview, Rejects, Export, Query, Delivery];
}

/// <summary>Rows as this actor may see them. <see cref="Provenance"/> tells batch, file and record of each row.</summary>
/// <param name="Total">Rows that match in all; −1 when not asked for.</param>
public sealed record RowSet(
    IReadOnlyList<ItemDecision> Items, IReadOnlyList<IReadOnlyList<object?>> Rows, IReadOnlyList<RowOrigin> Provenance, long Snapshot, long Total)
{
    /// <summary>For <see cref="RowAsk.After"/>; null when this was the last page.</summary>
    public string? Next { get; init; }

    /// <summary>The grant these rows were seen under; null when by the actor's own right.</summary>
    public Guid? Grant { get; init; }

    /// <summary>For <see cref="ChangeAsk.Since"/>: what changed after these rows were read; null without a grant.</summary>
    public string? Cursor { get; init; }

    /// <summary><see cref="IRowGate.Stamp"/> of this answer.</summary>
    public string? Stamp { get; init; }
}

/// <summary>Where a row came from.</summary>
/// <param name="File">Index of the file in its batch, 0-based.</param>
/// <param name="Record">1-based record number in the file, after preamble and header.</param>
public sealed record RowOrigin(Guid Batch, int File, long Record);

/// <summary>Formats rows leave in.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RowFormat>))]
public enum RowFormat
{
    /// <summary>UTF-8 with a header of column names; a text that a spreadsheet would run begins with an apostrophe (<see cref="Formula.Restore"/> takes it off).</summary>
    Csv,

    Parquet,

    /// <summary>Arrow IPC stream.</summary>
    Arrow,

    /// <summary>One JSON object a line.</summary>
    NdJson,

    /// <summary>A workbook; a further sheet after each 1,048,575 rows.</summary>
    Xlsx,
}

/// <summary>What was written.</summary>
/// <param name="Digest">SHA-256 of the bytes, hexadecimal, lower case; also in the ledger.</param>
public sealed record RowFile(RowFormat Format, long Rows, long Bytes, string Digest, long Snapshot, IReadOnlyList<ItemDecision> Items)
{
    /// <summary>For <see cref="ChangeAsk.Since"/>; null without a grant.</summary>
    public string? Cursor { get; init; }

    /// <summary>Number of the ledger's entry.</summary>
    public long Evidence { get; init; }
}

/// <summary>The one gate through which rows leave the lake. It decides, compiles the decision into the query, and writes the evidence before it answers.</summary>
public interface IRowGate
{
    Task<Result<RowSet>> Read(RowAsk ask, Actor actor, CancellationToken stop);

    /// <summary>Writes all rows that match to a stream, formatted inside the engine, in bounded memory. Nothing is written before the evidence
    /// (rows, bytes, digest) stands. Refused in the middle, with evidence of how far it came, when its grant ends meanwhile: what was written is not whole then. Skip, Take, After and Count of the ask do not apply.</summary>
    Task<Result<RowFile>> Write(RowAsk ask, RowFormat format, Stream to, Actor actor, CancellationToken stop);

    /// <summary>The decision alone, e.g. to show a lock beside an item.</summary>
    Task<Result<IReadOnlyList<ItemDecision>>> Decide(Guid resource, Actor actor, CancellationToken stop);

    /// <summary>The decision for an ask (its resource, grant and purpose), without reading; refusals leave no evidence.</summary>
    Task<Result<IReadOnlyList<ItemDecision>>> Decide(RowAsk ask, Actor actor, CancellationToken stop);

    /// <summary>The decision for what is told of all rows without reading one: profiles, samples, values in rules. As <see cref="Decide(Guid, Actor, CancellationToken)"/> says;
    /// none where the actor may see nothing, every item refused where they see some rows alone.</summary>
    Task<IReadOnlyList<ItemDecision>> DecideWhole(Guid resource, Actor actor, CancellationToken stop);

    /// <summary>A short text that changes whenever the answer to this ask may: with the table's last change (not that of others), the rules, the grant. Reads no rows and leaves no evidence.</summary>
    Task<Result<string>> Stamp(RowAsk ask, Actor actor, CancellationToken stop);

    /// <summary>One value of an item as this actor may see it: for values that left a file without entering the lake (rejected cells, previews).</summary>
    string? Show(ItemCard item, string? value, Actor actor, Guid ownerUnit);

    /// <summary>One value as a decision leaves it; null where it is refused.</summary>
    string? Show(ItemDecision decision, string? value, Guid ownerUnit);
}

/// <summary>Where one asks for what was refused.</summary>
public static class RequestForm
{
    /// <summary>The request form, filled with what the refused one wanted.</summary>
    /// <param name="columns">Null for the whole resource.</param>
    public static string For(Guid resource, string purpose, IEnumerable<string>? columns = null) =>
        $"/requests/new?resource={resource:D}&purpose={Uri.EscapeDataString(purpose)}{(columns is null ? "" : $"&items={Uri.EscapeDataString(string.Join(',', columns))}")}";
}
