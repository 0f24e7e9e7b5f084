// In: a unit that was dissolved, or is in use again. Out: its new state. Refuses to close one that still has active units below, systems, people or accounts:
// whoever is left in a closed unit would still come in and read.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation;

internal static class CloseUnit
{
    internal static async Task<Results<Ok<UnitView>, ProblemHttpResult>> Close(
        Guid id, OrganisationDb db, IUnitAccounts accounts, ILedger ledger, TimeProvider clock, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await Run(id, active: false, db, accounts, ledger, clock, Actor.From(user)!, stop));

    internal static async Task<Results<Ok<UnitView>, ProblemHttpResult>> Open(
        Guid id, OrganisationDb db, IUnitAccounts accounts, ILedger ledger, TimeProvider clock, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await Run(id, active: true, db, accounts, ledger, clock, Actor.From(user)!, stop));

    internal static async Task<Result<Unit>> Run(
        Guid id, bool active, OrganisationDb db, IUnitAccounts accounts, ILedger ledger, TimeProvider clock, Actor actor, CancellationToken stop)
    {
        if (await db.Units.FindAsync([id], stop) is not { } unit)
        {
            return Problems.NoSuchUnit;
        }

        if (!active && await InUse(unit, db, accounts, actor, stop) is { } refusal)
        {
            return refusal;
        }

        unit.Active = active;
        db.Touch(unit, null, clock);
        return await db.Commit(ledger, actor, new(active ? "unit.opened" : "unit.closed", unit.Code, "done", new { unit.Id }), stop) is { } late ? late : unit;
    }

    private static async Task<Problem?> InUse(Unit unit, OrganisationDb db, IUnitAccounts accounts, Actor actor, CancellationToken stop)
    {
        var below = await db.Units.CountAsync(u => u.Parent == unit.Id && u.Active, stop);
        var systems = await db.Systems.CountAsync(s => s.Unit == unit.Id && s.Active, stop);
        var people = await db.People.CountAsync(p => p.Unit == unit.Id && p.Active, stop);
        var open = await accounts.Active(unit.Id, stop);
        return below + systems > 0 ? Problems.StillInUse.With(unit.Name, below, systems)
            : people > 0 ? Problems.StillPeopled.With(unit.Name, people, open) with { Link = $"/people?unit={unit.Id}" }
            : open > 0 ? Problems.StillPeopled.With(unit.Name, people, open) with { Link = actor.Has(Roles.SystemAdministrator) ? $"/accounts?unit={unit.Id}&state=active" : null }
            : null;
    }

    private static Results<Ok<UnitView>, ProblemHttpResult> Answer(Result<Unit> result) =>
        result.Refused ? result.Problem!.ToHttp() : TypedResults.Ok(UnitView.Of(result.Value));
}
