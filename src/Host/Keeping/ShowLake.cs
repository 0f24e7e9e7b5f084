// In: nothing, or the name of a task. Out: what the lake holds and how its upkeep goes; the task is started. Refuses unknown tasks.
using System.CommandLine;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;
using Lizhou.Kernel.Jobs;
using Lizhou.Kernel.Web;
using Lizhou.Lake;
using Lizhou.Lake.Maintenance;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Host.Keeping;

internal sealed class ShowLake(StateStore state, Warehouse lake, JobQueue jobs, ILedger ledger, UpkeepSettings settings, StartDueUpkeep due, TimeProvider clock)
{
    /// <param name="Schedule">Five cron fields in the city's time, or <c>-</c>.</param>
    /// <param name="State">idle, waiting, running.</param>
    /// <param name="Good">Of the last run; null before the first.</param>
    internal sealed record TaskView(
        string Task, string Schedule, string State, DateTimeOffset? Due, DateTimeOffset? Started, DateTimeOffset? Ended, bool? Good, string? Outcome);

    internal sealed record View(LakeOverview Lake, int KeepDays, int GraceHours, IReadOnlyList<TaskView> Tasks);

    /// <param name="Job">The job that does it.</param>
    internal sealed record Started(string Task, Guid Job);

    internal static async Task<Ok<View>> Handle(ShowLake show, CancellationToken stop) => TypedResults.Ok(await show.Look(stop));

    internal static async Task<Results<Accepted<Started>, ProblemHttpResult>> HandleStart(string task, ShowLake show, ClaimsPrincipal who, CancellationToken stop) =>
        await show.Start(task, Actor.From(who)!, stop) is { Refused: false } started
            ? TypedResults.Accepted("/api/v1/keeping/lake", started.Value)
            : Problems.NoUpkeep.With(task).ToHttp();

    public async Task<View> Look(CancellationToken stop)
    {
        var overview = await lake.Survey(stop);
        return new(overview, settings.KeepDays, settings.GraceHours, [.. (await Tasks(stop)).Select(t => new TaskView(
            $"{t.Task}".ToLowerInvariant(), t.Cron, t.Running ? "running" : t.Wanted is null ? "idle" : "waiting", t.Due, t.Started, t.Ended, t.Good, t.Outcome?.ToString()))]);
    }

    public async Task<List<UpkeepState>> Tasks(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        if (await UpkeepTasks.All(connection, stop) is { Count: > 0 } known)
        {
            return known;
        }

        await due.Look(stop); // before the first look of the worker
        return await UpkeepTasks.All(connection, stop);
    }

    /// <summary>Starts a task now; one that waits or runs already is left to it.</summary>
    public async Task<Result<Started>> Start(string name, Actor actor, CancellationToken stop)
    {
        if (!Enum.TryParse<UpkeepTask>(name, ignoreCase: true, out var task) || !Enum.IsDefined(task))
        {
            return Problems.NoUpkeep.With(name);
        }

        await Tasks(stop);
        var body = RunUpkeep.Body.For(task);
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await ledger.Append(connection, transaction, actor, new("lake.upkeep", $"{task}".ToLowerInvariant(), "done"), stop);
        await UpkeepTasks.Want(connection, transaction, task, clock.GetUtcNow(), stop);
        var job = await jobs.Add(connection, transaction, body, body.Key, stop: stop);
        await transaction.CommitAsync(stop);
        return new Started($"{task}".ToLowerInvariant(), job);
    }

    public static Command Command(IHostCalls host)
    {
        var start = new Option<string?>("--start") { Description = "Start one now: flush, compact, expire, sweep or verify. 立即执行" };
        start.AcceptOnlyFromAmong([.. Enum.GetNames<UpkeepTask>().Select(t => t.ToLowerInvariant())]);
        var json = CommandOutput.JsonOption();
        var command = new Command("lake", "Show the lake and its upkeep. 数据湖概况与维护") { start, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            if (parsed.GetValue(start) is { } task)
            {
                var begun = await CommandOutput.Answer(await client.PostAsync($"api/v1/keeping/lake/{Uri.EscapeDataString(task)}", null, stop), stop);
                CommandOutput.Print(parsed.GetValue(json), begun, $"已开始 started: {begun["task"]}");
                return 0;
            }

            var answer = await CommandOutput.Answer(await client.GetAsync("api/v1/keeping/lake", stop), stop);
            CommandOutput.Print(parsed.GetValue(json), answer, Words(answer));
            return 0;
        }));
        return command;
    }

    private static string Words(JsonNode answer)
    {
        var lake = answer["lake"]!;
        var lines = new List<string>
        {
            $"表 tables {lake["tables"]}, 行 rows {lake["rows"]:N0}, 文件 files {lake["files"]}, {lake["bytes"]:N0} 字节 bytes",
            $"快照 snapshots {lake["snapshots"]}, 缓冲行 buffered rows {lake["bufferedRows"]}, 旧文件 old files {lake["oldFiles"]}, 待删 to be deleted {lake["expired"]}",
        };
        lines.AddRange(answer["tasks"]!.AsArray().Select(t =>
            $"{t!["task"],-8} {t["state"],-8} 上次 last {When(t["ended"])}  下次 next {When(t["due"])}  {(t["good"]?.GetValue<bool>() == false ? "! " : "")}{t["outcome"]}"));
        return string.Join(Environment.NewLine, lines);
    }

    private static string When(JsonNode? moment) => moment is null ? "-               " : moment.GetValue<DateTimeOffset>().Shown();
}
