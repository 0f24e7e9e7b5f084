namespace Lizhou.Contracts.Organisation;

/// <summary>An organisation as other modules see it.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Code">Unified social credit code (GB 32100), 18 characters.</param>
/// <param name="Name">Full name, e.g. 市人力资源和社会保障局.</param>
/// <param name="Parent">The unit above; null at the root.</param>
/// <param name="Active">False once it was dissolved.</param>
public sealed record UnitCard(Guid Id, string Code, string Name, Guid? Parent, bool Active);

/// <summary>A department's system that data comes from.</summary>
public sealed record SystemCard(Guid Id, Guid Unit, string Name, bool Active);

/// <summary>What other modules ask of the organisation. Answers are current, never older than the caller's transaction start.</summary>
public interface IUnits
{
    Task<UnitCard?> Find(Guid id, CancellationToken stop);

    /// <summary>By unified social credit code, case-insensitively.</summary>
    Task<UnitCard?> ByCode(string code, CancellationToken stop);

    /// <summary>By full name, exactly; null when none or several.</summary>
    Task<UnitCard?> ByName(string name, CancellationToken stop);

    /// <summary>Every active unit, parents before children.</summary>
    Task<IReadOnlyList<UnitCard>> All(CancellationToken stop);

    Task<IReadOnlyList<SystemCard>> Systems(Guid? unit, CancellationToken stop);
}

/// <summary>What the organisation asks before it closes a unit; whoever keeps accounts answers.</summary>
public interface IUnitAccounts
{
    /// <summary>How many accounts of the unit may come in, of listed people or not.</summary>
    Task<int> Active(Guid unit, CancellationToken stop);
}

/// <summary>The organisation's wide door, for the sample county and migrations: many units and systems in one transaction, with the checks of the narrow one.</summary>
public interface IUnitsBulk
{
    /// <summary>Adds the units, parents first, and the systems; one whose id is there already is passed over. All or none.</summary>
    /// <returns>How many were added; or the refusal.</returns>
    Task<Lizhou.Kernel.Result<int>> Register(
        IReadOnlyList<UnitCard> units, IReadOnlyList<SystemCard> systems, Lizhou.Kernel.Actor actor, CancellationToken stop);
}

/// <summary>What follows from the tree of units.</summary>
public static class UnitTree
{
    /// <summary>Whether <paramref name="unit"/> is <paramref name="top"/> or stands somewhere below it.</summary>
    public static bool Hold(this IReadOnlyList<UnitCard> units, Guid top, Guid unit)
    {
        var at = (Guid?)unit;
        for (var steps = 0; at is { } here && steps <= units.Count; steps++)
        {
            if (here == top)
            {
                return true;
            }

            at = units.FirstOrDefault(u => u.Id == here)?.Parent;
        }

        return false;
    }
}

/// <summary>A unit goes by another name from now on; whoever keeps names in an index of their own writes it anew.</summary>
public sealed record UnitRenamed(Guid Unit, string Name) : Lizhou.Kernel.Events.IFact;
