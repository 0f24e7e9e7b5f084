// In: entries no seal covers yet. Out: a batch: the root of their Merkle tree in a signed, time-stamped statement that names the one before.
// Signing and stamping happen before anything is written and hold up nobody; one short transaction makes the batch be. What is sealed was checked first: nothing from the
// first entry on that is missing or not what its hash covers, and nothing at all while the seals are not those remembered outside the database.
using System.Data.Common;
using System.Text;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lizhou.Ledger.Sealing;

internal sealed class SealBatches(StateStore state, Chain chain, Suite suite, Signer signer, Stamper stamper, Watermark watermark, TipMark tip, TimeProvider clock, ILogger<SealBatches> log)
    : BackgroundService
{
    public const int Most = 4096;

    /// <summary>An entry waits no longer than this for its seal.</summary>
    public static readonly TimeSpan OldestUnsealed = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim one = new(1);
    private bool held;

    /// <summary>Seals full batches, and a part of one when its first entry is old enough.</summary>
    /// <param name="all">Whether to seal what there is, however young.</param>
    /// <returns>How many batches were sealed.</returns>
    public async Task<int> Run(bool all, CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            await Follow(stop);
            var done = 0;
            while (await Next(all, stop))
            {
                done++;
            }

            return done;
        }
        finally
        {
            one.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Look, clock, stoppingToken);
                await Run(all: false, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                log.LogError(failure, "A batch of the ledger could not be sealed; it is tried again.");
            }
        }
    }

    /// <summary>Whoever stops the program in an orderly way leaves its last entries remembered.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await chain.Look(CancellationToken.None);
        }
        catch (Exception failure)
        {
            log.LogError(failure, "The last entries of the ledger could not be remembered at the end.");
        }
    }

    private async Task Follow(CancellationToken stop)
    {
        if (tip.Lost)
        {
            await using var connection = await state.Open(stop);
            if (await Batch.Newest(connection, null, stop) is not null)
            {
                // No fault by itself, for a power cut can take it; that it was gone is evidence.
                await chain.Append(Actor.System, new("ledger.remembered", "ledger", Evidence.Done, new { lost = new[] { TipMark.Name } }), stop);
            }

            tip.Lost = false;
        }

        await chain.Look(stop);
    }

    private async Task<bool> Next(bool all, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var before = await Batch.Newest(connection, null, stop);
        var first = (before?.Last ?? 0) + 1;
        if (!await Due(connection, first, all, stop))
        {
            return false;
        }

        var leaves = await watermark.Holds(connection, before, stop) ? await CheckedLeaves.Read(connection, suite, first, Most, chain.Tip, stop) : [];
        Tell(leaves.Length == 0);
        if (leaves.Length == 0)
        {
            return false; // the check tells why
        }

        var statement = new Statement(
            (before?.Number ?? 0) + 1, first, first + leaves.Length - 1, suite.Name, Convert.ToHexStringLower(MerkleTree.Root(suite, leaves)),
            before?.Statement?.Root ?? "", before is null ? "" : suite.Hex(before.Signed), clock.GetUtcNow().ToStored(), Signer.Fingerprint(signer.Certificate));
        var bytes = statement.Bytes();
        var signature = signer.Sign(bytes);
        var stamp = await stamper.Make(signature, stop);
        var batch = new Batch(statement.Batch, first, statement.Last, Encoding.UTF8.GetString(bytes), signature, stamp.Response, stamp.BuiltIn, clock.GetUtcNow());
        var lost = watermark.Lost(before);
        await Keep(connection, before, batch, stop); // if another node was faster, it goes on after that one's batch
        if (lost.Count > 0)
        {
            await chain.Append(Actor.System, new("ledger.remembered", "ledger", Evidence.Done, new { lost, batch = batch.Number }), stop);
        }

        return true;
    }

    /// <summary>Once when it stops sealing, not every second.</summary>
    private void Tell(bool now)
    {
        if (now && !held)
        {
            log.LogError("The ledger is not what was written or not what is remembered: nothing is sealed. Run ./lizhou ledger verify.");
        }

        held = now;
    }

    private async Task<bool> Due(DbConnection connection, long first, bool all, CancellationToken stop)
    {
        if (await connection.Scalar(null, $"SELECT at FROM ledger_entry WHERE seq = {first}", stop) is not string at)
        {
            return false;
        }

        return all || Clock.FromStored(at) + OldestUnsealed <= clock.GetUtcNow()
            || await connection.Scalar(null, $"SELECT seq FROM ledger_entry WHERE seq = {first + Most - 1}", stop) is not null;
    }

    /// <summary>Remembers, after a loss or a set-back that somebody has looked into, the seals that are there. Their words go into the ledger with what was wrong.</summary>
    /// <returns>What was wrong; empty when nothing was, and nothing was done.</returns>
    public async Task<List<LedgerFault>> Remember(Actor actor, string reason, CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            await using var connection = await state.Open(stop);
            var newest = await Batch.Newest(connection, null, stop);
            var faults = await watermark.Faults(connection, newest, stop);
            if (await chain.Fault(connection, null, stop) is { } cut)
            {
                faults.Add(cut);
            }

            if (faults.Count > 0)
            {
                // The evidence first: without it nothing is forgotten.
                await chain.Append(actor, new("ledger.remembered", "ledger", Evidence.Done, new { reason, batch = newest?.Number, was = faults.Select(f => f.What.Zh) }), stop);
                watermark.Raise(newest);
                await chain.Accept(connection, stop);
            }

            return faults;
        }
        finally
        {
            one.Release();
        }
    }

    private async Task Keep(DbConnection connection, Batch? before, Batch batch, CancellationToken stop)
    {
        await watermark.Still.WaitAsync(stop);
        try
        {
            if (before is null)
            {
                watermark.Raise(null);
            }

            if (await Write(connection, batch, stop))
            {
                watermark.Raise(batch);
            }
        }
        finally
        {
            watermark.Still.Release();
        }
    }

    private async Task<bool> Write(DbConnection connection, Batch batch, CancellationToken stop)
    {
        await chain.Pen.WaitAsync(stop);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(stop);
            if (state.Kind == StateKind.PostgreSql)
            {
                await connection.Execute(transaction, $"LOCK TABLE ledger_batch IN EXCLUSIVE MODE", stop);
            }

            if ((await Batch.Newest(connection, transaction, stop))?.Number >= batch.Number)
            {
                return false;
            }

            await connection.Execute(
                transaction,
                $"""
                 INSERT INTO ledger_batch (number, first_seq, last_seq, statement, signature, stamp, built_in, sealed_at)
                 VALUES ({batch.Number}, {batch.First}, {batch.Last}, {batch.Text}, {batch.Signature}, {batch.Stamp}, {(batch.BuiltIn ? 1L : 0L)}, {batch.SealedAt.ToStored()})
                 """,
                stop);
            await transaction.CommitAsync(stop);
            return true;
        }
        finally
        {
            chain.Pen.Release();
        }
    }
}
