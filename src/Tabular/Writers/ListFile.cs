// In: a list as cells. Out: it as a file that is safe to open in a spreadsheet: CSV with guarded cells, or a book whose cells are texts.
namespace Lizhou.Tabular.Writers;

/// <param name="Content">Whole; lists are at most some ten thousand rows.</param>
/// <param name="Type">Media type.</param>
/// <param name="Ending">Of its name, with the dot.</param>
public sealed record ListFile(byte[] Content, string Type, string Ending)
{
    private const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <param name="format"><c>csv</c>; anything else is a book.</param>
    /// <param name="title">Of the sheet.</param>
    /// <param name="columns">Heads and widths in characters.</param>
    public static ListFile Of(string? format, string title, IReadOnlyList<(string Name, double Width)> columns, IEnumerable<string?[]> rows) =>
        format == "csv" ? new(Csv(columns, rows), "text/csv; charset=utf-8", ".csv") : new(Book(title, columns, rows), Xlsx, ".xlsx");

    private static byte[] Book(string title, IReadOnlyList<(string Name, double Width)> columns, IEnumerable<string?[]> rows)
    {
        using var file = new MemoryStream();
        using (var writer = new XlsxWriter(file))
        {
            writer.BeginSheet(title, [.. columns.Select(c => c.Width)]);
            writer.Write(columns.Select(c => new SheetCell(c.Name, CellFill.Header)));
            foreach (var row in rows)
            {
                writer.Write(row.Select(cell => new SheetCell(cell)));
            }
        }

        return file.ToArray();
    }

    private static byte[] Csv(IReadOnlyList<(string Name, double Width)> columns, IEnumerable<string?[]> rows)
    {
        using var file = new MemoryStream();
        using (var writer = new CsvWriter(file, new CsvOptions { Safe = true, Mark = true }))
        {
            foreach (var row in rows.Prepend([.. columns.Select(c => c.Name)]))
            {
                writer.Write(row);
            }

            writer.Flush();
        }

        return file.ToArray();
    }
}
