using System.Data.Common;

namespace Lizhou.Contracts.Ledger;

/// <summary>One act worth remembering: who did what to what, with which result. Carries no data of the rows themselves.</summary>
/// <param name="Act">Dotted verb, e.g. <c>collection.refused</c>, <c>sign-in.failed</c>, <c>rows.read</c>.</param>
/// <param name="Subject">What it was done to: a code or id.</param>
/// <param name="Result"><see cref="Done"/>, or the code of the refusal.</param>
/// <param name="Detail">Further facts as JSON-serialisable values; never secrets or personal data.</param>
public sealed record Evidence(string Act, string Subject, string Result, object? Detail = null)
{
    /// <summary>The result of an act that happened.</summary>
    public const string Done = "done";

    /// <summary>What moved, where data moved or was asked for; null for every other act.</summary>
    public Exchange? Exchange { get; init; }
}

/// <summary>Data that moved from one unit to another, or was refused. Everything is optional: say what is known.</summary>
public sealed record Exchange
{
    /// <summary>The unit whose data it is.</summary>
    public Guid? Provider { get; init; }

    /// <summary>The unit on whose behalf it was asked for.</summary>
    public Guid? Receiver { get; init; }

    /// <summary>The grant it rests on.</summary>
    public Guid? Grant { get; init; }

    /// <summary>What for, in the words of the request or the grant.</summary>
    public string? Purpose { get; init; }

    /// <summary>The catalogue's resource.</summary>
    public Guid? Resource { get; init; }

    /// <summary>The lake's snapshot the rows were read from.</summary>
    public long? Snapshot { get; init; }

    /// <summary>Column names that were handed out, masked ones included.</summary>
    public IReadOnlyList<string>? Items { get; init; }

    /// <summary>Rows handed out; 0 for an empty answer, null where rows are not what moved.</summary>
    public long? Rows { get; init; }

    /// <summary>Bytes of the answer as sent, before compression of the connection.</summary>
    public long? Bytes { get; init; }

    /// <summary>SHA-256 of the answer, lower-case hex.</summary>
    public string? Digest { get; init; }

    /// <summary>From the request to the answer.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>What a person quotes when they ask; stands in the log too.</summary>
    public string? Tracking { get; init; }

    /// <summary>Why the people concerned are not told yet, where a law delays it; null when they may see it at once.</summary>
    public Secrecy? Secrecy { get; init; }
}

/// <summary>A lawful delay before the people concerned see a disclosure.</summary>
/// <param name="Code">Of the city's list of legal grounds, e.g. <c>criminal-investigation</c>.</param>
/// <param name="Until">First day, city time, on which it is shown.</param>
public sealed record Secrecy(string Code, DateOnly Until);

/// <summary>Appends evidence to the hash-chained ledger. If evidence cannot be written, the act must not happen: callers append before they answer.</summary>
public interface ILedger
{
    /// <summary>Returns when the entry is on disk; many callers at once share one commit. Throws when it could not be written.</summary>
    /// <returns>The entry's number: 1, 2, 3 … without gaps.</returns>
    Task<long> Append(Lizhou.Kernel.Actor actor, Evidence evidence, CancellationToken stop);

    /// <summary>In the transaction of the act itself: the entry is there when that commits. It holds the end of the chain until then, so append late and commit soon.</summary>
    Task<long> Append(DbConnection connection, DbTransaction transaction, Lizhou.Kernel.Actor actor, Evidence evidence, CancellationToken stop);

    /// <summary>The same for many acts that are committed together, in their order; the end of the chain is looked up once for all.</summary>
    Task Append(DbConnection connection, DbTransaction transaction, IReadOnlyList<(Lizhou.Kernel.Actor Actor, Evidence Evidence)> acts, CancellationToken stop);
}

/// <summary>Signs statements that leave this installation with the key of the ledger's seals.</summary>
public interface IStatementSigner
{
    /// <summary>A detached CMS signature (DER) with the certificate inside; <c>openssl cms -verify</c> checks it.</summary>
    byte[] Sign(byte[] statement);

    /// <summary>SHA-256 of its certificate, hexadecimal, lower case: what a receiver holds a signature against.</summary>
    string Print { get; }
}
