// In: who looks and what for. Out: requests of the own unit, those to the own unit, all for an engineer of the bureau. A foreign one is told like none, with evidence.
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Requests;

/// <summary>A request as programs get it.</summary>
/// <param name="Why">Why people decide what is otherwise granted at once; null for no such reason.</param>
internal sealed record RequestView(
    string Number, string Together, Guid Resource, string ResourceCode, string ResourceName, string Provider, string Unit, string Person, string Purpose, string Scene, string Basis,
    IReadOnlyList<Guid> Items, Condition? Filter, DateOnly Until, Frequency Frequency, DeliveryWay Delivery, RequestState State, DateTimeOffset Made, DateTimeOffset? Due, Light? Light,
    string? Answer, string? Why, string? Grant, long Revision, IReadOnlyList<Option> Options);

internal enum Side
{
    /// <summary>What waits for the one who looks.</summary>
    ForMe,

    /// <summary>What the own unit asked for.</summary>
    Mine,
    All,
}

internal sealed class FindRequests(SharingDb db, IUnits units, TurnAway turn, TimeProvider clock)
{
    public async Task<Result<Request>> One(string number, Actor actor, CancellationToken stop)
    {
        var found = await db.Requests.FirstOrDefaultAsync(r => r.Number == number, stop);
        return found is not null && MaySee(found, actor) ? found : await turn.Run(actor, "request.refused", number, Problems.NoRequest.With(number));
    }

    public static bool MaySee(Request request, Actor actor) =>
        actor.Has(Roles.Engineer) || Flow.IsStewardOf(actor, request.Unit) || Flow.IsStewardOf(actor, request.Provider);

    public async Task<Page<Request>> List(Side side, RequestState? state, string? words, PageAsk page, Actor actor, CancellationToken stop)
    {
        var query = Of(side, actor).Where(r => state == null || r.State == state);
        if (!string.IsNullOrWhiteSpace(words))
        {
            query = query.Where(r => r.ResourceName.Contains(words) || r.Number.Contains(words) || r.Purpose.Contains(words));
        }

        var total = await query.CountAsync(stop);
        var rows = await query.OrderByDescending(r => r.Number).Skip(page.Skip).Take(page.Rows).ToListAsync(stop);
        return new(rows, page.Number, page.Rows, total);
    }

    /// <summary>Before paging; nothing that does not concern the actor is in it.</summary>
    public IQueryable<Request> Of(Side side, Actor actor)
    {
        var (bureau, unit) = (actor.Has(Roles.Engineer), actor.Has(Roles.Steward) ? actor.Unit : null);
        var seen = db.Requests.AsNoTracking().Where(r => bureau || r.Unit == unit || r.Provider == unit);
        return side switch
        {
            Side.Mine => seen.Where(r => r.Unit == unit),
            Side.ForMe => seen.Where(r => (bureau && (r.State == RequestState.Review || r.State == RequestState.Mediation)) || (r.Provider == unit && r.State == RequestState.Decision)),
            _ => seen,
        };
    }

    public Task<List<Act>> Acts(Request request, CancellationToken stop) => db.Acts.AsNoTracking().Where(a => a.Request == request.Id).OrderBy(a => a.At).ThenBy(a => a.Id).ToListAsync(stop);

    public async Task<IReadOnlyList<RequestView>> Views(IReadOnlyList<Request> requests, Actor actor, CancellationToken stop)
    {
        var names = (await units.All(stop)).ToDictionary(u => u.Id, u => u.Name);
        string Name(Guid unit) => names.GetValueOrDefault(unit, "—");
        return
        [
            .. requests.Select(r => new RequestView(
                r.Number, r.Together, r.Resource, r.ResourceCode, r.ResourceName, Name(r.Provider), Name(r.Unit), r.PersonName, r.Purpose, r.Scene, r.Basis, r.Items, r.Filter, r.LastDay,
                r.Frequency, r.Delivery, r.State, r.MadeAt, r.DueAt, Clocks.LightOf(r, clock.GetUtcNow()), r.Answer, r.Why?.ToString(), r.GrantNumber, r.Revision, Flow.Options(r, actor))),
        ];
    }
}
