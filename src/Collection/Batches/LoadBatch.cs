// In: a received batch. Out: its rows in the landing table, its rejects in their file, its facts and evidence, all in one transaction;
// or the batch refused with the reason. Killed at any point it is run again from its originals, and what was already staged is taken over.
using Lizhou.Collection.Landing;
using Lizhou.Collection.Rejects;
using Lizhou.Collection.Sources;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Lake;
using Lizhou.Tabular;

namespace Lizhou.Collection.Batches;

internal sealed class LoadBatch(
    StateStore state, Settings settings, ICatalog catalog, Originals originals, LandingTable tables, Warehouse lake, CommitBatch commit, IColumnarFiles columnar, SourceLimits limits, IExceptions exceptions, TimeProvider clock) : IJob<LoadBatch.Body>
{
    private const int MostAttempts = 5;

    internal sealed record Body(Guid Batch);

    public async Task Run(Body body, JobRun run, CancellationToken stop)
    {
        if (await Begin(body.Batch, stop) is not (var batch, var attempts))
        {
            return;
        }

        try
        {
            if ((attempts > MostAttempts ? Problems.Failed.With(attempts) : await Load(batch, run, stop)) is { } refusal)
            {
                await commit.Refuse(batch, refusal, stop);
            }
        }
        catch (ProblemException refusal)
        {
            await commit.Refuse(batch, refusal.Problem, stop);
        }
        catch (Exception failure) when (Warehouse.IsDiskFull(failure))
        {
            await commit.Refuse(batch, LoadProblems.NoSpace, stop);
        }
        catch (Exception failure) when (attempts >= MostAttempts && !stop.IsCancellationRequested)
        {
            await commit.Refuse(batch, Problems.Failed.With(failure.Message), stop);
        }
    }

    /// <returns>Null when the batch landed.</returns>
    private async Task<Problem?> Load(Batch batch, JobRun run, CancellationToken stop)
    {
        if (await catalog.Published(batch.Resource, stop) is not { } resource)
        {
            return Problems.NoEntry.With(batch.Code);
        }

        var progress = new ShowProgress(run, batch.Bytes, clock);
        await progress.Phase(BatchPhase.Inspecting);
        var (files, mapping) = await Sent(batch, stop);
        var parts = ReadParts.Of(files, originals.PathOf, resource, batch.Drift, mapping, columnar);
        if (parts.Refused)
        {
            return parts.Problem;
        }

        var table = await tables.For(resource, stop);
        if (table.Refused)
        {
            return table.Problem;
        }

        while (true)
        {
            try
            {
                return await Load(batch, resource, table.Value, parts.Value, progress, stop);
            }
            catch (SameContentLanded)
            {
                // Once more: now the content is known and adds nothing.
            }
        }
    }

    private async Task<Problem?> Load(Batch batch, ResourceCard resource, Table table, IReadOnlyList<Part> parts, ShowProgress progress, CancellationToken stop)
    {
        var standings = await commit.AlreadyLanded(batch, resource, parts, stop);
        var some = standings.Where(s => s.Value.Some is not null).ToDictionary(s => s.Key, s => s.Value.Some!);
        var items = LoadRules.Fed(resource, parts);
        var excepted = (await exceptions.Of(resource, stop)).ToLookup(e => e.Column, StringComparer.OrdinalIgnoreCase);
        var plan = new LoadPlan(batch.Id.ToString("D"), table, Path.Combine(settings.Work, "loads", batch.Id.ToString("N")), [.. items.Select(i => LoadRules.Of(i, DateOrders.Of(i, parts), excepted[i.Column]))])
        {
            Key = [.. resource.Items.Where(i => i.Key).Select(i => i.Column)],
        };
        var governed = new GovernedLoad(lake);
        if (standings.Values.Any(s => s.Newest is not null || s.Known is not null))
        {
            // What an earlier attempt staged may be of the parts that are known by now; taken over, it would land a second time.
            governed.Clear(plan);
        }

        using var rejects = RejectFile.Create(RejectFile.PathOf(settings, batch.Id));
        var chunks = new ChunkParts(
            [.. parts.Where(p => standings[p.Index].Known is null)], some, items, Path.Combine(settings.Work, "chunks", batch.Id.ToString("N")), rejects, progress, columnar, limits);
        var outcome = await Governed(governed, plan, chunks, progress, stop);
        if (outcome.Refused)
        {
            // Nothing of a refused load is taken over by the next; where the disk was full its space is what the state needs.
            governed.Clear(plan);
            chunks.Clear();
            return outcome.Problem;
        }

        await progress.Phase(BatchPhase.Committing);
        var taken = Take(rejects, items, chunks, outcome.Value, batch.Kind == BatchKind.Replay);
        var refused = await commit.Land(new(batch, resource, table, items, parts, standings, some, outcome.Value, chunks.Left, chunks.Read, chunks.Passed, taken), stop);
        if (refused is null)
        {
            chunks.Clear();
            GovernedLoad.Forget(plan);
        }

        return refused;
    }

    private static async Task<Result<LoadOutcome>> Governed(GovernedLoad governed, LoadPlan plan, ChunkParts chunks, ShowProgress progress, CancellationToken stop)
    {
        try
        {
            return await governed.Run(plan, chunks.All(stop), progress, stop);
        }
        catch (ProblemException refusal)
        {
            return refusal.Problem;
        }
    }

    /// <summary>The rows the rules rejected, after those the reader could not read.</summary>
    private static RejectsTaken Take(RejectFile file, IReadOnlyList<ItemCard> items, ChunkParts chunks, LoadOutcome outcome, bool remember)
    {
        var index = items.Index().ToDictionary(i => i.Item.Column, i => i.Index, StringComparer.OrdinalIgnoreCase);
        var byPart = chunks.Faulty.ToDictionary();
        var records = new HashSet<long>(remember ? chunks.FaultyRecords : []);
        foreach (var reject in outcome.Rejects)
        {
            file.Add(reject.File, reject.Row, chunks.LineOf(reject.File, reject.Row), reject.Cells, [.. reject.Faults.Select(f => new RejectFault(
                f.Column is { } column ? index[column] : null, f.Problem.Code, f.Value, f.Problem.What, f.Problem.Todo))]);
            byPart[reject.File] = byPart.GetValueOrDefault(reject.File) + 1;
            if (remember)
            {
                records.Add(reject.Row);
            }
        }

        return new(file.Count, file.Seal([.. items.Select(i => i.Id)]), byPart, records);
    }

    /// <summary>Claims the batch; null when it has ended (cancelled, or landed before a crash of the job).</summary>
    private async Task<(Batch Batch, int Attempts)?> Begin(Guid id, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var attempts = await connection.Scalar(
            transaction,
            $"""
             UPDATE batch SET state = {BatchState.Loading.ToString()}, attempts = attempts + 1, started_at = COALESCE(started_at, {clock.GetUtcNow().ToStored()})
             WHERE id = {id.ToString()} AND state IN ({BatchState.Received.ToString()}, {BatchState.Loading.ToString()}) RETURNING attempts
             """,
            stop);
        if (attempts is null || await BatchRows.Find(connection, transaction, id, stop) is not { } batch)
        {
            return null;
        }

        if (Convert.ToInt32(attempts) == 1)
        {
            await BatchRows.Note(connection, transaction, id, Actor.System.Name, BatchAct.Started, clock, new { }, stop);
        }

        await transaction.CommitAsync(stop);
        return (batch, Convert.ToInt32(attempts));
    }

    /// <summary>The files as they were sent (an earlier attempt may have found several tables in one), and the source's mapping.</summary>
    private async Task<(List<BatchFile> Files, Dictionary<string, string> Mapping)> Sent(Batch batch, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var mapping = (string)(await connection.Scalar(null, $"SELECT mapping FROM batch WHERE id = {batch.Id.ToString()}", stop))!;
        return ([.. (await BatchRows.Files(connection, null, batch.Id, stop)).DistinctBy(f => f.File)], Json.To<Dictionary<string, string>>(mapping));
    }
}

/// <summary>The rejects of a batch, written and flushed.</summary>
/// <param name="Digest">Null when there are none.</param>
/// <param name="Records">Of a replay: the records rejected again.</param>
internal sealed record RejectsTaken(long Count, string? Digest, IReadOnlyDictionary<int, long> ByPart, IReadOnlySet<long> Records);
