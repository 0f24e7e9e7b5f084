// In: nothing. Out: the inbox: every case exchanged with another level, those that wait for a person first, then the newest, with its messages, photos, what has become of each, and which forms are in their place now.
using Lizhou.Cases.Acting;
using Lizhou.Contracts;
using Lizhou.Kernel;

namespace Lizhou.Cases.Levels;

/// <param name="Came">From the peer; else sent from here.</param>
/// <param name="Note">Why it has not gone or was not taken; null or empty: nothing to say.</param>
/// <param name="Receipted">Whether the other end's signed receipt is kept.</param>
internal sealed record LevelLine(bool Came, long Seq, LevelForm Form, string FormName, LevelState State, string Words, int? Stars, DateTimeOffset At, int Attempts, bool Receipted, string? Note);

/// <param name="Seq">Of the form that names it.</param>
/// <param name="Have">Bytes the receiver has, of <paramref name="Size"/>.</param>
/// <param name="Note">Why it has not gone, or the code it was refused with; null: nothing to say.</param>
internal sealed record PhotoLine(bool Came, long Seq, long Place, LevelState State, long Have, long Size, string? Note);

/// <param name="Number">Of the case here; null: followed in the inbox alone.</param>
/// <param name="Told">As the other level told it; null: it never did.</param>
/// <param name="Waits">Why a person has to file it; null: it is a case here, or the other end told of none.</param>
/// <param name="Class">Here, of one that waits; null: unknown.</param>
/// <param name="Place">The same of its place.</param>
/// <param name="Open">Forms that are in their place now; none where nothing of it was taken: a case is sent anew, not here.</param>
internal sealed record LevelThread(
    Guid Peer, string PeerName, bool Upper, Guid Ref, string? Number, LevelCase? Told, string? Waits, string? Class, string? Place, IReadOnlyList<LevelForm> Open, IReadOnlyList<LevelLine> Lines, IReadOnlyList<PhotoLine> Photos);

internal sealed class ReadLevels(StateStore state, Peers peers, DeskBook desks)
{
    private const int Most = 100;

    /// <summary>One that is filed by a press of the button: its codes are all known by now.</summary>
    private static readonly Text Known = new("编码对照已补全，可以归档。", "The crosswalk has its codes by now; it can be filed.");

    public async Task<Result<List<LevelThread>>> Run(Actor actor, CancellationToken stop)
    {
        if (!actor.Has(Roles.Engineer))
        {
            return Problems.Bureau;
        }

        var (known, desk) = ((await peers.All(stop)).ToDictionary(p => p.Id), await desks.Now(stop));
        Dictionary<Guid, Crosswalk> codes = [];
        var threads = await state.Read(
            $"""
             SELECT m.peer, m.ref, MAX(c.number), MAX(m.at) FROM level_message m LEFT JOIN level_case c ON c.peer = m.peer AND c.ref = m.ref
             GROUP BY m.peer, m.ref ORDER BY CASE WHEN MAX(c.number) IS NULL THEN 0 ELSE 1 END, 4 DESC LIMIT {Most}
             """,
            r => (Peer: Guid.Parse(r.GetString(0)), Ref: Guid.Parse(r.GetString(1)), Number: r.IsDBNull(2) ? null : r.GetString(2)), stop);
        List<LevelThread> all = [];
        foreach (var (id, @ref, number) in threads)
        {
            var (peer, messages) = (known[id], await state.Read(LevelLog.Of(id, @ref), LevelLog.Row, stop));
            var taken = LevelLog.Taken(messages, peer);
            var told = messages.Where(m => m.Came && m.State != LevelState.Rejected).Select(m => m.Message.Case).FirstOrDefault(c => c is not null);
            var walk = codes.TryGetValue(id, out var read) ? read : codes[id] = new(await state.Read(Crosswalk.Of(id), Crosswalk.Row, stop));
            var filing = number is null && messages.Exists(m => m is { Came: true, State: LevelState.Taken } && m.Message.Case is not null) ? walk.File(told!, desk) : null;
            all.Add(new(
                id, peer.Name, peer.Upper, @ref, number, told, filing is null ? null : (filing.Lacks?.What ?? Known).ToString(), filing?.Class, filing?.Place,
                peer.Ended is null && taken.Count > 0 ? [.. Enum.GetValues<LevelForm>().Where(f => LevelForms.Fits(f, !peer.Upper, taken))] : [],
                [.. messages.Select(m => new LevelLine(m.Came, m.Seq, m.Form, LevelForms.Title(m.Form).ToString(), m.State, m.Message.Said.ToString(), m.Message.Stars, m.At, m.Attempts, m.Receipt is not null, KeptText.Shown(m.Note)))],
                await Photos(id, @ref, stop)));
        }

        return all;
    }

    private Task<List<PhotoLine>> Photos(Guid peer, Guid @ref, CancellationToken stop) => state.Read(
        $"SELECT came, seq, place, state, have, size, note FROM level_photo WHERE peer = {peer.ToString("D")} AND ref = {@ref.ToString("D")} ORDER BY came, seq, place",
        r => new PhotoLine(r.GetInt64(0) == 1, r.GetInt64(1), r.GetInt64(2), Enum.Parse<LevelState>(r.GetString(3)), r.GetInt64(4), r.GetInt64(5), KeptText.Shown(r.IsDBNull(6) ? null : r.GetString(6))), stop);
}
