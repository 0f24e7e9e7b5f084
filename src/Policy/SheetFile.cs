// In: rows as the engine produces them. Out: a workbook with the items' names as header. Texts stay texts, so nothing in it is ever run.
using Lizhou.Lake;
using Lizhou.Tabular.Writers;

namespace Lizhou.Policy;

/// <param name="Column">In the select.</param>
/// <param name="Title">At the head.</param>
/// <param name="Number">Whether its cells are numbers; a spreadsheet keeps 15 digits of one, longer ones travel as texts.</param>
internal sealed record SheetColumn(string Column, string Title, bool Number);

internal static class SheetFile
{
    public static long Write(Session session, string select, IReadOnlyList<SheetColumn> columns, object?[] arguments, string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 17);
        using var book = new XlsxWriter(file);
        SheetCell[] head = [.. columns.Select(c => new SheetCell(c.Title, CellFill.Header))];
        var rows = 0L;
        session.Stream(
            $"SELECT {string.Join(", ", columns.Select(c => $"CAST({SqlText.Name(c.Column)} AS VARCHAR)"))} FROM ({select})",
            row =>
            {
                // Each sheet of a long answer has its own header.
                if (rows++ % (XlsxWriter.MostRows - 1) == 0)
                {
                    book.BeginSheet("Sheet1");
                    book.Write(head);
                }

                book.Write(columns.Select((column, i) => new SheetCell(row.IsDBNull(i) ? null : row.GetString(i), Number: column.Number)));
            },
            arguments);
        if (rows == 0)
        {
            book.BeginSheet("Sheet1");
            book.Write(head);
        }

        return rows;
    }
}
