using Lizhou.Contracts.Catalog;

namespace Lizhou.Contracts.Collection;

/// <summary>The rules of an item that a documented exception can lift when its rows land; those of type, length and need it cannot.</summary>
public enum ExceptedRule
{
    Format,

    /// <summary>The check character.</summary>
    Check,

    /// <summary>The code list.</summary>
    Codes,
}

/// <summary>A documented exception (例外) that holds today: rows whose cell of <paramref name="By"/> is <paramref name="Value"/> are right although <paramref name="Column"/> fails the rule.</summary>
/// <param name="Column">Of the item whose rule it lifts.</param>
/// <param name="By">The column itself, or another such as the key.</param>
public sealed record DocumentedException(string Column, ExceptedRule Rule, string By, string Value);

/// <summary>Asked when rows land: a value that fails a rule and is right all the same. Whoever keeps the exceptions implements it.</summary>
public interface IExceptions
{
    /// <summary>Those of a resource that hold today, in no order.</summary>
    Task<IReadOnlyList<DocumentedException>> Of(ResourceCard resource, CancellationToken stop);

    /// <summary>The page on which one is registered, filled in as far as told.</summary>
    /// <param name="value">Null where it is not to stand in an address.</param>
    string Page(Guid resource, ItemCard item, ExceptedRule rule, string? value);
}
