// In: who looks. Out: tickets that wait for them with their deadlines, those overdue, batches of their unit the gate holds back.
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Tickets;

internal sealed class WorkbenchTickets(TicketsDb db, FindTickets find) : IWorkbenchCard
{
    private static readonly Text Source = new("数据质量", "Quality");

    public async Task<IReadOnlyList<WorkbenchCounter>> Counters(Actor actor, CancellationToken stop) => MayLook(actor)
        ?
        [
            new(new("待办质量工单", "Tickets waiting"), await find.Waiting(actor).LongCountAsync(stop), new("等待我整改、裁定或确认的工单", "Tickets I am to mend, decide or confirm"), "/tickets?side=ForMe", "warn"),
            new(new("超期工单", "Tickets overdue"), await find.Of(new(Late: Lateness.Now), actor).LongCountAsync(stop), new("本单位超过期限仍未整改的工单（主管部门为全市）", "Tickets of my unit past their deadline; of all units for the bureau"), "/tickets?late=Now", "warn"),
            new(new("未达标批次", "Batches held back"), await Held(actor).LongCountAsync(stop), new("低于质量门槛、未准入标准层的批次", "Batches below the quality gate, not admitted to the standard layer"), "/gates", "warn"),
        ]
        : [];

    public async Task<IReadOnlyList<WorkbenchTask>> Tasks(Actor actor, CancellationToken stop) => MayLook(actor)
        ? [.. (await find.Waiting(actor).OrderBy(t => t.Number).Take(10).ToListAsync(stop)).OrderBy(t => t.DueAt).Select(t => new WorkbenchTask($"{t.Number} {t.ResourceName}", Source, TicketWords.Of(t.State), $"/tickets/{t.Number}", t.DueAt))]
        : [];

    public IReadOnlyList<QuickEntry> Entries(Actor actor) => MayLook(actor) ? [new(new("质量工单", "Tickets"), "/tickets")] : [];

    private IQueryable<Gates.KnownBatch> Held(Actor actor)
    {
        var (bureau, unit) = (actor.Has(Roles.Engineer), actor.Unit);
        return db.Batches.AsNoTracking().Where(b => !b.Admitted && !b.Undone && (bureau || b.Unit == unit));
    }

    private static bool MayLook(Actor actor) => actor.Has(Roles.Engineer) || (actor.Has(Roles.Steward) && actor.Unit is not null);
}
