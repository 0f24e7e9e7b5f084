// What a unit was allowed, as the policy enforces it. The way there (request, review, renewal) is Sharing's; calls go down, so Sharing puts and revokes.
using System.Data.Common;
using System.Text.Json.Serialization;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Contracts.Policy;

/// <summary>How a value is made less than itself. Null stays null under every mask: an absent value is no secret.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MaskKind>))]
public enum MaskKind
{
    /// <summary>Enough to recognise, not enough to use: id number 330784********1234, phone 138****5678, name 张*; numbers and truth values become ***, dates keep the year.</summary>
    Partial,

    /// <summary>*** whatever it was.</summary>
    Full,

    /// <summary>Keyed digest (HMAC-SHA-256, 128 bits, hexadecimal): the same value gives the same text under one grant and another under every other.</summary>
    Hash,

    /// <summary>Date → year, address → town (镇, 乡, 街道), number → its leading digit; other text as <see cref="Full"/>.</summary>
    Generalise,

    /// <summary>Number ± 10 % (± 2 of its last place where that is more), date or moment ± 15 days, never what it was: a whole number moves by one at least, also 0, and stays whole. The same for the same value under one grant, so that asking often tells no more; text as <see cref="Full"/>.</summary>
    Noise,

    /// <summary>No value at all.</summary>
    Null,
}

/// <summary>Which of two masks tells less. In clear &lt; part of the value, or one near it (<see cref="MaskKind.Partial"/>, <see cref="MaskKind.Generalise"/>, <see cref="MaskKind.Noise"/>) &lt; nothing of it but which rows
/// have the same (<see cref="MaskKind.Hash"/>) &lt; nothing (<see cref="MaskKind.Full"/>, <see cref="MaskKind.Null"/>). Which of those that blur tells less depends on the value: they count as equal, and so do a blank and ***.</summary>
public static class Masks
{
    /// <param name="first">Taken where both are as strong; null: in clear.</param>
    public static MaskKind? Stronger(MaskKind? first, MaskKind? second) => Strength(second) > Strength(first) ? second : first;

    private static int Strength(MaskKind? mask) => mask switch
    {
        null => 0,
        MaskKind.Partial or MaskKind.Generalise or MaskKind.Noise => 1,
        MaskKind.Hash => 2,
        _ => 3,
    };
}

/// <summary>An item of a grant.</summary>
/// <param name="Item">The item's id in the catalogue.</param>
/// <param name="Mask">Null: in clear.</param>
public sealed record GrantItem(Guid Item, MaskKind? Mask = null);

[JsonConverter(typeof(JsonStringEnumConverter<GrantState>))]
public enum GrantState
{
    Active,

    /// <summary>Ended before its time; never active again.</summary>
    Revoked,

    /// <summary>Changed past the program: its seal does not fit. It gives nothing and cannot be prolonged, and nothing it says but its number, unit and resource is told.</summary>
    Broken,
}

/// <summary>What one unit may receive of one resource, for one purpose, for a time. Everything not named is refused.</summary>
/// <param name="Number">As people quote it, e.g. <c>SQ-2026-0042</c>.</param>
/// <param name="Unit">The receiving unit.</param>
/// <param name="Purpose">In the request's words; another use is refused.</param>
/// <param name="Rows">Only rows for which this is true; null for all. It names columns of the resource, also such that are not granted.</param>
/// <param name="From">UTC, from this moment on.</param>
/// <param name="Until">UTC, before this moment.</param>
public sealed record Grant(
    Guid Id, string Number, Guid Resource, Guid Unit, string Purpose, IReadOnlyList<GrantItem> Items, Condition? Rows, DateTimeOffset From, DateTimeOffset Until,
    GrantState State = GrantState.Active)
{
    /// <summary>A lawful delay before the people concerned are told of what went out under it; null for none.</summary>
    public Secrecy? Secrecy { get; init; }

    public bool Holds(DateTimeOffset now) => State == GrantState.Active && From <= now && now < Until;
}

/// <summary>The grants that count. Read anew at every decision, so a change works with the commit that makes it.</summary>
public interface IGrantBook
{
    /// <summary>Adds a grant, or gives a known one its new items, filter and time (renewal); evidence <c>grant.put</c> in the same transaction.
    /// Resource, unit and purpose of a known grant never change, and a revoked one stays revoked: both throw, for they are bugs of the caller. One whose seal is broken is refused (POL-043).</summary>
    Task Put(DbConnection connection, DbTransaction transaction, Grant grant, Actor actor, CancellationToken stop);

    /// <summary>Ends a grant with the commit; evidence <c>grant.revoked</c>. False when there is none, or it was revoked before.</summary>
    Task<bool> Revoke(DbConnection connection, DbTransaction transaction, Guid grant, string reason, Actor actor, CancellationToken stop);

    Task<Grant?> Find(Guid grant, CancellationToken stop);

    /// <summary>Grants of a receiving unit (of all when null) on a resource (on all when null), in the order of their numbers; pages of at most 1,000.</summary>
    Task<IReadOnlyList<Grant>> Of(Guid? unit, Guid? resource, int skip, int take, CancellationToken stop);
}

/// <summary>Seals that only this installation can make: HMAC-SHA-256 over a text, 64 hexadecimal digits.</summary>
public interface ISeals
{
    /// <param name="what">Which kind of text: a seal of one kind fits no other.</param>
    string Seal(string what, string text);

    bool Fits(string what, string text, string seal);
}

/// <summary>Rows of another module that are sealed as the policy's are.</summary>
public interface ISealedRows
{
    /// <summary>Numbers of the grants whose row does not fit its seal.</summary>
    Task<IReadOnlyList<string>> Broken(CancellationToken stop);
}

/// <summary>Whether the policy is as this installation wrote it.</summary>
public interface IPolicySeals
{
    /// <summary>Numbers of the grants whose seal does not fit, before them the rules' fault; empty where all is whole.</summary>
    Task<IReadOnlyList<string>> Broken(CancellationToken stop);
}
