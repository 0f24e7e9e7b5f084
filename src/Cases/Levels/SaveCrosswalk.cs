// In: a link and the lines of its crosswalk. Out: the crosswalk from now on; what waits is filed by a person, as before. Refuses others than the bureau, and a line that names what is not here.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Levels;

internal sealed class SaveCrosswalk(StateStore state, CaseWriter writer, Peers peers, DeskBook desks, IRefusalNotes notes)
{
    /// <summary>Some 1,500 lines.</summary>
    public const int Longest = 60_000;

    /// <param name="Text">Lines of kind, code there, code here; empty: none.</param>
    internal sealed record Ask(string? Text);

    public async Task<Crosswalk> Of(Guid peer, CancellationToken stop) => new(await state.Read(Crosswalk.Of(peer), Crosswalk.Row, stop));

    public async Task<Result<Crosswalk>> Run(Guid peer, Ask ask, Actor actor, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        var read = !actor.Has(Roles.Engineer) ? Problems.Bureau
            : await peers.Find(peer, stop) is null ? Problems.NoPeer
            : ask.Text is { Length: > Longest } ? Problems.BadCode.With(1, new Text("不超过 6 万字", "it has at most 60,000 characters"))
            : Crosswalk.Read(ask.Text ?? "", desk);
        if (read.Problem is { } refused)
        {
            await notes.Note(actor, $"level-codes.saved {refused.Code}", new("level-codes.saved", peer.ToString("D"), refused.Code));
            return refused;
        }

        return await writer.Run<Crosswalk>(
            async (session, all) =>
            {
                await session.Connection.Execute(session.Transaction, $"DELETE FROM level_code WHERE peer = {peer.ToString("D")}", all);
                foreach (var row in read.Value.Rows)
                {
                    await session.Connection.Execute(session.Transaction, $"INSERT INTO level_code (peer, kind, theirs, ours) VALUES ({peer.ToString("D")}, {row.Kind.ToString()}, {row.Theirs}, {row.Ours})", all);
                }

                session.Tell(actor, new("level-codes.saved", peer.ToString("D"), Evidence.Done, new { rows = read.Value.Rows.Count }));
                return read.Value;
            },
            stop);
    }
}
