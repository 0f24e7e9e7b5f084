// In: a batch's reject file, filters, a page. Out: the rows of the page with their faults, and how many there are in all.
using System.Text.Json;
using Lizhou.Kernel;
using Microsoft.Data.Sqlite;

namespace Lizhou.Collection.Rejects;

/// <summary>Filters of the rejects page; null ones do not filter.</summary>
/// <param name="Item">Index of the item in the resource; −1 for faults of the row as a whole.</param>
internal sealed record RejectFilter(string? Code = null, int? Item = null, RejectState? State = null);

internal static class RejectPage
{
    /// <summary>Reasons and items with the number of rows they stopped, most first.</summary>
    public static List<RejectSum> Summary(string path)
    {
        using var connection = RejectFile.Read(path);
        return Rows(
            connection, "SELECT s.item, s.code, r.zh, r.en, s.rows FROM summary s JOIN reason r ON r.id = s.reason ORDER BY s.rows DESC, s.code, s.item",
            r => new RejectSum(r.IsDBNull(0) ? null : r.GetInt32(0), r.GetString(1), new(r.GetString(2), r.GetString(3)), r.GetInt64(4)));
    }

    /// <summary>The items that cells and faults count by.</summary>
    public static List<Guid> Items(string path)
    {
        using var connection = RejectFile.Read(path);
        return Rows(connection, "SELECT id FROM item ORDER BY at", r => Guid.Parse(r.GetString(0)));
    }

    /// <summary>Where each row stood, in order.</summary>
    public static List<(long Seq, int Part, long Record, long Line)> Places(string path)
    {
        using var connection = RejectFile.Read(path);
        return Rows(connection, "SELECT seq, part, record, line FROM reject ORDER BY seq", r => (r.GetInt64(0), r.GetInt32(1), r.GetInt64(2), r.GetInt64(3)));
    }

    /// <summary>Numbers of the rows that have such a fault, in order.</summary>
    public static List<long> Select(string path, string? code, int? item)
    {
        using var connection = RejectFile.Read(path);
        return code is null && item is null
            ? Rows(connection, "SELECT seq FROM reject ORDER BY seq", r => r.GetInt64(0))
            : Rows(
                connection,
                """
                SELECT DISTINCT seq FROM fault
                WHERE ($code IS NULL OR code = $code) AND ($item IS NULL OR coalesce(item, -1) = $item) ORDER BY seq
                """,
                r => r.GetInt64(0), ("$code", code), ("$item", item));
    }

    /// <summary>A page of the rows under a filter.</summary>
    public static (IReadOnlyList<Reject> Rows, long Total) Read(string path, RejectFilter filter, RejectStates states, int skip, int take)
    {
        var all = filter is { Code: null, Item: null } ? Enumerable.Range(0, states.Count).Select(i => (long)i) : Select(path, filter.Code, filter.Item);
        var seqs = (filter.State is { } state ? all.Where(s => states[s] == state) : all).ToList();
        return (Fetch(path, seqs.Skip(skip).Take(take)).ToList(), seqs.Count);
    }

    /// <summary>The rows of these numbers, streamed in the order given.</summary>
    public static IEnumerable<Reject> Fetch(string path, IEnumerable<long> seqs)
    {
        using var connection = RejectFile.Read(path);
        foreach (var some in seqs.Chunk(500))
        {
            var list = string.Join(',', some);
            var faults = Rows(
                connection,
                $"SELECT f.seq, f.item, f.code, f.value, r.zh, r.en, r.hint_zh, r.hint_en FROM fault f JOIN reason r ON r.id = f.reason WHERE f.seq IN ({list}) ORDER BY f.rowid",
                r => (Seq: r.GetInt64(0), Fault: new RejectFault(
                    r.IsDBNull(1) ? null : r.GetInt32(1), r.GetString(2), r.IsDBNull(3) ? null : r.GetString(3),
                    new(r.GetString(4), r.GetString(5)), new(r.GetString(6), r.GetString(7))))).ToLookup(f => f.Seq, f => f.Fault);
            var rows = Rows(
                connection, $"SELECT seq, part, record, line, cells FROM reject WHERE seq IN ({list})",
                r => new Reject(
                    r.GetInt64(0), r.GetInt32(1), r.GetInt64(2), r.GetInt64(3), JsonSerializer.Deserialize<List<string?>>(r.GetString(4))!, [.. faults[r.GetInt64(0)]]))
                .ToDictionary(r => r.Seq);
            foreach (var seq in some)
            {
                if (rows.TryGetValue(seq, out var row))
                {
                    yield return row;
                }
            }
        }
    }

    private static List<T> Rows<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read, params (string Name, object? Value)[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
