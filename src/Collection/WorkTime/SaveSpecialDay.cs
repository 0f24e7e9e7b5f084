// In: a day and whether it is worked, with the holiday's name; or a day that is again what its weekday says. Out: the calendar with it.
// Refuses others than the bureau, and days gone by. Deadlines already set stay as they are, and the calendar they were set by is kept.
using System.Security.Claims;
using Lizhou.Collection.Sources;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Collection.WorkTime;

internal sealed class SaveSpecialDay(SourcesDb db, ILedger ledger, TimeProvider clock)
{
    /// <param name="Works">True: worked; false: free; null: again what its weekday says.</param>
    internal sealed record Ask(DateOnly Day, bool? Works, string? Name) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Works is not null && Name?.Trim() is not { Length: > 0 and <= 40 })
            {
                yield return new("name", new("请填写节假日或调休名称，不超过 40 字", "needs the holiday's name, of at most 40 characters"));
            }
        }
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(Ask ask, SaveSpecialDay save, ClaimsPrincipal user, CancellationToken stop) =>
        await save.Run(ask, Actor.From(user)!, stop) is { } refused ? refused.ToHttp() : TypedResults.NoContent();

    public async Task<IReadOnlyList<CalendarDay>> Of(int year, CancellationToken stop) =>
        await db.Set<CalendarDay>().FromSql($"SELECT * FROM source_calendar WHERE day >= {$"{year:D4}-01-01"} AND day <= {$"{year:D4}-12-31"}").AsNoTracking().OrderBy(d => d.Day).ToListAsync(stop);

    public async Task<Problem?> Run(Ask ask, Actor actor, CancellationToken stop)
    {
        var refusal = !actor.Has(Roles.Engineer) ? WorkProblems.Bureau
            : ask.Check().FirstOrDefault() is { } fault ? WorkProblems.Wrong.With(fault.What)
            : ask.Day < clock.Today() ? WorkProblems.Past
            : null;
        if (refusal is not null)
        {
            await ledger.Append(actor, new("calendar.day", $"{ask.Day:yyyy-MM-dd}", refusal.Code), stop);
            return refusal;
        }

        var known = await db.Set<CalendarDay>().FirstOrDefaultAsync(d => d.Day == ask.Day, stop);
        await db.KeepCalendar(clock.GetUtcNow(), stop);
        if (ask.Works is not { } works)
        {
            _ = known is null ? null : db.Remove(known);
        }
        else if (known is null)
        {
            db.Add(new CalendarDay { Day = ask.Day, Works = works, Name = ask.Name!.Trim() });
        }
        else
        {
            (known.Works, known.Name) = (works, ask.Name!.Trim());
        }

        return await db.Commit(ledger, [(actor, new("calendar.day", $"{ask.Day:yyyy-MM-dd}", Evidence.Done, new { ask.Works, ask.Name }))], WorkProblems.Overtaken, stop);
    }
}
