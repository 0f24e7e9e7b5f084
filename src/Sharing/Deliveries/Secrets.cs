// In: a password or key. Out: a protected text that only this installation can open. Never shown, never logged. And the city's settings for sharing.
using System.Security.Cryptography;
using Lizhou.Kernel;
using Microsoft.AspNetCore.DataProtection;

namespace Lizhou.Sharing.Deliveries;

internal sealed class Secrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("Lizhou.Sharing.Deliveries");

    public string Protect(string secret) => protector.Protect(secret);

    /// <exception cref="ProblemException">The installation's keys were lost.</exception>
    public string Open(Delivery delivery)
    {
        try
        {
            return protector.Unprotect(delivery.Secret ?? "");
        }
        catch (CryptographicException lost)
        {
            throw new ProblemException(Problems.SecretLost.With(delivery.Number), lost);
        }
    }
}

/// <summary>Section <c>Sharing</c> of the configuration, e.g. the environment variable <c>Sharing__PlainHooks</c>.</summary>
internal sealed record SharingLimits
{
    /// <summary>Whether subscriptions may go to http addresses: for a network that encrypts below.</summary>
    public bool PlainHooks { get; init; }

    /// <summary>The X-Road instance that this city's members belong to.</summary>
    public string Instance { get; init; } = "LIZHOU";
}
