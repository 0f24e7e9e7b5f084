using Lizhou.Kernel;

namespace Lizhou.Contracts.Identity;

/// <summary>A program that fetches tokens for itself (OAuth 2.0 client credentials, RFC 6749 §4.4); its id is the <c>client_id</c>.</summary>
/// <param name="Unit">The unit it acts for, as a steward.</param>
/// <param name="System">The information system it belongs to; null for none.</param>
/// <param name="Prefix">The first characters of its secret, to recognise it by.</param>
/// <param name="Used">When it last fetched a token; null for never.</param>
/// <param name="Scopes">What it may ask a token for.</param>
public sealed record ApplicationCard(
    Guid Id, string Name, Guid Unit, Guid? System, bool Active, string Prefix, DateTimeOffset Made, DateTimeOffset? Used, IReadOnlyList<string> Scopes)
{
    /// <summary>Its security label, 1 to 4; null: nobody labelled it.</summary>
    public int? Label { get; init; }
}

/// <summary>An application with a secret just made.</summary>
/// <param name="Secret">The <c>client_secret</c>; shown once and kept as a hash.</param>
public sealed record IssuedSecret(ApplicationCard Card, string Secret);

/// <summary>A token an application fetched and that has not run out.</summary>
/// <param name="Revoked">When it was ended before its time; null while it counts.</param>
public sealed record ApplicationToken(Guid Id, DateTimeOffset Given, DateTimeOffset Expires, DateTimeOffset? Revoked, IReadOnlyList<string> Scopes);

/// <summary>Programs of the units. Their tokens count where <see cref="IApiTokens.Scheme"/> does, with a <see cref="ScopeClaim"/> for each scope that is still theirs.
/// The caller has checked that the actor may act for the unit; what is not of the unit is told like none: null, false.</summary>
public interface IApplications
{
    /// <summary>One claim for each scope of an application's token.</summary>
    const string ScopeClaim = "lizhou:scope";

    Task<IssuedSecret> Register(string name, Guid unit, Guid? system, Actor by, CancellationToken stop);

    /// <summary>A new secret; the old one and every token fetched with it are refused from now on.</summary>
    Task<IssuedSecret?> Renew(Guid id, Guid unit, Actor by, CancellationToken stop);

    /// <summary>Disabled: no token is given, and those there are count no more, at once and for good: enabled again, it fetches new ones with its secret.</summary>
    Task<bool> Enable(Guid id, Guid unit, bool active, Actor by, CancellationToken stop);

    /// <summary>Gives a scope, or takes it away: from tokens there are, too. False when nothing changed.</summary>
    Task<bool> Allow(Guid id, Guid unit, string scope, bool allowed, Actor by, CancellationToken stop);

    /// <summary>Those of an application that have not run out, newest first; none of an older secret, which count no more.</summary>
    Task<IReadOnlyList<ApplicationToken>> Tokens(Guid id, Guid unit, CancellationToken stop);

    /// <summary>Ends one token, from its next call on; the application's others go on. False when there is none that counts.</summary>
    Task<bool> EndToken(Guid id, Guid unit, Guid token, Actor by, CancellationToken stop);

    /// <summary>In the order they were registered.</summary>
    Task<IReadOnlyList<ApplicationCard>> Of(Guid unit, CancellationToken stop);
}

/// <summary>What a scope stands for, as the room that gives it knows: a grant.</summary>
public interface IScopes
{
    /// <summary>Those of the scopes that the unit holds and that are in force now.</summary>
    Task<IReadOnlyList<string>> InForce(IReadOnlyCollection<string> scopes, Guid unit, CancellationToken stop);
}
