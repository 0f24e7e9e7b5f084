// In: who looks. Out: deliveries the own unit receives or gives, all for an engineer of the bureau, with their attempts. A foreign one is told like none, with evidence.
using Lizhou.Contracts;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Requests;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Deliveries;

internal sealed record DeliveryView(
    string Number, string Name, string Grant, string Resource, string Unit, string Provider, DeliveryWay Way, string Where, string? Cron, bool WorkdaysOnly, bool OnChange, DeliveryState State, int Failures,
    string? Note, long? Reached, DateTimeOffset? NextAt, DateTimeOffset? LastRunAt, DateTimeOffset MadeAt)
{
    /// <summary>The key of a subscription's signatures, in the answer that made it; null ever after.</summary>
    public string? Secret { get; init; }

    /// <summary>Up to which level it may take data, 1 to 4; null: nobody labelled it.</summary>
    public int? Label { get; init; }
}

internal sealed record RunView(
    Guid Id, RunCause Cause, RunResult Result, long? From, long? To, long Inserted, long Changed, long Withdrawn, long Bytes, string? Digest, long? Evidence, string? Note, DateTimeOffset StartedAt, DateTimeOffset? EndedAt,
    string? File, DateTimeOffset? KeepUntil, long Taken)
{
    public static RunView Of(Run r) => new(
        r.Id, r.Cause, r.Result, r.FromSnapshot, r.ToSnapshot, r.Inserted, r.Changed, r.Withdrawn, r.Bytes, r.Digest, r.Evidence, KeptText.Shown(r.Note), r.StartedAt, r.EndedAt, r.File, r.KeepUntil, r.Taken);
}

internal sealed class FindDeliveries(SharingDb db, IUnits units, TurnAway turn)
{
    private const string Refused = "delivery.refused";

    public async Task<Result<Delivery>> One(string number, Actor actor, CancellationToken stop) =>
        await Seen(actor).FirstOrDefaultAsync(d => d.Number == number, stop) is { } found ? found : await turn.Run(actor, Refused, number, Problems.NoDelivery.With(number));

    /// <summary>Only for the unit that receives, and the bureau.</summary>
    public async Task<Result<Delivery>> Steered(string number, Actor actor, CancellationToken stop)
    {
        var found = await One(number, actor, stop);
        return found.Refused || actor.Has(Roles.Engineer) || Flow.IsStewardOf(actor, found.Value.Unit) ? found : await turn.Run(actor, Refused, number, Problems.AskerOnly);
    }

    public async Task<Page<Delivery>> List(DeliveryState? state, string? words, string? grant, PageAsk page, Actor actor, CancellationToken stop, bool failing = false)
    {
        var query = Seen(actor).AsNoTracking().Where(d => (state == null || d.State == state) && (!failing || (d.State == DeliveryState.Active && d.Failures > 0)));
        if (!string.IsNullOrWhiteSpace(words))
        {
            query = query.Where(d => d.Number.Contains(words) || d.Name.Contains(words));
        }

        if (!string.IsNullOrWhiteSpace(grant))
        {
            query = query.Where(d => db.Grants.Any(g => g.Id == d.Granted && g.Number == grant));
        }

        return new(await query.OrderByDescending(d => d.Number).Skip(page.Skip).Take(page.Rows).ToListAsync(stop), page.Number, page.Rows, await query.CountAsync(stop));
    }

    /// <summary>How many are in each state.</summary>
    public async Task<IReadOnlyDictionary<DeliveryState, int>> Counts(Actor actor, CancellationToken stop) =>
        await Seen(actor).AsNoTracking().GroupBy(d => d.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, stop);

    /// <summary>How many failed the last time and will be tried again.</summary>
    public Task<int> Failing(Actor actor, CancellationToken stop) => Seen(actor).CountAsync(d => d.State == DeliveryState.Active && d.Failures > 0, stop);

    /// <summary>Newest first.</summary>
    public async Task<Page<Run>> Runs(Delivery delivery, PageAsk page, CancellationToken stop)
    {
        var query = db.Runs.AsNoTracking().Where(r => r.Delivery == delivery.Id);
        return new(await query.OrderByDescending(r => r.Id).Skip(page.Skip).Take(page.Rows).ToListAsync(stop), page.Number, page.Rows, await query.CountAsync(stop));
    }

    public async Task<IReadOnlyList<DeliveryView>> Views(IReadOnlyList<Delivery> deliveries, CancellationToken stop)
    {
        var ids = deliveries.Select(d => d.Granted).ToList();
        var grants = await db.Grants.AsNoTracking().Where(g => ids.Contains(g.Id)).ToDictionaryAsync(g => g.Id, stop);
        var names = (await units.All(stop)).ToDictionary(u => u.Id, u => u.Name);
        return [.. deliveries.Select(d => new DeliveryView(
            d.Number, d.Name, grants[d.Granted].Number, grants[d.Granted].ResourceName, names.GetValueOrDefault(d.Unit) ?? "—", names.GetValueOrDefault(d.Provider) ?? "—", d.Target.Way, d.Target.Where, d.Cron,
            d.WorkdaysOnly, d.OnChange, d.State, d.Failures, KeptText.Shown(d.Note), d.Reached, d.NextAt, d.LastRunAt, d.MadeAt) { Label = d.Label })];
    }

    private IQueryable<Delivery> Seen(Actor actor)
    {
        var (bureau, unit) = (actor.Has(Roles.Engineer), actor.Has(Roles.Steward) ? actor.Unit : null);
        return db.Deliveries.Where(d => bureau || d.Unit == unit || d.Provider == unit);
    }
}
