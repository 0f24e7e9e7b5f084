// In: a password or key as entered. Out: a protected text that only this installation can open. Never shown, never logged.
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Lizhou.Collection.Sources;

internal sealed class Secrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("Lizhou.Collection.Sources");

    public string Protect(string secret) => protector.Protect(secret);

    /// <summary>The secret of a source; null when it has none.</summary>
    /// <exception cref="Lizhou.Kernel.ProblemException">The installation's keys were lost: the secret must be entered again.</exception>
    public string? Open(Source source)
    {
        try
        {
            return source.Secret is null ? null : protector.Unprotect(source.Secret);
        }
        catch (CryptographicException lost)
        {
            throw new Kernel.ProblemException(SourceProblems.SecretLost.With(source.Name), lost);
        }
    }
}
