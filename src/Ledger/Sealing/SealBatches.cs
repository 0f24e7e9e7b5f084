// In: entries no seal covers yet. Out: a batch: the root of their Merkle tree in a signed, time-stamped statement that names the one before.
// Signing and stamping happen before anything is written and hold up nobody; one short transaction makes the batch be. Seals nothing past a gap.
using System.Data.Common;
using System.Text;
using Lizhou.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lizhou.Ledger.Sealing;

internal sealed class SealBatches(StateStore state, Chain chain, Suite suite, Signer signer, Stamper stamper, Watermark watermark, TimeProvider clock, ILogger<SealBatches> log)
    : BackgroundService
{
    public const int Most = 4096;

    /// <summary>An entry waits no longer than this for its seal.</summary>
    public static readonly TimeSpan OldestUnsealed = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim one = new(1);

    /// <summary>Seals full batches, and a part of one when its first entry is old enough.</summary>
    /// <param name="all">Whether to seal what there is, however young.</param>
    /// <returns>How many batches were sealed.</returns>
    public async Task<int> Run(bool all, CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
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

    private async Task<bool> Next(bool all, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var before = await Batch.Newest(connection, null, stop);
        var first = (before?.Last ?? 0) + 1;
        if (!await Due(connection, first, all, stop))
        {
            return false;
        }

        var leaves = await Batch.Leaves(connection, first, Most, stop);
        if (leaves.Length == 0)
        {
            return false; // a gap: the check tells
        }

        var statement = new Statement(
            (before?.Number ?? 0) + 1, first, first + leaves.Length - 1, suite.Name, Convert.ToHexStringLower(MerkleTree.Root(suite, leaves)),
            before?.Statement?.Root ?? "", before is null ? "" : suite.Hex(before.Signed), clock.GetUtcNow().ToStored(), Signer.Fingerprint(signer.Certificate));
        var bytes = statement.Bytes();
        var signature = signer.Sign(bytes);
        var stamp = await stamper.Make(signature, stop);
        var batch = new Batch(statement.Batch, first, statement.Last, Encoding.UTF8.GetString(bytes), signature, stamp.Response, stamp.BuiltIn, clock.GetUtcNow());
        if (!await Keep(connection, batch, stop))
        {
            return true; // another node was faster; go on after its batch
        }

        watermark.Raise(batch);
        return true;
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

    private async Task<bool> Keep(DbConnection connection, Batch batch, CancellationToken stop)
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
