// In: photos of forms that were taken. Out: each in parts, from where the receiver's receipt stands; what fails goes on after a pause that grows to an hour. A photo ends as taken, or rejected with the receiver's code.
using System.Text.Json;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Cases.Levels;

internal sealed class SendPhotos(StateStore state, IServiceScopeFactory scopes, TimeProvider clock) : IRounds
{
    public const int PartBytes = 128 << 10;

    /// <summary>Of one photo in one round, so that a large one lets the others go too.</summary>
    public const int PartsAtOnce = 8;

    private const int AtOnce = 40;

    private sealed record Due(Guid Peer, Guid Ref, long Seq, long Place, string Digest, long Size, long Have, int Attempts, long Photo, string Number);

    public async Task<int> Look(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var peers = scope.ServiceProvider.GetRequiredService<Peers>();
        using var call = new LevelCall(scope.ServiceProvider.GetRequiredService<IHostGuard>());
        var (now, never) = LevelCall.Due(clock.GetUtcNow());
        var due = await state.Read(
            $"""
             SELECT p.peer, p.ref, p.seq, p.place, p.digest, p.size, p.have, p.attempts, p.photo, c.number FROM level_photo p
             JOIN level_message m ON m.peer = p.peer AND m.ref = p.ref AND m.came = 0 AND m.seq = p.seq AND m.state = 'Taken'
             JOIN level_case c ON c.peer = p.peer AND c.ref = p.ref
             WHERE p.came = 0 AND p.state = 'Waiting' AND (p.due_at <= {now} OR p.due_at > {never}) ORDER BY p.due_at, p.seq, p.place LIMIT {AtOnce}
             """,
            r => new Due(Guid.Parse(r.GetString(0)), Guid.Parse(r.GetString(1)), r.GetInt64(2), r.GetInt64(3), r.GetString(4), r.GetInt64(5), r.GetInt64(6), (int)r.GetInt64(7), r.GetInt64(8), r.GetString(9)), stop);
        await LevelCall.Each(
            peers, due, p => p.Peer,
            async (peer, secret, photos, end) =>
            {
                foreach (var photo in photos)
                {
                    if (!await Send(call, peer, secret, photo, end))
                    {
                        return;
                    }
                }
            },
            stop);
        return due.Count;
    }

    /// <returns>False where the peer gave no answer that counts.</returns>
    private async Task<bool> Send(LevelCall call, Peer peer, string secret, Due photo, CancellationToken stop)
    {
        var body = (await state.Read($"SELECT p.body FROM case_photo p JOIN case_file f ON f.id = p.case_id WHERE f.number = {photo.Number} AND p.place = {photo.Photo}", r => r.GetFieldValue<byte[]>(0), stop)).FirstOrDefault();
        if (body is null || body.Length != photo.Size)
        {
            await Settle(photo, photo.Have, LevelState.Rejected, Problems.OtherPhoto.Code, TimeSpan.Zero, 0, stop);
            return true;
        }

        var have = photo.Have;
        for (var i = 0; i < PartsAtOnce; i++)
        {
            var head = new PartHead(photo.Peer, photo.Ref, photo.Seq, photo.Place, photo.Digest, have);
            byte[] part = [.. JsonSerializer.SerializeToUtf8Bytes(head, CasesDb.Json), (byte)'\n', .. body.AsSpan((int)have, (int)Math.Min(PartBytes, photo.Size - have))];
            var told = await call.Post<PartReceipt>(peer, secret, LevelRoutes.Photos, part, r => r.Ref == photo.Ref && r.Seq == photo.Seq && r.Place == photo.Place && r.Digest == photo.Digest && r.Have >= 0 && r.Have <= photo.Size, stop);
            if (told.Receipt is not { } receipt)
            {
                await Settle(photo, have, LevelState.Waiting, told.Note, LevelCall.Pause(photo.Attempts, told.Wait), photo.Attempts + 1, stop);
                return false;
            }

            have = receipt.Have;
            if (receipt.State != LevelState.Waiting)
            {
                await Settle(photo, have, receipt.State, receipt.Code, TimeSpan.Zero, photo.Attempts + 1, stop);
                return true;
            }
        }

        await Settle(photo, have, LevelState.Waiting, null, TimeSpan.Zero, 0, stop);
        return true;
    }

    private async Task Settle(Due photo, long have, LevelState end, string? note, TimeSpan pause, int attempts, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(
            null,
            $"""
             UPDATE level_photo SET have = {have}, state = {end.ToString()}, note = {note}, attempts = {attempts}, due_at = {(clock.GetUtcNow() + pause).ToStored()}
             WHERE peer = {photo.Peer.ToString("D")} AND ref = {photo.Ref.ToString("D")} AND came = 0 AND seq = {photo.Seq} AND place = {photo.Place} AND state = 'Waiting'
             """,
            stop);
    }
}
