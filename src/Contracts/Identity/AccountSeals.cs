namespace Lizhou.Contracts.Identity;

/// <summary>Whether the accounts are as this installation wrote them.</summary>
public interface IAccountSeals
{
    /// <summary>Logins of the accounts whose seal does not fit; empty where all are whole.</summary>
    Task<IReadOnlyList<string>> Broken(CancellationToken stop);
}
