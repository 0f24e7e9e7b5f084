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
    /// <summary>Only the rows at these positions of the one file, none of which is withdrawn; null for all rows.</summary>
    public (long From, long Until)? Only { get; private init; }

    /// <summary>Rows it shows in all.</summary>
    public long Rows => Files.Sum(f => f.Live) + Buffered.Count;

    /// <summary>So many rows in the order of their ids, found without reading others; null where positions do not tell the order: more than one file, withdrawn or moved rows.</summary>
    public ReadPlan? Page(long skip, long take) =>
        Files is [{ Deletes: null, RowIdStart: not null }] && Buffered.Count == 0 ? this with { Only = (skip, skip + take) } : null;

    /// <summary>A sub-query without parentheses: the table's columns, with <paramref name="provenance"/> also <c>_file</c>, <c>_row</c>, <c>_row_id</c>.</summary>
    public string Relation(Arguments arguments, bool provenance = false)
    {
        var parts = new List<string>();
        var clean = Files.Where(f => f.Deletes is null).ToList();
        if (clean.Count > 0)
        {
            var only = Only is var (from, until) ? $" WHERE d.file_row_number >= {from} AND d.file_row_number < {until}" : "";
            parts.Add($"SELECT {Columns(clean, provenance)} FROM {Scan(clean, provenance)} AS d{only}");
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
        if (rowIds && files.Any(f => f.RowIdStart is null))
        {
            fields = fields.Append($"{Staging.RowIdField}: {{name: '{Staging.RowIdColumn}', type: 'BIGINT', default_value: NULL}}");
        }

        return $"read_parquet({SqlText.List(files.Select(f => Path.Combine(Folder, f.Path)))}, schema = MAP {{{string.Join(", ", fields)}}})";
    }

    /// <summary>The number that belongs to a row's file; one list for many files costs the engine less than a join.</summary>
    private static string OfFile(IReadOnlyList<long?> numbers) => numbers is [var one]
        ? $"CAST({Text(one)} AS BIGINT)"
        : $"(CAST([{string.Join(", ", numbers.Select(Text))}] AS BIGINT[]))[CAST(d.file_index AS BIGINT) + 1]";

    private static string Text(long? number) => number is null ? "NULL" : $"{number}";

    private string Columns(List<DataFile> files, bool provenance)
    {
        var columns = SqlText.Names(Table.Columns.Select(c => c.Name), "d.");
        if (!provenance)
        {
            return columns;
        }

        var counted = $"{OfFile([.. files.Select(f => f.RowIdStart)])} + d.file_row_number";
        var id = files.Any(f => f.RowIdStart is null) ? $"coalesce(d.{Staging.RowIdColumn}, {counted})" : counted;
        return $"{columns}, {OfFile([.. files.Select(f => (long?)f.Id)])} AS {Names.File}, d.file_row_number AS {Names.Row}, {id} AS {Names.RowId}";
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
