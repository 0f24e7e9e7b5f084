// In: a system, post or person as it should be. Out: its id; others are told where they must know. Refuses one of another unit, what its wish forbids, a stale edit.
// 三员分立: a person whose account is one of the three administrators' is the security administrator's to rename, move or put out, as the account is; all else of them stays their unit's.
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

internal sealed class SaveBelonging(OrganisationDb db, IUnits units, IPersonAccounts accounts, ILedger ledger, TimeProvider clock)
{
    /// <summary>The two routes of one kind.</summary>
    /// <param name="changes">The group of the change; null: the same.</param>
    internal static void Map<T, TWish>(RouteGroupBuilder routes, string path, RouteGroupBuilder? changes = null)
        where T : Belonging, new()
        where TWish : Wish<T>
    {
        routes.MapPost(path, async Task<Results<Created<Guid>, ProblemHttpResult>> (TWish ask, SaveBelonging use, ClaimsPrincipal user, CancellationToken stop) =>
            await use.Run(null, ask, Actor.From(user)!, stop) is var saved && saved.Refused ? saved.Problem!.ToHttp() : TypedResults.Created($"/api/v1{path}/{saved.Value}", saved.Value));
        (changes ?? routes).MapPut(path + "/{id:guid}", async Task<Results<Ok<Guid>, ProblemHttpResult>> (Guid id, TWish ask, SaveBelonging use, ClaimsPrincipal user, CancellationToken stop) =>
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
        if (await NotTheirs(id is null ? null : entry, ask, places, actor, stop) is { } notTheirs)
        {
            await ledger.Append(actor, new($"{ask.Noun}.refused", id?.ToString() ?? "new", notTheirs.Code, new { ask.Unit }), stop);
            return notTheirs;
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

    /// <param name="entry">As it stands; null for a new one.</param>
    private async Task<Problem?> NotTheirs<T>(T? entry, Wish<T> ask, IReadOnlyList<UnitCard> places, Actor actor, CancellationToken stop)
        where T : Belonging, new()
    {
        if (entry is Person && (await accounts.Administrators(stop)).Contains(entry.Id))
        {
            if (actor.Has(Roles.SecurityAdministrator))
            {
                return null;
            }

            if (ask.MovesAccount(entry))
            {
                return Problems.AdministratorsPerson;
            }
        }

        return Belongings.MayChange(actor, ask.Unit, places) && (entry is null || Belongings.MayChange(actor, entry.Unit, places)) ? null : Problems.NotYours;
    }
}
