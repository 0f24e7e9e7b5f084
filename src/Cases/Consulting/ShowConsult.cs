// In: a case and who looks. Out: every consultation on it, the newest first, and what they may do in it and why not the rest.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Consulting;

/// <param name="Late">No opinion, and past the limit.</param>
internal sealed record MemberView(Guid Id, string Unit, string? Opinion, string? By, DateTimeOffset? At, bool Late);

/// <param name="Photo">Place of the case's photo; null for none.</param>
internal sealed record MaterialView(string Words, string? Link, long? Photo, string By, DateTimeOffset At);

/// <param name="Ended">Handled, assisted or returned since; null: under way.</param>
internal sealed record TaskView(string Unit, bool Lead, DateTimeOffset Due, DateTimeOffset? EndedAt, LegEnd? Ended, string? Words);

/// <param name="Conclusion">Null while it is open, or when it was dropped.</param>
/// <param name="Dropped">Why; null: it was not.</param>
/// <param name="Early">Why it was concluded before all had spoken and before the limit; null: it was not.</param>
/// <param name="Awaited">Of one that is open: how many have said nothing, while they still may in time. Concluding it then needs a reason.</param>
internal sealed record ConsultView(
    long Seq, string Question, string By, DateTimeOffset At, DateTimeOffset Due, IReadOnlyList<MemberView> Members, IReadOnlyList<MaterialView> Materials, string? Conclusion, string? Minutes, IReadOnlyList<TaskView> Tasks, string? Dropped,
    DateTimeOffset? EndedAt, string? Early, int Awaited);

internal sealed record ConsultOptionView(ConsultStep Step, string Name, bool May, string? Code, string? Why);

internal sealed record ConsultRoom(string Number, long Open, IReadOnlyList<ConsultOptionView> Options, IReadOnlyList<ConsultView> Consultations);

internal sealed class ShowConsult(CasesDb db, DeskBook desks, TimeProvider clock)
{
    public async Task<ConsultRoom> Room(CaseWhole whole, Actor actor, CancellationToken stop)
    {
        var (desk, now) = (await desks.Now(stop), clock.GetUtcNow());
        var events = await db.Events.AsNoTracking().Where(e => e.CaseId == whole.File.Id).OrderBy(e => e.Seq).ToListAsync(stop);
        return new(
            whole.File.Number, whole.File.Consulting, [.. DecideConsult.Options(whole, actor, desk).Select(o => new ConsultOptionView(o.Step, o.Title.ToString(), o.May, o.Code, o.Why?.ToString()))],
            [.. Consultation.Of(events).Reverse().Select(c => View(c, whole, desk, now))]);
    }

    private static ConsultView View(Consultation one, CaseWhole whole, Desk desk, DateTimeOffset now)
    {
        var end = one.End;
        var concluded = end?.Detail.Consult!.Step == ConsultStep.Conclude ? end : null;
        return new(
            one.Seq, one.Called.Reason ?? "", one.Called.Name, one.Called.At, one.Due,
            [.. one.Members.Select(m => one.OpinionOf(m) is var said && said is null ? new MemberView(m, desk.UnitName(m), null, null, null, now > one.Due && end is null) : new(m, desk.UnitName(m), said.Reason, said.Name, said.At, false))],
            [.. one.Said.Where(e => e.Detail.Consult!.Step == ConsultStep.Material).Select(e => new MaterialView(e.Reason ?? "", e.Detail.Consult!.Link, e.Detail.Consult.Photo ? TakeConsult.PhotoPlace(e.Seq) : null, e.Name, e.At))],
            concluded?.Reason, concluded?.Detail.Consult!.Minutes,
            [.. (concluded?.Detail.Consult!.Tasks ?? []).Select((t, i) => Task(t, i, concluded!.Seq, whole, desk))],
            concluded is null ? end?.Reason : null, end?.At, concluded?.Detail.Consult!.Early, end is null ? one.Awaited(now) : 0);
    }

    private static TaskView Task(ConsultTask task, int place, long opened, CaseWhole whole, Desk desk)
    {
        var leg = whole.Legs.FirstOrDefault(l => l.Opened == opened && l.Place == place);
        return new(desk.UnitName(task.Unit), place == 0, task.Due, leg?.EndedAt, leg?.Outcome, leg?.Words);
    }
}
