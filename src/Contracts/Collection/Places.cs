using Lizhou.Contracts.Policy;

namespace Lizhou.Contracts.Collection;

/// <summary>Where a row came from, as people know it.</summary>
/// <param name="Number">Of the batch.</param>
/// <param name="File">Name of the file, with the sheet where it has several; empty when unknown.</param>
/// <param name="Record">1-based under the header.</param>
/// <param name="Line">Line of the file, or row of the sheet, from 1; 0 when it is not known: the file is gone, or too large to look it up.</param>
public sealed record RowPlace(string Number, string File, long Record, long Line);

/// <summary>Asked where rows are shown: a number of a file within a batch tells nobody where to look.</summary>
public interface IRowPlaces
{
    /// <summary>Of rows the reader was shown; without those whose batch is not known here (rows that a model made).</summary>
    Task<IReadOnlyDictionary<RowOrigin, RowPlace>> Of(IReadOnlyCollection<RowOrigin> rows, CancellationToken stop);
}
