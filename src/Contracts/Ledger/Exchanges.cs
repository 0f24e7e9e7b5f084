namespace Lizhou.Contracts.Ledger;

/// <summary>What went out in a while: answers that were given, and their rows.</summary>
public sealed record Exchanged(long Calls, long Rows);

/// <summary>Counts over the evidence; reads no entry out.</summary>
public interface IExchanges
{
    /// <summary>By grant, from <paramref name="since"/> on; a grant nobody used is not in it.</summary>
    Task<IReadOnlyDictionary<Guid, Exchanged>> ByGrant(DateTimeOffset since, CancellationToken stop);
}
