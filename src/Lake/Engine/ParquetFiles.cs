// Parquet files that departments send, read by the engine for the readers of Lizhou.Tabular: names, types and rows as text.
// Refuses what lies in the lake's own folder: its rows leave through the policy alone.
using DuckDB.NET.Data;
using Lizhou.Tabular;

namespace Lizhou.Lake;

/// <summary>Reads Parquet files in the folders the engine may see. Safe for use by many at once.</summary>
public sealed class ParquetFiles : IColumnarFiles
{
    private readonly Lazy<Engine> engine;
    private readonly string? closed;

    /// <param name="engine">Made when the first file is opened.</param>
    /// <param name="room">A folder the engine can read and this class may write.</param>
    /// <param name="closed">A folder whose files are never read; null for none.</param>
    public ParquetFiles(Func<Engine> engine, string room, string? closed)
    {
        this.engine = new(engine);
        this.closed = closed is null ? null : Path.GetFullPath(closed) + Path.DirectorySeparatorChar;
        Room = Path.GetFullPath(room);
    }

    /// <inheritdoc/>
    public string Room { get; }

    /// <summary>For a command that has no lake: an engine of its own that sees these folders only.</summary>
    public static ParquetFiles Alone(IEnumerable<string> folders)
    {
        var room = Path.GetTempPath();
        return new(() => new Engine(new EngineOptions([.. folders, room], Path.Combine(room, "lizhou-engine"))), room, null);
    }

    /// <inheritdoc/>
    public IColumnarFile Open(string path)
    {
        path = Path.GetFullPath(path);
        if (closed is not null && path.StartsWith(closed, StringComparison.Ordinal))
        {
            throw new InvalidDataException("a file of the lake itself");
        }

        return Reading(path, session =>
        {
            var columns = session.Rows($"DESCRIBE SELECT * FROM {Source(path)}", r => (Name: r.GetString(0), Type: r.GetString(1)));
            var count = session.Scalar($"SELECT num_rows FROM parquet_file_metadata({SqlText.Literal(path)})");
            return new ParquetFile(this, path, columns, Convert.ToInt64(count));
        });
    }

    private static string Source(string path) => $"read_parquet({SqlText.Literal(path)}, hive_partitioning = false)";

    /// <summary>Readers of files are synchronous throughout; a page takes the engine some 20 ms. Asked on a thread of its own: a page that is
    /// being drawn runs in a context of one thread, and would wait for itself.</summary>
    private T Reading<T>(string path, Func<Session, T> read)
    {
        try
        {
            return Task.Run(() => engine.Value.Read(read)).GetAwaiter().GetResult();
        }
        catch (DuckDBException error)
        {
            throw new InvalidDataException(Said(error.Message, path), error);
        }
    }

    /// <summary>The engine's first line, without folders.</summary>
    private static string Said(string message, string path)
    {
        var line = message.ReplaceLineEndings("\n").Split('\n')[0].Replace(path, Path.GetFileName(path), StringComparison.Ordinal);
        return line.Length > 300 ? line[..300] + "…" : line;
    }

    private sealed class ParquetFile(ParquetFiles files, string path, IReadOnlyList<(string Name, string Type)> columns, long count) : IColumnarFile
    {
        private readonly string cells = string.Join(", ", columns.Select(c => AsText(SqlText.Name(c.Name), c.Type)));

        public IReadOnlyList<ColumnShape> Columns { get; } = [.. columns.Select(c => Shape(c.Name, c.Type))];

        public long Count => count;

        public IReadOnlyList<string?[]> Rows(long from, int most)
        {
            // Row groups outside the page are passed over by the engine; sorted, because it works on several at once.
            var sql = $"""
                SELECT {cells} FROM read_parquet({SqlText.Literal(path)}, hive_partitioning = false, file_row_number = true)
                WHERE file_row_number >= {from} AND file_row_number < {from + most} ORDER BY file_row_number
                """;
            return files.Reading(path, session => session.Rows(sql, reader =>
            {
                var row = new string?[columns.Count];
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] = reader.IsDBNull(i) ? null : reader.GetString(i);
                }

                return row;
            }));
        }

        private static ColumnShape Shape(string name, string type) => Bare(type) switch
        {
            "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT" => new(name, Tabular.ColumnType.Integer),
            "DECIMAL" or "FLOAT" or "DOUBLE" => new(name, Tabular.ColumnType.Decimal),
            "DATE" => new(name, Tabular.ColumnType.Date, "yyyy-MM-dd"),
            "TIME" => new(name, Tabular.ColumnType.Time, "HH:mm:ss"),
            "TIMESTAMP" or "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS" or "TIMESTAMP WITH TIME ZONE" => new(name, Tabular.ColumnType.DateTime, "yyyy-MM-dd HH:mm:ss"),
            "BOOLEAN" => new(name, Tabular.ColumnType.Boolean),
            _ => new(name),
        };

        /// <summary>Old writers leave texts unmarked, as bytes; lists and structures become JSON.</summary>
        private static string AsText(string column, string type) => Bare(type) switch
        {
            "BLOB" => $"coalesce(try(decode({column})), hex({column}))",
            "STRUCT" or "MAP" => $"CAST(to_json({column}) AS VARCHAR)",
            _ when type.EndsWith(']') => $"CAST(to_json({column}) AS VARCHAR)",
            _ => $"CAST({column} AS VARCHAR)",
        };

        private static string Bare(string type) => type.Split('(')[0];
    }
}
