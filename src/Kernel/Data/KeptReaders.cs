// In: a statement that reads, and its values. Out: all its rows. Connections to SQLite that stay open with the statements they have prepared: to prepare the same few again for every call of the
// data API was a quarter of what it cost. They are never handed out, so nobody can leave one with a transaction or a reader open, and they refuse to write.
using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Lizhou.Kernel.Data;

internal sealed class KeptReaders(string connectionString) : IDisposable
{
    private const int MostIdle = 16;

    /// <summary>Of one connection; then it begins anew. The house has fewer, but the text of a statement may be put together.</summary>
    private const int MostStatements = 64;

    private readonly ConcurrentStack<Reader> idle = new();

    public List<T> Read<T>(FormattableString sql, Func<DbDataReader, T> read)
    {
        var reader = idle.TryPop(out var kept) ? kept : new Reader(connectionString);
        try
        {
            return reader.Read(sql, read);
        }
        finally
        {
            if (idle.Count < MostIdle)
            {
                idle.Push(reader);
            }
            else
            {
                reader.Dispose();
            }
        }
    }

    public void Dispose()
    {
        while (idle.TryPop(out var reader))
        {
            reader.Dispose();
        }
    }

    private sealed class Reader : IDisposable
    {
        private readonly SqliteConnection connection;
        private readonly Dictionary<string, DbCommand> prepared = new(StringComparer.Ordinal);

        public Reader(string connectionString)
        {
            connection = new(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
            connection.Open();
            using var pragma = connection.CreateCommand();
            pragma.CommandText = StateStore.Pragmas + " PRAGMA query_only=ON;";
            pragma.ExecuteNonQuery();
        }

        public List<T> Read<T>(FormattableString sql, Func<DbDataReader, T> read)
        {
            var command = Prepared(sql);
            for (var i = 0; i < sql.ArgumentCount; i++)
            {
                command.Parameters[i].Value = sql.GetArgument(i) ?? DBNull.Value;
            }

            using var reader = command.ExecuteReader();
            List<T> rows = [];
            while (reader.Read())
            {
                rows.Add(read(reader));
            }

            return rows;
        }

        public void Dispose()
        {
            Forget();
            connection.Dispose();
        }

        private DbCommand Prepared(FormattableString sql)
        {
            if (prepared.TryGetValue(sql.Format, out var known))
            {
                return known;
            }

            if (prepared.Count == MostStatements)
            {
                Forget();
            }

            return prepared[sql.Format] = connection.Command(null, sql);
        }

        private void Forget()
        {
            foreach (var command in prepared.Values)
            {
                command.Dispose();
            }

            prepared.Clear();
        }
    }
}
