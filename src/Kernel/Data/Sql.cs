// Plain parameterised SQL over any of the two databases. Values are always parameters, never text.
using System.Data.Common;
using System.Runtime.CompilerServices;

namespace Lizhou.Kernel;

public static class Sql
{
    /// <summary>A command whose holes became parameters: <c>connection.Command(tx, $"… WHERE id = {id}")</c>.</summary>
    public static DbCommand Command(this DbConnection connection, DbTransaction? transaction, FormattableString sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        var names = new object[sql.ArgumentCount];
        for (var i = 0; i < sql.ArgumentCount; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@p{i}";
            parameter.Value = sql.GetArgument(i) ?? DBNull.Value;
            command.Parameters.Add(parameter);
            names[i] = parameter.ParameterName;
        }

        command.CommandText = string.Format(System.Globalization.CultureInfo.InvariantCulture, sql.Format, names);
        return command;
    }

    public static async Task<int> Execute(this DbConnection connection, DbTransaction? transaction, FormattableString sql, CancellationToken stop = default)
    {
        await using var command = connection.Command(transaction, sql);
        return await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>The first column of the first row; null when there is no row or the value is NULL.</summary>
    public static async Task<object?> Scalar(this DbConnection connection, DbTransaction? transaction, FormattableString sql, CancellationToken stop = default)
    {
        await using var command = connection.Command(transaction, sql);
        return await command.ExecuteScalarAsync(stop) is { } value and not DBNull ? value : null;
    }

    /// <summary>Streams the rows of a query; <paramref name="read"/> turns the current row into a value.</summary>
    public static async IAsyncEnumerable<T> Rows<T>(
        this DbConnection connection, DbTransaction? transaction, FormattableString sql, Func<DbDataReader, T> read, [EnumeratorCancellation] CancellationToken stop = default)
    {
        await using var command = connection.Command(transaction, sql);
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            yield return read(reader);
        }
    }
}
