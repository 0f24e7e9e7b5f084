// In: rows of a log in any order. Out: its cases, the first reported first, each with its events in the order of time. Kept in a file of the work folder meanwhile: memory does not grow with the log.
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Lizhou.Kernel;

namespace Lizhou.Cases.Importing;

/// <summary>A row that can be placed.</summary>
internal sealed record LogLine(DateTimeOffset At, long Line, IReadOnlyList<string?> Cells);

/// <param name="Start">When it was reported, as the log has it, and never after its first event.</param>
internal sealed record LogCase(string Key, DateTimeOffset Start, IReadOnlyList<LogLine> Lines);

internal sealed class StagedLog : IAsyncDisposable
{
    private const int LongestKey = 200;
    private const int AtOnce = 50_000;
    private readonly string path;
    private readonly StateStore store;

    private StagedLog(string path)
    {
        this.path = path;
        store = new(path);
    }

    public long Cases { get; private set; }

    /// <param name="now">Times after it are not believed.</param>
    /// <param name="read">Told now and then how many rows were read.</param>
    public static async Task<StagedLog> Fill(LogFile log, LogMap map, string path, DateTimeOffset now, ImportTally tally, Func<Task> read, CancellationToken stop)
    {
        var staged = new StagedLog(path);
        try
        {
            await using var connection = await staged.store.Open(stop);
            // What is lost with a power cut is read again; what must be sorted goes to the disk.
            await connection.Execute(null, $"PRAGMA journal_mode = OFF", stop);
            await connection.Execute(null, $"PRAGMA synchronous = OFF", stop);
            await connection.Execute(null, $"CREATE TABLE line (key TEXT NOT NULL, at INTEGER NOT NULL, start INTEGER NOT NULL, rank INTEGER NOT NULL, line INTEGER NOT NULL, digest BLOB NOT NULL, cells TEXT NOT NULL)", stop);
            await Take(connection, log, map, now, tally, read, stop);
            await connection.Execute(null, $"PRAGMA temp_store = FILE", stop);
            await connection.Execute(null, $"CREATE TABLE turn (key TEXT NOT NULL PRIMARY KEY, start INTEGER NOT NULL)", stop);
            await connection.Execute(null, $"INSERT INTO turn (key, start) SELECT key, MIN(start) FROM line GROUP BY key", stop);
            await connection.Execute(null, $"CREATE INDEX line_key ON line (key, at, rank, line)", stop);
            await connection.Execute(null, $"CREATE UNIQUE INDEX turn_start ON turn (start, key)", stop);
            staged.Cases = Convert.ToInt64(await connection.Scalar(null, $"SELECT COUNT(*) FROM turn", stop), CultureInfo.InvariantCulture);
            return staged;
        }
        catch
        {
            await staged.DisposeAsync();
            throw;
        }
    }

    /// <summary>By the time they were reported, then by their number.</summary>
    public async IAsyncEnumerable<LogCase> InTurn(ImportTally tally, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await using var connection = await store.Open(stop);
        await connection.Execute(null, $"PRAGMA temp_store = FILE", stop);
        var (key, start, lines, digests) = ("", 0L, new List<LogLine>(), new HashSet<string>(StringComparer.Ordinal));
        await foreach (var (of, began, line, digest) in connection.Rows(
            null, $"SELECT t.key, t.start, l.at, l.line, l.digest, l.cells FROM turn t CROSS JOIN line l ON l.key = t.key ORDER BY t.start, t.key, l.at, l.rank, l.line", Read, stop))
        {
            if (of != key && lines.Count > 0)
            {
                yield return new(key, Moment(start), lines);
                (lines, digests) = ([], new(StringComparer.Ordinal));
            }

            (key, start) = (of, began);
            if (digests.Add(digest))
            {
                tally.OutOfOrder += lines.Count > 0 && line.Line < lines[^1].Line ? 1 : 0;
                lines.Add(line);
            }
            else
            {
                tally.Duplicate++;
            }
        }

        if (lines.Count > 0)
        {
            yield return new(key, Moment(start), lines);
        }
    }

    public ValueTask DisposeAsync()
    {
        store.Dispose();
        foreach (var file in new[] { path, path + "-wal", path + "-shm", path + "-journal" })
        {
            File.Delete(file);
        }

        return ValueTask.CompletedTask;
    }

    private static async Task Take(DbConnection connection, LogFile log, LogMap map, DateTimeOffset now, ImportTally tally, Func<Task> read, CancellationToken stop)
    {
        await using var insert = connection.Command(null, $"INSERT INTO line (key, at, start, rank, line, digest, cells) VALUES ({""}, {0L}, {0L}, {0L}, {0L}, {Array.Empty<byte>()}, {""})");
        var transaction = await connection.BeginTransactionAsync(stop);
        try
        {
            foreach (var row in log.Rows())
            {
                tally.Read++;
                if (Placed(row, map, now, tally) is { } values)
                {
                    insert.Transaction = transaction;
                    for (var i = 0; i < values.Length; i++)
                    {
                        insert.Parameters[i].Value = values[i];
                    }

                    await insert.ExecuteNonQueryAsync(stop);
                }

                if (tally.Read % AtOnce == 0)
                {
                    await transaction.CommitAsync(stop);
                    await transaction.DisposeAsync();
                    transaction = await connection.BeginTransactionAsync(stop);
                    await read();
                }
            }

            await transaction.CommitAsync(stop);
        }
        finally
        {
            await transaction.DisposeAsync();
        }
    }

    private static object[]? Placed(LogRow row, LogMap map, DateTimeOffset now, ImportTally tally)
    {
        if (row.Fault is { } fault)
        {
            tally.Reject(fault, row.Line);
            return null;
        }

        if (map.Lifecycle is { } life && map.Value(row.Cells, life.Column) is { } word && !life.Known!.ContainsKey(word))
        {
            tally.Passed++;
            return null;
        }

        var (key, time) = (map.Value(row.Cells, map.Case), map.Value(row.Cells, map.Time));
        var at = time is null ? null : map.Moment(time);
        var why = key is null ? new Text("没有事件号", "no number of a case") : key.Length > LongestKey ? new("事件号超过 200 字", "a case's number of more than 200 characters")
            : time is null ? new("没有时间", "no time") : at is null ? new("时间不合格式", "a time in none of the formats")
            : at > now.AddDays(1) ? new("时间在将来", "a time in the future") : at < DateTimeOffset.UnixEpoch ? new("时间早于 1970 年", "a time before 1970") : (Text?)null;
        if (why is { } reason)
        {
            tally.Reject(reason.ToString(), row.Line);
            return null;
        }

        var opened = map.Value(row.Cells, map.Opened) is { } told && map.Moment(told) is { } moment && moment < at && moment >= DateTimeOffset.UnixEpoch ? moment : at!.Value;
        var rank = map.Value(row.Cells, map.Order) is { } order && long.TryParse(order, CultureInfo.InvariantCulture, out var place) ? place : 0L;
        return [key!, at!.Value.UtcTicks, opened.UtcTicks, rank, row.Line, row.Digest, JsonSerializer.Serialize(row.Cells)];
    }

    private static (string Key, long Start, LogLine Line, string Digest) Read(DbDataReader r) =>
        (r.GetString(0), r.GetInt64(1), new(Moment(r.GetInt64(2)), r.GetInt64(3), JsonSerializer.Deserialize<string?[]>(r.GetString(5))!), Convert.ToHexString(r.GetFieldValue<byte[]>(4)));

    private static DateTimeOffset Moment(long ticks) => new(ticks, TimeSpan.Zero);
}
