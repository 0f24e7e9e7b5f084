// In: a system, post or person as it should be. Out: its id; others are told where they must know. Refuses one of another unit, what its wish forbids, a stale edit.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Organisation;

internal sealed class SaveBelonging(OrganisationDb db, IUnits units, ILedger ledger, TimeProvider clock)
{
    /// <summary>The two routes of one kind.</summary>
    internal static void Map<T, TWish>(RouteGroupBuilder routes, string path)
        where T : Belonging, new()
        where TWish : Wish<T>
    {
        routes.MapPost(path, async Task<Results<Created<Guid>, ProblemHttpResult>> (TWish ask, SaveBelonging use, ClaimsPrincipal user, CancellationToken stop) =>
            await use.Run(null, ask, Actor.From(user)!, stop) is var saved && saved.Refused ? saved.Problem!.ToHttp() : TypedResults.Created($"/api/v1{path}/{saved.Value}", saved.Value));
        routes.MapPut(path + "/{id:guid}", async Task<Results<Ok<Guid>, ProblemHttpResult>> (Guid id, TWish ask, SaveBelonging use, ClaimsPrincipal user, CancellationToken stop) =>
            await use.Run(id, ask, Actor.From(user)!, stop) is var saved && saved.Refused ? saved.Problem!.ToHttp() : TypedResults.Ok(saved.Value));
    }

    /// <summary>The same for routes and pages.</summary>
    public async Task<Result<Guid>> Run<T>(Guid? id, Wish<T> ask, Actor actor, CancellationToken stop)
        where T : Belonging, new()
    {
        var entry = id is null ? new T { Id = Guid.CreateVersion7(clock.GetUtcNow()) } : await db.Set<T>().FindAsync([id.Value], stop);
        if (entry is null)
        {
            return Problems.NoSuchEntry;
        }

        var places = await units.Places(id is null ? null : entry.Unit, stop);
        if (!Belongings.MayChange(actor, ask.Unit, places) || (id is not null && !Belongings.MayChange(actor, entry.Unit, places)))
        {
            await ledger.Append(actor, new($"{ask.Noun}.refused", id?.ToString() ?? "new", Problems.NotYours.Code, new { ask.Unit }), stop);
            return Problems.NotYours;
        }

        // In a unit that was closed nothing begins and nothing goes on.
        if ((places.Any(u => u.Id == ask.Unit && (u.Active || !ask.Active)) ? await ask.Refusal(db, entry.Id, stop) : Problems.NoSuchUnit) is { } refusal)
        {
            return refusal;
        }

        ask.Fill(entry);
        db.Touch(entry, ask.Version, clock);
        if (id is null)
        {
            db.Add(entry);
        }

        if (ask.Tells(entry) is { } fact)
        {
            db.Tell(fact, clock);
        }

        var act = id is null ? "added" : "changed";
        return await db.Commit(ledger, actor, new($"{ask.Noun}.{act}", entry.Id.ToString(), "done", new { entry.Unit, entry.Active }), stop) is { } late ? late : entry.Id;
    }
}
