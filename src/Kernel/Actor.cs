// Who acts: a signed-in person, the operator of this machine (command line), or the program itself.
using System.Security.Claims;

namespace Lizhou.Kernel;

/// <summary>The kinds of role of the first cut. The three administrators exclude one another (三员分立).</summary>
public static class Roles
{
    public const string Steward = "steward";
    public const string Engineer = "engineer";

    /// <summary>Keeps the people and accounts of its unit and those below (分级管理); sees no data by it.</summary>
    public const string UnitAdministrator = "unit-administrator";

    public const string SystemAdministrator = "system-administrator";
    public const string SecurityAdministrator = "security-administrator";
    public const string AuditAdministrator = "audit-administrator";

    /// <summary>Who may read and send a department's data.</summary>
    public const string Data = Steward + "," + Engineer;

    public static readonly IReadOnlyList<string> All = [Steward, Engineer, UnitAdministrator, SystemAdministrator, SecurityAdministrator, AuditAdministrator];

    public static readonly IReadOnlyList<string> Administrators = [SystemAdministrator, SecurityAdministrator, AuditAdministrator];
}

/// <summary>The one who acts, as every module sees them.</summary>
/// <param name="Id">The person's id; the empty id is the program or the machine's operator.</param>
/// <param name="Name">As shown.</param>
/// <param name="Unit">The unit they act for; null for none.</param>
/// <param name="Roles">Of <see cref="Kernel.Roles"/>.</param>
public sealed record Actor(Guid Id, string Name, Guid? Unit, IReadOnlySet<string> Roles)
{
    public const string UnitClaim = "lizhou:unit";

    /// <summary>The unit's name, for the frame around the pages.</summary>
    public const string UnitNameClaim = "lizhou:unit-name";

    /// <summary>The security label, 1 to 4, as text.</summary>
    public const string LabelClaim = "lizhou:label";

    /// <summary>Up to which level (L1–L4 as 1–4) the actor may see data; null for one nobody labelled.</summary>
    public int? Label { get; init; }

    /// <summary>The program itself: schedules, start-up, the sample.</summary>
    public static readonly Actor System = new(Guid.Empty, "system", null, new HashSet<string>([Kernel.Roles.Engineer], StringComparer.Ordinal)) { Label = 4 };

    public bool Has(string role) => Roles.Contains(role);

    /// <summary>An engineer of the bureau acts for every unit; a steward only for their own.</summary>
    public bool ActsFor(Guid unit) => Has(Kernel.Roles.Engineer) || (Has(Kernel.Roles.Steward) && Unit == unit);

    /// <summary>The actor in a principal; null when nobody is signed in.</summary>
    public static Actor? From(ClaimsPrincipal principal)
    {
        if (principal.Identity?.IsAuthenticated != true)
        {
            return null;
        }

        var id = Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var person) ? person : Guid.Empty;
        var unit = Guid.TryParse(principal.FindFirstValue(UnitClaim), out var acting) ? acting : (Guid?)null;
        return new(id, principal.Identity.Name ?? "", unit, principal.FindAll(ClaimTypes.Role).Select(c => c.Value).ToHashSet(StringComparer.Ordinal))
        {
            Label = int.TryParse(principal.FindFirstValue(LabelClaim), out var label) ? label : null,
        };
    }
}
