// In: statements of pieces of work that are committed together. Out: they are run in their order when all are there: on SQLite each prepared once for as long as the connection is kept, on PostgreSQL in one message.
using System.Data.Common;
using System.Globalization;
using Lizhou.Kernel;

namespace Lizhou.Cases.Ledger;

internal sealed class CaseLine(DbConnection connection, StateKind kind) : IAsyncDisposable
{
    private readonly Dictionary<string, DbCommand> prepared = new(StringComparer.Ordinal);
    private readonly List<(FormattableString Sql, bool Sure)> waiting = [];

    public DbConnection Connection => connection;

    public StateKind Kind => kind;

    /// <summary>The one under way.</summary>
    public DbTransaction Transaction { get; private set; } = null!;

    public async Task<DbTransaction> Begin()
    {
        waiting.Clear();
        return Transaction = await connection.BeginTransactionAsync();
    }

    /// <param name="sure">It changes a row that was read: where none is left as it was, somebody else was faster.</param>
    public void Put(FormattableString sql, bool sure = false) => waiting.Add((sql, sure));

    /// <returns>False when somebody else was faster at one of them: what was sent must not be committed then.</returns>
    public async Task<bool> Send(CancellationToken stop)
    {
        var all = connection.CanCreateBatch ? await Together(stop) : await OneByOne(stop);
        waiting.Clear();
        return all;
    }

    /// <summary>Asked at once, before what waits.</summary>
    public async Task<object?> Scalar(FormattableString sql, CancellationToken stop)
    {
        if (connection.CanCreateBatch)
        {
            return await connection.Scalar(Transaction, sql, stop);
        }

        return await Prepared(sql).ExecuteScalarAsync(stop) is { } value and not DBNull ? value : null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in prepared.Values)
        {
            await command.DisposeAsync();
        }

        await connection.DisposeAsync();
    }

    private async Task<bool> OneByOne(CancellationToken stop)
    {
        foreach (var (sql, sure) in waiting)
        {
            if (await Prepared(sql).ExecuteNonQueryAsync(stop) == 0 && sure)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> Together(CancellationToken stop)
    {
        if (waiting.Count == 0)
        {
            return true;
        }

        await using var batch = connection.CreateBatch();
        batch.Transaction = Transaction;
        foreach (var (sql, _) in waiting)
        {
            batch.BatchCommands.Add(Command(batch, sql));
        }

        await batch.PrepareAsync(stop);
        await batch.ExecuteNonQueryAsync(stop);
        return waiting.Zip(batch.BatchCommands).All(s => !s.First.Sure || s.Second.RecordsAffected > 0);
    }

    /// <summary>An absent value is written out: one without a type would make another statement of each, none of them prepared.</summary>
    private static DbBatchCommand Command(DbBatch batch, FormattableString sql)
    {
        var command = batch.CreateBatchCommand();
        var names = new object[sql.ArgumentCount];
        for (var i = 0; i < sql.ArgumentCount; i++)
        {
            names[i] = "NULL";
            if (sql.GetArgument(i) is { } value)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = ($"@p{i}", value);
                command.Parameters.Add(parameter);
                names[i] = parameter.ParameterName;
            }
        }

        command.CommandText = string.Format(CultureInfo.InvariantCulture, sql.Format, names);
        return command;
    }

    private DbCommand Prepared(FormattableString sql)
    {
        if (!prepared.TryGetValue(sql.Format, out var command))
        {
            command = prepared[sql.Format] = connection.Command(Transaction, sql);
            return command;
        }

        command.Transaction = Transaction;
        for (var i = 0; i < sql.ArgumentCount; i++)
        {
            command.Parameters[i].Value = sql.GetArgument(i) ?? DBNull.Value;
        }

        return command;
    }
}
