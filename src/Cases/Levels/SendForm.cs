// In: a form about a case, to a peer, in words. Out: the message, numbered and kept with the case's event; it goes out by the next round and again until it is receipted. A case that is on its way to that peer already is not reported or assigned to it a second time.
// Refuses a form out of its place, and who has no duty for it.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Levels;

internal sealed class SendForm(CaseWriter writer, Peers peers, DeskBook desks, IRefusalNotes notes, TimeProvider clock)
{
    /// <param name="Ref">Of a case between levels; null: that of the case here where there is one alone, and of a report or an assignment the thread of the case that is open with the peer, else a new one.</param>
    /// <param name="Number">Of the case here; null for one that is in the inbox alone.</param>
    /// <param name="Words">1 to 1,000 characters.</param>
    /// <param name="Stars">1 to 5, of a rating.</param>
    /// <param name="Hours">Working hours in which a supervision is answered, 1 to 400; null: the usual ones.</param>
    internal sealed record Ask(Guid Peer, LevelForm Form, string? Words, Guid? Ref = null, string? Number = null, int? Stars = null, int? Hours = null);

    public async Task<Result<LevelMessage>> Run(Ask ask, Actor actor, CancellationToken stop)
    {
        var (desk, peer) = (await desks.Now(stop), await peers.Find(ask.Peer, stop));
        var sent = peer is { } link ? await writer.Run<LevelMessage>((session, all) => Write(session, ask, link.Peer, actor, desk, all), stop) : Problems.NoPeer;
        if (sent.Problem is { } refused)
        {
            await notes.Note(actor, $"case.level-out {refused.Code}", new("case.level-out", ask.Number ?? "level", refused.Code, new { ask.Form }));
        }

        return sent;
    }

    private async Task<Result<LevelMessage>> Write(CaseSession session, Ask ask, Peer peer, Actor actor, Desk desk, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var threads = ask is { Ref: null, Number: { } about, Form: not (LevelForm.Report or LevelForm.Assign) } ? await session.Threads(peer.Id, about, stop) : [];
        var open = ask is { Number: { } anew, Form: LevelForm.Report or LevelForm.Assign } ? await session.OpenThread(peer, anew, theirs: false, stop) : null;
        var @ref = ask.Ref ?? open?.Ref ?? (threads is [var only] ? only : Guid.CreateVersion7(now));
        var number = await session.Number(peer.Id, @ref, stop) ?? ask.Number;
        var whole = number is null ? null : await session.Whole(number, stop);
        var all = await session.Messages(peer.Id, @ref, stop);
        var same = ask is { Ref: null, Form: LevelForm.Report } && open is not null ? all.LastOrDefault(m => m is { Came: false, Form: LevelForm.Report } && m.State != LevelState.Rejected) : null; // Reported up already: it is that report.
        var title = LevelForms.Title(ask.Form);
        var may = actor.Has(Roles.Engineer) || (whole is not null && desk.Duties.Of(actor, whole.File.Node).Contains("dispatcher"));
        var refused = !may ? Problems.NotYours.With(new Text("派遣员、主管部门", "dispatcher, bureau"), title)
            : number is not null && whole is null ? Problems.NoCase.With(number)
            : ask.Words?.Trim() is not { Length: > 0 and <= Filled.MostWords } ? Problems.WrongField.With(new Text("内容", "words"), new Text("为 1 至 1000 字。", "It has 1 to 1,000 characters.")).At("words")
            : !Legible.Is(ask.Words) ? Problems.WrongField.With(new Text("内容", "words"), Legible.Fault).At("words")
            : ask.Form == LevelForm.Rate != ask.Stars is >= 1 and <= 5 ? Problems.WrongField.With(new Text("评价", "stars"), new Text("评价为 1 至 5 星。", "A rating, and nothing else, has 1 to 5 stars.")).At("stars")
            : ask.Hours is < 1 or > Filled.MostHours || (ask.Hours is not null && ask.Form != LevelForm.Supervise) ? Problems.WrongField.With(FlowWords.Fields["hours"], new Text("督办的时限为 1 到 400 工作时。", "A supervision, and nothing else, has 1 to 400 working hours.")).At("hours")
            : whole is null && (all.Count == 0 || ask.Form == LevelForm.Report) ? Problems.NoCase.With(ask.Number ?? "—")
            : threads.Count > 1 ? Problems.WrongField.With("ref", new Text("该事件与此联络有 {0} 条往来，须写明 ref（见 GET /api/v1/case-levels/cases）。", "the case has {0} threads with this link; say which by ref (GET /api/v1/case-levels/cases).").With(threads.Count)).At("ref")
            : open is { } elsewhere && elsewhere.Ref != @ref ? Problems.SecondThread.With(ask.Number)
            : !Enum.IsDefined(ask.Form) || (same is null && !LevelForms.Fits(ask.Form, !peer.Upper, LevelLog.Taken(all, peer))) ? Problems.OutOfPlace.With(title)
            : null;
        if (refused is not null)
        {
            return refused;
        }

        return same is not null ? same.Message : await session.Say(peer, @ref, new(ask.Form, ask.Words!.Trim(), ask.Form == LevelForm.Rate ? ask.Stars : null, ask.Hours), whole, all, actor, desk, now, stop);
    }
}
