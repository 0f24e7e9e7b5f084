using Lizhou.Kernel;

namespace Lizhou.Contracts.Identity;

/// <summary>A token as it is shown in lists; its secret is not known any more.</summary>
/// <param name="Subject">What it stands for: <c>source:{id}</c>, <c>account:{id}</c>.</param>
/// <param name="Unit">The unit its bearer acts for, as a steward.</param>
/// <param name="Prefix">The first characters of the token, to recognise it by.</param>
/// <param name="Expires">Null for never.</param>
public sealed record TokenCard(
    Guid Id, string Subject, string Name, Guid Unit, string Prefix, DateTimeOffset Made, DateTimeOffset? Expires, DateTimeOffset? Used, DateTimeOffset? Revoked)
{
    /// <summary>Its security label, 1 to 4, of a key that takes data; null: nobody labelled it.</summary>
    public int? Label { get; init; }
}

/// <summary>A token just made.</summary>
/// <param name="Secret">The whole token; shown once and kept nowhere.</param>
public sealed record IssuedToken(TokenCard Card, string Secret);

/// <summary>Tokens by which programs send data: <c>Authorization: Bearer lz_…</c>. They count only on routes that ask for <see cref="Scheme"/>.</summary>
public interface IApiTokens
{
    /// <summary>The authentication scheme; the principal is a steward of the token's unit, with <see cref="SubjectClaim"/>.
    /// Use as <c>RequireAuthorization(p =&gt; p.AddAuthenticationSchemes(IApiTokens.Scheme, IApiTokens.Session).RequireRole(…))</c>.</summary>
    const string Scheme = "ApiToken";

    /// <summary>The scheme of signed-in people, the default one; also lets the local door through.</summary>
    const string Session = "Session";

    /// <summary>Holds the token's subject.</summary>
    const string SubjectClaim = "lizhou:token-subject";

    /// <summary>The subject of a key that serves one grant begins so; the grant's id follows.</summary>
    const string OfGrant = "grant:";

    /// <summary>Makes a token; the caller has checked that the actor may act for the unit.</summary>
    Task<IssuedToken> Issue(string subject, string name, Guid unit, DateTimeOffset? expires, Actor by, CancellationToken stop);

    /// <summary>Ends a token at once; false when there is none of that id and subject.</summary>
    Task<bool> Revoke(Guid id, string subject, Actor by, CancellationToken stop);

    Task<IReadOnlyList<TokenCard>> Of(string subject, CancellationToken stop);
}

/// <summary>Metadata of a route to which clients of an outside standard bring their token as a field, since the standard knows no header.</summary>
/// <param name="Name">Of the form, else of the query, e.g. <c>api_key</c> of Open311 GeoReport v2.</param>
public sealed record TokenField(string Name);
