// In: a part of a photo that a taken form names. Out: a signed receipt of how much is here; of the last part whether the photo is kept. A part that is not the next changes nothing, the receipt tells which is.
// Refuses a photo no form names; rejects, for good and with its code, one with another digest and what is no photo.
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Cases.Intake;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Levels;

/// <summary>The first line of a part, as JSON; the bytes follow it.</summary>
/// <param name="Seq">Of the form that names the photo.</param>
/// <param name="Place">In that form.</param>
/// <param name="Start">First byte of the part, 0 ….</param>
internal sealed record PartHead(Guid Link, Guid Ref, long Seq, long Place, string Digest, long Start);

/// <param name="Have">Bytes that are here: the next part starts there.</param>
/// <param name="State">Waiting, Taken or Rejected.</param>
/// <param name="Code">Why it was rejected; else null.</param>
internal sealed record PartReceipt(Guid Link, Guid Ref, long Seq, long Place, string Digest, long Have, LevelState State, string? Code);

internal sealed class TakePhoto(StateStore state, CaseWriter writer, IRefusalNotes notes, TimeProvider clock)
{
    /// <summary>Of photos of one peer that have not come whole.</summary>
    private const long MostUnderWay = 200L << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromDays(7);

    private sealed record Kept(string Digest, long Size, long Have, LevelState State, string? Note);

    public async Task<Result<byte[]>> Run(byte[] body, Peer peer, CancellationToken stop)
    {
        if (Read(body) is not var (head, part) || head.Link != peer.Id)
        {
            return Problems.NoPart;
        }

        var taken = await writer.Run<Kept>((session, all) => Take(session, head, part, clock.GetUtcNow(), all), stop);
        if (taken.Problem is null && taken.Value is { State: LevelState.Waiting } all && all.Have == all.Size)
        {
            taken = await Whole(head, peer, all, stop);
        }

        if (taken.Problem is { } refused)
        {
            await notes.Note(Actor.System, $"level.photo {peer.Id} {refused.Code}", new("level.photo", peer.Id.ToString("D"), refused.Code, new { head.Ref, head.Seq, head.Place }));
            return refused;
        }

        var kept = taken.Value;
        return JsonSerializer.SerializeToUtf8Bytes(new PartReceipt(head.Link, head.Ref, head.Seq, head.Place, kept.Digest, kept.Have, kept.State, kept.State == LevelState.Rejected ? kept.Note : null), CasesDb.Json);
    }

    private static async Task<Kept?> Find(CaseSession session, PartHead head, CancellationToken stop) => await session.Connection.Rows(
        session.Transaction,
        $"SELECT digest, size, have, state, note FROM level_photo WHERE peer = {head.Link.ToString("D")} AND ref = {head.Ref.ToString("D")} AND came = 1 AND seq = {head.Seq} AND place = {head.Place}",
        r => new Kept(r.GetString(0), r.GetInt64(1), r.GetInt64(2), Enum.Parse<LevelState>(r.GetString(3)), r.IsDBNull(4) ? null : r.GetString(4)), stop).FirstOrDefaultAsync(stop);

    private static async Task<Result<Kept>> Take(CaseSession session, PartHead head, byte[] part, DateTimeOffset now, CancellationToken stop)
    {
        await Forget(session, head.Link, now - Patience, stop);
        if (await Find(session, head, stop) is not { } kept || kept.Digest != head.Digest)
        {
            return Problems.NoPart;
        }

        if (kept.State != LevelState.Waiting || head.Start != kept.Have || part.Length == 0)
        {
            return kept; // It came before, or is not the next.
        }

        var under = Convert.ToInt64(await session.Connection.Scalar(session.Transaction, $"SELECT SUM(have) FROM level_photo WHERE peer = {head.Link.ToString("D")} AND came = 1 AND state = 'Waiting'", stop) ?? 0L, System.Globalization.CultureInfo.InvariantCulture);
        if (kept.Have + part.Length > kept.Size || under + part.Length > MostUnderWay)
        {
            return under + part.Length > MostUnderWay ? Problems.ManyPhotos : Problems.NoPart;
        }

        await session.Connection.Execute(
            session.Transaction, $"INSERT INTO level_part (peer, ref, seq, place, start, body) VALUES ({head.Link.ToString("D")}, {head.Ref.ToString("D")}, {head.Seq}, {head.Place}, {head.Start}, {part})", stop);
        await session.Connection.Execute(
            session.Transaction,
            $"UPDATE level_photo SET have = {kept.Have + part.Length}, due_at = {now.ToStored()} WHERE peer = {head.Link.ToString("D")} AND ref = {head.Ref.ToString("D")} AND came = 1 AND seq = {head.Seq} AND place = {head.Place}", stop);
        return kept with { Have = kept.Have + part.Length };
    }

    /// <summary>Photos of which no part has come for long begin anew: they hold no room from those that come.</summary>
    private static async Task Forget(CaseSession session, Guid peer, DateTimeOffset since, CancellationToken stop)
    {
        var (of, late) = (peer.ToString("D"), since.ToStored());
        await session.Connection.Execute(
            session.Transaction,
            $"""
             DELETE FROM level_part WHERE peer = {of} AND EXISTS (SELECT 1 FROM level_photo p WHERE p.peer = level_part.peer AND p.ref = level_part.ref AND p.seq = level_part.seq AND p.place = level_part.place
               AND p.came = 1 AND p.state = 'Waiting' AND p.due_at < {late})
             """,
            stop);
        await session.Connection.Execute(session.Transaction, $"UPDATE level_photo SET have = 0 WHERE peer = {of} AND came = 1 AND state = 'Waiting' AND have > 0 AND due_at < {late}", stop);
    }

    /// <summary>All of it is here. It is read and drawn as any photo before anything is kept; a program that ends in between does so again with the next part that comes.</summary>
    private async Task<Result<Kept>> Whole(PartHead head, Peer peer, Kept kept, CancellationToken stop)
    {
        using var all = new MemoryStream();
        foreach (var part in await state.Read(
            $"SELECT body FROM level_part WHERE peer = {head.Link.ToString("D")} AND ref = {head.Ref.ToString("D")} AND seq = {head.Seq} AND place = {head.Place} ORDER BY start", r => r.GetFieldValue<byte[]>(0), stop))
        {
            all.Write(part);
        }

        all.Position = 0;
        var other = Convert.ToHexStringLower(await SHA256.HashDataAsync(all, stop)) != kept.Digest;
        all.Position = 0;
        var read = other ? Problems.OtherPhoto : await Photo.Read(all, stop);
        return await writer.Run<Kept>((session, end) => Keep(session, head, peer, read, end), stop);
    }

    private async Task<Result<Kept>> Keep(CaseSession session, PartHead head, Peer peer, Result<Photo> read, CancellationToken stop)
    {
        if (await Find(session, head, stop) is not { State: LevelState.Waiting } kept)
        {
            return await Find(session, head, stop) is { } done ? done : Problems.NoPart; // The same part came twice at once.
        }

        await session.Forget(head, stop);
        if (read.Problem is { } refused)
        {
            await session.Refuse(head, refused.Code, stop);
            session.Tell(Actor.System, new("level.photo", head.Ref.ToString("D"), refused.Code, new { head.Seq, head.Place, peer.Id }));
            return kept with { State = LevelState.Rejected, Note = refused.Code };
        }

        if (await session.Number(peer.Id, head.Ref, stop) is { } number && await session.Whole(number, stop) is { } whole)
        {
            var place = await session.Attach(whole, peer, read.Value.Jpeg, clock.GetUtcNow(), stop);
            if (place.Problem is { } late)
            {
                return late;
            }

            await session.Placed(head, place.Value, null, stop);
        }
        else
        {
            await session.Placed(head, null, read.Value.Jpeg, stop);
        }

        return kept with { State = LevelState.Taken };
    }

    private static (PartHead Head, byte[] Part)? Read(byte[] body)
    {
        var line = body.AsSpan().IndexOf((byte)'\n');
        try
        {
            return line > 0 && JsonSerializer.Deserialize<PartHead>(body.AsSpan(0, line), CasesDb.Json) is { Seq: >= 1, Place: >= 1, Start: >= 0, Digest.Length: 64 } head ? (head, body[(line + 1)..]) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
