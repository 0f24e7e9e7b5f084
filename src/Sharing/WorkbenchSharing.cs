// In: who looks. Out: requests that wait for them with their time, grants of their unit that end within a month, what their unit was told lately.
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Grants;
using Lizhou.Sharing.Requests;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing;

internal sealed class WorkbenchSharing(SharingDb db, FindRequests requests, TimeProvider clock) : IWorkbenchCard
{
    private const int SoonDays = 30;
    private static readonly Text Sharing = new("共享交换", "Sharing");

    public async Task<IReadOnlyList<WorkbenchCounter>> Counters(Actor actor, CancellationToken stop) => MayLook(actor)
        ?
        [
            new(new("待办共享申请", "Requests waiting"), await requests.Of(Side.ForMe, actor).LongCountAsync(stop), new("等待我审查、审核或协调的申请", "Requests I am to review, decide or mediate"), "/requests?side=ForMe", "warn"),
            new(new("即将到期授权", "Grants ending"), await Ending(actor).LongCountAsync(stop), new("本单位持有、30 天内到期的授权（主管部门为全市）", "Held by my unit and ending within 30 days; of all units for the bureau"), "/grants?side=Held", "info"),
        ]
        : [];

    public async Task<IReadOnlyList<WorkbenchTask>> Tasks(Actor actor, CancellationToken stop)
    {
        if (!MayLook(actor))
        {
            return [];
        }

        var waiting = await requests.Of(Side.ForMe, actor).OrderBy(r => r.Number).Take(10).ToListAsync(stop);
        var told = await db.Notices.AsNoTracking().Where(n => n.Unit == actor.Unit).OrderByDescending(n => n.Id).Take(5).ToListAsync(stop);
        return
        [
            .. waiting.Select(r => new WorkbenchTask($"{r.Number} {r.ResourceName}", Sharing, Words.Of(r.State), $"/requests/{r.Number}", r.DueAt)),
            .. told.Where(n => n.Kind != "to-decide" && clock.GetUtcNow() - n.At < TimeSpan.FromDays(7)).Select(n => new WorkbenchTask(n.Subject, Sharing, Words.Notice(n.Kind), n.Path, null)),
        ];
    }

    public IReadOnlyList<QuickEntry> Entries(Actor actor) => MayLook(actor) ? [new(new("共享申请", "Requests"), "/requests"), new(new("授权与密钥", "Grants and keys"), "/grants")] : [];

    private IQueryable<SharedGrant> Ending(Actor actor)
    {
        var (now, soon) = (clock.GetUtcNow().ToStored(), clock.GetUtcNow().AddDays(SoonDays).ToStored());
        var (bureau, unit) = (actor.Has(Roles.Engineer), actor.Unit);
        return db.Grants.FromSql($"SELECT * FROM sharing_grant WHERE state = 'Active' AND valid_until > {now} AND valid_until <= {soon}").Where(g => bureau || g.Unit == unit);
    }

    private static bool MayLook(Actor actor) => actor.Has(Roles.Engineer) || (actor.Has(Roles.Steward) && actor.Unit is not null);
}
