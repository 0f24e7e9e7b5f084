// In: small writes as values. Out: rows in the catalog itself (the specification's inlined data), seen by every reading, moved to files later.
using System.Globalization;
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Reading;
using static Lizhou.Lake.Catalog.CatalogTables;

namespace Lizhou.Lake.Writes;

internal static class Buffers
{
    private static readonly string[] Own = ["row_id", "begin_snapshot", "end_snapshot"];

    /// <summary>The rows as the catalog keeps them, or why they do not fit.</summary>
    public static Result<List<object?[]>> Check(Table table, IReadOnlyList<IReadOnlyList<object?>> rows)
    {
        if (table.Columns.FirstOrDefault(c => Own.Contains(c.Name, StringComparer.OrdinalIgnoreCase)) is { } clash)
        {
            return Problems.CannotBuffer.With(table, clash.Name);
        }

        var stored = new List<object?[]>(rows.Count);
        foreach (var row in rows)
        {
            var values = new object?[table.Columns.Count];
            for (var i = 0; i < values.Length; i++)
            {
                var column = table.Columns[i];
                var value = i < row.Count ? row[i] : null;
                var text = value is null ? null : ColumnValue.Text(column.Type, value);
                if (value is not null && text is null)
                {
                    return Problems.BadValue.With(column.Name, value);
                }

                if (value is null && !column.Nullable)
                {
                    return Problems.NullNotAllowed.With(column.Name, 1);
                }

                values[i] = text is not null && column.Type.IsInteger ? long.Parse(text, CultureInfo.InvariantCulture) : text;
            }

            stored.Add(values);
        }

        return stored;
    }

    public static async Task<Result<Write>> Add(CatalogChange change, Table asked, IReadOnlyList<object?[]> rows, CancellationToken stop)
    {
        if (await change.Read.Get(asked.Id, change.Snapshot - 1, stop) is not { } table || !table.Columns.SequenceEqual(asked.Columns))
        {
            return Problems.NoTable.With(asked);
        }

        var buffer = await Of(change, table, stop);
        var nextRow = (long)(await change.Read.Rows(TableStats, [("table_id", table.Id)], stop))[0][TableStats["next_row_id"]]!;
        await change.InsertMany(buffer, [.. rows.Select((r, i) => (object?[])[nextRow + i, change.Snapshot, null, .. r])], stop);
        await change.Count(table.Id, rows.Count, 0, stop, nextRow + rows.Count);
        change.Did($"inlined_insert:{table.Id}");
        return new Write("buffer", table.Id, change.Snapshot, rows.Count, 0);
    }

    /// <summary>Marks rows as withdrawn; how many still were there.</summary>
    public static async Task<int> End(CatalogChange change, long table, IReadOnlyList<BufferedRow> rows, CancellationToken stop)
    {
        var ended = 0;
        foreach (var group in rows.GroupBy(r => r.Buffer))
        {
            var buffer = await Described(change.Read, table, group.Key, stop);
            foreach (var row in group)
            {
                ended += await change.Update(buffer, [("end_snapshot", change.Snapshot)], [("row_id", row.RowId), ("begin_snapshot", row.Begin), ("end_snapshot", null)], stop);
            }
        }

        return ended;
    }

    /// <summary>The buffered rows a snapshot shows, with the columns of <paramref name="shown"/>.</summary>
    public static async Task<List<BufferedRow>> Rows(CatalogRead read, Table shown, long at, CancellationToken stop)
    {
        var rows = new List<BufferedRow>();
        foreach (var entry in await read.Rows(Inlined, [("table_id", shown.Id)], stop))
        {
            var (name, version) = ((string)entry[1]!, (long)entry[2]!);
            var begin = (long)(await read.Rows(SchemaVersions, [("table_id", shown.Id), ("schema_version", version)], stop))[0][0]!;
            var columns = await read.Columns(shown.Id, begin, stop);
            var places = shown.Columns.Select(c => columns.FindIndex(o => o.Id == c.Id)).ToArray();
            var buffer = new CatalogTable(name, [.. Own, .. columns.Select(c => c.Name)], shown.Id);
            foreach (var row in await read.Rows(buffer, [("begin_snapshot", at, "<=")], stop))
            {
                if (row[2] is null || (long)row[2]! > at)
                {
                    rows.Add(new BufferedRow(name, (long)row[0]!, (long)row[1]!, [.. places.Select((p, i) => p < 0 ? shown.Columns[i].Default : Text(row[3 + p]))]));
                }
            }
        }

        return rows;
    }

    /// <summary>A buffer as a catalog table, by its name.</summary>
    public static async Task<CatalogTable> Described(CatalogRead read, long table, string name, CancellationToken stop)
    {
        var version = (long)(await read.Rows(Inlined, [("table_id", table), ("table_name", name)], stop))[0][2]!;
        var begin = (long)(await read.Rows(SchemaVersions, [("table_id", table), ("schema_version", version)], stop))[0][0]!;
        return new CatalogTable(name, [.. Own, .. (await read.Columns(table, begin, stop)).Select(c => c.Name)], table);
    }

    /// <summary>The buffer of the table's present columns; made with the first row.</summary>
    private static async Task<CatalogTable> Of(CatalogChange change, Table table, CancellationToken stop)
    {
        var versions = await change.Read.Rows(SchemaVersions, [("table_id", table.Id)], stop);
        var version = versions.Max(v => (long)v[1]!);
        var buffer = new CatalogTable($"ducklake_inlined_data_{table.Id}_{version}", [.. Own, .. table.Columns.Select(c => c.Name)], table.Id);
        if ((await change.Read.Rows(Inlined, [("table_id", table.Id), ("table_name", buffer.Name)], stop)).Count == 0)
        {
            var columns = table.Columns.Select(c => $", {SqlText.Name(c.Name)} {(c.Type.IsInteger ? "BIGINT" : "VARCHAR")}");
            await change.Run($"CREATE TABLE {buffer.Quoted} (row_id BIGINT, begin_snapshot BIGINT, end_snapshot BIGINT{string.Concat(columns)})", stop);
            await change.Run($"CREATE INDEX {SqlText.Name(buffer.Name + "_rows")} ON {buffer.Quoted} (row_id)", stop);
            await change.Insert(Inlined, [table.Id, buffer.Name, version], stop);
        }

        return buffer;
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"A buffer holds no {value.GetType()}."),
    };
}
