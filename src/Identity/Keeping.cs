// In: who keeps accounts, and one as it is or is to be. Out: whether it is theirs to keep. One rule for calls, forms and lists; what it refuses is in the ledger.
// 三员分立 first: the administrators' accounts are the security administrator's alone. All others are the system administrator's,
// and those of a unit and the units below it also its unit administrator's, who gives no role and opens no label beyond their own.
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;

namespace Lizhou.Identity;

/// <summary>An account as its keeper is judged by.</summary>
/// <param name="Id">Null for a new one.</param>
/// <param name="Label">1 to 4, what one who came in with it would see; null when none was given, or where it gives nothing away.</param>
internal sealed record Kept(Guid? Id, IReadOnlyCollection<string> Roles, Guid? Unit, int? Label)
{
    public static Kept Of(Account a) => new(a.Id, a.RoleList, a.Unit, a.Label);

    public static Kept Of(AccountView a) => new(a.Id, a.Roles, a.Unit, a.Label);
}

internal sealed class Keeping(IUnits units, ILedger ledger)
{
    // What everybody may see who was given no label.
    private const int Unlabelled = 2;

    /// <param name="tree">The active units.</param>
    public static bool May(Actor actor, Kept account, IReadOnlyList<UnitCard> tree) =>
        account.Roles.Any(Roles.Administrators.Contains) ? actor.Has(Roles.SecurityAdministrator)
        : actor.Has(Roles.SystemAdministrator)
            || (account.Id != actor.Id && account.Unit is { } unit && Charge(actor, tree) is { } charge && charge.Contains(unit)
                && account.Roles.All(r => MayGive(actor, r, unit)) && (account.Label ?? Unlabelled) <= (actor.Label ?? Unlabelled));

    /// <summary>Whether they may set its password, with which anybody comes in: nobody opens a label beyond their own so, not the system administrator either.</summary>
    public static bool MayReset(Actor actor, Kept account, IReadOnlyList<UnitCard> tree) =>
        May(actor, account, tree) && (account.Roles.Any(Roles.Administrators.Contains) || (account.Label ?? Unlabelled) <= (actor.Label ?? Unlabelled));

    /// <summary>Whether one of these keepers gives this role at all; a unit's administrator makes others only of the units below.</summary>
    /// <param name="unit">Where; null for anywhere the actor may.</param>
    public static bool MayGive(Actor actor, string role, Guid? unit = null) =>
        Roles.Administrators.Contains(role) ? actor.Has(Roles.SecurityAdministrator)
        : actor.Has(Roles.SystemAdministrator)
            || (actor.Has(Roles.UnitAdministrator) && (role == Roles.Steward || (role == Roles.UnitAdministrator && unit != actor.Unit)));

    /// <summary>The units whose accounts a unit's administrator keeps and sees; null for one who is none.</summary>
    public static IReadOnlySet<Guid>? Charge(Actor actor, IReadOnlyList<UnitCard> tree) =>
        actor.Has(Roles.UnitAdministrator) ? tree.Where(u => actor.Unit is { } top && tree.Hold(top, u.Id)).Select(u => u.Id).ToHashSet() : null;

    /// <returns>Null, or why not; written down with the act that was tried.</returns>
    public async Task<Problem?> Refusal(Actor actor, Kept account, string act, CancellationToken stop)
    {
        var tree = await units.All(stop);
        if (May(actor, account, tree))
        {
            return null;
        }

        var problem = May(actor, account with { Label = null }, tree) ? Problems.LabelAbove.With(account.Label!) : Problems.NotYours;
        await ledger.Append(actor, new("account.refused", account.Id?.ToString() ?? "new", problem.Code, new { act, account.Roles, account.Unit }), stop);
        return problem;
    }
}
