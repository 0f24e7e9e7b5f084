// In: a lane of the upkeep. Out: every wanted task of it done, one after the other, each with its outcome and its evidence. Every task may run twice: a second
// time it finds nothing to do. A task that fails says so and waits for its next turn; it never keeps the others from theirs.
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Lake;
using Lizhou.Lake.Maintenance;

namespace Lizhou.Host.Keeping;

internal sealed class RunUpkeep(StateStore state, Warehouse lake, ILedger ledger, ILedgerCheck evidence, IPolicySeals policy, IAccountSeals accounts, UpkeepSettings settings, Settings city, TimeProvider clock, ILogger<RunUpkeep> log) : IJob<RunUpkeep.Body>
{
    private const string Author = "upkeep";

    /// <summary>The flush is short and comes often, so it does not wait for the others, which take turns: at most one worker is busy with those.</summary>
    internal sealed record Body(bool Quick)
    {
        public string Key => Quick ? "keeping:flush" : "keeping:lake";

        public static Body For(UpkeepTask task) => new(task == UpkeepTask.Flush);
    }

    public async Task Run(Body body, JobRun run, CancellationToken stop)
    {
        while (await Next(body, stop) is { } task)
        {
            var (good, outcome, did) = await Tried(task, run, stop);
            await using var connection = await state.Open(stop);
            await using var transaction = await connection.BeginTransactionAsync(stop);
            await UpkeepTasks.End(connection, transaction, task, good, outcome, clock.GetUtcNow(), stop);
            if (did)
            {
                // A flush that found nothing, every ten minutes, would only hide what matters.
                await ledger.Append(connection, transaction, Actor.System, new($"lake.{task}".ToLowerInvariant(), "lake", good ? "done" : "failed", new { outcome = outcome.En }), stop);
            }

            await transaction.CommitAsync(stop);
        }
    }

    private async Task<UpkeepTask?> Next(Body body, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var next = (await UpkeepTasks.All(connection, stop)).FirstOrDefault(t => t.Wanted is not null && Body.For(t.Task) == body)?.Task;
        if (next is { } task)
        {
            await UpkeepTasks.Begin(connection, task, clock.GetUtcNow(), stop);
        }

        return next;
    }

    private async Task<(bool Good, Text Outcome, bool Did)> Tried(UpkeepTask task, JobRun run, CancellationToken stop)
    {
        try
        {
            return await (task switch
            {
                UpkeepTask.Flush => Flush(run, stop),
                UpkeepTask.Compact => Compact(run, stop),
                UpkeepTask.Expire => Expire(stop),
                UpkeepTask.Sweep => Sweep(stop),
                _ => Verify(stop),
            });
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            log.LogError(failure, "The upkeep {Task} failed.", task);
            return (false, new Text("失败：{0}", "Failed: {0}").With(failure.Message), true);
        }
    }

    private async Task<(bool Good, Text Outcome, bool Did)> Flush(JobRun run, CancellationToken stop)
    {
        var (rows, tables, refusal) = await Each(await lake.Buffered(stop), table => lake.Flush(table, Terms("flush"), stop), run, stop);
        return Told(refusal, new Text("{1} 张表的 {0} 行已写入文件", "{0} rows of {1} tables became files").With(rows, tables), tables > 0);
    }

    private async Task<(bool Good, Text Outcome, bool Did)> Compact(JobRun run, CancellationToken stop)
    {
        var limits = new Compaction();
        var (rows, tables, refusal) = await Each(await lake.Worn(limits, settings.SmallFiles, stop), table => lake.Compact(table, limits, Terms("compact"), stop), run, stop);
        return Told(refusal, new Text("{1} 张表的 {0} 行已合并重写", "{0} rows of {1} tables were put together").With(rows, tables), tables > 0);
    }

    private async Task<(bool Good, Text Outcome, bool Did)> Expire(CancellationToken stop)
    {
        var gone = await lake.Expire(clock.GetUtcNow() - TimeSpan.FromDays(settings.KeepDays), stop);
        var count = gone.Refused ? 0 : gone.Value;
        return Told(gone.Problem, new Text("{0} 个快照已过期", "{0} snapshots expired").With(count), count > 0);
    }

    private async Task<(bool Good, Text Outcome, bool Did)> Sweep(CancellationToken stop)
    {
        var swept = await lake.Sweep(TimeSpan.FromHours(settings.GraceHours), stop);
        return swept.Problem is { } refusal
            ? Told(refusal, default, true)
            : Told(null, new Text("删除过期文件 {0} 个、无主文件 {1} 个，共 {2} 字节", "Deleted {0} expired files and {1} orphans, {2} bytes").With(swept.Value.Expired, swept.Value.Orphans, swept.Value.Bytes),
                swept.Value.Expired + swept.Value.Orphans > 0);
    }

    private async Task<(bool Good, Text Outcome, bool Did)> Verify(CancellationToken stop)
    {
        var answer = await VerifyCity.Handle(lake, evidence, policy, accounts, state, city, stop);
        return answer.Whole
            ? (true, new Text("{0} 个文件、{1} 行目录与台账全部完好", "{0} files, {1} catalog rows and the ledger are whole").With(answer.Files, answer.CatalogRows), true)
            : (false, new Text("发现 {0} 处损坏：{1}", "{0} damages: {1}").With(
                answer.Damage.Count + (answer.BrokenAt is null ? 0 : 1),
                string.Join("; ", answer.Damage.Take(3).Select(d => $"{d.Where} {d.What}").Append(answer.BrokenAt is { } entry ? $"ledger entry {entry}" : null).OfType<string>())), true);
    }

    /// <summary>Does the same to many tables. One that is gone meanwhile is passed over; the first refusal of any other is told, and the rest are done all the same.</summary>
    private async Task<(long Rows, int Tables, Problem? Refusal)> Each(IReadOnlyList<long> ids, Func<Table, Task<Result<Write>>> act, JobRun run, CancellationToken stop)
    {
        var (rows, tables, refusal) = (0L, 0, (Problem?)null);
        foreach (var (done, id) in ids.Index())
        {
            await run.Show(done, ids.Count);
            if (await lake.Get(id, stop: stop) is not { } table)
            {
                continue;
            }

            var write = await act(table);
            refusal ??= write.Problem;
            if (!write.Refused)
            {
                (rows, tables) = (rows + write.Value.RowsAdded, tables + 1);
            }
        }

        return (rows, tables, refusal);
    }

    /// <param name="did">Whether anything was changed: that is evidence, finding nothing to do is not.</param>
    private static (bool Good, Text Outcome, bool Did) Told(Problem? refusal, Text outcome, bool did) =>
        refusal is null ? (true, outcome, did) : (false, new Text($"{outcome.Zh} {refusal.What.Zh}".Trim(), $"{outcome.En} {refusal.What.En}".Trim()), true);

    private static Terms Terms(string what) => new($"{Author}:{Guid.CreateVersion7():N}", Author, what);
}
