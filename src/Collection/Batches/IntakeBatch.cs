// In: kept files for a resource, from an actor. Out: a numbered batch and the job that loads it, both or neither.
// Refuses what has no published catalogue entry (the first gate), what belongs to another unit and what a program computes; every refusal is in the ledger.
using System.Data.Common;
using Lizhou.Collection.Landing;
using Lizhou.Collection.Rejects;
using Lizhou.Collection.Sources;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Tabular;

namespace Lizhou.Collection.Batches;

/// <summary>A file that was kept (see <see cref="Originals.Keep"/>) and what is known of it.</summary>
/// <param name="Name">As the sender calls it; a zip entry or sheet is part of <paramref name="Hints"/>.</param>
internal sealed record IntakeFile(string Name, Original Original, FileHints Hints);

/// <summary>What the sender or the source's contract tells of a file's shape. Both null: everything is guessed.</summary>
/// <param name="Shape">The source's contract; the header of the file is compared with it.</param>
/// <param name="Guesses">What the sender's preview guessed of the shape, and why; null where nobody looked.</param>
internal sealed record FileHints(FileShape? Shape = null, Hints? Hints = null, IReadOnlyList<FileGuess>? Guesses = null)
{
    public static readonly FileHints None = new();

    /// <summary>Rows we wrote ourselves, an object a line: one alone is a row too, and neither its lists nor its members are a table.</summary>
    public static FileHints Lines(FileShape? contract = null) => new(contract, new() { Path = Tabular.Hints.OneRow });
}

/// <summary>Files to bring in.</summary>
/// <param name="Resource">Code of a published resource, or a name only one has.</param>
internal sealed record Intake(string Resource, IReadOnlyList<IntakeFile> Files)
{
    /// <summary>The source they come from; null when sent by hand.</summary>
    public Guid? Source { get; init; }

    public string? SourceName { get; init; }

    public DriftPolicy Drift { get; init; } = DriftPolicy.Refuse;

    /// <summary>Header → item by the source's contract; an empty item leaves the column out.</summary>
    public IReadOnlyDictionary<string, string> Mapping { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The same key again gives the same batch; null for none.</summary>
    public string? Idempotency { get; init; }

    /// <summary>Whether the key is the sender's own: it lies in a space of its own (see <see cref="Batches.SendersKey"/>), and used again for other content it is refused and not taken for the first.</summary>
    public bool SendersKey { get; init; }

    /// <summary>The batch whose rejected rows these mend; null for a load.</summary>
    public Guid? Parent { get; init; }

    /// <summary>Of a replay: the rejected row each record mends, in the order of the records.</summary>
    public IReadOnlyList<long> Mends { get; init; } = [];

    /// <summary>Written in the batch's own transaction, with its id: what must become true together with it, e.g. how far a source was read.</summary>
    public Func<DbConnection, DbTransaction, Guid, CancellationToken, Task>? Beside { get; init; }
}

internal sealed class IntakeBatch(StateStore state, ICatalog catalog, IEnumerable<IComputedRows> computed, ILedger ledger, JobQueue jobs, TimeProvider clock)
{
    /// <summary>The first gate and the unit, before any byte is read.</summary>
    /// <param name="code">Code of a published resource, or its name where no other resource the actor sends for is called so.</param>
    public async Task<Result<ResourceCard>> Admit(string code, Actor actor, CancellationToken stop)
    {
        var found = await Called(code, actor, stop);
        if (found.Problem is { } refusal)
        {
            await ledger.Append(actor, new("collection.refused", code, refusal.Code), stop);
        }

        return found;
    }

    /// <summary>The same, looked up only: no evidence.</summary>
    public async Task<Result<ResourceCard>> Called(string code, Actor actor, CancellationToken stop)
    {
        IReadOnlyList<ResourceCard> called = await catalog.Published(code.Trim(), stop) is { } coded ? [coded] : await catalog.Named(code.Trim(), stop);
        var own = called.Where(r => actor.ActsFor(r.Unit)).ToList();
        if (own is [var only])
        {
            return await computed.MadeBy(only.Id, stop) is { } by ? Problems.Computed.With(only.Name, by) : only;
        }

        return called.Count == 0 ? Problems.NoEntry.With(code)
            : own.Count == 0 ? Problems.OtherUnit.With(code)
            : Problems.SameName.With(code, own.Count, string.Join("、", own.Select(r => r.Code)));
    }

    /// <summary>The batch a key was used for; null when it was not.</summary>
    public async Task<Batch?> Earlier(string key, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Scalar(null, $"SELECT id FROM batch WHERE idempotency = {key}", stop) is string id
            ? await BatchRows.Find(connection, null, Guid.Parse(id), stop)
            : null;
    }

    /// <summary>The numbers of the batches these keys were used for, where they were.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Earlier(IEnumerable<string> keys, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (await connection.Scalar(null, $"SELECT number FROM batch WHERE idempotency = {key}", stop) is string number)
            {
                found[key] = number;
            }
        }

        return found;
    }

    /// <summary>The numbers of the batches whose keys begin so, in their order.</summary>
    public async Task<IReadOnlyList<string>> Begun(string keys, CancellationToken stop) =>
        await state.Read($"SELECT number FROM batch WHERE idempotency LIKE {keys + "%"} ORDER BY number", r => r.GetString(0), stop);

    /// <summary>The number of the newest batch by which a table of a file has landed in a resource, however its columns were mapped; null when none has.</summary>
    public async Task<string?> Landed(string digest, FileShape table, Guid resource, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await LandedContent.SameTable(connection, digest, table, resource, stop);
    }

    /// <summary>Takes the files as one batch.</summary>
    /// <returns>The batch as received; it lands by its job.</returns>
    public async Task<Result<Batch>> Take(Intake intake, Actor actor, CancellationToken stop)
    {
        var admitted = await Admit(intake.Resource, actor, stop);
        if (admitted.Refused)
        {
            return admitted.Problem!;
        }

        if (intake.Files.Count == 0)
        {
            return Problems.NoFile;
        }

        var key = intake is { SendersKey: true, Idempotency: { } own } ? SendersKey.Kept(admitted.Value.Unit, own) : intake.Idempotency;
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (key is not null && await connection.Scalar(transaction, $"SELECT id FROM batch WHERE idempotency = {key}", stop) is string first)
        {
            var earlier = (await BatchRows.Find(connection, transaction, Guid.Parse(first), stop))!;
            return !intake.SendersKey || await Same(connection, transaction, earlier, admitted.Value, intake.Files, stop) ? earlier : SourceProblems.KeyReused.With(intake.Idempotency!);
        }

        var id = await Insert(connection, transaction, intake with { Idempotency = key }, admitted.Value, actor, stop);
        var job = await jobs.Add(connection, transaction, new LoadBatch.Body(id), $"batch:{id:D}", stop: stop);
        await connection.Execute(transaction, $"UPDATE batch SET job = {job.ToString()} WHERE id = {id.ToString()}", stop);
        var batch = (await BatchRows.Find(connection, transaction, id, stop))!;
        await BatchRows.Note(connection, transaction, id, actor.Name, BatchAct.Received, clock, new { files = intake.Files.Count, bytes = batch.Bytes }, stop);
        await ledger.Append(
            connection, transaction, actor,
            new("collection.received", batch.Number, "done", new { resource = batch.Code, files = intake.Files.Select(f => f.Original.Digest).ToList() }), stop);
        if (intake.Beside is { } beside)
        {
            await beside(connection, transaction, id, stop);
        }

        await transaction.CommitAsync(stop);
        return batch;
    }

    private static async Task<bool> Same(
        DbConnection connection, DbTransaction transaction, Batch earlier, ResourceCard resource, IReadOnlyList<IntakeFile> files, CancellationToken stop)
    {
        var came = (await BatchRows.Files(connection, transaction, earlier.Id, stop)).DistinctBy(f => f.File).Select(f => f.Digest);
        return earlier.Resource == resource.Id && came.SequenceEqual(files.Select(f => f.Original.Digest), StringComparer.Ordinal);
    }

    private async Task<Guid> Insert(DbConnection connection, DbTransaction transaction, Intake intake, ResourceCard resource, Actor actor, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var number = await NextNumber(connection, transaction, now, stop);
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO batch (id, number, kind, parent, idempotency, resource, code, name, version, table_name, unit, source, source_name, operator, operator_name,
                 drift, mapping, state, received_at, bytes, mends)
             VALUES ({id.ToString()}, {number}, {(intake.Parent is null ? BatchKind.Load : BatchKind.Replay).ToString()}, {intake.Parent?.ToString()}, {intake.Idempotency},
                 {resource.Id.ToString()}, {resource.Code}, {resource.Name}, {resource.Version}, {resource.Table}, {resource.Unit.ToString()},
                 {intake.Source?.ToString()}, {intake.SourceName}, {actor.Id.ToString()}, {actor.Name}, {intake.Drift.ToString()}, {Json.Of(intake.Mapping)},
                 {BatchState.Received.ToString()}, {now.ToStored()}, {intake.Files.Sum(f => f.Original.Bytes)},
                 {(intake.Parent is null ? null : SeqList.Write(intake.Mends))})
             """,
            stop);
        foreach (var (part, file) in intake.Files.Index())
        {
            await connection.Execute(
                transaction,
                $"""
                 INSERT INTO batch_file (batch, part, file, name, digest, bytes, hints)
                 VALUES ({id.ToString()}, {part}, {part}, {file.Name}, {file.Original.Digest}, {file.Original.Bytes}, {Json.Of(file.Hints)})
                 """,
                stop);
        }

        return id;
    }

    /// <summary>Numbers run through a day of the city without gaps: a number that was taken by a transaction that failed is given out again.</summary>
    private static async Task<string> NextNumber(DbConnection connection, DbTransaction transaction, DateTimeOffset now, CancellationToken stop)
    {
        var day = now.InCity().ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);
        var next = Convert.ToInt64(await connection.Scalar(
            transaction, $"INSERT INTO batch_number (day, last) VALUES ({day}, 1) ON CONFLICT (day) DO UPDATE SET last = batch_number.last + 1 RETURNING last", stop));
        return $"{day}-{next:D6}";
    }
}
