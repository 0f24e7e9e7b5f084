// In: who looks. Out: how many cases wait for them, how many are past their limit, and the most urgent ten.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Finding;

internal sealed class WorkbenchCases(FindCases find, DeskBook desks) : IWorkbenchCard
{
    private static readonly Text Cases = new("事件中心", "Event centre");

    public async Task<IReadOnlyList<WorkbenchCounter>> Counters(Actor actor, CancellationToken stop) => !MayLook(actor) ? [] :
    [
        new(new("待办事件", "Cases waiting"), await Many(new(Mine: true), actor, stop), new("等待本单位或本人岗位办理的事件", "Cases my unit or my duty is to act on"), "/cases?mine=true", "warn"),
        new(new("超时事件", "Cases past their limit"), await Many(new(Mine: true, Light: Light.Red), actor, stop), new("其中已超过本环节时限的事件", "Those of them that are past the limit of their stage"), "/cases?mine=true&light=Red", "bad"),
    ];

    public async Task<IReadOnlyList<WorkbenchTask>> Tasks(Actor actor, CancellationToken stop)
    {
        if (!MayLook(actor))
        {
            return [];
        }

        var desk = await desks.Now(stop);
        var waiting = await (await find.Of(new(Mine: true), actor, stop)).OrderBy(f => f.DueAt == null).ThenBy(f => f.DueAt).ThenBy(f => f.Number).Take(10).ToListAsync(stop);
        return [.. waiting.Select(f => new WorkbenchTask($"{f.Number} {(f.Words.Length > 30 ? f.Words[..30] + "…" : f.Words)}", Cases, desk.FlowOf(f).TitleOf(f.State), $"/cases/{f.Number}", f.DueAt))];
    }

    public IReadOnlyList<QuickEntry> Entries(Actor actor) => MayLook(actor) ? [new(new("登记事件", "Register a case"), "/cases/new")] : [];

    private async Task<long> Many(CaseFilter filter, Actor actor, CancellationToken stop) => await (await find.Of(filter, actor, stop)).LongCountAsync(stop);

    private static bool MayLook(Actor actor) => actor.Has(Roles.Engineer) || (actor.Has(Roles.Steward) && actor.Unit is not null);
}
