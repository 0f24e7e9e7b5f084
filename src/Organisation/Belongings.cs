// What belongs to a unit (systems, posts, people) is kept by the unit's steward or the bureau. One rule for routes, pages and lists.
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation;

internal static class Belongings
{
    public static bool MayChange(Actor actor, Guid unit) => actor.ActsFor(unit) || actor.Has(Roles.SystemAdministrator);

    /// <summary>Null, or why the actor may not put something of this name into the unit.</summary>
    public static async Task<Problem?> Refusal(OrganisationDb db, Actor actor, Guid unit, Guid? before, IQueryable<Entry>? sameName, string name, CancellationToken stop)
    {
        if (!MayChange(actor, unit) || (before is { } old && !MayChange(actor, old)))
        {
            return Problems.NotYours;
        }

        if (!await db.Units.AnyAsync(u => u.Id == unit && u.Active, stop))
        {
            return Problems.NoSuchUnit;
        }

        return sameName is not null && await sameName.AnyAsync(stop) ? Problems.NameTaken.With(name) : null;
    }

    public static IEnumerable<Lizhou.Kernel.Web.Fault> NameAndUnit(string? name, Guid unit)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Trim().Length > 100)
        {
            yield return new("name", Faults.Name);
        }

        if (unit == Guid.Empty)
        {
            yield return new("unit", Faults.Unit);
        }
    }

    public static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
