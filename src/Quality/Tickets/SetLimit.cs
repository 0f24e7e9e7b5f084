// In: a severity, from which share of rejected rows it is, how many working days it has, from which day. Out: a line of the table of limits; the one before ends the day before.
// Refuses others than the bureau, days gone by, and numbers out of range. Tickets that are open keep the deadline they have.
using Lizhou.Contracts;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Tickets;

internal sealed class SetLimit(TicketsDb db, ILedger ledger, TimeProvider clock)
{
    /// <param name="FromShare">Percent of the batch's rows, 0 to 100.</param>
    /// <param name="Remind">Working days before the end.</param>
    /// <param name="From">First day; null for today.</param>
    internal sealed record Ask(Severity Severity, decimal FromShare, int Workdays, int Remind, DateOnly? From = null) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (!Enum.IsDefined(Severity))
            {
                yield return new("severity", new("没有这个等级", "is no severity"));
            }

            if (FromShare is < 0 or > 100)
            {
                yield return new("fromShare", new("起算比例为 0 到 100", "is 0 to 100"));
            }

            if (Workdays is < 1 or > 250)
            {
                yield return new("workdays", new("时限为 1 到 250 个工作日", "is 1 to 250 working days"));
            }

            if (Remind < 0 || Remind >= Workdays)
            {
                yield return new("remind", new("提前催办须少于时限", "is less than the limit"));
            }
        }
    }

    public Task<List<Limit>> All(CancellationToken stop) => db.Limits.AsNoTracking().OrderByDescending(l => l.Severity).ThenByDescending(l => l.ValidFrom).ToListAsync(stop);

    public async Task<Problem?> Run(Ask ask, Actor actor, CancellationToken stop)
    {
        var (now, today) = (clock.GetUtcNow(), clock.Today());
        var from = ask.From ?? today;
        var fault = !actor.Has(Roles.Engineer) ? Problems.TicketBureau : ask.Check().FirstOrDefault() is { } wrong ? Problems.BadLimit.With(wrong.What)
            : from < today ? Problems.BadLimit.With(new Text("生效日期不能早于今天", "it cannot begin before today")) : null;
        if (fault is not null)
        {
            await ledger.Append(actor, new("ticket.limit", ask.Severity.ToString(), fault.Code), stop);
            return fault;
        }

        var others = await db.Limits.Where(l => l.Severity == ask.Severity).ToListAsync(stop);
        db.Limits.RemoveRange(others.Where(l => l.ValidFrom == from));
        foreach (var line in others.Where(l => l.ValidFrom < from && (l.ValidUntil is null || l.ValidUntil > from)))
        {
            line.ValidUntil = from;
        }

        var next = Validity.Begin(from, others.Select(l => l.ValidFrom)).Until;
        db.Limits.Add(new()
        {
            Id = Guid.CreateVersion7(now), Severity = ask.Severity, FromShare = (int)(ask.FromShare * 100), Workdays = ask.Workdays, Remind = ask.Remind, ValidFrom = from, ValidUntil = next, MadeBy = actor.Name, MadeAt = now,
        });
        return await db.Commit(ledger, [(actor, new("ticket.limit", ask.Severity.ToString(), Evidence.Done, new { ask.FromShare, ask.Workdays, ask.Remind, from }))], stop);
    }
}
