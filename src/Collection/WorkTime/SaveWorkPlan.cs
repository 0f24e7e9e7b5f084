// In: a plan of working time: a name, its first day, the days of the week and the hours of a day. Out: the plan; the one that held until then ends the day before, and holds again after a plan that ends (summer hours). One announced for later stands where the new one has no end.
// Refuses others than the bureau, days gone by, hours that overlap. Deadlines already set stay as they are, and the calendar they were set by is kept.
using System.Security.Claims;
using Lizhou.Collection.Sources;
using Lizhou.Contracts;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Collection.WorkTime;

internal sealed class SaveWorkPlan(SourcesDb db, ILedger ledger, TimeProvider clock)
{
    /// <param name="From">First day; null for today.</param>
    /// <param name="Until">First day it no longer holds; null: until another plan begins.</param>
    /// <param name="Days">Days of the week that are worked.</param>
    /// <param name="Hours">As in <c>08:30-12:00 13:30-17:30</c>.</param>
    internal sealed record Ask(string? Name, DateOnly? From, DateOnly? Until, IReadOnlyList<DayOfWeek>? Days, string? Hours) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Name?.Trim() is not { Length: > 0 and <= 40 })
            {
                yield return new("name", new("请填写名称，不超过 40 字", "needs a name of at most 40 characters"));
            }

            if (Days is not { Count: > 0 } || Days.Any(d => !Enum.IsDefined(d)))
            {
                yield return new("days", new("至少选择一天", "needs at least one day of the week"));
            }

            if (SourceLimits.Read(Hours ?? "").Wrong is not null)
            {
                yield return new("hours", new("写作“08:30-12:00 13:30-17:30”，按先后排列、互不重叠", "is written 08:30-12:00 13:30-17:30, in order and without overlap"));
            }
        }
    }

    internal static async Task<Results<Ok<WorkPlan>, ProblemHttpResult>> Handle(Ask ask, SaveWorkPlan save, ClaimsPrincipal user, CancellationToken stop)
    {
        var saved = await save.Run(ask, Actor.From(user)!, stop);
        return saved.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(saved.Value);
    }

    public Task<List<WorkPlan>> All(CancellationToken stop) => db.Set<WorkPlan>().AsNoTracking().OrderByDescending(p => p.From).ToListAsync(stop);

    public async Task<Result<WorkPlan>> Run(Ask ask, Actor actor, CancellationToken stop)
    {
        var from = ask.From ?? clock.Today();
        var refusal = !actor.Has(Roles.Engineer) ? WorkProblems.Bureau
            : ask.Check().FirstOrDefault() is { } fault ? WorkProblems.Wrong.With(fault.What)
            : from < clock.Today() ? WorkProblems.Past
            : ask.Until <= from ? WorkProblems.Wrong.With(new Text("失效日期应晚于生效日期", "it must end after it begins"))
            : null;
        if (refusal is not null)
        {
            await ledger.Append(actor, new("calendar.plan", ask.Name ?? "", refusal.Code), stop);
            return refusal;
        }

        var others = await db.Set<WorkPlan>().AsNoTracking().ToListAsync(stop);
        var held = ask.Until is null ? Validity.Begin(from, others.Select(p => p.From)) : new(from, ask.Until);
        var plan = new WorkPlan(Guid.CreateVersion7(clock.GetUtcNow()), ask.Name!.Trim(), from, held.Until, [.. ask.Days!.Distinct().Order()], SourceLimits.Read(ask.Hours!).Hours);
        foreach (var other in others)
        {
            var left = new Validity(other.From, other.Until).Without(held);
            _ = left is [var first, ..] ? db.Update(other with { From = first.From, Until = first.Until }) : db.Remove(other);
            foreach (var again in left.Skip(1))
            {
                db.Add(other with { Id = Guid.CreateVersion7(clock.GetUtcNow()), From = again.From, Until = again.Until });
            }
        }

        db.Add(plan);
        await db.KeepCalendar(clock.GetUtcNow(), stop);
        Evidence done = new("calendar.plan", plan.Name, Evidence.Done, new { plan.From, plan.Until, plan.Days, hours = ask.Hours });
        return await db.Commit(ledger, [(actor, done)], WorkProblems.Overtaken, stop) is { } late ? late : plan;
    }
}
