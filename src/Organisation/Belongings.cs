// What belongs to a unit (systems, posts, people) is kept by the unit's steward, the administrator of a unit above, or the bureau. One rule for routes, pages, lists and files.
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation;

/// <summary>How something of a unit should be: what a form, a call or a row of a file says.</summary>
/// <param name="Version">The version the editor saw; null for a new one or to overwrite.</param>
internal abstract record Wish<T>(string? Name, Guid Unit, bool Active, int? Version) : IChecked
    where T : Belonging, new()
{
    /// <summary>The word of its acts in the ledger.</summary>
    internal abstract string Noun { get; }

    public virtual IEnumerable<Fault> Check()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Trim().Length > 100)
        {
            yield return new("name", Faults.Name);
        }

        if (Unit == Guid.Empty)
        {
            yield return new("unit", Faults.Unit);
        }
    }

    /// <summary>Null, or why the database as it is forbids it; by default a name stands once in a unit.</summary>
    internal virtual async Task<Problem?> Refusal(OrganisationDb db, Guid id, CancellationToken stop)
    {
        var name = Name!.Trim();
        return await db.Set<T>().AnyAsync(e => e.Unit == Unit && e.Name == name && e.Id != id, stop) ? Problems.NameTaken.With(name) : null;
    }

    internal virtual void Fill(T entry) => (entry.Name, entry.Unit, entry.Active) = (Name!.Trim(), Unit, Active);

    /// <summary>Whether the account of the entry's person would follow this change.</summary>
    internal virtual bool MovesAccount(T entry) => false;

    /// <summary>What other modules must hear of the change; null for nothing.</summary>
    internal virtual IFact? Tells(T entry) => null;
}

internal static class Belongings
{
    /// <param name="units">The units there are to choose from (<see cref="Places"/>).</param>
    public static bool MayChange(Actor actor, Guid unit, IReadOnlyList<UnitCard> units) =>
        actor.ActsFor(unit) || actor.Has(Roles.SystemAdministrator) || (actor.Has(Roles.UnitAdministrator) && actor.Unit is { } top && units.Hold(top, unit));

    /// <summary>The active units, and the one something stands in already: what was left in a unit that was closed is still its keepers' to end or to move.</summary>
    /// <param name="own">Where it stands; null for something new.</param>
    public static async Task<IReadOnlyList<UnitCard>> Places(this IUnits units, Guid? own, CancellationToken stop)
    {
        var active = await units.All(stop);
        return own is { } here && active.All(u => u.Id != here) && await units.Find(here, stop) is { } closed ? [.. active, closed] : active;
    }

    public static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
