// In: messages to be sent. Out: each case's in their order, the next only when the one before is receipted; what fails goes again after a pause that grows to an hour. A receipt counts only under the link's key, and is kept.
using System.Text;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Cases.Levels;

internal sealed class SendForms(StateStore state, IServiceScopeFactory scopes, TimeProvider clock) : IRounds
{
    private const int AtOnce = 100;

    public async Task<int> Look(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var peers = scope.ServiceProvider.GetRequiredService<Peers>();
        using var call = new LevelCall(scope.ServiceProvider.GetRequiredService<IHostGuard>());
        var (now, never) = LevelCall.Due(clock.GetUtcNow());
        var due = await state.Read(
            $"""
             SELECT m.peer, m.ref, m.came, m.seq, m.form, m.body, m.digest, m.state, m.at, m.attempts, m.receipt, m.note FROM level_message m
             WHERE m.came = 0 AND m.state IN ('Waiting', 'Parked') AND (m.due_at <= {now} OR m.due_at > {never})
               AND NOT EXISTS (SELECT 1 FROM level_message e WHERE e.peer = m.peer AND e.ref = m.ref AND e.came = 0 AND e.seq < m.seq AND e.state IN ('Waiting', 'Parked'))
             ORDER BY m.due_at LIMIT {AtOnce}
             """,
            LevelLog.Row, stop);
        await LevelCall.Each(peers, due, m => m.Peer, (peer, secret, messages, end) => Send(call, peer, secret, messages, end), stop);
        return due.Count;
    }

    private async Task Send(LevelCall call, Peer peer, string secret, IEnumerable<KeptMessage> messages, CancellationToken stop)
    {
        foreach (var message in messages)
        {
            var told = await call.Post<LevelReceipt>(peer, secret, LevelRoutes.Inbox, Encoding.UTF8.GetBytes(message.Body), r => r.Digest == message.Digest && r.Ref == message.Ref && r.Seq == message.Seq, stop);
            await Settle(message, told, stop);
            if (told.Receipt is null)
            {
                return; // One that does not answer is asked no more in this round.
            }
        }
    }

    private async Task Settle(KeptMessage message, LevelAnswer<LevelReceipt> told, CancellationToken stop)
    {
        var (end, due) = (told.Receipt?.State ?? message.State, clock.GetUtcNow() + LevelCall.Pause(message.Attempts, told.Wait));
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await connection.Execute(
            transaction,
            $"""
             UPDATE level_message SET state = {end.ToString()}, attempts = attempts + 1, due_at = {due.ToStored()}, note = {(told.Receipt is { } r ? r.Code : told.Note)},
                 receipt = COALESCE({told.Text}, receipt), signature = COALESCE({told.Signature}, signature)
             WHERE peer = {message.Peer.ToString("D")} AND ref = {message.Ref.ToString("D")} AND came = 0 AND seq = {message.Seq} AND state IN ('Waiting', 'Parked')
             """,
            stop);
        if (end == LevelState.Rejected)
        {
            await connection.Execute(
                transaction, $"UPDATE level_photo SET state = {nameof(LevelState.Rejected)}, note = {told.Receipt!.Code} WHERE peer = {message.Peer.ToString("D")} AND ref = {message.Ref.ToString("D")} AND came = 0 AND seq = {message.Seq}", stop);
        }

        await transaction.CommitAsync(stop);
    }
}
