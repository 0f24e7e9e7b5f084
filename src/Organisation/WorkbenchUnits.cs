// In: who looks. Out: how many units and systems there are, and the way to them.
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Organisation.Corrections;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation;

internal sealed class WorkbenchUnits(OrganisationDb db, IUnits units) : IWorkbenchCard
{
    public async Task<IReadOnlyList<WorkbenchCounter>> Counters(Actor actor, CancellationToken stop)
    {
        var own = actor.Has(Roles.Steward) ? actor.Unit : null;
        var systems = await db.Systems.LongCountAsync(s => s.Active && (own == null || s.Unit == own), stop);
        var here = own is null ? new Text("全市启用的信息系统", "Active systems of all units") : new Text("本单位启用的信息系统", "Active systems of your unit");
        return
        [
            new(new("机构", "Units"), await db.Units.LongCountAsync(u => u.Active, stop), new("启用的机构", "Active units of the city"), "/units?state=active"),
            new(new("信息系统", "Systems"), systems, here, own is null ? "/systems" : $"/systems?unit={own}"),
        ];
    }

    /// <summary>What somebody found wrong and this actor keeps.</summary>
    public async Task<IReadOnlyList<WorkbenchTask>> Tasks(Actor actor, CancellationToken stop)
    {
        var tree = await units.All(stop);
        var open = await db.Corrections.AsNoTracking().Where(c => c.State == CorrectionState.Open).OrderBy(c => c.ReportedAt).Take(200).ToListAsync(stop);
        return
        [
            .. open.Where(c => EntryKinds.MayMend(actor, c.Kind, c.Unit, tree)).Take(10)
                .Select(c => new WorkbenchTask($"{c.Name} · {c.Wrong}", new("信息修正", "Correction"), new("待修正", "to mend"), $"/corrections?state=Open&unit={c.Unit}", null)),
        ];
    }

    public IReadOnlyList<QuickEntry> Entries(Actor actor) =>
    [
        new(new("机构管理", "Units"), "/units"),
        new(new("信息系统", "Systems"), "/systems"),
        new(new("人员岗位", "People and posts"), "/people"),
    ];
}
