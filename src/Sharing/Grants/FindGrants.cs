// In: who looks. Out: grants the own unit holds or gave, all for an engineer of the bureau. A foreign one is told like none, with evidence.
using System.Text.Json.Serialization;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Organisation;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Requests;
using Lizhou.Sharing.Data;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Grants;

[JsonConverter(typeof(JsonStringEnumConverter<GrantSide>))]
internal enum GrantSide
{
    All,

    /// <summary>That the own unit holds.</summary>
    Held,

    /// <summary>That the own unit gave.</summary>
    Given,

    /// <summary>In force, and nobody used it for <see cref="FindGrants.IdleDays"/> days.</summary>
    Idle,
}

internal sealed record GrantView(
    string Number, Guid Id, Guid Resource, string ResourceCode, string ResourceName, string Provider, string Unit, string Purpose, DeliveryWay Delivery, Frequency? Frequency, DateTimeOffset From, DateTimeOffset Until,
    string State, string? EndedWhy, long DailyCalls, long DailyRows, DateTimeOffset? Used, IReadOnlyList<GrantItem> Items, Condition? Rows)
{
    /// <summary>The same items with the masks that apply: the policy's where it tells less than the one approved. As a receiver of the highest label is given them; empty where nothing is given.</summary>
    public IReadOnlyList<GrantItem> Applied { get; init; } = [];
}

internal sealed class FindGrants(SharingDb db, Quota quota, IGrantBook book, SharedSeals seals, IRowGate gate, IUnits units, TurnAway turn, TimeProvider clock)
{
    public const int IdleDays = 30;

    /// <summary>The act of the ledger.</summary>
    public const string Refused = "grant.refused";

    public async Task<Result<SharedGrant>> One(string number, Actor actor, CancellationToken stop)
    {
        var found = await db.Grants.FirstOrDefaultAsync(g => g.Number == number, stop);
        return found is not null && (actor.Has(Roles.Engineer) || Flow.IsStewardOf(actor, found.Unit) || Flow.IsStewardOf(actor, found.Provider)) ? found : await turn.Run(actor, Refused, number, Problems.NoGrant.With(number));
    }

    /// <summary>The one that is to be prolonged; whoever sees the request for that sees it.</summary>
    public Task<SharedGrant> Known(Guid id, CancellationToken stop) => db.Grants.AsNoTracking().SingleAsync(g => g.Id == id, stop);

    /// <summary>Only for the unit that holds it.</summary>
    public async Task<Result<SharedGrant>> Held(string number, Actor actor, CancellationToken stop)
    {
        var found = await db.Grants.FirstOrDefaultAsync(g => g.Number == number, stop);
        return found is not null && Flow.IsStewardOf(actor, found.Unit) ? found : await turn.Run(actor, Refused, number, Problems.NoGrant.With(number));
    }

    public async Task<Page<SharedGrant>> List(GrantSide side, string? words, PageAsk page, Actor actor, CancellationToken stop)
    {
        var query = Of(side, actor);
        if (!string.IsNullOrWhiteSpace(words))
        {
            query = query.Where(g => g.Number.Contains(words) || g.ResourceName.Contains(words) || g.Purpose.Contains(words));
        }

        return new(await query.OrderByDescending(g => g.Number).Skip(page.Skip).Take(page.Rows).ToListAsync(stop), page.Number, page.Rows, await query.CountAsync(stop));
    }

    public IQueryable<SharedGrant> Of(GrantSide side, Actor actor)
    {
        var (bureau, unit) = (actor.Has(Roles.Engineer), actor.Has(Roles.Steward) ? actor.Unit : null);
        var seen = db.Grants.AsNoTracking().Where(g => bureau || g.Unit == unit || g.Provider == unit);
        if (side == GrantSide.Idle)
        {
            var (now, since) = (clock.GetUtcNow().ToStored(), clock.GetUtcNow().AddDays(-IdleDays).ToStored());
            // Moments are kept as texts whose order is that of time; the provider does not translate comparisons of converted values.
            var idle = db.Grants.FromSql($"SELECT * FROM sharing_grant WHERE state = 'Active' AND valid_until > {now} AND COALESCE(used_at, valid_from) < {since}").Select(g => g.Id);
            return seen.Where(g => idle.Contains(g.Id));
        }

        return side switch
        {
            GrantSide.Held => seen.Where(g => g.Unit == unit),
            GrantSide.Given => seen.Where(g => g.Provider == unit),
            _ => seen,
        };
    }

    public bool Holds(SharedGrant grant) => grant.Holds(clock.GetUtcNow()) && seals.Fits(grant);

    /// <summary>The newest days first.</summary>
    public async Task<List<GrantUse>> Uses(SharedGrant grant, int days, CancellationToken stop)
    {
        await quota.Look(stop);
        return await db.Uses.AsNoTracking().Where(u => u.Granted == grant.Id).OrderByDescending(u => u.Day).Take(days).ToListAsync(stop);
    }

    public Text StateOf(SharedGrant grant) => grant.State == GrantState.Revoked ? new("已撤销", "Revoked")
        : !seals.Fits(grant) ? new("封签不符", "Seal broken")
        : clock.GetUtcNow() >= grant.ValidUntil ? new("已到期", "Expired")
        : grant.ValidFrom > clock.GetUtcNow() ? new("未生效", "Not yet in force")
        : new("有效", "In force");

    public async Task<GrantView> View(SharedGrant grant, CancellationToken stop)
    {
        var inForce = await book.Find(grant.Id, stop);
        var state = grant.State == GrantState.Revoked ? "Revoked" : !seals.Fits(grant) ? "Broken" : grant.Holds(clock.GetUtcNow()) ? "Active" : "Expired";
        return new(
            grant.Number, grant.Id, grant.Resource, grant.ResourceCode, grant.ResourceName, (await units.Find(grant.Provider, stop))?.Name ?? "—", (await units.Find(grant.Unit, stop))?.Name ?? "—",
            grant.Purpose, grant.Delivery, grant.Frequency, grant.ValidFrom, grant.ValidUntil, state, grant.EndedWhy, grant.DailyCalls, grant.DailyRows, grant.UsedAt, inForce?.Items ?? [], inForce?.Rows)
        {
            Applied = inForce is null ? [] : await Applied(inForce, stop),
        };
    }

    private async Task<IReadOnlyList<GrantItem>> Applied(Grant grant, CancellationToken stop)
    {
        var receiver = new Actor(Guid.Empty, "", grant.Unit, new HashSet<string>([Roles.Steward])) { Label = (int)Level.L4 };
        var decided = await gate.Decide(new RowAsk(grant.Resource, grant.Purpose) { Grant = grant.Id }, receiver, stop);
        return decided.Refused ? [] : [.. decided.Value.Where(d => d.Verdict != Verdict.Refuse).Select(d => new GrantItem(d.Item.Id, d.Mask))];
    }
}
