// In: a table or view chosen from the source's own catalogue, and how far we have come. Out: its new rows as text in a file, read in one
// read-only transaction row by row, and the next watermark. Refuses binary columns, unfit marks and cells too long to be a datum.
using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Lizhou.Collection.Sources;
using Lizhou.Kernel;

namespace Lizhou.Collection.Connectors.Databases;

internal sealed class PullTable(HostGuard guard, SourceFiles files, Secrets secrets, SourceLimits limits) : IPull
{
    private const int LongestCell = 1 << 20;

    public Way Way => Way.Database;

    public async Task<Haul> Fetch(Source source, string path, Func<long, Task> show, CancellationToken stop)
    {
        var settings = (DatabaseSettings)source.Settings;
        var dialect = Dialect.Of(settings.Kind, files);
        return await Reading(settings, async () =>
        {
            await using var connection = await Open(dialect, settings, secrets.Open(source), stop);
            var ask = Plan(dialect, settings, await Columns(dialect, connection, settings, stop), source);
            await using var transaction = await dialect.Begin(connection, stop);
            return await Read(dialect, connection, (DbTransaction)transaction, ask, path, show, stop);
        });
    }

    /// <summary>The tables and views the source's user may read.</summary>
    public Task<IReadOnlyList<SourceTable>> Tables(DatabaseSettings settings, string? secret, CancellationToken stop)
    {
        var dialect = Dialect.Of(settings.Kind, files);
        return Reading<IReadOnlyList<SourceTable>>(settings, async () =>
        {
            await using var connection = await Open(dialect, settings, secret, stop);
            await using var command = connection.CreateCommand();
            command.CommandText = dialect.Tables;
            await using var reader = await command.ExecuteReaderAsync(stop);
            var tables = new List<SourceTable>();
            while (await reader.ReadAsync(stop))
            {
                tables.Add(new(
                    reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetString(1), Convert.ToBoolean(reader.GetValue(2)),
                    reader.IsDBNull(3) ? null : Convert.ToInt64(reader.GetValue(3))));
            }

            return tables;
        });
    }

    /// <summary>The columns of the chosen table.</summary>
    public Task<IReadOnlyList<SourceColumn>> Columns(DatabaseSettings settings, string? secret, CancellationToken stop)
    {
        var dialect = Dialect.Of(settings.Kind, files);
        return Reading(settings, async () =>
        {
            await using var connection = await Open(dialect, settings, secret, stop);
            return await Columns(dialect, connection, settings, stop);
        });
    }

    private async Task<DbConnection> Open(Dialect dialect, DatabaseSettings settings, string? secret, CancellationToken stop)
    {
        if (settings.Kind != DatabaseKind.Sqlite)
        {
            // The checked address itself is connected to; a certificate that must be the host's own holds the name to it otherwise.
            var addresses = await guard.Resolve(settings.Host!, listed: false, stop);
            settings = settings.Tls == Tls.Verified ? settings : settings with { Host = addresses.OrderBy(a => a.AddressFamily).First().ToString() };
        }

        var connection = dialect.Connection(settings, secret);
        try
        {
            await connection.OpenAsync(stop);
            await using var session = connection.CreateCommand();
            session.CommandText = dialect.Session(connection, settings);
            await session.ExecuteNonQueryAsync(stop);
            return connection;
        }
        catch (Exception failure)
        {
            await connection.DisposeAsync();
            throw failure is DbException or SocketException or TimeoutException or IOException or System.Security.Authentication.AuthenticationException
                ? new ProblemException(SourceProblems.Unreachable.With(Where(settings), Said(failure)), failure)
                : failure;
        }
    }

    private static async Task<IReadOnlyList<SourceColumn>> Columns(Dialect dialect, DbConnection connection, DatabaseSettings settings, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = dialect.Columns;
        Add(command, "@schema", settings.Schema);
        Add(command, "@table", settings.Table);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var columns = new List<SourceColumn>();
        while (await reader.ReadAsync(stop))
        {
            var type = reader.GetString(1);
            columns.Add(new(reader.GetString(0), type, dialect.KindOf(type), Convert.ToBoolean(reader.GetValue(2))));
        }

        return columns.Count > 0 ? columns : throw new ProblemException(SourceProblems.NoTable.With($"{settings.Schema}.{settings.Table}"));
    }

    private sealed record Ask(string Sql, IReadOnlyList<SourceColumn> Columns, int Mark, string? From, int Overlap);

    /// <summary>Only names that stand in the source's catalogue get into the statement; values are parameters.</summary>
    private static Ask Plan(Dialect dialect, DatabaseSettings settings, IReadOnlyList<SourceColumn> there, Source source)
    {
        var wanted = source.Mapping.Where(m => m.Value.Length > 0).Select(m => m.Key).ToList();
        var columns = wanted.Count == 0 ? there.Where(c => c.Kind != Kind.Binary).ToList() : wanted.ConvertAll(w => Find(w));
        if (columns.Find(c => c.Kind == Kind.Binary) is { } binary)
        {
            throw new ProblemException(SourceProblems.BinaryColumn.With(binary.Name, binary.Type));
        }

        var sql = $"SELECT {string.Join(", ", columns.Select(dialect.AsText))}";
        var from = $" FROM {(settings.Schema is null ? "" : dialect.Quote(settings.Schema) + ".")}{dialect.Quote(settings.Table!)} AS s";
        if (settings.Mode == PullMode.Full)
        {
            return new(sql + from, columns, -1, null, 0);
        }

        var mark = Find(settings.Mark!);
        if (settings.Mode == PullMode.GrowingKey ? mark.Kind is not (Kind.Whole or Kind.Exact or Kind.Text) : mark.Kind is not (Kind.Date or Kind.Moment or Kind.Instant))
        {
            throw new ProblemException(SourceProblems.UnfitMark.With(mark.Name, mark.Type));
        }

        var overlap = settings.Mode == PullMode.TimeMark ? settings.OverlapMinutes : 0;
        var since = source.Watermark?.Value;

        // Qualified by the table: alone, the name would mean the selected text, and 10 comes before 9 there.
        var by = $"s.{dialect.Quote(mark.Name)}";
        var where = since is null ? "" : $" WHERE {by} {(settings.Mode == PullMode.TimeMark ? ">=" : ">")} {dialect.Mark(mark, overlap > 0)}";
        return new($"{sql}, {dialect.AsText(mark)}{from}{where} ORDER BY {by}", [.. columns, mark], columns.Count, since, overlap);

        SourceColumn Find(string name) =>
            there.FirstOrDefault(c => c.Name == name) ?? throw new ProblemException(SourceProblems.NoColumn.With(settings.Table, name));
    }

    private async Task<Haul> Read(
        Dialect dialect, DbConnection connection, DbTransaction transaction, Ask ask, string path, Func<long, Task> show, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        (command.Transaction, command.CommandText, command.CommandTimeout) = (transaction, ask.Sql, 0);
        if (ask.From is not null)
        {
            Add(command, "@mark", ask.From.TrimEnd('Z'));
        }

        if (ask.From is not null && ask.Overlap > 0)
        {
            Add(command, "@overlap", ask.Overlap);
        }

        var width = ask.Mark < 0 ? ask.Columns.Count : ask.Mark;
        var names = ask.Columns.Take(width).Select(c => c.Name).ToList();
        var file = new RowFile(path, limits);
        try
        {
            file.Header(names);
            var last = ask.From;
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, stop);
            var cells = new string?[width];
            while (await reader.ReadAsync(stop))
            {
                for (var i = 0; i < width; i++)
                {
                    cells[i] = Cell(dialect, reader, i, ask.Columns[i]);
                }

                last = ask.Mark < 0 ? null : Cell(dialect, reader, width, ask.Columns[width]) ?? last;
                await file.Write(cells, stop);
                if (file.Rows % 50_000 == 0)
                {
                    await show(file.Rows);
                }
            }

            if (file.Rows > 0)
            {
                return new(file, RowFile.ShapeOf(names), ask.Mark < 0 ? null : new Watermark(last));
            }
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        await file.DisposeAsync();
        return Haul.Nothing(ask.Mark < 0 ? null : new Watermark(ask.From));
    }

    private static string? Cell(Dialect dialect, DbDataReader reader, int i, SourceColumn column)
    {
        var text = dialect.Read(reader, i, column);
        return text is { Length: > LongestCell } ? throw new ProblemException(SourceProblems.CellTooLong.With(column.Name, LongestCell)) : text;
    }

    private static async Task<T> Reading<T>(DatabaseSettings settings, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception broken) when (broken is DbException or IOException or SocketException or TimeoutException)
        {
            throw new ProblemException(SourceProblems.BrokeOff.With(Where(settings), Said(broken)), broken);
        }
    }

    private static string Where(DatabaseSettings settings) =>
        settings.Kind == DatabaseKind.Sqlite ? settings.Database : $"{settings.Host}:{settings.Port}/{settings.Database}";

    // Drivers put the reason in the innermost exception; none of them repeats the password.
    private static string Said(Exception failure) => failure.GetBaseException().Message.ReplaceLineEndings(" ");

    private static void Add(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
        command.Parameters.Add(parameter);
    }
}
