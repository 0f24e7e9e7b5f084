// In: what is told of a citizen: a name, a telephone. Out: as it is kept, under the keys of the installation; as it is shown to who has no duty to know it; and in full, for the one way that leaves evidence first.
using Microsoft.AspNetCore.DataProtection;

namespace Lizhou.Cases.Ledger;

internal sealed class PersonWords(IDataProtectionProvider protection)
{
    /// <summary>What is protected begins so.</summary>
    private const string Magic = "CfDJ8";

    private readonly IDataProtector protector = protection.CreateProtector("Lizhou.Cases.Reporter");

    /// <summary>Null for nothing told.</summary>
    public string? Seal(string? words) => words?.Trim() is { Length: > 0 } told ? protector.Protect(told) : null;

    public string Open(string kept) => kept.StartsWith(Magic, StringComparison.Ordinal) ? protector.Unprotect(kept) : kept;

    public string Masked(string kept) => Open(kept) is { Length: > 0 } name ? name[..1] + "**" : "";
}
