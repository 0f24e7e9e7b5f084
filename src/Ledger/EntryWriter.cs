// In: entries in order. Out: rows. SQLite prepares one statement and runs it again; PostgreSQL gets all of them in one message.
using System.Data.Common;
using Lizhou.Kernel;

namespace Lizhou.Ledger;

internal sealed class EntryWriter : IAsyncDisposable
{
    private readonly DbCommand? one;
    private readonly DbBatch? many;

    public EntryWriter(DbConnection connection, DbTransaction transaction)
    {
        if (connection.CanCreateBatch)
        {
            many = connection.CreateBatch();
            many.Transaction = transaction;
            return;
        }

        one = connection.CreateCommand();
        (one.Transaction, one.CommandText) = (transaction, Entry.Insert);
        for (var i = 0; i <= Entry.Columns.Count; i++)
        {
            var parameter = one.CreateParameter();
            parameter.ParameterName = $"@p{i}";
            one.Parameters.Add(parameter);
        }
    }

    public async Task Add(Entry entry, string hash, CancellationToken stop)
    {
        if (one is not null)
        {
            for (var i = 0; i < Entry.Columns.Count; i++)
            {
                one.Parameters[i].Value = entry.Values[i] ?? DBNull.Value;
            }

            one.Parameters[^1].Value = hash;
            await one.ExecuteNonQueryAsync(stop);
            return;
        }

        var command = many!.CreateBatchCommand();
        command.CommandText = Entry.Insert;
        for (var i = 0; i <= Entry.Columns.Count; i++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ($"@p{i}", (i < Entry.Columns.Count ? entry.Values[i] : hash) ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        many.BatchCommands.Add(command);
    }

    public Task Send(CancellationToken stop) => many is null ? Task.CompletedTask : many.ExecuteNonQueryAsync(stop);

    public async ValueTask DisposeAsync()
    {
        if (one is not null)
        {
            await one.DisposeAsync();
        }

        if (many is not null)
        {
            await many.DisposeAsync();
        }
    }
}
