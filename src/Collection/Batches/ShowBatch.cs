// In: the id or number of a batch. Out: the batch with its files, their mapping, its profile, timeline and progress. Refuses what the actor's unit may not see.
using System.Data.Common;
using System.Security.Claims;
using System.Text.Json;
using Lizhou.Collection.Rejects;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Collection.Batches;

/// <summary>A batch as the API tells it. <c>read = accepted + rejected + duplicate + filtered</c>.</summary>
/// <param name="Progress">While it is being loaded.</param>
internal sealed record BatchView(
    Guid Id, string Number, BatchKind Kind, Guid? Parent, string Resource, string ResourceName, int Version, string Table, Guid Unit, string? Source, string Operator,
    BatchState State, BatchProblem? Problem, DateTimeOffset ReceivedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, long? Snapshot,
    CountsView Counts, RejectCounts Rejects, long Bytes, Progress? Progress)
{
    public static BatchView Of(Batch b, Progress? progress = null) => new(
        b.Id, b.Number, b.Kind, b.Parent, b.Code, b.Name, b.Version, b.Table, b.Unit, b.SourceName, b.OperatorName, b.State,
        b.Problem is { } problem ? new(problem.Code, problem.What.ToString(), problem.Todo.ToString()) : null,
        b.ReceivedAt, b.StartedAt, b.EndedAt, b.Snapshot, CountsView.Of(b.Counts), b.Rejects, b.Bytes, progress);
}

/// <summary>Why a batch was refused, in the caller's language.</summary>
internal sealed record BatchProblem(string Code, string What, string Todo);

/// <summary>The five counts.</summary>
internal sealed record CountsView(long Read, long Accepted, long Rejected, long Duplicate, long Filtered)
{
    public static CountsView Of(BatchCounts c) => new(c.Read, c.Accepted, c.Rejected, c.Duplicate, c.Filtered);
}

/// <summary>How far a batch is.</summary>
/// <param name="Phase">What it is doing.</param>
/// <param name="Rows">Rows read so far.</param>
/// <param name="Done">Bytes done, of <paramref name="Total"/>.</param>
internal sealed record Progress(BatchPhase Phase, long Rows, long Done, long Total)
{
    public string Note() => $"{Phase} {Rows}";

    public static Progress? Of(JobView? job) =>
        job is { State: JobState.Running or JobState.Waiting } && job.Note?.Split(' ') is [var phase, var rows]
        && Enum.TryParse<BatchPhase>(phase, out var known) && long.TryParse(rows, out var read)
            ? new(known, read, job.Done, job.Total)
            : null;
}

[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<BatchPhase>))]
internal enum BatchPhase
{
    Inspecting,
    Loading,
    Committing,
}

/// <summary>Everything about a batch.</summary>
internal sealed record BatchDetail(
    BatchView Batch, IReadOnlyList<BatchFile> Files, IReadOnlyList<ItemProfile> Profile, IReadOnlyList<BatchEvent> Events, IReadOnlyList<BatchView> Replays);

/// <summary>What the values of one item look like in the rows that passed the rules.</summary>
/// <param name="Distinct">Different values, estimated within about 3 %.</param>
/// <param name="Min">Null for sensitive items.</param>
/// <param name="Resolved">Cells that were former codes and landed as today's; the file as it came keeps what was written.</param>
/// <param name="Excepted">Cells that landed although a rule fails, by a documented exception.</param>
internal sealed record ItemProfile(string Item, long Filled, long Empty, long Distinct, string? Min, string? Max, long Resolved = 0, long Excepted = 0);

internal sealed class ShowBatch(StateStore state, JobQueue jobs, ICatalog catalog)
{
    internal static async Task<Results<Ok<BatchDetail>, ProblemHttpResult>> Handle(string batch, ShowBatch show, ClaimsPrincipal who, CancellationToken stop)
    {
        var found = await show.Find(batch, Actor.From(who)!, stop);
        return found.Refused ? found.Problem!.ToHttp() : TypedResults.Ok(await show.Detail(found.Value, stop));
    }

    /// <summary>The batch by id or number, if the actor may see it. To another unit's steward it looks as if it did not exist.</summary>
    public async Task<Result<Batch>> Find(string name, Actor actor, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await BatchRows.Find(connection, null, name, stop) is { } batch && actor.ActsFor(batch.Unit) ? batch : Problems.NoBatch.With(name);
    }

    public async Task<Progress?> Progress(Batch batch, CancellationToken stop) =>
        batch is { Ended: false, Job: { } job } ? Batches.Progress.Of(await jobs.Find(job, stop)) ?? new(BatchPhase.Inspecting, 0, 0, batch.Bytes) : null;

    /// <summary>Rejected rows by item and reason; names and numbers, no values.</summary>
    public async Task<IReadOnlyList<SumView>> Reasons(Batch batch, string path, CancellationToken stop)
    {
        var card = await catalog.Published(batch.Resource, stop);
        var names = RejectPage.Items(path).ConvertAll(id => card?.Items.FirstOrDefault(i => i.Id == id)?.Name ?? "?");
        return RejectPage.Summary(path).ConvertAll(s => new SumView(s.Item ?? -1, s.Item is { } at ? names[at] : null, s.Code, s.Reason.ToString(), s.Rows));
    }

    public async Task<BatchDetail> Detail(Batch batch, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var profile = await connection.Scalar(null, $"SELECT profile FROM batch WHERE id = {batch.Id.ToString()}", stop) as string;
        var replays = await BatchRows.List(connection, null, $"WHERE parent = {batch.Id.ToString()} ORDER BY received_at", stop);
        return new(
            BatchView.Of(batch, await Progress(batch, stop)),
            await BatchRows.Files(connection, null, batch.Id, stop),
            profile is null ? [] : Json.To<List<ItemProfile>>(profile),
            await BatchRows.Events(connection, batch.Id, stop),
            [.. replays.Select(r => BatchView.Of(r))]);
    }
}
