namespace Lizhou.Contracts.Ledger;

/// <summary>What people call a grant by, told by the module that numbers them: the evidence keeps ids, people search by numbers.</summary>
public interface IGrantNumbers
{
    /// <param name="number">E.g. <c>SQ-2026-00012</c>.</param>
    /// <returns>The grant's id; null when there is none of that number.</returns>
    Task<Guid?> Find(string number, CancellationToken stop);
}

/// <summary>What people call the things that evidence is about, told by the modules that have them: the evidence keeps ids and codes.</summary>
public interface IEvidenceNames
{
    /// <param name="ids">Ids and codes as entries have them, of things of any module; at most some hundreds.</param>
    /// <returns>By id or code; what is not this module's, or is gone, is left out.</returns>
    Task<IReadOnlyDictionary<string, EvidenceName>> Of(IReadOnlyCollection<string> ids, CancellationToken stop);
}

/// <param name="Name">As it is called now.</param>
/// <param name="Link">Its page.</param>
/// <param name="Readers">The roles that page is for, separated by commas.</param>
public sealed record EvidenceName(string Name, string Link, string Readers)
{
    /// <summary>What a resource's columns are called; empty for what has none.</summary>
    public IReadOnlyDictionary<string, string> Items { get; init; } = new Dictionary<string, string>();
}
