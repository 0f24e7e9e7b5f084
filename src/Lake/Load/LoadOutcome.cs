// What a load gives back: files to commit, five counts that always add up, rejects with their reasons, and a profile.
using Lizhou.Kernel;

namespace Lizhou.Lake;

/// <summary>The five counts. <see cref="Read"/> = the sum of the others, always.</summary>
public readonly record struct LoadCounts(long Accepted, long Rejected, long Duplicate, long Filtered)
{
    /// <summary>Records seen in the input.</summary>
    public long Read => Accepted + Rejected + Duplicate + Filtered;

    public static LoadCounts operator +(LoadCounts a, LoadCounts b) =>
        new(a.Accepted + b.Accepted, a.Rejected + b.Rejected, a.Duplicate + b.Duplicate, a.Filtered + b.Filtered);
}

/// <summary>A column over the rows that passed the checks (duplicates by key included).</summary>
/// <param name="Nulls">Rows without a value.</param>
/// <param name="Distinct">Different values, estimated within about 3 %.</param>
/// <param name="Min">Smallest value as text, cut to 200 bytes; null when there is none. Texts compare by their bytes.</param>
/// <param name="Max">Largest value, likewise.</param>
public sealed record ColumnProfile(string Name, long Nulls, long Distinct, string? Min, string? Max)
{
    /// <summary>Cells, of rejected rows too, that were former codes and became today's.</summary>
    public long Resolved { get; init; }

    /// <summary>Cells, of rejected rows too, that a documented exception let pass.</summary>
    public long Excepted { get; init; }
}

/// <summary>Why one cell was refused.</summary>
/// <param name="Column">The column's name; null when the record as a whole is at fault.</param>
/// <param name="Value">The cell as it was sent; null when it was empty.</param>
/// <param name="Problem">Code, reason and hint in both languages.</param>
public sealed record CellFault(string? Column, string? Value, Problem Problem);

/// <summary>A record that was not accepted, with all its cells as sent and every fault found in it.</summary>
/// <param name="File">Number of the source file within the batch.</param>
/// <param name="Row">Record number in that file, from 1.</param>
/// <param name="Cells">As sent, in the plan's order; empty when the record could not be taken apart (then <paramref name="Faults"/> carries its beginning).</param>
public sealed record Reject(int File, long Row, IReadOnlyList<string?> Cells, IReadOnlyList<CellFault> Faults);

/// <summary>The result of a load: nothing of it is visible yet.</summary>
/// <param name="Files">Written and flushed; for <see cref="Warehouse"/>'s append, or its upsert when the plan has a key.</param>
public sealed record LoadOutcome(LoadCounts Counts, IReadOnlyList<StagedFile> Files, IReadOnlyList<ColumnProfile> Profile)
{
    /// <summary>Accepted rows whose key the table already has with other content: an upsert replaces those.</summary>
    public long Updates { get; init; }

    /// <summary>The rejects in the order of the chunks, streamed from the load's folder; readable until it is cleared.</summary>
    public required IEnumerable<Reject> Rejects { get; init; }
}
