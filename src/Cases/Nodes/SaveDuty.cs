// In: a node, a duty, the unit that does it and from when. Out: a line of the duty list; or one that ends. And the gaps: places where nobody answers for a duty, classes nobody is responsible for everywhere.
// Refuses others than the bureau, an unknown node, duty or unit, days gone by.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Dispatching;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Nodes;

/// <summary>Something nobody answers for.</summary>
/// <param name="Node">Code of the place; null where it is a class that lacks its unit.</param>
/// <param name="Class">Null where it is a duty that lacks.</param>
internal sealed record Gap(string? Node, string? Duty, string? Class, string What);

internal sealed class SaveDuty(CasesDb db, DeskBook desks, ILedger ledger, IRefusalNotes notes, TimeProvider clock)
{
    /// <param name="Unit">Null: the bureau.</param>
    /// <param name="From">First day; null: today.</param>
    /// <param name="Until">First day it no longer holds; null: open.</param>
    internal sealed record Ask(string? Node, string? Duty, Guid? Unit = null, DateOnly? From = null, DateOnly? Until = null) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Node is not { Length: > 0 and <= CaseNode.Longest })
            {
                yield return new("node", new("请选择节点，编码不超过 15 位", "is needed, of at most 15 characters"));
            }

            if (Duty is null || !FlowWords.Duties.ContainsKey(Duty))
            {
                yield return new("duty", new("没有这个岗位", "is no duty"));
            }
        }
    }

    public Task<List<Duty>> All(CancellationToken stop) => db.Duties.AsNoTracking().OrderBy(d => d.Node).ThenBy(d => d.Kind).ThenByDescending(d => d.ValidFrom).ToListAsync(stop);

    /// <param name="earliest">First day it may begin; null: today, so that nobody answers afterwards for what was not theirs.</param>
    public async Task<Result<Duty>> Run(Ask ask, Actor actor, CancellationToken stop, DateOnly? earliest = null)
    {
        var (desk, today) = (await desks.Now(stop), clock.Today());
        var from = ask.From ?? today;
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau
            : ask.Check().FirstOrDefault() is { } fault ? Problems.BadDuty.With(fault.What)
            : desk.Nodes.Find(ask.Node) is null ? Problems.BadDuty.With(new Text("没有这个节点", "there is no such node"))
            : ask.Unit is { } unit && !desk.Units.ContainsKey(unit) ? Problems.BadDuty.With(new Text("没有这个单位", "there is no such unit"))
            : from < (earliest ?? today) || ask.Until <= from ? Problems.BadDuty.With(new Text("日期不能早于今天，失效应晚于生效", "it begins today or later and ends after it begins"))
            : null;
        if (refused is not null)
        {
            await notes.Note(actor, $"case-duty.save {refused.Code}", new("case-duty.save", desk.Nodes.Find(ask.Node)?.Code ?? "-", refused.Code));
            return refused;
        }

        var now = clock.GetUtcNow();
        var made = new Duty { Id = Guid.CreateVersion7(now), Node = ask.Node!, Kind = ask.Duty!, Unit = ask.Unit, ValidFrom = from, ValidUntil = ask.Until, MadeBy = actor.Name, MadeAt = now };
        db.Add(made);
        var late = await db.Commit(ledger, actor, new("case-duty.save", ask.Node!, Evidence.Done, new { ask.Duty, ask.Unit, from, ask.Until }), stop);
        desks.Forget();
        return late is null ? made : late;
    }

    /// <summary>From today on it no longer holds.</summary>
    public async Task<Problem?> End(Guid id, Actor actor, CancellationToken stop)
    {
        var line = await db.Duties.AsNoTracking().FirstOrDefaultAsync(d => d.Id == id, stop);
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau : line is null || line.ValidUntil <= clock.Today() ? Problems.BadDuty.With(new Text("没有这条值班安排，或它已结束", "there is no such duty, or it has ended")) : null;
        if (refused is not null)
        {
            await notes.Note(actor, $"case-duty.ended {refused.Code}", new("case-duty.ended", $"{id}", refused.Code));
            return refused;
        }

        db.Update(line! with { ValidUntil = clock.Today() });
        var late = await db.Commit(ledger, actor, new("case-duty.ended", line.Node, Evidence.Done, new { duty = line.Kind, line.Unit }), stop);
        desks.Forget();
        return late;
    }

    /// <summary>Every place without an answering unit for a duty, every class for which no unit would be proposed somewhere.</summary>
    public async Task<IReadOnlyList<Gap>> Gaps(CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        var lacking = desk.Nodes.Places.Select(p => (p.Node.Code, Duties: desk.Duties.Lacking(p))).Where(p => p.Duties.Count > 0).ToList();
        return
        [
            .. from duty in FlowWords.Duties
               from place in lacking
               where place.Duties.Contains(duty.Key)
               select new Gap(place.Code, duty.Key, null, $"{desk.Nodes.Name(place.Code)} · {duty.Value}"),
            .. CheckTable.Gaps(desk.Table?.Rows ?? [], desk).Select(c => new Gap(null, null, c.Class, $"{c.Class} {c.Name}")),
        ];
    }
}
