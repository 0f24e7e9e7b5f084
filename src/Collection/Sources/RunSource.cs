// In: a source that is due or was asked to run. Out: a run in its history: delivered as a batch, nothing new, or why not.
// A run that fails leaves nothing behind; the next one starts from the same watermark after a growing pause.
using System.Data.Common;
using System.Text.Json;
using Lizhou.Collection.Batches;
using Lizhou.Collection.Connectors;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Lizhou.Collection.Sources;

internal sealed class RunSource(
    StateStore state, SourcesDb db, IEnumerable<IPull> pulls, DeliverFile deliver, Settings settings, TimeProvider clock, ILogger<RunSource> log) : IJob<RunSource.Body>
{
    internal sealed record Body(Guid Source, RunCause Cause);

    /// <summary>One of a key waits or runs at a time: a source never runs twice at once.</summary>
    public static string Key(Guid source) => $"source:{source:D}";

    public async Task Run(Body body, JobRun job, CancellationToken stop)
    {
        await CloseOpenRuns(body.Source, stop);
        var source = await db.Sources.FirstOrDefaultAsync(s => s.Id == body.Source, stop);
        if (source is null || !source.Pulls || (source.State == SourceState.Paused && body.Cause != RunCause.Hand))
        {
            return;
        }

        var run = new SourceRun { Id = Guid.CreateVersion7(clock.GetUtcNow()), Source = source.Id, Cause = body.Cause, StartedAt = clock.GetUtcNow(), Result = RunResult.Running };
        db.Runs.Add(run);
        await db.SaveChangesAsync(stop);
        try
        {
            await Pull(source, run, job, stop);
        }
        catch (ProblemException refusal)
        {
            Failed(source, run, RunResult.Failed, refusal.Problem.ToString());
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            log.LogError(failure, "The run {Run} of source {Source} failed.", run.Id, source.Code);
            Failed(source, run, RunResult.Failed, failure.Message);
        }
        catch (OperationCanceledException)
        {
            Failed(source, run, RunResult.Interrupted, null);
            throw;
        }
        finally
        {
            await End(source, run);
        }
    }

    private async Task Pull(Source source, SourceRun run, JobRun job, CancellationToken stop)
    {
        var path = Path.Combine(settings.Work, "pull", run.Id.ToString("N"));
        var haul = await pulls.Single(p => p.Way == source.Way).Fetch(source, path, rows => job.Show(rows, 0), stop);
        if (haul.File is null)
        {
            run.Result = RunResult.Nothing;
            source.Watermark = haul.Next ?? source.Watermark;
            Succeeded(source, run);
            return;
        }

        await using var file = haul.File;
        (run.RowCount, run.Bytes) = (file.Rows, file.Bytes);
        var name = $"{source.Name}_{clock.GetUtcNow().InCity():yyyyMMdd_HHmmss}.{(haul.Shape?.Format == Tabular.Format.Csv ? "csv" : "ndjson")}";
        var batch = await deliver.Deliver(
            source, await file.Finish(stop), name, haul.Shape?.Format == Tabular.Format.Csv ? new(haul.Shape) : FileHints.Lines(haul.Shape), $"run:{run.Id:D}", Actor.System,
            (connection, transaction, id, cancel) => Advance(connection, transaction, source.Id, haul.Next, cancel), stop);
        if (batch.Refused)
        {
            Failed(source, run, RunResult.Refused, batch.Problem!.ToString());
            return;
        }

        (run.Result, run.Batch, source.Watermark, source.LastDataAt) = (RunResult.Delivered, batch.Value.Id, haul.Next ?? source.Watermark, clock.GetUtcNow());
        Succeeded(source, run);
    }

    /// <summary>The watermark moves in the transaction that registers the batch: both or neither.</summary>
    private static async Task Advance(DbConnection connection, DbTransaction transaction, Guid source, Watermark? next, CancellationToken stop)
    {
        if (next is not null)
        {
            await connection.Execute(
                transaction, $"UPDATE source SET watermark = {JsonSerializer.Serialize(next, SourcesDb.Json)} WHERE id = {source.ToString()}", stop);
        }
    }

    private void Succeeded(Source source, SourceRun run)
    {
        run.EndedAt = clock.GetUtcNow();
        (source.Failures, source.LastNote) = (0, null);
    }

    private void Failed(Source source, SourceRun run, RunResult result, string? note)
    {
        (run.Result, run.Note, run.EndedAt) = (result, note, clock.GetUtcNow());
        if (result != RunResult.Interrupted)
        {
            source.Failures++;
            source.LastNote = note;
        }
    }

    /// <summary>Writes the end also when the job was cancelled. After failures the source rests instead of following its schedule.</summary>
    private async Task End(Source source, SourceRun run)
    {
        var now = clock.GetUtcNow();
        source.LastRunAt = now;
        var due = source.State == SourceState.Active ? source.Schedule?.Next(now, await db.Calendar(CancellationToken.None)) : null;
        source.NextAt = due is not null && source.Failures > 0 ? Healths.NextAfterFailure(source.Failures, now) : due;
        await db.SaveChangesAsync(CancellationToken.None);
        await using var connection = await state.Open(CancellationToken.None);
        if (run.Batch is { } id && await BatchRows.Find(connection, null, id, CancellationToken.None) is { State: BatchState.Refused, Problem: { } problem } batch)
        {
            await BatchEnds.Refused(connection, null, batch, problem, CancellationToken.None); // it was refused while the run still stood open
        }
    }

    /// <summary>A run still open belongs to a process that died: its key was free.</summary>
    private async Task CloseOpenRuns(Guid source, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(
            null,
            $"""
             UPDATE source_run SET result = {nameof(RunResult.Interrupted)}, ended_at = {clock.GetUtcNow().ToStored()}
             WHERE source = {source.ToString()} AND result = {nameof(RunResult.Running)}
             """,
            stop);
    }
}
