// In: a unit that was dissolved, or is in use again. Out: its new state. Refuses to close one that still has active units below or systems.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation;

internal static class CloseUnit
{
    internal static async Task<Results<Ok<UnitView>, ProblemHttpResult>> Close(
        Guid id, OrganisationDb db, ILedger ledger, TimeProvider clock, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await Run(id, active: false, db, ledger, clock, Actor.From(user)!, stop));

    internal static async Task<Results<Ok<UnitView>, ProblemHttpResult>> Open(
        Guid id, OrganisationDb db, ILedger ledger, TimeProvider clock, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await Run(id, active: true, db, ledger, clock, Actor.From(user)!, stop));

    internal static async Task<Result<Unit>> Run(
        Guid id, bool active, OrganisationDb db, ILedger ledger, TimeProvider clock, Actor actor, CancellationToken stop)
    {
        if (await db.Units.FindAsync([id], stop) is not { } unit)
        {
            return Problems.NoSuchUnit;
        }

        var below = await db.Units.CountAsync(u => u.Parent == id && u.Active, stop);
        var systems = await db.Systems.CountAsync(s => s.Unit == id && s.Active, stop);
        if (!active && below + systems > 0)
        {
            return Problems.StillInUse.With(unit.Name, below, systems);
        }

        unit.Active = active;
        db.Touch(unit, null, clock);
        return await db.Commit(ledger, actor, new(active ? "unit.opened" : "unit.closed", unit.Code, "done", new { unit.Id }), stop) is { } late ? late : unit;
    }

    private static Results<Ok<UnitView>, ProblemHttpResult> Answer(Result<Unit> result) =>
        result.Refused ? result.Problem!.ToHttp() : TypedResults.Ok(UnitView.Of(result.Value));
}
