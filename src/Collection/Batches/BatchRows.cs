// Batches as rows of the state database: reading them, and the lines of their history.
using System.Data.Common;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Collection.Batches;

/// <summary>What can happen to a batch, as its timeline tells it.</summary>
internal enum BatchAct
{
    Received,
    Started,
    Landed,
    Refused,
    Cancelled,
    Retried,
    Undone,
    Settled,
}

/// <summary>A line of the timeline.</summary>
/// <param name="Detail">JSON of the values in its sentence.</param>
internal sealed record BatchEvent(DateTimeOffset At, string Actor, BatchAct Act, string Detail);

internal static class BatchRows
{
    // The columns that Read expects, in its order.
    private const string Columns =
        """
        id, number, kind, parent, resource, code, name, version, table_name, unit, source, source_name, operator, operator_name, drift, state, problem, job,
        received_at, started_at, ended_at, snapshot, accepted, rejected, duplicate, filtered, net, bytes, open, mended, withdrawn, explained, reject_digest
        """;

    public static Task<Batch?> Find(DbConnection connection, DbTransaction? transaction, Guid id, CancellationToken stop) =>
        One(connection, transaction, $"WHERE id = {id.ToString()}", stop);

    /// <summary>By id or number.</summary>
    public static Task<Batch?> Find(DbConnection connection, DbTransaction? transaction, string name, CancellationToken stop) =>
        Guid.TryParse(name, out var id) ? Find(connection, transaction, id, stop) : One(connection, transaction, $"WHERE number = {name.Trim()}", stop);

    /// <summary>Batches under a condition and order, which may hold parameters.</summary>
    public static async Task<List<Batch>> List(DbConnection connection, DbTransaction? transaction, FormattableString where, CancellationToken stop)
    {
        var sql = System.Runtime.CompilerServices.FormattableStringFactory.Create($"SELECT {Columns} FROM batch {where.Format}", where.GetArguments());
        var found = new List<Batch>();
        await foreach (var batch in connection.Rows(transaction, sql, Read, stop))
        {
            found.Add(batch);
        }

        return found;
    }

    public static async Task<List<BatchFile>> Files(DbConnection connection, DbTransaction? transaction, Guid batch, CancellationToken stop)
    {
        var files = new List<BatchFile>();
        await foreach (var file in connection.Rows(
            transaction,
            $"""
             SELECT part, file, name, digest, bytes, hints, shape, guesses, columns, content, same_as, rows_read, rejected
             FROM batch_file WHERE batch = {batch.ToString()} ORDER BY part
             """,
            ReadFile, stop))
        {
            files.Add(file);
        }

        return files;
    }

    public static async Task<List<BatchEvent>> Events(DbConnection connection, Guid batch, CancellationToken stop)
    {
        var events = new List<BatchEvent>();
        await foreach (var line in connection.Rows(
            null, $"SELECT at, actor, act, detail FROM batch_event WHERE batch = {batch.ToString()} ORDER BY id",
            r => new BatchEvent(Clock.FromStored(r.GetString(0)), r.GetString(1), Enum.Parse<BatchAct>(r.GetString(2)), r.GetString(3)), stop))
        {
            events.Add(line);
        }

        return events;
    }

    public static Task Note(DbConnection connection, DbTransaction? transaction, Guid batch, string actor, BatchAct act, TimeProvider clock, object detail, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        return connection.Execute(
            transaction,
            $"""
             INSERT INTO batch_event (id, batch, at, actor, act, detail)
             VALUES ({Guid.CreateVersion7(now).ToString()}, {batch.ToString()}, {now.ToStored()}, {actor}, {act.ToString()}, {Json.Of(detail)})
             """,
            stop);
    }

    private static async Task<Batch?> One(DbConnection connection, DbTransaction? transaction, FormattableString where, CancellationToken stop) =>
        await List(connection, transaction, where, stop) is [var batch] ? batch : null;

    private static Batch Read(DbDataReader r) => new(
        Guid.Parse(r.GetString(0)), r.GetString(1), Enum.Parse<BatchKind>(r.GetString(2)), Id(r, 3), Guid.Parse(r.GetString(4)), r.GetString(5), r.GetString(6),
        (int)r.GetInt64(7), r.GetString(8), Guid.Parse(r.GetString(9)), Id(r, 10), Text(r, 11), Guid.Parse(r.GetString(12)), r.GetString(13),
        Enum.Parse<DriftPolicy>(r.GetString(14)), Enum.Parse<BatchState>(r.GetString(15)), Text(r, 16) is { } problem ? Json.To<Problem>(problem) : null, Id(r, 17),
        Clock.FromStored(r.GetString(18)), Moment(r, 19), Moment(r, 20), r.IsDBNull(21) ? null : r.GetInt64(21), Counts(r, 22), r.GetInt64(26), r.GetInt64(27),
        new(r.GetInt64(28), r.GetInt64(29), r.GetInt64(30), r.GetInt64(31)), Text(r, 32));

    private static BatchFile ReadFile(DbDataReader r) => new(
        (int)r.GetInt64(0), (int)r.GetInt64(1), r.GetString(2), r.GetString(3), r.GetInt64(4), Json.To<FileHints>(r.GetString(5)), Text(r, 6),
        Text(r, 7) is { } guesses ? Json.To<List<FileGuess>>(guesses) : [], Text(r, 8) is { } columns ? Json.To<ColumnMatch>(columns) : null, Text(r, 9), Text(r, 10),
        r.GetInt64(11), r.GetInt64(12));

    private static BatchCounts Counts(DbDataReader r, int from) => new(r.GetInt64(from), r.GetInt64(from + 1), r.GetInt64(from + 2), r.GetInt64(from + 3));

    private static string? Text(DbDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);

    private static Guid? Id(DbDataReader r, int column) => r.IsDBNull(column) ? null : Guid.Parse(r.GetString(column));

    private static DateTimeOffset? Moment(DbDataReader r, int column) => r.IsDBNull(column) ? null : Clock.FromStored(r.GetString(column));
}
