// In: staged files of a few rows. Out: their rows as the buffer keeps them, so that they need no file of their own; null where they must have one
// (more rows than it is for, a value the buffer's text cannot carry, a column named like the buffer's own).
using Lizhou.Lake.Reading;

namespace Lizhou.Lake.Writes;

internal static class SmallWrite
{
    /// <summary>A file costs the catalog about a dozen rows, and a buffered row stays in it until its snapshot expires: beyond a few dozen rows files are cheaper.</summary>
    public const int MostRows = 50;

    public static async Task<IReadOnlyList<object?[]>?> Rows(Warehouse lake, Table table, IReadOnlyList<StagedFile> files, CancellationToken stop)
    {
        if (files.Count == 0 || files.Sum(f => f.Rows) > MostRows)
        {
            return null;
        }

        var staged = UpsertRows.Staged(new ReadPlan(table, 0, lake.Staging.Folder(table), [], []), files);
        var select = $"SELECT {string.Join(", ", table.Columns.Select(c => $"CAST({SqlText.Name(c.Name)} AS VARCHAR)"))} FROM ({staged})";
        var rows = await lake.Engine.Write(session => session.Rows(select, r => (IReadOnlyList<object?>)[.. Enumerable.Range(0, r.FieldCount).Select(i => r.IsDBNull(i) ? null : r.GetString(i))]), stop);
        return Buffers.Check(table, rows) is { Refused: false } stored ? stored.Value : null;
    }

    /// <summary>Removes the files whose rows are in the buffer now, with the forms they had before duplicates were taken out. A crash before this leaves them to the sweep.</summary>
    public static void Drop(IReadOnlyList<StagedFile> files)
    {
        foreach (var file in files)
        {
            File.Delete(file.Path);
            File.Delete(file.Path.Replace(".kept.parquet", ".parquet", StringComparison.Ordinal));
        }
    }
}
