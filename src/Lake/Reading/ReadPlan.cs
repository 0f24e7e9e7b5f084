// In: a table at a snapshot. Out: the files to read and the SQL relation over them: columns by field id, withdrawn rows left out, buffered rows included.
// Rows leave the lake only through the policy, so this is internal: Lizhou.Policy may see it, nothing else.
using System.Text.Json;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Writes;

namespace Lizhou.Lake.Reading;

/// <summary>What must be read to see a table as one snapshot shows it.</summary>
/// <param name="Folder">The table's folder, absolute.</param>
internal sealed record ReadPlan(Table Table, long Snapshot, string Folder, IReadOnlyList<DataFile> Files, IReadOnlyList<BufferedRow> Buffered)
{
    /// <summary>Rows it shows in all.</summary>
    public long Rows => Files.Sum(f => f.Live) + Buffered.Count;

    /// <summary>A sub-query without parentheses: the table's columns, with <paramref name="provenance"/> also <c>_file</c>, <c>_row</c>, <c>_row_id</c>.</summary>
    public string Relation(Arguments arguments, bool provenance = false)
    {
        var parts = new List<string>();
        var clean = Files.Where(f => f.Deletes is null).ToList();
        if (clean.Count > 0)
        {
            parts.Add($"SELECT {Columns(clean, provenance)} FROM {Scan(clean, provenance)} AS d");
        }

        var cut = Files.Where(f => f.Deletes is not null).ToList();
        if (cut.Count > 0)
        {
            parts.Add($"""
                SELECT {Columns(cut, provenance)} FROM {Scan(cut, provenance)} AS d
                ANTI JOIN ({Positions(cut)}) AS x ON x.file = d.file_index AND x.pos = d.file_row_number
                """);
        }

        if (Buffered.Count > 0)
        {
            parts.Add(FromBuffer(arguments, provenance));
        }

        return parts.Count > 0 ? string.Join("\nUNION ALL\n", parts) : Nothing(provenance);
    }

    /// <summary>The withdrawn positions of files that have any: <c>file</c> is the index in the list.</summary>
    public string Positions(IReadOnlyList<DataFile> cut) =>
        $"SELECT file_index AS file, pos FROM read_parquet({SqlText.List(cut.Select(f => Path.Combine(Folder, f.Deletes!.Path)))})";

    /// <summary>The files as the engine reads them, with <c>file_index</c> and <c>file_row_number</c>.</summary>
    public string Scan(IReadOnlyList<DataFile> files, bool rowIds)
    {
        var fields = Table.Columns.Select(c =>
            $"{c.Id}: {{name: {SqlText.Literal(c.Name)}, type: {SqlText.Literal(c.Type.Engine)}, default_value: {(c.Default is null ? "NULL" : SqlText.Literal(c.Default))}}}");
        if (rowIds)
        {
            fields = fields.Append($"{Staging.RowIdField}: {{name: '{Staging.RowIdColumn}', type: 'BIGINT', default_value: NULL}}");
        }

        return $"read_parquet({SqlText.List(files.Select(f => Path.Combine(Folder, f.Path)))}, schema = MAP {{{string.Join(", ", fields)}}})";
    }

    private static string List(IEnumerable<long?> numbers) => $"(CAST([{string.Join(", ", numbers.Select(n => n is null ? "NULL" : $"{n}"))}] AS BIGINT[]))";

    private string Columns(List<DataFile> files, bool provenance)
    {
        var columns = SqlText.Names(Table.Columns.Select(c => c.Name), "d.");
        return provenance
            ? $"""
               {columns}, {List(files.Select(f => (long?)f.Id))}[CAST(d.file_index AS BIGINT) + 1] AS {Names.File}, d.file_row_number AS {Names.Row},
               coalesce(d.{Staging.RowIdColumn}, {List(files.Select(f => f.RowIdStart))}[CAST(d.file_index AS BIGINT) + 1] + d.file_row_number) AS {Names.RowId}
               """
            : columns;
    }

    private string FromBuffer(Arguments arguments, bool provenance)
    {
        var json = JsonSerializer.Serialize(Buffered.Select(b => (IEnumerable<string?>)[$"{b.RowId}", .. b.Values]));
        var columns = string.Join(", ", Table.Columns.Select((c, i) => $"CAST(b.r ->> '$[{i + 1}]' AS {c.Type.Engine}) AS {SqlText.Name(c.Name)}"));
        var origin = provenance ? $", NULL::BIGINT AS {Names.File}, NULL::BIGINT AS {Names.Row}, CAST(b.r ->> '$[0]' AS BIGINT) AS {Names.RowId}" : "";
        return $"SELECT {columns}{origin} FROM (SELECT unnest(CAST({arguments.Add(json)} AS JSON[])) AS r) AS b";
    }

    private string Nothing(bool provenance)
    {
        var columns = string.Join(", ", Table.Columns.Select(c => $"CAST(NULL AS {c.Type.Engine}) AS {SqlText.Name(c.Name)}"));
        return $"SELECT {columns}{(provenance ? $", NULL::BIGINT AS {Names.File}, NULL::BIGINT AS {Names.Row}, NULL::BIGINT AS {Names.RowId}" : "")} WHERE false";
    }
}

/// <summary>A row still in the catalog; its values as text, one per column of the table.</summary>
internal sealed record BufferedRow(string Buffer, long RowId, long Begin, string?[] Values);
