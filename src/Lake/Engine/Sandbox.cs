// The engine for a user's query, in a process of its own. In: the only files it may read, and those it may write. Out: a locked engine: no extension, no
// other file, no network, no setting. In: text, trees. Out: trees, or a Parquet file.
using System.Globalization;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;

namespace Lizhou.Lake;

internal sealed class Sandbox : IDisposable
{
    private readonly DuckDBConnection connection = new("Data Source=:memory:");
    private readonly Session session;
    private string? prepared;

    /// <param name="memory">MiB.</param>
    public Sandbox(int memory, int threads, IReadOnlyList<string> files, IReadOnlyList<string> results)
    {
        connection.Open();
        VectorFunctions.Register(connection.NativeConnection);
        session = new Session(connection, 0);
        session.Execute($"""
            SET autoinstall_known_extensions = false;
            SET autoload_known_extensions = false;
            SET memory_limit = '{memory}MiB';
            SET threads = {threads};
            SET TimeZone = 'UTC';
            SET temp_directory = '';
            SET max_expression_depth = 250;
            SET allowed_paths = {SqlText.List(files.Concat(results))};
            SET enable_external_access = false;
            SET lock_configuration = true;
            """);
    }

    /// <summary>The statement as a tree; the engine's own refusal is in it when there is none.</summary>
    public string Parse(string sql) => (string)session.Scalar("SELECT CAST(json_serialize_sql(CAST($1 AS VARCHAR)) AS VARCHAR)", sql)!;

    /// <summary>Makes the text of a tree, keeps it, and tells what that text parses to: what runs is what was looked at.</summary>
    public string Prepare(string tree)
    {
        prepared = (string)session.Scalar("SELECT json_deserialize_sql(CAST($1 AS JSON))", tree)!;
        return Parse(prepared);
    }

    /// <summary>The columns of what was prepared; no row is read.</summary>
    public JsonArray Describe(IEnumerable<string> views)
    {
        See(views);
        return Told(session.Rows($"DESCRIBE {prepared!}", r => (r.GetString(0), r.GetString(1))));
    }

    /// <summary>The one number that what was prepared yields.</summary>
    public long Count(IEnumerable<string> views)
    {
        See(views);
        return Convert.ToInt64(session.Scalar(prepared!), CultureInfo.InvariantCulture);
    }

    /// <summary>Runs what was prepared over the views.</summary>
    /// <param name="select">Text of the house: its columns as the file is to have them; null: as they are.</param>
    /// <param name="where">Only rows for which this text of the house is true; null for all.</param>
    /// <param name="keys">Where the rows stand with all their columns first; those whose name begins with <paramref name="hidden"/> do not come into the result. Null: all are shown.</param>
    public (long Rows, JsonArray Columns) Run(IEnumerable<string> views, string? select, string? where, long most, string result, string? keys, string hidden)
    {
        See(views);
        var rows = session.Execute(Copy($"SELECT {select ?? Whole()} FROM ({prepared!.TrimEnd(';')}) AS r{(where is null ? "" : $" WHERE {where}")} LIMIT {most + 1}", keys ?? result));
        if (keys is not null)
        {
            var shown = Columns(keys).Select(c => c.Name).Where(c => !c.StartsWith(hidden, StringComparison.Ordinal));
            session.Execute(Copy($"SELECT {string.Join(", ", shown.Select(SqlText.Name))} FROM read_parquet({SqlText.Literal(keys)})", result));
        }

        return (rows, Told(Columns(result)));
    }

    /// <summary>All columns; sums of whole numbers, which a Parquet file would hold as floating ones, as the whole numbers they are.</summary>
    private string Whole()
    {
        var wide = session.Rows($"DESCRIBE SELECT * FROM ({prepared!.TrimEnd(';')}) AS r", r => (Name: r.GetString(0), Type: r.GetString(1))).Where(c => c.Type is "HUGEINT" or "UHUGEINT").Select(c => SqlText.Name(c.Name)).ToList();
        return wide.Count == 0 ? "*" : $"* REPLACE ({string.Join(", ", wide.Select(c => $"CAST({c} AS DECIMAL(38, 0)) AS {c}"))})";
    }

    private void See(IEnumerable<string> views)
    {
        foreach (var view in views)
        {
            session.Execute($"CREATE OR REPLACE TEMP VIEW {view}");
        }
    }

    private static JsonArray Told(IEnumerable<(string Name, string Type)> columns) =>
        new([.. columns.Select(c => (JsonNode)new JsonObject { ["name"] = c.Name, ["type"] = c.Type })]);

    private IReadOnlyList<(string Name, string Type)> Columns(string file) => session.Rows($"DESCRIBE SELECT * FROM read_parquet({SqlText.Literal(file)})", r => (r.GetString(0), r.GetString(1)));

    private static string Copy(string select, string file) => $"COPY ({select}) TO {SqlText.Literal(file)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)";

    /// <summary>The engine's word for a kind of failure, e.g. <c>Binder</c>.</summary>
    public static string KindOf(Exception failure) => failure is DuckDBException refused ? refused.ErrorType.ToString() : failure.GetType().Name;

    public void Dispose() => connection.Dispose();
}
