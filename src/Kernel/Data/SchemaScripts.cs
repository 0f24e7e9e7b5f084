// Applies each module's numbered SQL scripts once, in order, each in a transaction with the line that says it is done.
// Scripts are written for SQLite STRICT tables in the subset PostgreSQL shares; the words that differ are translated here.
using System.Data.Common;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Lizhou.Kernel;

public static partial class SchemaScripts
{
    /// <summary>Runs every script of <paramref name="assembly"/> embedded under <c>Schema/</c> that this database has not seen.</summary>
    /// <returns>How many scripts ran.</returns>
    public static async Task<int> Apply(StateStore state, Assembly assembly, CancellationToken stop = default)
    {
        await using var connection = await state.Open(stop);
        await Run(connection, null, Translate(
            "CREATE TABLE IF NOT EXISTS schema_script (name TEXT NOT NULL PRIMARY KEY, applied_at TEXT NOT NULL) STRICT", state.Kind), stop);

        var ran = 0;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            await using var transaction = await connection.BeginTransactionAsync(stop);
            if (await Seen(connection, transaction, name, stop))
            {
                continue;
            }

            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            await Run(connection, transaction, Translate(await reader.ReadToEndAsync(stop), state.Kind), stop);
            await Run(connection, transaction, $"INSERT INTO schema_script (name, applied_at) VALUES ('{name}', CURRENT_TIMESTAMP)", stop);
            await transaction.CommitAsync(stop);
            ran++;
        }

        return ran;
    }

    /// <summary>A script in the words of the database it will run on. A block between <c>--sqlite</c> or <c>--postgres</c> and <c>--end</c> is for one of them alone.</summary>
    public static string Translate(string sql, StateKind kind)
    {
        var other = kind == StateKind.Sqlite ? "postgres" : "sqlite";
        sql = Regex.Replace(sql, $@"--{other}\b.*?--end\b", "", RegexOptions.Singleline, TimeSpan.FromSeconds(1));
        if (kind == StateKind.Sqlite)
        {
            return sql;
        }

        sql = Strict().Replace(sql, ")");
        sql = Integer().Replace(sql, "BIGINT");
        sql = Blob().Replace(sql, "BYTEA");
        return Real().Replace(sql, "DOUBLE PRECISION");
    }

    private static async Task<bool> Seen(DbConnection connection, DbTransaction transaction, string name, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT COUNT(*) FROM schema_script WHERE name = @name";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@name", name);
        command.Parameters.Add(parameter);
        return Convert.ToInt64(await command.ExecuteScalarAsync(stop)) > 0;
    }

    private static async Task Run(DbConnection connection, DbTransaction? transaction, string sql, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, sql);
        await command.ExecuteNonQueryAsync(stop);
    }

    [GeneratedRegex(@"\)\s*STRICT\b(\s*,\s*WITHOUT\s+ROWID)?", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Strict();

    [GeneratedRegex(@"\bINTEGER\b", RegexOptions.None, 1000)]
    private static partial Regex Integer();

    [GeneratedRegex(@"\bBLOB\b", RegexOptions.None, 1000)]
    private static partial Regex Blob();

    [GeneratedRegex(@"\bREAL\b", RegexOptions.None, 1000)]
    private static partial Regex Real();
}
