// One locked-down connection to the engine, used by one caller at a time. In: SQL of the house (never a user's). Out: rows.
// A cancelled token interrupts the running statement and surfaces as OperationCanceledException.
using System.Data;
using System.Data.Common;
using Apache.Arrow.Ipc;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Lizhou.Lake;

internal sealed class Session(DuckDBConnection connection, int generation)
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(20);

    /// <summary>Which opening of the instance this session belongs to; a dead generation's sessions are never used again.</summary>
    public int Generation => generation;

    public DuckDBConnection Connection => connection;

    /// <summary>Ends every statement of the current lease when cancelled.</summary>
    public CancellationToken Stop { get; set; }

    /// <summary>Runs statements and returns the rows changed by the last (−1 when it does not say).</summary>
    public long Execute(string sql, params object?[] arguments) => Interruptible(() =>
    {
        using var command = Command(sql, arguments);
        return (long)command.ExecuteNonQuery();
    });

    /// <summary>The first column of the first row; null when there is no row or the value is NULL.</summary>
    public object? Scalar(string sql, params object?[] arguments) => Interruptible(() =>
    {
        using var command = Command(sql, arguments);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    });

    /// <summary>All rows of a query, read into memory.</summary>
    public IReadOnlyList<T> Rows<T>(string sql, Func<DbDataReader, T> read, params object?[] arguments) => Interruptible(() =>
    {
        using var command = Command(sql, arguments);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return (IReadOnlyList<T>)rows;
    });

    /// <summary>Lets <paramref name="each"/> walk a result that is produced while it is read, so that memory stays bounded.</summary>
    public void Stream(string sql, Action<DbDataReader> each, params object?[] arguments) => Interruptible(() =>
    {
        using var command = Command(sql, arguments);
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            Stop.ThrowIfCancellationRequested();
            each(reader);
        }

        return 0;
    });

    /// <summary>Lets <paramref name="read"/> take a result in Arrow's columns while it is produced.</summary>
    public void Batches(string sql, Action<IArrowArrayStream> read, params object?[] arguments) => Interruptible(() =>
    {
        using var command = Command(sql, arguments);
        command.UseStreamingMode = true;
        using var stream = command.ExecuteArrowStream();
        read(stream);
        return 0;
    });

    private DuckDBCommand Command(string sql, object?[] arguments)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var argument in arguments)
        {
            command.Parameters.Add(new DuckDBParameter(argument ?? DBNull.Value));
        }

        return command;
    }

    private T Interruptible<T>(Func<T> work)
    {
        Stop.ThrowIfCancellationRequested();
        // An interrupt that arrives before the engine has begun is forgotten by it, so it is repeated until the statement ends.
        using var repeat = new Timer(_ => Interrupt(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var registration = Stop.Register(() => repeat.Change(TimeSpan.Zero, Again));
        try
        {
            return work();
        }
        catch (DuckDBException error) when (Stop.IsCancellationRequested && error.ErrorType == DuckDBErrorType.Interrupt)
        {
            throw new OperationCanceledException("The statement was interrupted.", error, Stop);
        }
        finally
        {
            registration.Dispose();
            using var ended = new ManualResetEvent(false);
            repeat.Dispose(ended);
            ended.WaitOne();
        }
    }

    private void Interrupt()
    {
        if (connection.State == ConnectionState.Open)
        {
            NativeMethods.Startup.DuckDBInterrupt(connection.NativeConnection);
        }
    }
}
