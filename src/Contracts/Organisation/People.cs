using Lizhou.Kernel.Events;

namespace Lizhou.Contracts.Organisation;

/// <summary>Someone who works in a unit.</summary>
/// <param name="Number">Staff number; null where there is none.</param>
/// <param name="Post">The name of their post; null for none.</param>
/// <param name="Active">False once they left.</param>
public sealed record PersonCard(Guid Id, string Name, string? Number, Guid Unit, string? Post, bool Active);

/// <summary>Who works where.</summary>
public interface IPeople
{
    Task<PersonCard?> Find(Guid id, CancellationToken stop);

    /// <summary>The active people of these units, by name.</summary>
    Task<IReadOnlyList<PersonCard>> Of(IReadOnlyCollection<Guid> units, CancellationToken stop);
}

/// <summary>What the organisation asks before it renames, moves or puts out a person, whose account follows; whoever keeps accounts answers.</summary>
public interface IPersonAccounts
{
    /// <summary>The people who hold an open account of one of the three administrators.</summary>
    Task<IReadOnlySet<Guid>> Administrators(CancellationToken stop);
}

/// <summary>A person came, moved to <paramref name="Unit"/>, changed their name, or left (not <paramref name="Active"/>).</summary>
public sealed record PersonChanged(Guid Person, string Name, Guid Unit, bool Active) : IFact;
