// In: a case's number and a step of its consultation – call, lay something before it, give an opinion, conclude, drop – by who is signed in. Out: the case after it. The same key again is done once.
// Refuses as DecideConsult does, and whoever was slower; refusals are in the evidence too.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Finding;
using Lizhou.Cases.Intake;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Consulting;

internal sealed class TakeConsult(CaseWriter writer, DeskBook desks, IRefusalNotes notes, TimeProvider clock)
{
    /// <param name="Hours">Working hours; null: the usual ones.</param>
    internal sealed record Assignment(Guid Unit, int? Hours = null);

    /// <param name="Words">The question, the material, the opinion, the conclusion, or why it is dropped; 1 to 1,000 characters.</param>
    /// <param name="Members">Units called.</param>
    /// <param name="Hours">Working hours in which opinions are given; null: the usual ones.</param>
    /// <param name="Tasks">The lead first; none: the conclusion is in words alone.</param>
    /// <param name="Early">Why it is concluded before all have spoken and before the limit; needed then, 1 to 1,000 characters.</param>
    /// <param name="Key">Chosen by the sender: the same again is done once.</param>
    internal sealed record Ask(ConsultStep Step, string? Words, IReadOnlyList<Guid>? Members = null, int? Hours = null, string? Link = null, IReadOnlyList<Assignment>? Tasks = null, string? Minutes = null, string? Key = null, string? Early = null) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Key?.Length > 100)
            {
                yield return new("key", new("不超过 100 字", "has at most 100 characters"));
            }
        }
    }

    /// <param name="photo">A material, as <see cref="Photo"/> made it; null for none.</param>
    public async Task<Result<CaseWhole>> Run(string number, Ask ask, byte[]? photo, Actor actor, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        var taken = await writer.Run<CaseWhole>((session, all) => Write(session, number, ask, ask.Step == ConsultStep.Material ? photo : null, actor, desk, all), stop, number);
        if (taken.Problem is { } refused && refused.Code != Problems.NoCase.Code)
        {
            await notes.Note(actor, $"case.consult {refused.Code}", new("case.consult", number, refused.Code, new { ask.Step }));
        }

        return taken;
    }

    private async Task<Result<CaseWhole>> Write(CaseSession session, string number, Ask ask, byte[]? photo, Actor actor, Desk desk, CancellationToken stop)
    {
        if (await session.Whole(number, stop) is not { } whole || !FindCases.MaySee(whole, actor, desk))
        {
            return Problems.NoCase.With(number);
        }

        var (sender, key) = ($"{actor.Id:D}", ask.Key is { Length: > 0 } ? $"{number} consult {ask.Key}" : null);
        if (key is not null && await session.Key(sender, key, stop) is not null)
        {
            return whole;
        }

        var awaited = ask.Step == ConsultStep.Conclude ? await Awaited(session, whole.File, stop) : 0;
        var decided = DecideConsult.Take(whole, ask, photo is not null, awaited, actor, desk, clock.GetUtcNow());
        if (decided.Problem is { } refused)
        {
            return refused;
        }

        var late = await session.Write(whole, decided.Value.After, decided.Value.Events, actor, new("case.consult", number, Evidence.Done, new { ask.Step }), stop);
        if (late is not null)
        {
            return late;
        }

        if (photo is not null)
        {
            var e = decided.Value.Events[0];
            session.Put($"INSERT INTO case_photo (case_id, place, body) VALUES ({e.CaseId.ToString("D")}, {PhotoPlace(e.Seq)}, {photo})");
        }

        if (key is not null)
        {
            session.Keep(sender, key, number);
        }

        return decided.Value.After;
    }

    private async Task<int> Awaited(CaseSession session, CaseFile file, CancellationToken stop)
    {
        if (file.Consulting == 0)
        {
            return 0;
        }

        await session.Flush(stop);
        return Consultation.Of(await session.Db.Events.AsNoTracking().Where(e => e.CaseId == file.Id && e.Seq >= file.Consulting).OrderBy(e => e.Seq).ToListAsync(stop))[^1].Awaited(clock.GetUtcNow());
    }

    /// <summary>Beyond those of the report, which are 1 to 3.</summary>
    internal static long PhotoPlace(long seq) => 1_000 + seq;
}
