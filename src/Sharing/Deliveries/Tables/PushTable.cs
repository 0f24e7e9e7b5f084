// In: a table of the receiver's database. Out: it holds the rows as the grant shows them; first all of them, then what changed. How far it is stands in that database,
// in lizhou_delivery, and moves in the transaction that writes the rows: whatever dies when, each change has its effect once.
// Refuses a table that is not this delivery's, and what is more than the day's quota leaves, whole: a table half changed would be none.
using System.Data.Common;
using System.Net.Sockets;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Sharing.Requests;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Deliveries.Tables;

/// <summary>What the target says of itself.</summary>
/// <param name="Cursor">Up to where it holds the changes; null: nothing yet.</param>
internal sealed record TableState(string? Cursor, Guid Run, long Snapshot, ChangeCounts Counts, long Bytes);

internal sealed class PushTable(SharingDb db, IChangeGate gate, IHostGuard guard, Secrets secrets, Settings settings) : IDeliver
{
    public DeliveryWay Way => DeliveryWay.Push;

    public async Task<Result<bool>> Hand(Handover task, CancellationToken stop)
    {
        var target = task.Delivery.Target.Table!;
        var dialect = TableDialect.Of(target.Kind);
        try
        {
            await using var connection = await Open(dialect, target, secrets.Open(task.Delivery), stop);
            var table = new ReceiverTable(dialect, connection, target, task.Delivery.Number);
            return await table.Claim(other => Inherits(task.Delivery, other, stop), other => Over(other, stop), stop) is { } taken ? taken : await Bring(task, table, stop);
        }
        catch (Exception failure) when (failure is DbException or SocketException or TimeoutException or System.Security.Authentication.AuthenticationException
            || (failure is IOException && failure.InnerException is SocketException))
        {
            return Problems.PushFailed.With(task.Delivery.Target.Where, PushWords.Of(failure, failure is DbException refused ? dialect.Said(refused) : null));
        }
    }

    /// <summary>A delivery that was set up anew goes on with the table of the one it replaces.</summary>
    private Task<bool> Inherits(Delivery delivery, string other, CancellationToken stop) =>
        db.Deliveries.AnyAsync(d => d.Number == other && d.Granted == delivery.Granted && d.State == DeliveryState.Ended, stop);

    private Task<bool> Over(string other, CancellationToken stop) => db.Deliveries.AnyAsync(d => d.Number == other && d.State == DeliveryState.Ended, stop);

    private async Task<Result<bool>> Bring(Handover task, ReceiverTable table, CancellationToken stop)
    {
        var (grant, state) = (task.Grant, await table.State(stop));
        await Recover(task, state);
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(settings.Work, "deliveries")).FullName, $"{task.Run.Id:N}.ndjson");
        try
        {
            // Changes are of no use to a table that was dropped.
            var since = table.There ? state?.Cursor : null;
            var written = await Write(task, since, path, stop);
            if (written.Refused && since is not null && (Follow.Anew(written.Problem!) || written.Problem!.Code == "POL-013"))
            {
                (since, written) = (null, await Write(task, null, path, stop));
            }

            if (written.Refused)
            {
                return written.Problem!;
            }

            var file = written.Value;
            task.Run.Evidence = file.Evidence;
            var columns = file.Items.Select(table.Dialect.Column).ToList();
            await table.MakeTable(columns, stop);
            if (await table.Apply(path, columns, since is null, state?.Cursor, file, task.Run.Id, stop) is { } raced)
            {
                return raced;
            }

            await task.Reach(new(file.Counts, file.From, file.To, file.Cursor, file.Bytes, file.Digest, file.Evidence) { Taken = file.Counts.Sum > 0 });
            return file.Counts.Sum > 0;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>An attempt whose rows are in the target but not in our books, because this program died in between, is booked now.</summary>
    private async Task Recover(Handover task, TableState? state)
    {
        if (state?.Cursor is not null && state.Cursor != task.Delivery.Cursor && !await db.Runs.AnyAsync(r => r.Id == state.Run && r.ToSnapshot != null))
        {
            await task.Reach(new(state.Counts, task.Delivery.Reached, state.Snapshot, state.Cursor, state.Bytes, null, null));
        }
    }

    private async Task<Result<ChangeFile>> Write(Handover task, string? since, string path, CancellationToken stop)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 17, FileOptions.Asynchronous);
        return await gate.Write(new(task.Grant.Resource, task.Grant.Purpose, task.Grant.Id, since) { Room = task.Aside.Room(stop) }, file, task.Actor, stop);
    }

    private async Task<DbConnection> Open(TableDialect dialect, TableTarget target, string password, CancellationToken stop)
    {
        // The checked address itself is connected to; a certificate that must be the host's own holds the name to it otherwise.
        var addresses = await guard.Resolve(target.Host, listed: false, stop);
        var host = target.Tls == TableTls.Verified ? target.Host : addresses.OrderBy(a => a.AddressFamily).First().ToString();
        var connection = dialect.Connection(target, host, password);
        try
        {
            await connection.OpenAsync(stop);
            await ReceiverTable.Run(connection, null, dialect.Session, stop);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
