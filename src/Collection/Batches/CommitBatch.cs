// In: what a load staged. Out: files, batch, counts, rejects, the fact and the evidence become true in one transaction of the lake; or the batch is refused.
// A batch that was cancelled meanwhile, or whose content landed meanwhile by another, is not committed.
using System.Data.Common;
using Lizhou.Collection.Landing;
using Lizhou.Collection.Rejects;
using Lizhou.Collection.Sources;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Lake;
using Lizhou.Tabular;

namespace Lizhou.Collection.Batches;

/// <summary>A batch that has been loaded and waits to be committed.</summary>
/// <param name="Standings">What was known of the content of each part; see <see cref="LandedContent"/>.</param>
/// <param name="Some">Parts of which only some records were judged.</param>
/// <param name="Left">Records of each part that are in the table already and were not judged again.</param>
/// <param name="Read">Records of each part that was read.</param>
/// <param name="Passed">Its lines that are no records; they count as filtered.</param>
internal sealed record Loaded(
    Batch Batch, ResourceCard Resource, Table Table, IReadOnlyList<ItemCard> Items, IReadOnlyList<Part> Parts, IReadOnlyDictionary<int, Standing> Standings,
    IReadOnlyDictionary<int, SomeRecords> Some, LoadOutcome Outcome, IReadOnlyDictionary<int, long> Left, IReadOnlyDictionary<int, long> Read, IReadOnlyDictionary<int, PassedOver> Passed, RejectsTaken Rejects)
{
    /// <summary>Parts whose content had landed before, with the batch that brought it.</summary>
    public IReadOnlyDictionary<int, KnownPart> Known { get; } = Standings.Where(s => s.Value.Known is not null).ToDictionary(s => s.Key, s => s.Value.Known!);

    /// <summary>The other parts: those that were read.</summary>
    public IReadOnlyList<Part> New { get; } = [.. Parts.Where(p => Standings[p.Index].Known is null)];

    /// <summary>Rows of content that had landed before count as duplicate; the rejected ones among them too, while the catalogue's version is the same.</summary>
    public BatchCounts Counts => new(
        Outcome.Counts.Accepted, Rejects.Count, Outcome.Counts.Duplicate + Left.Values.Sum() + Known.Values.Sum(k => k.Rows ?? Read.GetValueOrDefault(k.Part)), Outcome.Counts.Filtered + Passed.Values.Sum(p => p.Sum));

    /// <summary>What was guessed of a part, and what of it was passed over.</summary>
    public IReadOnlyList<FileGuess> Told(Part part)
    {
        var told = part.Guesses.ToList();
        if (Passed.GetValueOrDefault(part.Index) is { Sum: > 0 } passed)
        {
            told.Add(new("filtered", 1, new Text("过滤 {0} 行：空行 {1}，重复的表头 {2}，说明 {3}。", "{0} lines filtered: {1} blank, {2} repeated headers, {3} notes.").With(passed.Sum, passed.Blank, passed.Header, passed.Note)));
        }

        if (Left.GetValueOrDefault(part.Index) is > 0 and var left)
        {
            told.Add(new("again", 1, new Text("同一内容来过（批次 {0}）：{1} 行不必再判，计为重复。", "The same content came before (batch {0}): {1} rows need not be judged again and count as duplicate.").With(Standings[part.Index].Newest!, left)));
        }

        if (Standings[part.Index].Otherwise is { } before)
        {
            told.Add(new("twice", 1, new Text("同一文件曾以另一种读法或对应入库（批次 {0}）：两次的数据都在。不需要的请撤销。", "The same file landed before, read or mapped in another way (batch {0}): the rows of both are there. Undo the one you do not want.").With(before)));
        }

        return told;
    }
}

/// <summary>Content that is there already.</summary>
/// <param name="Rows">Rows read from it then; null when it is another part of the same batch.</param>
/// <param name="Part">That part, when it is of the same batch.</param>
internal sealed record KnownPart(string Number, long? Rows, int Part);

internal sealed class CommitBatch(StateStore state, Settings settings, Warehouse lake, ILedger ledger, TimeProvider clock)
{
    /// <summary>What is known of each part: the same bytes in the same shape may have landed for the same resource, or be another part of the batch.</summary>
    public async Task<Dictionary<int, Standing>> AlreadyLanded(Batch batch, ResourceCard resource, IReadOnlyList<Part> parts, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var known = new Dictionary<int, Standing>();
        foreach (var part in parts)
        {
            if (parts.FirstOrDefault(p => p.Index < part.Index && p.Content == part.Content) is { } twin)
            {
                known[part.Index] = new(null, known[twin.Index].Known ?? new(batch.Number, null, twin.Index), null);
            }
            else
            {
                var standing = await LandedContent.Of(connection, part.Content, resource, batch.Kind == BatchKind.Replay, settings, stop);
                known[part.Index] = standing.Newest is not null ? standing
                    : standing with { Otherwise = await LandedContent.SameTable(connection, part.Digest, part.Shape, resource.Id, stop) };
            }
        }

        return known;
    }

    public async Task<Problem?> Land(Loaded loaded, CancellationToken stop)
    {
        var terms = new Terms($"batch:{loaded.Batch.Id:D}", loaded.Batch.OperatorName, loaded.Batch.Number, (connection, transaction, write) => Along(loaded, connection, transaction, write, stop));
        var key = loaded.Resource.Items.Where(i => i.Key).Select(i => i.Column).ToList();
        terms = terms with { Small = await IsPushed(loaded.Batch, stop) };
        var write = loaded.Outcome.Files.Count == 0 ? await Alone(terms, stop)
            : key.Count > 0 ? await lake.Upsert(loaded.Table, loaded.Outcome.Files, key, terms, stop)
            : await lake.Append(loaded.Table, loaded.Outcome.Files, terms, stop);
        return write.Problem;
    }

    /// <summary>Pushes bring a few rows again and again; a file for each would soon be thousands.</summary>
    private async Task<bool> IsPushed(Batch batch, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return batch.Source is { } source && await connection.Scalar(null, $"SELECT way FROM source WHERE id = {source.ToString()}", stop) is nameof(Sources.Way.Push);
    }

    public async Task Refuse(Batch batch, Problem problem, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var won = await connection.Execute(
            transaction,
            $"""
             UPDATE batch SET state = {BatchState.Refused.ToString()}, problem = {Json.Of(problem)}, ended_at = {clock.GetUtcNow().ToStored()}, attempts = 0
             WHERE id = {batch.Id.ToString()} AND state = {BatchState.Loading.ToString()}
             """,
            stop);
        if (won == 0)
        {
            return;
        }

        await BatchRows.Note(connection, transaction, batch.Id, Actor.System.Name, BatchAct.Refused, clock, new { problem.Code }, stop);
        await BatchEnds.Refused(connection, transaction, batch, problem, stop);
        await ledger.Append(connection, transaction, Actor.System, new("collection.refused", batch.Number, problem.Code, new { resource = batch.Code }), stop);
        await transaction.CommitAsync(stop);
    }

    /// <summary>A batch without new rows leaves the lake as it is.</summary>
    private async Task<Result<Write>> Alone(Terms terms, CancellationToken stop)
    {
        var snapshot = await lake.Current(stop);
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var write = new Write("none", 0, snapshot.Id, 0, 0);
        await terms.Along!(connection, transaction, write);
        await transaction.CommitAsync(stop);
        return write;
    }

    private async Task Along(Loaded loaded, DbConnection connection, DbTransaction transaction, Write write, CancellationToken stop)
    {
        var batch = loaded.Batch;
        foreach (var part in loaded.Outcome.Files.Count > 0 ? loaded.New : [])
        {
            if (await LandedContent.Newest(connection, transaction, part.Content, stop) != loaded.Standings[part.Index].Newest)
            {
                throw new SameContentLanded();
            }
        }

        await Settle(loaded, connection, transaction, write, stop);
        await Parts(loaded, connection, transaction, stop);
        if (batch.Parent is { } parent)
        {
            await Replays.Settle(connection, transaction, batch.Id, parent, loaded.Rejects.Records, stop);
        }
        else
        {
            await JudgedAgain.Settle(connection, transaction, loaded, settings, clock, stop);
        }

        await BatchEnds.Landed(connection, transaction, batch, stop);
        var counts = loaded.Counts;
        await LandingResources.Keep(connection, transaction, loaded.Resource, stop, clock);
        await connection.Execute(
            transaction, $"UPDATE landing_resource SET last_at = {clock.GetUtcNow().ToStored()} WHERE resource = {loaded.Resource.Id.ToString()}", stop);
        await BatchRows.Note(
            connection, transaction, batch.Id, Actor.System.Name, BatchAct.Landed, clock,
            new { counts.Read, counts.Accepted, counts.Rejected, counts.Duplicate, counts.Filtered, write.Snapshot }, stop);
        await ledger.Append(
            connection, transaction, Actor.System,
            new("collection.landed", batch.Number, "done", new
            {
                resource = batch.Code, table = batch.Table, write.Snapshot, counts.Read, counts.Accepted, counts.Rejected, counts.Duplicate, counts.Filtered,
                files = loaded.Outcome.Files.Select(f => f.Digest).ToList(), rejects = loaded.Rejects.Digest,
                resolved = loaded.Outcome.Profile.Where(p => p.Resolved > 0).ToDictionary(p => p.Name, p => p.Resolved) is { Count: > 0 } former ? former : null,
                excepted = loaded.Outcome.Profile.Where(p => p.Excepted > 0).ToDictionary(p => p.Name, p => p.Excepted) is { Count: > 0 } excepted ? excepted : null,
            }), stop);
        var proposed = loaded.Parts.SelectMany(p => p.Columns.Unknown).DistinctBy(u => u.Header).Select(u => new ProposedColumn(u.Header, u.Type)).ToList();
        if (batch is { Drift: DriftPolicy.Add, Kind: BatchKind.Load } && proposed.Count > 0)
        {
            await OutboxRow.Tell(connection, transaction, new ColumnsProposed(batch.Id, batch.Number, batch.Resource, proposed), clock, stop);
        }

        await OutboxRow.Tell(connection, transaction, new BatchLanded(batch.Id, batch.Resource, batch.Table, write.Snapshot, counts), clock, stop);
    }

    private async Task Settle(Loaded loaded, DbConnection connection, DbTransaction transaction, Write write, CancellationToken stop)
    {
        var (batch, counts, now) = (loaded.Batch, loaded.Counts, clock.GetUtcNow());
        var won = await connection.Execute(
            transaction,
            $"""
             UPDATE batch SET state = {BatchState.Landed.ToString()}, problem = NULL, version = {loaded.Resource.Version}, ended_at = {now.ToStored()},
                 day = {clock.Today().ToString("yyyy-MM-dd")}, snapshot = {write.Snapshot},
                 accepted = {counts.Accepted}, rejected = {counts.Rejected}, duplicate = {counts.Duplicate}, filtered = {counts.Filtered}, rows_read = {counts.Read},
                 open = {counts.Rejected}, net = {write.RowsAdded - write.RowsRemoved}, profile = {Json.Of(Profile(loaded))}, reject_digest = {loaded.Rejects.Digest}
             WHERE id = {batch.Id.ToString()} AND state = {BatchState.Loading.ToString()}
             """,
            stop);
        if (won == 0)
        {
            // Cancelled between the last chunk and here: the lake's transaction is rolled back with this one.
            throw new OperationCanceledException($"Batch {batch.Number} has ended.");
        }
    }

    private static async Task Parts(Loaded loaded, DbConnection connection, DbTransaction transaction, CancellationToken stop)
    {
        await connection.Execute(transaction, $"DELETE FROM batch_file WHERE batch = {loaded.Batch.Id.ToString()}", stop);
        foreach (var part in loaded.Parts)
        {
            var known = loaded.Known.GetValueOrDefault(part.Index);
            var some = loaded.Some.GetValueOrDefault(part.Index);
            var read = known is null ? loaded.Read.GetValueOrDefault(part.Index) + loaded.Passed.GetValueOrDefault(part.Index).Sum : known.Rows ?? loaded.Read.GetValueOrDefault(known.Part);
            await connection.Execute(
                transaction,
                $"""
                 INSERT INTO batch_file (batch, part, file, name, digest, bytes, hints, shape, guesses, columns, content, same_as, rows_read, rejected, judged, judged_but)
                 VALUES ({loaded.Batch.Id.ToString()}, {part.Index}, {part.File}, {part.Name}, {part.Digest}, {part.Bytes}, {Json.Of(part.Hints)}, {part.Shape.ToJson()},
                     {Json.Of(loaded.Told(part))}, {Json.Of(part.Columns)}, {part.Content}, {known?.Number}, {read},
                     {loaded.Rejects.ByPart.GetValueOrDefault(part.Index)},
                     {(some is { Only: true } ? SeqList.Write(some.Numbers.Order()) : null)}, {(some is { Only: false } ? SeqList.Write(some.Numbers.Order()) : null)})
                 """,
                stop);
        }
    }

    private static List<ItemProfile> Profile(Loaded loaded) =>
    [
        .. loaded.Items.Zip(loaded.Outcome.Profile, (item, profile) =>
        {
            var rows = loaded.Outcome.Counts.Accepted + loaded.Outcome.Counts.Duplicate;
            // Values of sensitive items stay out of the profile: it is shown to whoever may see the batch.
            var shown = item.Applied <= Level.L2;
            return new ItemProfile(item.Name, Math.Max(0, rows - profile.Nulls), profile.Nulls, profile.Distinct, shown ? profile.Min : null, shown ? profile.Max : null, profile.Resolved, profile.Excepted);
        }),
    ];
}

/// <summary>Another batch brought the same content while this one was being loaded; it is loaded once more and then adds nothing.</summary>
internal sealed class SameContentLanded() : Exception("The same content landed meanwhile.");
