using System.Data.Common;

namespace Lizhou.Contracts.Ledger;

/// <summary>One act worth remembering: who did what to what, with which result. Carries no data of the rows themselves.</summary>
/// <param name="Act">Dotted verb, e.g. <c>collection.refused</c>, <c>sign-in.failed</c>, <c>rows.read</c>.</param>
/// <param name="Subject">What it was done to: a code or id.</param>
/// <param name="Result"><c>done</c>, or the code of the refusal.</param>
/// <param name="Detail">Further facts as JSON-serialisable values; never secrets or personal data.</param>
public sealed record Evidence(string Act, string Subject, string Result, object? Detail = null);

/// <summary>Appends evidence to the hash-chained ledger. If evidence cannot be written, the act must not happen: callers append before they answer.</summary>
public interface ILedger
{
    Task Append(Lizhou.Kernel.Actor actor, Evidence evidence, CancellationToken stop);

    /// <summary>In the transaction of the act itself.</summary>
    Task Append(DbConnection connection, DbTransaction transaction, Lizhou.Kernel.Actor actor, Evidence evidence, CancellationToken stop);

    /// <summary>Walks the chain from its start.</summary>
    /// <returns>The first sequence number that does not fit; null when the chain is whole.</returns>
    Task<long?> Verify(CancellationToken stop);
}
