// The few settings of the program. Listed in docs/generated/settings.md.
namespace Lizhou.Kernel;

/// <summary>An outside provider of sign-in (OpenID Connect).</summary>
/// <param name="Authority">Its issuer address.</param>
/// <param name="Client">What it knows the city as: <c>client_id</c>.</param>
/// <param name="SecretFile">A file with the <c>client_secret</c>, read at the start.</param>
/// <param name="Name">What the button of the sign-in page calls it.</param>
public sealed record Provider(Uri Authority, string Client, string SecretFile, string Name)
{
    /// <summary>The one of the environment; null unless address, client and secret are given.</summary>
    internal static Provider? FromEnvironment() =>
        Uri.TryCreate(Environment.GetEnvironmentVariable("LIZHOU_OIDC_AUTHORITY"), UriKind.Absolute, out var authority)
        && Environment.GetEnvironmentVariable("LIZHOU_OIDC_CLIENT") is { Length: > 0 } client && Environment.GetEnvironmentVariable("LIZHOU_OIDC_SECRET_FILE") is { Length: > 0 } secret
            ? new(authority, client, secret, Environment.GetEnvironmentVariable("LIZHOU_OIDC_NAME") ?? authority.Host) : null;
}

/// <param name="Data">The one folder that holds everything: state, lake, keys, inbox.</param>
/// <param name="State">A PostgreSQL connection string, or null for the SQLite file in <paramref name="Data"/>.</param>
/// <param name="Demo">Whether this is the sample county: demo people and one-click sign-in on loopback.</param>
/// <param name="SessionIdle">How long a session lasts without a request; null for 15 minutes, 2 hours in the sample county.</param>
/// <param name="SessionLongest">How long a session lasts in all; null for 8 hours.</param>
/// <param name="Proxies">Addresses of reverse proxies, comma-separated, whose word on who calls is believed; null for none.</param>
public sealed record Settings(
    string Data, string? State = null, bool Demo = false, TimeSpan? SessionIdle = null, TimeSpan? SessionLongest = null, string? Proxies = null)
{
    /// <summary>Address of an outside time stamp authority (RFC 3161) for the ledger's seals; null: the built-in stamp, which is no authority's.</summary>
    public string? TimestampUrl { get; init; } = Environment.GetEnvironmentVariable("LIZHOU_TIMESTAMP_URL");

    /// <summary><c>sm3</c> for a ledger with SM3 and SM2, decided before the first start; else SHA-256 and ECDSA.</summary>
    public string? LedgerSuite { get; init; } = Environment.GetEnvironmentVariable("LIZHOU_LEDGER_SUITE");

    /// <summary>The address people and programs know the city by, behind its proxy; tokens name it as their issuer. Null: whatever address a request came to.</summary>
    public Uri? Address { get; init; } = Uri.TryCreate(Environment.GetEnvironmentVariable("LIZHOU_ADDRESS"), UriKind.Absolute, out var address) ? address : null;

    /// <summary>Where people may sign in besides their accounts here; null for nowhere.</summary>
    public Provider? Provider { get; init; } = Provider.FromEnvironment();

    /// <summary>PEM file with certificate and key of the HTTPS addresses; null for none.</summary>
    public string? Certificate { get; init; }

    /// <summary>Whether HTTPS addresses ask their clients for a certificate.</summary>
    public bool ClientCertificates { get; init; }

    /// <summary>PEM file of authorities whose certificates count for the account named as their common name; null: only registered ones count.</summary>
    public string? ClientAuthority { get; init; }

    /// <summary>Whether the city is opened for one command, or to be described: nobody is asked to set it up.</summary>
    public bool Alone { get; init; }

    public string StatePath => State ?? Path.Combine(Data, "lizhou.db");

    public string Lake => Path.Combine(Data, "lake");

    public string Inbox => Path.Combine(Data, "inbox");

    /// <summary>Files received and kept by digest, as they came.</summary>
    public string Originals => Path.Combine(Data, "originals");

    /// <summary>Files a person has uploaded and not yet sent in.</summary>
    public string Uploads => Path.Combine(Data, "uploads");

    /// <summary>Work in progress; swept at start.</summary>
    public string Work => Path.Combine(Data, "work");

    /// <summary>Marks of the hosts that run on this folder.</summary>
    public string Hosts => Path.Combine(Data, "hosts");

    /// <summary>Secrets of this installation, readable by its user alone.</summary>
    public string Keys => Path.Combine(Data, "keys");
}
