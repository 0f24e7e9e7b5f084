// In: pushes from many connections at once. Out: each one durable, then answered. One writer puts hundreds of them into a transaction, so
// that a commit with a full sync is shared; equal keys meet in it and get the same answer. Refuses when too much waits.
using System.Data.Common;
using System.Threading.Channels;
using Lizhou.Collection.Sources;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lizhou.Collection.Connectors.Push;

/// <summary>The answer to a push. The same key gets the same one, for good.</summary>
/// <param name="Rows">Rows received.</param>
internal sealed record PushReceipt(Guid Id, string Source, long Rows, DateTimeOffset ReceivedAt);

/// <param name="Fields">Names of the fields of its rows; see <see cref="PushedFields"/>.</param>
/// <param name="File">Name of a file in the push folder; null when <paramref name="Body"/> has the rows.</param>
internal sealed record PushArrival(Source Source, Actor Sender, string? Key, string Digest, long Rows, long Bytes, string Fields, byte[]? Body, string? File);

internal sealed class KeepPushes(StateStore state, ILedger ledger, SourceLimits limits, TimeProvider clock, ILogger<KeepPushes> log) : BackgroundService
{
    private const int MostAtOnce = 500;

    private readonly Channel<(PushArrival Push, TaskCompletionSource<Result<Kept>> Done)> arriving =
        Channel.CreateBounded<(PushArrival, TaskCompletionSource<Result<Kept>>)>(new BoundedChannelOptions(8192) { SingleReader = true });

    private long waitingBytes;
    private DateTimeOffset last;

    /// <param name="Again">Whether the key had been answered before; the new bytes are then not needed.</param>
    internal sealed record Kept(PushReceipt Receipt, bool Again);

    public bool Full => Interlocked.Read(ref waitingBytes) >= limits.WaitingBytes;

    /// <summary>Ends when the push is on the disk, or is refused.</summary>
    public async Task<Result<Kept>> Keep(PushArrival push, CancellationToken stop)
    {
        var done = new TaskCompletionSource<Result<Kept>>(TaskCreationOptions.RunContinuationsAsynchronously);
        return Full || !arriving.Writer.TryWrite((push, done)) ? SourceProblems.QueueFull : await done.Task.WaitAsync(stop);
    }

    /// <summary>Bytes that a batch has taken no longer wait.</summary>
    public void Taken(long bytes) => Interlocked.Add(ref waitingBytes, -bytes);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await CountWaiting(stoppingToken);
        var group = new List<(PushArrival Push, TaskCompletionSource<Result<Kept>> Done)>(MostAtOnce);
        while (await arriving.Reader.WaitToReadAsync(stoppingToken))
        {
            group.Clear();
            while (group.Count < MostAtOnce && arriving.Reader.TryRead(out var next))
            {
                group.Add(next);
            }

            try
            {
                await Write(group, stoppingToken);
            }
            catch (Exception failure)
            {
                // An error on commit means unknown: the sender repeats with its key and learns which it was.
                log.LogError(failure, "{Count} pushes could not be kept.", group.Count);
                group.ForEach(g => g.Done.TrySetException(failure));
            }
        }
    }

    private async Task Write(List<(PushArrival Push, TaskCompletionSource<Result<Kept>> Done)> group, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var answers = new List<Result<Kept>>(group.Count);
        var added = 0L;
        foreach (var (push, _) in group)
        {
            var answer = await Earlier(connection, transaction, push, stop) ?? await Insert(connection, transaction, push, stop);
            answers.Add(answer);
            added += answer is { Refused: false, Value.Again: false } ? push.Bytes : 0;
        }

        await Witness(connection, transaction, group.Zip(answers).Where(g => g.Second is { Refused: false, Value.Again: false }).Select(g => g.First.Push), stop);
        await transaction.CommitAsync(stop);
        Interlocked.Add(ref waitingBytes, added);
        foreach (var (item, answer) in group.Zip(answers))
        {
            item.Done.TrySetResult(answer);
        }
    }

    /// <summary>One line of evidence for all that one sender pushed to one source in this transaction.</summary>
    private async Task Witness(DbConnection connection, DbTransaction transaction, IEnumerable<PushArrival> added, CancellationToken stop)
    {
        foreach (var sent in added.GroupBy(p => (p.Sender.Id, Source: p.Source.Code)))
        {
            await ledger.Append(
                connection, transaction, sent.First().Sender,
                new("push.received", sent.Key.Source, "done", new { pushes = sent.Count(), rows = sent.Sum(p => p.Rows) }), stop);
        }
    }

    private static async Task<Result<Kept>?> Earlier(DbConnection connection, DbTransaction transaction, PushArrival push, CancellationToken stop)
    {
        if (push.Key is null)
        {
            return null;
        }

        await foreach (var (receipt, digest) in connection.Rows(
            transaction,
            $"SELECT id, row_count, received_at, digest FROM source_push WHERE source = {push.Source.Id.ToString()} AND idempotency_key = {push.Key}",
            r => (new PushReceipt(Guid.Parse(r.GetString(0)), push.Source.Code, r.GetInt64(1), Clock.FromStored(r.GetString(2))), r.GetString(3)), stop))
        {
            return digest == push.Digest ? new Kept(receipt, Again: true) : SourceProblems.KeyReused.With(push.Key);
        }

        return null;
    }

    private async Task<Result<Kept>> Insert(DbConnection connection, DbTransaction transaction, PushArrival push, CancellationToken stop)
    {
        // Strictly later than the one before: rows of one key replace one another, so their order counts.
        var now = clock.GetUtcNow();
        last = now > last ? now : last.AddTicks(1);
        now = last;
        var receipt = new PushReceipt(Guid.CreateVersion7(now), push.Source.Code, push.Rows, now);
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO source_push (id, source, idempotency_key, digest, row_count, bytes, fields, body, file, received_at)
             VALUES ({receipt.Id.ToString()}, {push.Source.Id.ToString()}, {push.Key}, {push.Digest}, {push.Rows}, {push.Bytes}, {push.Fields}, {push.Body}, {push.File}, {now.ToStored()})
             """,
            stop);
        return new Kept(receipt, Again: false);
    }

    private async Task CountWaiting(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var bytes = await connection.Scalar(null, $"SELECT SUM(bytes) FROM source_push WHERE batch IS NULL", stop);
        Interlocked.Add(ref waitingBytes, Convert.ToInt64(bytes ?? 0L));
    }
}
