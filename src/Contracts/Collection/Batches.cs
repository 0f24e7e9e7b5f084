namespace Lizhou.Contracts.Collection;

/// <summary>The five counts of a batch. <see cref="Read"/> = accepted + rejected + duplicate + filtered, always.</summary>
/// <param name="Accepted">Rows that are now in the landing table.</param>
/// <param name="Rejected">Rows diverted with a reason.</param>
/// <param name="Duplicate">Rows the table already held, unchanged.</param>
/// <param name="Filtered">Rows left out by the source's contract (footers, repeated headers, blank rows).</param>
public sealed record BatchCounts(long Accepted, long Rejected, long Duplicate, long Filtered)
{
    public long Read => Accepted + Rejected + Duplicate + Filtered;
}

/// <summary>A batch became visible in the landing layer.</summary>
public sealed record BatchLanded(Guid Batch, Guid Resource, string Table, long Snapshot, BatchCounts Counts) : Lizhou.Kernel.Events.IFact;

/// <summary>A batch was withdrawn; what it brought is no longer in the table.</summary>
public sealed record BatchUndone(Guid Batch, Guid Resource, string Table, long Snapshot) : Lizhou.Kernel.Events.IFact;

/// <summary>Brings in a file made inside the program, through the same gates as an upload: catalogue, unit, types, rejects, evidence.</summary>
public interface IIntake
{
    /// <summary>Takes one file as a batch and waits until it has ended.</summary>
    /// <param name="resource">Code of a published resource.</param>
    /// <param name="file">What the file is called.</param>
    /// <param name="key">The same key again gives the same batch.</param>
    /// <param name="keep">False: the bytes are dropped once the batch has ended, because whoever made them can make them again.</param>
    /// <returns>The counts of the landed batch; or why it was refused.</returns>
    Task<Lizhou.Kernel.Result<BatchCounts>> Collect(
        string resource, string file, Stream content, string key, bool keep, Lizhou.Kernel.Actor actor, CancellationToken stop);
}

/// <summary>A column a file brought that its resource has no item for.</summary>
/// <param name="Header">As it stands in the file.</param>
/// <param name="Type">As its values look: Text, Integer, Decimal, Date …</param>
public sealed record ProposedColumn(string Header, string Type);

/// <summary>A source that may add columns sent some the catalogue does not know. Their values stay in the originals.</summary>
/// <param name="Number">The batch's number, as people know it.</param>
public sealed record ColumnsProposed(Guid Batch, string Number, Guid Resource, IReadOnlyList<ProposedColumn> Columns) : Lizhou.Kernel.Events.IFact;
