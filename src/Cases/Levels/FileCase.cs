// In: a case between levels that waits in the inbox, and the class and place a person gives it. Out: the case, with all that was exchanged about it. Refuses others than the bureau, one that is a case already, and codes that are none.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Levels;

internal sealed class FileCase(CaseWriter writer, Peers peers, DeskBook desks, LevelCases cases, IRefusalNotes notes, TimeProvider clock)
{
    /// <param name="Class">Null or empty: who accepts it gives it one.</param>
    /// <param name="Remember">Whether the other end's codes are these from now on.</param>
    internal sealed record Ask(Guid Peer, Guid Ref, string? Class, string? Place, bool Remember = false);

    public async Task<Result<CaseWhole>> Run(Ask ask, Actor actor, CancellationToken stop)
    {
        var (desk, peer) = (await desks.Now(stop), (await peers.All(stop)).Find(p => p.Id == ask.Peer)); // What came under a link that has ended waits all the same.
        var @class = ask.Class is { Length: > 0 } told ? told : null;
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau
            : peer is null ? Problems.NoPeer
            : desk.Nodes.Find(ask.Place) is null ? Problems.NoPlace.With(ask.Place).At("place")
            : @class is not null && !desk.Classes.ContainsKey(@class) ? Problems.NoClass.With(@class)
            : null;
        var made = refused is not null ? refused : await writer.Run<CaseWhole>((session, all) => Write(session, ask with { Class = @class }, peer!, actor, desk, all), stop);
        if (made.Problem is { } not)
        {
            await notes.Note(actor, $"level-case.filed {not.Code}", new("level-case.filed", ask.Ref.ToString("D"), not.Code));
        }

        return made;
    }

    private async Task<Result<CaseWhole>> Write(CaseSession session, Ask ask, Peer peer, Actor actor, Desk desk, CancellationToken stop)
    {
        var all = await session.Messages(peer.Id, ask.Ref, stop);
        var taken = all.Where(m => m.Came ? m.State == LevelState.Taken : m.State != LevelState.Rejected).ToList();
        if (taken.Where(m => m.Came).Select(m => m.Message.Case).FirstOrDefault(c => c is not null) is not { } told || await session.Number(peer.Id, ask.Ref, stop) is not null)
        {
            return Problems.NothingToFile;
        }

        if (await session.OpenThread(peer, told.Number, theirs: true, stop) is { } other)
        {
            return Problems.SecondThread.With(other.Number);
        }

        foreach (var (kind, theirs, ours) in new[] { (CodeKind.Class, told.Class, ask.Class), (CodeKind.Place, told.Place, ask.Place) }.Where(c => ask.Remember && c.Item2 is not null && c.Item3 is not null))
        {
            await session.Connection.Execute(
                session.Transaction,
                $"INSERT INTO level_code (peer, kind, theirs, ours) VALUES ({peer.Id.ToString("D")}, {kind.ToString()}, {theirs}, {ours}) ON CONFLICT (peer, kind, theirs) DO UPDATE SET ours = excluded.ours", stop);
        }

        session.Tell(actor, new("level-case.filed", ask.Ref.ToString("D"), Evidence.Done, new { ask.Class, ask.Place, ask.Remember }));
        return await cases.Make(session, peer, ask.Ref, told, ask.Class, ask.Place!, taken, actor, desk, clock.GetUtcNow(), stop);
    }
}
