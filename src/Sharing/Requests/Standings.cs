// In: resources and who looks at them. Out: for each whether their unit may ask for it, why not, and what to do: fetch what is granted, follow what is asked, fill the basket.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Sharing.Grants;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Requests;

internal sealed class Standings(SharingDb db, TimeProvider clock) : IStandings
{
    // Whom nobody labelled sees up to L2.
    private const int Unlabelled = 2;

    /// <summary>Why this unit may not ask for the resource; null when it may.</summary>
    public static Problem? Refusal(SharingKind sharing, Guid provider, string name, string? basis, Guid unit) =>
        sharing == SharingKind.Refused ? Problems.Forbidden.With(name, basis ?? "—")
        : provider == unit ? Problems.OwnData.With(name)
        : null;

    public async Task<int?> InBasket(Actor actor, CancellationToken stop) => Asks(actor) is null ? null : await db.Basket.CountAsync(b => b.Person == actor.Id, stop);

    public async Task<IReadOnlyDictionary<Guid, Standing>> Of(IReadOnlyCollection<ResourceBrief> resources, Actor actor, CancellationToken stop)
    {
        var ids = resources.Select(r => r.Id).ToList();
        var unit = Asks(actor);
        var (basket, curbed, grants, asked) = (new HashSet<Guid>(), new HashSet<Guid>(), new Dictionary<Guid, SharedGrant>(), new Dictionary<Guid, Request>());
        if (unit is { } own)
        {
            basket = [.. await db.Basket.AsNoTracking().Where(b => b.Person == actor.Id && ids.Contains(b.Resource)).Select(b => b.Resource).ToListAsync(stop)];
            curbed = [.. await db.Grants.AsNoTracking().Where(AskedBefore.Curbed).Where(g => g.Unit == own && ids.Contains(g.Resource)).Select(g => g.Resource).ToListAsync(stop)];
            grants = (await db.Grants.AsNoTracking().Where(g => g.Unit == own && g.State == GrantState.Active && ids.Contains(g.Resource)).ToListAsync(stop))
                .Where(g => g.Holds(clock.GetUtcNow())).GroupBy(g => g.Resource).ToDictionary(g => g.Key, g => g.MaxBy(one => one.ValidUntil)!);
            asked = (await db.Requests.AsNoTracking().Where(r => r.Unit == own && ids.Contains(r.Resource) && AskedBefore.Underway.Contains(r.State)).ToListAsync(stop))
                .GroupBy(r => r.Resource).ToDictionary(g => g.Key, g => g.MaxBy(one => one.MadeAt)!);
        }

        return resources.ToDictionary(r => r.Id, r => Judge(r, actor, unit, basket.Contains(r.Id), grants.GetValueOrDefault(r.Id), asked.GetValueOrDefault(r.Id), curbed.Contains(r.Id)));
    }

    private static Standing Judge(ResourceBrief resource, Actor actor, Guid? unit, bool inBasket, SharedGrant? grant, Request? asked, bool curbed)
    {
        Text? label = (int)resource.Level > (actor.Label ?? Unlabelled)
            ? new Text("您的安全标记为 L{0}，该目录最高为 L{1}：高于标记的信息项即使获得授权，也不会在页面上显示。如工作需要，请联系安全管理员。", "Your label is L{0} and this resource goes up to L{1}: items above your label stay hidden on pages even under a grant. If your work needs them, ask the security administrator.")
                .With(actor.Label ?? Unlabelled, (int)resource.Level)
            : null;
        if (!resource.Published)
        {
            return new(false, false, new("尚未发布，不能申请。", "It is not published yet; nobody can ask for it."), new("请等待编制单位发布。", "Wait until its unit publishes it."));
        }

        var refusal = unit is null ? Problems.NoUnit : Refusal(resource.Sharing, resource.Unit, resource.Name, resource.LegalBasis, unit.Value);
        if (refusal is not null)
        {
            return new(false, false, refusal.What, refusal.Todo, resource.Unit == unit ? "/batches" : null, resource.Unit == unit ? label : null);
        }

        return grant is not null
            ? new(true, inBasket, new Text("本单位已获授权 {0}，有效至 {1}。", "Your unit holds grant {0} until {1}.").With(grant.Number, grant.LastDay.ToString("yyyy-MM-dd")), new("按原用途取用；其他用途须另行申请。", "Take the data for its purpose; another use needs a request of its own."), $"/grants/{grant.Number}", label)
            : asked is not null
            ? new(true, inBasket, new Text("本单位的申请 {0} 正在办理（{1}）。", "Your unit's request {0} is under way ({1}).").With(asked.Number, Words.Of(asked.State)), new("无需重复申请。", "There is no need to ask again."), $"/requests/{asked.Number}", label)
            : resource.Sharing == SharingKind.Unconditional && curbed
            ? new(true, inBasket, new("无条件共享；但本单位以往的授权曾被撤销或调低额度。", "Shared without condition; but a grant of your unit was revoked, or its quota lowered, before."), new("填写用途和依据，经主管部门审查、数源单位审核后获得授权。", "Say what it is for and on what basis; the bureau reviews, its unit decides."), null, label)
            : resource.Sharing == SharingKind.Unconditional
            ? new(true, inBasket, new("无条件共享。", "Shared without condition."), new("填写用途后立即获得授权。", "Say what it is for and the grant is there at once."), null, label)
            : new(true, inBasket, new("有条件共享。", "Shared under conditions."), new("填写用途和依据，经主管部门审查、数源单位审核后获得授权。", "Say what it is for and on what basis; the bureau reviews, its unit decides."), null, label);
    }

    /// <summary>The unit the actor asks for; null for one who may not ask.</summary>
    private static Guid? Asks(Actor actor) => actor.Unit is { } unit && Flow.IsStewardOf(actor, unit) ? unit : null;
}
