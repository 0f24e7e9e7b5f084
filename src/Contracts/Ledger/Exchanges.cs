namespace Lizhou.Contracts.Ledger;

/// <summary>What went out in a while: answers that were given, and their rows.</summary>
public sealed record Exchanged(long Calls, long Rows);

/// <summary>An entry of data that moved.</summary>
/// <param name="Seq">Its number in the ledger.</param>
/// <param name="Detail">Further facts as JSON, as the module that wrote it put them; null for none.</param>
public sealed record Movement(long Seq, DateTimeOffset At, string Act, Exchange Moved, string? Detail = null);

/// <summary>What moved, as the evidence has it.</summary>
public interface IExchanges
{
    /// <summary>By grant, from <paramref name="since"/> on; a grant nobody used is not in it.</summary>
    Task<IReadOnlyDictionary<Guid, Exchanged>> ByGrant(DateTimeOffset since, CancellationToken stop);

    /// <summary>What people and programs called for under grants from <paramref name="since"/> on, by the grant and the hour, UTC (<c>2026-03-04T05</c>): each answer is a call, rows of a file count with its first fetch.
    /// What deliveries send by themselves is not in it.</summary>
    Task<IReadOnlyList<(Guid Grant, string Hour, Exchanged Moved)>> Called(DateTimeOffset since, CancellationToken stop);

    /// <summary>Under no grant, by resource and the reader's unit (null for readers of none), from <paramref name="since"/> on; what nobody read is not in it.</summary>
    Task<IReadOnlyDictionary<(Guid Resource, Guid? Receiver), Exchanged>> WithoutGrant(DateTimeOffset since, CancellationToken stop);

    /// <summary>Entries by their numbers, at most 1,000, newest first; one that is not there is left out.</summary>
    Task<IReadOnlyList<Movement>> Of(IReadOnlyList<long> entries, CancellationToken stop);

    /// <summary>Of these entries, at most 1,000, those that no law withholds from the person on that day, newest first; their numbers alone are read.</summary>
    Task<IReadOnlyList<long>> Tellable(IReadOnlyList<long> entries, DateOnly today, CancellationToken stop);
}
