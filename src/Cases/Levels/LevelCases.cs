// A case told by another level becomes one here, by the one way in which cases are made; what was exchanged about it before and the photos that came are its own from then on.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Levels;

internal sealed class LevelCases(ReportCase report)
{
    public static ReportCase.Ask Ask(LevelCase told, Peer peer, string? @class, string? place) =>
        new(told.Words, place, peer.Upper ? CaseSource.Upper : CaseSource.Lower, @class, told.Address, told.X, told.Y);

    /// <param name="before">Forms about it, taken or written so far, in their order.</param>
    public async Task<Result<CaseWhole>> Make(CaseSession session, Peer peer, Guid @ref, LevelCase told, string? @class, string place, IEnumerable<KeptMessage> before, Actor actor, Desk desk, DateTimeOffset now, CancellationToken stop)
    {
        var photos = await session.Loose(peer.Id, @ref, stop);
        var made = await report.Write(session, Ask(told, peer, @class, place), place, [.. photos.Select(p => p.Jpeg)], actor, desk, now, stop);
        if (made.Problem is { } refused)
        {
            return refused;
        }

        var number = made.Value.File.Number;
        await session.BindNew(peer.Id, @ref, number, told.Number, stop);
        foreach (var (i, photo) in photos.Index())
        {
            await session.Placed(new(peer.Id, @ref, photo.Seq, photo.Place, "", 0), i + 1, null, stop);
        }

        foreach (var message in before)
        {
            if (await session.Tell((await session.Whole(number, stop))!, message.Came ? "level-in" : "level-out", peer, message.Message, Actor.System, desk, now, stop) is { } late)
            {
                return late;
            }
        }

        var whole = (await session.Whole(number, stop))!;
        await session.Asked(peer.Id, @ref, whole.File.Revision, stop);
        return whole;
    }
}
