// In: evidence. Out: a row whose hash covers it and its predecessor, on disk when the caller goes on; callers at the same time share one commit.
// Refuses nothing; if it cannot write, every caller of that commit gets the failure and their acts do not happen.
using System.Collections.Concurrent;
using System.Data.Common;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Ledger.Sealing;
using Lizhou.Ledger.Verifying;

namespace Lizhou.Ledger;

internal sealed class Chain(StateStore state, Suite suite, TipMark mark, TimeProvider clock) : ILedger
{
    private const int MostInOneCommit = 500;
    private readonly ConcurrentQueue<Turn> queue = new();
    private int writing;

    /// <summary>Held by whoever in this process writes to the ledger's tables: SQLite lets the second one sleep, a semaphore wakes it.</summary>
    internal SemaphoreSlim Pen { get; } = new(1);

    /// <summary>The last entry known to be committed; an end of the ledger before it was cut off.</summary>
    internal (long Seq, string Hash) Tip => mark.Read();

    public Task<long> Append(Actor actor, Evidence evidence, CancellationToken stop)
    {
        var turn = new Turn(Entry.Of(actor, evidence), new(TaskCreationOptions.RunContinuationsAsynchronously), stop);
        queue.Enqueue(turn);
        Write();
        return turn.Written.Task;
    }

    public async Task<long> Append(DbConnection connection, DbTransaction transaction, Actor actor, Evidence evidence, CancellationToken stop) =>
        (await Insert(connection, transaction, [Entry.Of(actor, evidence)], stop)).Seq;

    public Task Append(DbConnection connection, DbTransaction transaction, IReadOnlyList<(Actor Actor, Evidence Evidence)> acts, CancellationToken stop) =>
        acts.Count == 0 ? Task.CompletedTask : Insert(connection, transaction, [.. acts.Select(a => Entry.Of(a.Actor, a.Evidence))], stop);

    /// <summary>Follows what others committed: those who wrote in a transaction of their own, other hosts.</summary>
    internal async Task Look(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        if (await Fault(connection, null, stop) is null)
        {
            mark.Raise(await Last(connection, null, stop));
        }
    }

    /// <summary>What is wrong with the end, held against the last entry known; null when it goes on from there.</summary>
    internal async Task<LedgerFault?> Fault(DbConnection connection, DbTransaction? transaction, CancellationToken stop)
    {
        var tip = Tip;
        var hash = tip.Seq == 0 ? "" : await connection.Scalar(transaction, $"SELECT hash FROM ledger_entry WHERE seq = {tip.Seq}", stop) as string;
        return hash == tip.Hash || tip.Seq == 0 ? null
            : hash is not null ? new(LedgerFaultKind.Edit, tip.Seq, null, Words.Rewritten.With(tip.Seq))
            : new(LedgerFaultKind.Truncation, (await Last(connection, transaction, stop)).Seq + 1, null, Words.TipGone.With(tip.Seq));
    }

    /// <summary>After somebody has answered for what is gone: the end is where it is.</summary>
    internal async Task Accept(DbConnection connection, CancellationToken stop) => mark.Set(await Last(connection, null, stop));

    internal string Hash(byte[] canonical) => Convert.ToHexStringLower(suite.Leaf(canonical));

    /// <summary>One writer at a time empties the queue; what comes while it commits goes into the next commit.</summary>
    private void Write()
    {
        if (Interlocked.CompareExchange(ref writing, 1, 0) == 0)
        {
            _ = Task.Run(async () =>
            {
                while (!queue.IsEmpty)
                {
                    await Commit();
                }

                Volatile.Write(ref writing, 0);
                if (!queue.IsEmpty)
                {
                    Write();
                }
            });
        }
    }

    private async Task Commit()
    {
        var turns = new List<Turn>();
        while (turns.Count < MostInOneCommit && queue.TryDequeue(out var turn))
        {
            // Whoever left the queue before their turn leaves no entry; later they wait for the truth.
            if (!turn.Stop.IsCancellationRequested || !turn.Written.TrySetCanceled(turn.Stop))
            {
                turns.Add(turn);
            }
        }

        if (turns.Count == 0)
        {
            return;
        }

        try
        {
            await Pen.WaitAsync(CancellationToken.None);
            try
            {
                await using var connection = await state.Open(CancellationToken.None);
                await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
                var fault = await Fault(connection, transaction, CancellationToken.None);
                var last = await Insert(connection, transaction, [.. turns.Select(t => t.Entry)], CancellationToken.None);
                await transaction.CommitAsync(CancellationToken.None);
                if (fault is null)
                {
                    mark.Raise(last);
                }
            }
            finally
            {
                Pen.Release();
            }

            turns.ForEach(t => t.Written.SetResult(t.Entry.Seq));
        }
        catch (Exception failure)
        {
            turns.ForEach(t => t.Written.TrySetException(failure));
        }
    }

    private async Task<(long Seq, string Hash)> Insert(DbConnection connection, DbTransaction transaction, Entry[] entries, CancellationToken stop)
    {
        if (state.Kind == StateKind.PostgreSql)
        {
            // SQLite has one writer; PostgreSQL needs to be told that the chain has one end.
            await connection.Execute(transaction, $"LOCK TABLE ledger_entry IN EXCLUSIVE MODE", stop);
        }

        var (seq, hash) = await Last(connection, transaction, stop);
        var now = clock.GetUtcNow();
        await using var rows = new EntryWriter(connection, transaction);
        foreach (var entry in entries)
        {
            hash = Hash(entry.Place(++seq, now).Canonical(hash));
            await rows.Add(entry, hash, stop);
        }

        await rows.Send(stop);
        return (seq, hash);
    }

    internal static async Task<(long Seq, string Hash)> Last(DbConnection connection, DbTransaction? transaction, CancellationToken stop)
    {
        await foreach (var last in connection.Rows(
            transaction, $"SELECT seq, hash FROM ledger_entry ORDER BY seq DESC LIMIT 1", r => (r.GetInt64(0), r.GetString(1)), stop))
        {
            return last;
        }

        return (0, "");
    }

    private sealed record Turn(Entry Entry, TaskCompletionSource<long> Written, CancellationToken Stop);
}
