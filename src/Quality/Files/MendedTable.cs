// In: a table and its flagged cells. Out: the table with the proposed values in their place, as CSV that a spreadsheet does not run; a file is there whole or not at all.
using Lizhou.Tabular.Writers;

namespace Lizhou.Quality.Files;

internal static class MendedTable
{
    /// <param name="path">Null: standard output.</param>
    public static void Write(Grid grid, Checked found, string? path)
    {
        if (path is null)
        {
            using var output = Console.OpenStandardOutput();
            Write(grid, found, output);
            return;
        }

        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var part = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetRandomFileName()}.part");
        try
        {
            using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write))
            {
                Write(grid, found, file);
            }

            File.Move(part, full, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    public static void Write(Grid grid, Checked found, Stream to)
    {
        var mended = found.Cells.Where(c => c.Flag.Proposed is not null).ToDictionary(c => (c.Flag.Row, c.Flag.Column), c => c.Flag.Proposed!);
        using var csv = new CsvWriter(to, new() { Safe = true });
        csv.Write(grid.Columns.Select(c => c.Name));
        for (var r = 0; r < grid.Rows; r++)
        {
            csv.Write(grid.Columns.Select((column, c) => mended.GetValueOrDefault((r, c), column[r]) is { Length: > 0 } value ? value : null));
        }
    }
}
