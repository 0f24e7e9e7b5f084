// In: an information system of a unit. Out: it is kept. Refuses one of another unit, a name the unit has already, a stale edit.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation;

internal static class SaveSystem
{
    internal sealed record Request(string? Name, Guid Unit, string? Purpose = null, string? Vendor = null, DateOnly? Since = null, bool Active = true, int? Version = null) : IChecked
    {
        public IEnumerable<Fault> Check() => Belongings.NameAndUnit(Name, Unit);
    }

    internal static async Task<Results<Created<Guid>, ProblemHttpResult>> Add(
        Request ask, OrganisationDb db, ILedger ledger, TimeProvider clock, ClaimsPrincipal user, CancellationToken stop)
    {
        var saved = await Run(null, ask, db, ledger, clock, Actor.From(user)!, stop);
        return saved.Refused ? saved.Problem!.ToHttp() : TypedResults.Created($"/api/v1/systems/{saved.Value}", saved.Value);
    }

    internal static async Task<Results<Ok<Guid>, ProblemHttpResult>> Change(
        Guid id, Request ask, OrganisationDb db, ILedger ledger, TimeProvider clock, ClaimsPrincipal user, CancellationToken stop)
    {
        var saved = await Run(id, ask, db, ledger, clock, Actor.From(user)!, stop);
        return saved.Refused ? saved.Problem!.ToHttp() : TypedResults.Ok(saved.Value);
    }

    internal static async Task<Result<Guid>> Run(
        Guid? id, Request ask, OrganisationDb db, ILedger ledger, TimeProvider clock, Actor actor, CancellationToken stop)
    {
        var entry = id is null ? new InformationSystem { Id = Guid.CreateVersion7(clock.GetUtcNow()) } : await db.Systems.FindAsync([id.Value], stop);
        if (entry is null)
        {
            return Problems.NoSuchEntry;
        }

        var name = ask.Name!.Trim();
        if (await Belongings.Refusal(db, actor, ask.Unit, id is null ? null : entry.Unit, db.Systems.Where(s => s.Unit == ask.Unit && s.Name == name && s.Id != entry.Id), name, stop) is { } refusal)
        {
            return refusal;
        }

        (entry.Name, entry.Unit, entry.Active) = (name, ask.Unit, ask.Active);
        (entry.Purpose, entry.Vendor, entry.Since) = (Belongings.Clean(ask.Purpose), Belongings.Clean(ask.Vendor), ask.Since);
        db.Touch(entry, ask.Version, clock);
        if (id is null)
        {
            db.Systems.Add(entry);
        }

        var act = id is null ? "system.added" : "system.changed";
        return await db.Commit(ledger, actor, new(act, entry.Id.ToString(), "done", new { entry.Unit }), stop) is { } late ? late : entry.Id;
    }
}
