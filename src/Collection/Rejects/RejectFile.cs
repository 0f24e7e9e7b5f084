// The rejected rows of one batch in a file of their own: a SQLite database written once, flushed, digested, and from then on only read.
// Chosen over rows of the state database (millions would swell it and its every backup) and over Parquet (the page filters by reason and item
// and jumps to any page, which wants indexes). What becomes of a row is not here but, a byte a row, in the state database, where it is transactional.
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using Microsoft.Data.Sqlite;

namespace Lizhou.Collection.Rejects;

/// <summary>Why one cell, or a whole row, was not taken.</summary>
/// <param name="Item">Index of the item in the resource; null for the row as a whole.</param>
/// <param name="Value">The cell as it stood; null when empty or for the whole row.</param>
internal sealed record RejectFault(int? Item, string Code, string? Value, Text Reason, Text Hint);

/// <summary>A rejected row.</summary>
/// <param name="Seq">0-based in its batch.</param>
/// <param name="Part">Which file of the batch.</param>
/// <param name="Record">1-based record in that file.</param>
/// <param name="Line">Line, or row of the sheet; 0 when unknown.</param>
/// <param name="Cells">The original row, in the order of the file's columns.</param>
internal sealed record Reject(long Seq, int Part, long Record, long Line, IReadOnlyList<string?> Cells, IReadOnlyList<RejectFault> Faults);

/// <summary>How many rows have this fault.</summary>
internal sealed record RejectSum(int? Item, string Code, Text Reason, long Rows);

internal sealed class RejectFile : IDisposable
{
    private const string Schema =
        """
        PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
        CREATE TABLE reject (seq INTEGER PRIMARY KEY, part INTEGER NOT NULL, record INTEGER NOT NULL, line INTEGER NOT NULL, cells TEXT NOT NULL) STRICT;
        CREATE TABLE fault (seq INTEGER NOT NULL, item INTEGER, code TEXT NOT NULL, value TEXT, reason INTEGER NOT NULL) STRICT;
        CREATE TABLE reason (id INTEGER PRIMARY KEY, zh TEXT NOT NULL, en TEXT NOT NULL, hint_zh TEXT NOT NULL, hint_en TEXT NOT NULL) STRICT;
        CREATE TABLE item (at INTEGER PRIMARY KEY, id TEXT NOT NULL) STRICT;
        BEGIN;
        """;

    private const string Close =
        """
        CREATE INDEX fault_by_code ON fault (code, item, seq);
        CREATE INDEX fault_by_row ON fault (seq);
        CREATE TABLE summary AS
            SELECT item, code, min(reason) AS reason, count(DISTINCT seq) AS rows FROM fault GROUP BY item, code;
        COMMIT;
        """;

    private readonly SqliteConnection connection;
    private readonly SqliteCommand addReject;
    private readonly SqliteCommand addFault;
    private readonly Dictionary<(Text, Text), long> reasons = [];
    private long reasonCount;

    private RejectFile(SqliteConnection connection)
    {
        this.connection = connection;
        addReject = Prepared("INSERT INTO reject (seq, part, record, line, cells) VALUES ($seq, $part, $record, $line, $cells)", "seq", "part", "record", "line", "cells");
        addFault = Prepared("INSERT INTO fault (seq, item, code, value, reason) VALUES ($seq, $item, $code, $value, $reason)", "seq", "item", "code", "value", "reason");
    }

    /// <summary>Rows added so far.</summary>
    public long Count { get; private set; }

    /// <summary>Where the rejects of a batch lie.</summary>
    public static string PathOf(Settings settings, Guid batch) => Under(Path.Combine(settings.Data, "rejects"), batch);

    public static string Under(string folder, Guid batch) => Path.Combine(folder, batch.ToString("N")[^2..], $"{batch:N}.db");

    /// <summary>Begins the file of a batch anew: what an attempt that did not commit left is thrown away.</summary>
    public static RejectFile Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
        var file = Open(path, SqliteOpenMode.ReadWriteCreate);
        using var schema = file.CreateCommand();
        schema.CommandText = Schema;
        schema.ExecuteNonQuery();
        return new(file);
    }

    /// <summary>The file of a batch, to read.</summary>
    internal static SqliteConnection Read(string path) => Open(path, SqliteOpenMode.ReadOnly);

    public void Add(int part, long record, long line, IReadOnlyList<string?> cells, IReadOnlyList<RejectFault> faults)
    {
        Run(addReject, Count, part, record, line, JsonSerializer.Serialize(cells));
        foreach (var fault in faults)
        {
            Run(addFault, Count, fault.Item, fault.Code, fault.Value, ReasonOf(fault));
        }

        Count++;
    }

    /// <summary>Ends and flushes the file.</summary>
    /// <param name="items">The items the cells and faults count by.</param>
    /// <returns>Its SHA-256; null when there are no rejects and so no file.</returns>
    public string? Seal(IReadOnlyList<Guid> items)
    {
        foreach (var (at, item) in items.Index())
        {
            using var add = Prepared("INSERT INTO item (at, id) VALUES ($at, $id)", "at", "id");
            Run(add, at, item.ToString());
        }

        var path = connection.DataSource;
        using (var close = connection.CreateCommand())
        {
            close.CommandText = Close;
            close.ExecuteNonQuery();
        }

        Dispose();
        if (Count == 0)
        {
            File.Delete(path);
            return null;
        }

        Durable.File(path);
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Ends without a file unless it was sealed.</summary>
    public void Dispose()
    {
        addReject.Dispose();
        addFault.Dispose();
        connection.Dispose();
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        file.Open();
        return file;
    }

    private long ReasonOf(RejectFault fault)
    {
        if (reasons.TryGetValue((fault.Reason, fault.Hint), out var known))
        {
            return known;
        }

        // Reasons that name a place differ from row to row; only a few thousand are remembered, so that memory stays bounded.
        var id = reasonCount++;
        using var add = Prepared(
            "INSERT INTO reason (id, zh, en, hint_zh, hint_en) VALUES ($id, $zh, $en, $hint_zh, $hint_en)", "id", "zh", "en", "hint_zh", "hint_en");
        Run(add, id, fault.Reason.Zh, fault.Reason.En, fault.Hint.Zh, fault.Hint.En);
        if (reasons.Count < 4_096)
        {
            reasons.Add((fault.Reason, fault.Hint), id);
        }

        return id;
    }

    private SqliteCommand Prepared(string sql, params string[] names)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in names)
        {
            command.Parameters.Add(new SqliteParameter($"${name}", null));
        }

        return command;
    }

    private static void Run(SqliteCommand command, params object?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        command.ExecuteNonQuery();
    }
}
