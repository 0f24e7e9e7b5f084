// The photos that follow forms between levels, read and written inside the transaction of all that is committed with them.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Consulting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Levels;

internal static class PhotoLog
{
    /// <summary>Photos of a case that neither came from the peer nor went to it, as the form names them, each with its place in the case. What departments lay before a consultation stays in the city.</summary>
    public static async Task<List<(LevelPhoto Told, long Place)>> NewPhotos(this CaseSession session, Guid peer, Guid @ref, Guid caseId, CancellationToken stop)
    {
        var rows = await session.Connection.Rows(
            session.Transaction,
            $"""
             SELECT place, body FROM case_photo WHERE case_id = {caseId.ToString("D")}
               AND place NOT IN (SELECT photo FROM level_photo WHERE peer = {peer.ToString("D")} AND ref = {@ref.ToString("D")} AND photo IS NOT NULL)
               AND place NOT IN (SELECT {TakeConsult.PhotoPlace(0)} + seq FROM case_event WHERE case_id = {caseId.ToString("D")} AND act = {DecideConsult.Act(ConsultStep.Material)})
             ORDER BY place LIMIT {LevelPhoto.Most}
             """,
            r => (Place: r.GetInt64(0), Body: r.GetFieldValue<byte[]>(1)), stop).ToListAsync(stop);
        return [.. rows.Select((row, i) => (new LevelPhoto(i + 1, LevelLog.Digest(row.Body), row.Body.Length, "image/jpeg"), row.Place))];
    }

    /// <summary>Keeps that a form names a photo: the receiver takes no other.</summary>
    /// <param name="photo">Its place in the case here; null for one that is to come.</param>
    public static Task<int> Name(this CaseSession session, LevelMessage message, LevelPhoto told, bool came, long? photo, DateTimeOffset now, CancellationToken stop) => session.Connection.Execute(
        session.Transaction,
        $"""
         INSERT INTO level_photo (peer, ref, came, seq, place, digest, size, have, state, photo, attempts, due_at)
         VALUES ({message.Link.ToString("D")}, {message.Ref.ToString("D")}, {(came ? 1L : 0L)}, {message.Seq}, {(long)told.Place}, {told.Digest}, {told.Size}, 0, {nameof(LevelState.Waiting)}, {photo}, 0, {now.ToStored()})
         """,
        stop);

    /// <summary>Photos that came before there was a case, in their order.</summary>
    public static async Task<List<(long Seq, long Place, byte[] Jpeg)>> Loose(this CaseSession session, Guid peer, Guid @ref, CancellationToken stop) => await session.Connection.Rows(
        session.Transaction,
        $"SELECT seq, place, body FROM level_photo WHERE peer = {peer.ToString("D")} AND ref = {@ref.ToString("D")} AND came = 1 AND state = 'Taken' AND photo IS NULL AND body IS NOT NULL ORDER BY seq, place",
        r => (r.GetInt64(0), r.GetInt64(1), r.GetFieldValue<byte[]>(2)), stop).ToListAsync(stop);

    public static Task<int> Placed(this CaseSession session, PartHead head, long? photo, byte[]? body, CancellationToken stop) => session.Connection.Execute(
        session.Transaction,
        $"""
         UPDATE level_photo SET state = {nameof(LevelState.Taken)}, have = size, photo = {photo}, body = {body}
         WHERE peer = {head.Link.ToString("D")} AND ref = {head.Ref.ToString("D")} AND came = 1 AND seq = {head.Seq} AND place = {head.Place}
         """,
        stop);

    public static Task<int> Refuse(this CaseSession session, PartHead head, string code, CancellationToken stop) => session.Connection.Execute(
        session.Transaction,
        $"""
         UPDATE level_photo SET state = {nameof(LevelState.Rejected)}, note = {code}
         WHERE peer = {head.Link.ToString("D")} AND ref = {head.Ref.ToString("D")} AND came = 1 AND seq = {head.Seq} AND place = {head.Place}
         """,
        stop);

    public static Task<int> Forget(this CaseSession session, PartHead head, CancellationToken stop) => session.Connection.Execute(
        session.Transaction, $"DELETE FROM level_part WHERE peer = {head.Link.ToString("D")} AND ref = {head.Ref.ToString("D")} AND seq = {head.Seq} AND place = {head.Place}", stop);

    /// <summary>Puts a photo into a case that is there; an event of the case tells of it.</summary>
    /// <returns>Its place, or why it is not there.</returns>
    public static async Task<Result<long>> Attach(this CaseSession session, CaseWhole whole, Peer peer, byte[] jpeg, DateTimeOffset now, CancellationToken stop)
    {
        var decided = Decide.Told(whole, "level-in", new Text($"{peer.Name}：照片", $"{peer.Name}: photo"), now);
        var place = TakeConsult.PhotoPlace(decided.Events[0].Seq);
        var events = decided.Events.Select(e => e with { Detail = e.Detail with { Photo = place } }).ToList();
        var late = await session.Write(whole, decided.After, events, Actor.System, new("case.level-in", whole.File.Number, Evidence.Done, new { peer.Id, photo = place }), stop);
        session.Put($"INSERT INTO case_photo (case_id, place, body) VALUES ({whole.File.Id.ToString("D")}, {place}, {jpeg})");
        return late is null ? place : late;
    }
}
