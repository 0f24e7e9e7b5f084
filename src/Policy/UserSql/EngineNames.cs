// When two names are one to the engine: it folds the case of ASCII letters and of no others, so that Ö and ö are two queries of one WITH.
using System.Diagnostics.CodeAnalysis;

namespace Lizhou.Policy.UserSql;

internal sealed class EngineNames : IEqualityComparer<string>
{
    public static readonly EngineNames Same = new();

    private EngineNames()
    {
    }

    public bool Equals(string? one, string? other) => one is null || other is null ? one == other : Fold(one) == Fold(other);

    public int GetHashCode([DisallowNull] string name) => Fold(name).GetHashCode(StringComparison.Ordinal);

    private static string Fold(string name) => string.Concat(name.Select(c => char.IsAsciiLetterUpper(c) ? (char)(c | ' ') : c));
}
