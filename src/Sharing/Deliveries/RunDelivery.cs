// In: a delivery that is due or was asked for. Out: an attempt in its history. The rows pass the gate, which writes the evidence before they leave; counts, place
// and use are committed together at each step, so that after a crash the next attempt begins where the last one ended.
using System.Data.Common;
using Lizhou.Contracts;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Sharing.Data;
using Lizhou.Sharing.Grants;
using Lizhou.Sharing.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;

namespace Lizhou.Sharing.Deliveries;

/// <summary>An attempt under way.</summary>
/// <param name="Actor">The receiving unit: it sees here what it sees at every other exit.</param>
/// <param name="Aside">For the rows that are to leave: no more than the day's quota leaves.</param>
/// <param name="Reach">Keeps what was handed over and how far that is, at once: what comes after a failure begins there.</param>
internal sealed record Handover(Delivery Delivery, Run Run, SharedGrant Grant, Actor Actor, Aside Aside, Func<Handed, Task> Reach);

/// <summary>What was handed over.</summary>
/// <param name="From">Null: everything.</param>
/// <param name="Cursor">Where the next one begins.</param>
internal sealed record Handed(ChangeCounts Counts, long? From, long To, string? Cursor, long Bytes, string? Digest, long? Evidence)
{
    /// <summary>False for a file, which waits until somebody takes it.</summary>
    public bool Taken { get; init; } = true;

    public string? File { get; init; }

    public DateTimeOffset? KeepUntil { get; init; }
}

/// <summary>One way of handing over.</summary>
internal interface IDeliver
{
    DeliveryWay Way { get; }

    /// <summary>Hands over what is due, step by step. Must have the same effect when it is repeated after a crash.</summary>
    /// <returns>Whether there was anything; or why it ended early.</returns>
    Task<Result<bool>> Hand(Handover task, CancellationToken stop);
}

internal sealed class RunDelivery(
    StateStore state, SharingDb db, IEnumerable<IDeliver> ways, Quota quota, HoldToGranted hold, IWorkCalendar calendar, ILedger ledger, TimeProvider clock, ILogger<RunDelivery> log) : IJob<RunDelivery.Body>
{
    private static readonly Text Unforeseen = new("程序出错，原因在运行日志中", "The program failed; its log has the cause");

    private static readonly Text LabelIt = new("请安全管理员在“程序安全标记”中核定该交付任务的标记；其他信息项另行申请授权。", "Have the security administrator label this delivery (labels of programs), or ask for a grant of the other items.");

    internal sealed record Body(Guid Delivery, RunCause Cause);

    /// <summary>One of a key waits or runs at a time: a delivery never runs twice at once.</summary>
    public static string Key(Guid delivery) => $"delivery:{delivery:D}";

    /// <summary>The receiving unit with the label the delivery has now.</summary>
    public static Actor ActorOf(Delivery delivery) => new(Guid.Empty, delivery.Number, delivery.Unit, new HashSet<string>([Roles.Steward], StringComparer.Ordinal)) { Label = delivery.Label };

    public async Task Run(Body body, JobRun job, CancellationToken stop)
    {
        await CloseOpenRuns(body.Delivery, stop);
        var delivery = await db.Deliveries.AsNoTracking().FirstOrDefaultAsync(d => d.Id == body.Delivery, stop);
        if (delivery is null || !DeliverySteps.MayRun(delivery.State, body.Cause))
        {
            return;
        }

        var grant = await db.Grants.AsNoTracking().FirstAsync(g => g.Id == delivery.Granted, stop);
        var spent = ProcessorTime.Begin(grant);
        var now = clock.GetUtcNow();
        var run = new Run { Id = Guid.CreateVersion7(now), Delivery = delivery.Id, Granted = grant.Id, Cause = body.Cause, StartedAt = now, Result = RunResult.Running };
        db.Runs.Add(run);
        await db.SaveChangesAsync(stop);
        var actor = ActorOf(delivery);
        var aside = new Aside(quota, grant, actor);
        Problem? refusal = null;
        try
        {
            refusal = await Hand(new(delivery, run, grant, actor, aside, done => Reach(delivery, run, grant, aside, done)), stop);
        }
        catch (ProblemException refused)
        {
            refusal = refused.Problem;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            run.Result = RunResult.Interrupted;
            await End(delivery, run, grant, actor, null);
            await quota.Worked(grant, spent.Microseconds);
            throw;
        }
        catch (Exception failure)
        {
            log.LogWarning(failure, "Attempt {Run} of delivery {Delivery} failed.", run.Id, delivery.Number);
            (run.Result, run.Note) = (RunResult.Failed, KeptText.Of(Unforeseen));
        }

        if (refusal is not null)
        {
            // What else helps a caller of the data API, to choose other items, a delivery cannot do.
            refusal = refusal.Code == IChangeGate.AboveLabel ? refusal with { Todo = LabelIt } : refusal;
            (run.Result, run.Note) = (refusal.Status >= 500 ? RunResult.Failed : RunResult.Refused, KeptText.Of(refusal));
        }

        await End(delivery, run, grant, actor, refusal);
        await quota.Worked(grant, spent.Microseconds);
    }

    private async Task<Problem?> Hand(Handover task, CancellationToken stop)
    {
        if (await hold.Delivery(task.Grant, task.Delivery.Target.Way, stop) is { } held)
        {
            await quota.Refused(task.Grant, stop);
            return held;
        }

        if (await quota.Call(task.Grant, task.Actor, stop) is { } spent)
        {
            return spent;
        }

        Result<bool> handed;
        try
        {
            handed = await ways.Single(w => w.Way == task.Delivery.Target.Way).Hand(task, stop);
        }
        catch (ProblemException refused)
        {
            handed = refused.Problem;
        }
        finally
        {
            await task.Aside.End();
        }

        // What the receiver's side failed at was an attempt, and no refusal.
        if (handed.Problem is { Status: < 500 })
        {
            await quota.TurnedBack(task.Grant);
        }

        task.Run.Result = handed.Refused ? task.Run.Result : handed.Value ? RunResult.Delivered : RunResult.Nothing;
        return handed.Problem;
    }

    /// <summary>Counts, place and use in one transaction.</summary>
    private async Task Reach(Delivery delivery, Run run, SharedGrant grant, Aside aside, Handed done)
    {
        var counts = done.Counts;
        (run.Inserted, run.Changed, run.Withdrawn, run.Bytes) = (run.Inserted + counts.Inserted, run.Changed + counts.Changed, run.Withdrawn + counts.Withdrawn, run.Bytes + done.Bytes);
        (run.FromSnapshot, run.ToSnapshot, run.Digest, run.Evidence, run.Cursor) = (run.ToSnapshot is null ? done.From : run.FromSnapshot, done.To, done.Digest, done.Evidence, done.Cursor);
        (run.File, run.KeepUntil) = (done.File, done.KeepUntil);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        await db.SaveChangesAsync(CancellationToken.None);
        var (connection, current) = (db.Database.GetDbConnection(), transaction.GetDbTransaction());
        await connection.Execute(
            current, $"UPDATE sharing_delivery SET reached = {done.To}, cursor = {done.Cursor} WHERE id = {delivery.Id.ToString("D")}", CancellationToken.None);
        if (done.Taken)
        {
            await quota.Took(connection, current, grant, counts.Sum, done.Bytes, done.Cursor, CancellationToken.None);
        }

        await transaction.CommitAsync(CancellationToken.None);
        await aside.Reached(done.Taken ? counts.Sum : 0);
    }

    /// <summary>All in one transaction. What a person did to the delivery meanwhile stays.</summary>
    private async Task End(Delivery delivery, Run run, SharedGrant grant, Actor actor, Problem? refusal)
    {
        var (now, id) = (clock.GetUtcNow(), delivery.Id.ToString("D"));
        run.EndedAt = now;
        var scheduled = delivery.Cron is null ? null : await calendar.Next(delivery.Cron, delivery.WorkdaysOnly, now, CancellationToken.None);
        // A single time is over with the delivery that had it.
        var over = grant.Frequency == Frequency.Once && (run.Result == RunResult.Delivered || refusal?.Code == Problems.TakenAlready.Code);
        var granted = !over && (await db.Grants.AsNoTracking().FirstAsync(g => g.Id == grant.Id)).Holds(now);
        var next = DeliverySteps.After(
            delivery.State, delivery.Failures, run.Result, granted, now, scheduled, Later(grant, refusal, now));
        if (next.State == DeliveryState.Dead && delivery.State != DeliveryState.Dead)
        {
            db.Notify(delivery.Unit, "dead", $"{delivery.Number} {delivery.Name}", $"/deliveries/{delivery.Number}", now);
        }

        var result = run.Result is RunResult.Delivered or RunResult.Nothing ? Evidence.Done : refusal?.Code ?? run.Result.ToString();
        await db.Commit(
            ledger, actor, [new("delivery.run", delivery.Number, result, new { run = run.Id, grant = grant.Number, way = delivery.Target.Way.ToString(), rows = run.Rows, from = run.FromSnapshot, to = run.ToSnapshot })],
            CancellationToken.None, (connection, transaction) => Settle(connection, transaction, delivery, run, next, now));
    }

    /// <summary>What was refused only for now is not tried before the next day, or the next time of the grant.</summary>
    private DateTimeOffset? Later(SharedGrant grant, Problem? refusal, DateTimeOffset now) =>
        refusal?.Code == Problems.QuotaSpent.Code || refusal?.Code == Problems.QuotaShort.Code ? now.AddSeconds(quota.SecondsLeft)
        : refusal?.Code == Problems.TakenAlready.Code ? HoldToGranted.Next(grant.Frequency!.Value, clock.Today())
        : null;

    private static Task<int> Settle(DbConnection connection, DbTransaction transaction, Delivery delivery, Run run, Next next, DateTimeOffset now) => connection.Execute(
        transaction,
        $"""
         UPDATE sharing_delivery SET failures = {next.Failures}, note = {run.Note}, last_run_at = {now.ToStored()},
             next_at = CASE WHEN wanted_at > {run.StartedAt.ToStored()} AND {next.Failures} = 0 THEN {now.ToStored()} ELSE {next.Due?.ToStored()} END,
             state = CASE WHEN state = {delivery.State.ToString()} THEN {next.State.ToString()} ELSE state END
         WHERE id = {delivery.Id.ToString("D")}
         """);

    /// <summary>An attempt still open belongs to a process that died: its key was free.</summary>
    private async Task CloseOpenRuns(Guid delivery, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(
            null,
            $"""
             UPDATE sharing_run SET result = {nameof(RunResult.Interrupted)}, ended_at = {clock.GetUtcNow().ToStored()}
             WHERE delivery = {delivery.ToString("D")} AND result = {nameof(RunResult.Running)}
             """,
            stop);
    }
}
