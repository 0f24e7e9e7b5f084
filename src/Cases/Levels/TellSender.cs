// In: cases that another level asked for and that went on. Out: forms to it: accepted, the answer to a supervision, settled or given back; taken up again after that, and settled again. Each event is told once, also when the program ends between two.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Cases.Levels;

internal sealed class TellSender(StateStore state, CaseWriter writer, DeskBook desks, IServiceScopeFactory scopes, TimeProvider clock) : IRounds
{
    private const int AtOnce = 100;

    private sealed record Due(Guid Peer, Guid Ref, string Number, long Told, Guid Case);

    public async Task<int> Look(CancellationToken stop)
    {
        var due = await state.Read(
            $"""
             SELECT c.peer, c.ref, c.number, c.told, f.id FROM level_case c JOIN level_peer p ON p.id = c.peer JOIN case_file f ON f.number = c.number
             WHERE c.asked = 1 AND p.ended_at IS NULL AND f.revision > c.told ORDER BY f.last_at LIMIT {AtOnce}
             """,
            r => new Due(Guid.Parse(r.GetString(0)), Guid.Parse(r.GetString(1)), r.GetString(2), r.GetInt64(3), Guid.Parse(r.GetString(4))), stop);
        if (due.Count == 0)
        {
            return 0;
        }

        await using var scope = scopes.CreateAsyncScope();
        var (db, peers, desk) = (scope.ServiceProvider.GetRequiredService<CasesDb>(), scope.ServiceProvider.GetRequiredService<Peers>(), await desks.Now(stop));
        foreach (var one in due)
        {
            var events = await db.Events.AsNoTracking().Where(e => e.CaseId == one.Case && e.Seq > one.Told).OrderBy(e => e.Seq).ToListAsync(stop);
            if (events.Count > 0 && await peers.Find(one.Peer, stop) is { } link)
            {
                await writer.Run<bool>((session, all) => Tell(session, one, link.Peer, events, desk, all), stop, one.Number);
            }
        }

        return due.Count;
    }

    private async Task<Result<bool>> Tell(CaseSession session, Due one, Peer peer, IReadOnlyList<CaseEvent> events, Desk desk, CancellationToken stop)
    {
        var (id, @ref) = (one.Peer.ToString("D"), one.Ref.ToString("D"));
        if (await session.Connection.Execute(session.Transaction, $"UPDATE level_case SET told = {events[^1].Seq} WHERE peer = {id} AND ref = {@ref} AND told = {one.Told} AND asked = 1", stop) == 0)
        {
            return false; // Another node was faster.
        }

        foreach (var (forms, words) in events.SelectMany(e => Said(e, desk)))
        {
            var all = await session.Messages(one.Peer, one.Ref, stop);
            var form = forms.Where(f => LevelForms.Fits(f, !peer.Upper, LevelLog.Taken(all, peer))).Cast<LevelForm?>().FirstOrDefault();
            if (form is not { } fits)
            {
                continue; // A person has told it already.
            }

            if ((await session.Say(peer, one.Ref, new(fits, words.Zh, WordsEn: words.En), await session.Whole(one.Number, stop), all, Actor.System, desk, clock.GetUtcNow(), stop)).Problem is { } late)
            {
                return late;
            }
        }

        return true;
    }

    /// <summary>What an event is to who asked: the first of the forms that is in its place, in words. Most are nothing.</summary>
    internal static IEnumerable<(LevelForm[] Forms, Text Words)> Said(CaseEvent e, Desk desk)
    {
        var flow = desk.Flows[e.Flow];
        var (result, reason) = (e.Detail.Fields.GetValueOrDefault("result"), e.Reason ?? "");
        var told = result is not null ? new Text(result, result) : new Text(reason, e.Detail.ReasonEn ?? reason);
        Text Words(Text what) => new(Short($"{what.Zh}{(told.Zh.Length > 0 ? "：" : "")}{told.Zh}"), Short($"{what.En}{(told.En.Length > 0 ? ": " : "")}{told.En}"));
        static string Short(string all) => all.Length > Filled.MostWords ? all[..Filled.MostWords] : all;
        if (e.Detail.Outcome is { } end)
        {
            yield return (end is Outcome.Rejected or Outcome.Void ? [LevelForm.Return, LevelForm.Finish] : [LevelForm.Finish], Words(CaseWords.Of(end)));
        }
        else if (e.OldState == flow.Start && e.State != flow.Start)
        {
            yield return ([LevelForm.Accept], Words(flow.TitleOf(e.State)));
        }
        else if (flow.States.GetValueOrDefault(e.OldState) is { Ended: true } && !e.Detail.Ended)
        {
            yield return ([LevelForm.Accept], Words(flow.ActTitle(e.Act)));
        }

        if (e.Act != "level-out" && e.Detail.Effects.Contains("reply"))
        {
            yield return ([LevelForm.Reply], Words(flow.ActTitle(e.Act)));
        }
    }
}
