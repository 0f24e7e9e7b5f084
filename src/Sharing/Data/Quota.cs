// In: a grant and what was taken. Out: today's use, counted; or the refusal when the day's calls or rows are spent.
using System.Data.Common;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Sharing.Grants;

namespace Lizhou.Sharing.Data;

internal sealed class Quota(StateStore state, ILedger ledger, TimeProvider clock)
{
    /// <summary>Counts the call; refuses it, with evidence, when the day is spent. The call that crosses the line of rows is still answered whole.</summary>
    public async Task<Problem?> Call(SharedGrant grant, Actor actor, CancellationToken stop)
    {
        var (id, day, now) = (grant.Id.ToString("D"), Day, clock.GetUtcNow().ToStored());
        await using var connection = await state.Open(stop);
        await connection.Execute(null, $"INSERT INTO sharing_use (granted, day, calls, rows, bytes, refused) VALUES ({id}, {day}, 0, 0, 0, 0) ON CONFLICT (granted, day) DO NOTHING", stop);
        var counted = await connection.Execute(
            null, $"UPDATE sharing_use SET calls = calls + 1 WHERE granted = {id} AND day = {day} AND calls < {grant.DailyCalls} AND rows < {grant.DailyRows}", stop);
        if (counted == 1)
        {
            await connection.Execute(null, $"UPDATE sharing_grant SET used_at = {now} WHERE id = {id}", stop);
            return null;
        }

        await connection.Execute(null, $"UPDATE sharing_use SET refused = refused + 1 WHERE granted = {id} AND day = {day}", stop);
        var refusal = Problems.QuotaSpent.With(grant.Number, $"{grant.DailyCalls} / {grant.DailyRows}");
        await ledger.Append(actor, new("data.refused", grant.Number, refusal.Code) { Exchange = new() { Grant = grant.Id, Receiver = grant.Unit, Provider = grant.Provider, Resource = grant.Resource, Purpose = grant.Purpose } }, stop);
        return refusal;
    }

    /// <summary>Rows were taken.</summary>
    /// <param name="cursor">Where the changes after them begin; null when that is not known.</param>
    public async Task Took(SharedGrant grant, long rows, long bytes, string? cursor, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await Took(connection, transaction, grant, rows, bytes, cursor, stop);
        await transaction.CommitAsync(stop);
    }

    public async Task Took(DbConnection connection, DbTransaction transaction, SharedGrant grant, long rows, long bytes, string? cursor, CancellationToken stop)
    {
        var (id, day) = (grant.Id.ToString("D"), Day);
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO sharing_use (granted, day, calls, rows, bytes, refused) VALUES ({id}, {day}, 0, {rows}, {bytes}, 0)
             ON CONFLICT (granted, day) DO UPDATE SET rows = sharing_use.rows + excluded.rows, bytes = sharing_use.bytes + excluded.bytes
             """,
            stop);
        // From the first rows on, the receiver is told when they change.
        await connection.Execute(transaction, $"UPDATE sharing_grant SET noticed = {cursor} WHERE id = {id} AND noticed IS NULL", stop);
    }

    public async Task Refused(SharedGrant grant, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(null, $"UPDATE sharing_use SET refused = refused + 1 WHERE granted = {grant.Id.ToString("D")} AND day = {Day}", stop);
    }

    /// <summary>Seconds until the city's midnight.</summary>
    public int SecondsLeft => (int)(TimeSpan.FromDays(1) - clock.GetUtcNow().InCity().TimeOfDay).TotalSeconds + 1;

    private string Day => clock.Today().ToString("yyyy-MM-dd");
}
