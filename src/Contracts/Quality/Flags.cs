using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Contracts.Quality;

/// <summary>Asked where a row is followed to its source: which rules flag it.</summary>
public interface IRowFlags
{
    /// <summary>By row the names of the rules that flag it, as the last scan named it (up to a hundred rows of a file for each rule); without rules the actor may not see, and without rows that none flags.</summary>
    Task<IReadOnlyDictionary<RowOrigin, IReadOnlyList<string>>> Of(Guid resource, IReadOnlyCollection<RowOrigin> rows, Actor actor, CancellationToken stop);
}
