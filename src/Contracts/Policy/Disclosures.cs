using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Contracts.Policy;

/// <summary>One time that rows about a person went out.</summary>
/// <param name="Evidence">Number of the ledger's entry; its receipt proves the rest.</param>
/// <param name="From">The unit whose data it is.</param>
/// <param name="To">The unit that received it; null for the bureau itself.</param>
/// <param name="Grant">Number of the grant; null where a post's own right was used.</param>
/// <param name="Purpose">In the words of the request or the grant.</param>
/// <param name="Resource">Name of the resource as it is called now; null when it is gone.</param>
/// <param name="Items">Names of the items handed out, masked ones included; those that were left blank are not.</param>
/// <param name="Withheld">Why the person is not told yet; null when they are.</param>
public sealed record Disclosed(
    long Evidence, DateTimeOffset At, Guid? From, Guid? To, string? Grant, string? Purpose, string? Resource, IReadOnlyList<string> Items, Secrecy? Withheld)
{
    /// <summary>Those of <see cref="Items"/> that went out masked, with their masks; the others went out in clear. Null for evidence of before this was written down.</summary>
    public IReadOnlyDictionary<string, MaskKind>? Masked { get; init; }
}

/// <summary>Every time that rows about a person went out. The port for a citizen's own sign-in, and for the office that answers them.</summary>
public interface IDisclosures
{
    /// <summary>What may be told to the person themselves: nothing of what a law still withholds, not even that there is something. Newest first.
    /// The look itself is evidence, under the person's key, never their number.</summary>
    /// <param name="idNumber">Of an id card (GB 11643); it is kept nowhere.</param>
    /// <param name="actor">Who asks: the person, signed in by the province's platform.</param>
    Task<Result<Page<Disclosed>>> ForPerson(string idNumber, PageAsk page, Actor actor, CancellationToken stop);

    /// <summary>The same with what is withheld, marked as such, for the auditor who answers for it.</summary>
    Task<Result<Page<Disclosed>>> ForOffice(string idNumber, PageAsk page, Actor actor, CancellationToken stop);
}
