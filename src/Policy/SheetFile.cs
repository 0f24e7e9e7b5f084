// In: rows as the engine produces them. Out: a workbook with the items' Chinese names as header. Texts stay texts, so nothing in it is ever run.
using Lizhou.Lake;
using Lizhou.Policy.Views;
using Lizhou.Tabular.Writers;

namespace Lizhou.Policy;

internal static class SheetFile
{
    public static long Write(Session session, string select, Query query, Table shape, string path)
    {
        var numbers = query.Items.Select(d => IsNumber(shape.Column(d.Item.Column)!.Type)).ToArray();
        var texts = query.Items.Select(d => $"CAST({SqlText.Name(d.Item.Column)} AS VARCHAR)");
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 17);
        using var book = new XlsxWriter(file);
        SheetCell[] head = [.. query.Items.Select(d => new SheetCell(d.Item.Name, CellFill.Header))];
        var rows = 0L;
        session.Stream(
            $"SELECT {string.Join(", ", texts)} FROM ({select})",
            row =>
            {
                // Each sheet of a long answer has its own header.
                if (rows++ % (XlsxWriter.MostRows - 1) == 0)
                {
                    book.BeginSheet("Sheet1");
                    book.Write(head);
                }

                book.Write(numbers.Select((number, i) => new SheetCell(row.IsDBNull(i) ? null : row.GetString(i), Number: number)));
            },
            query.With.Values);
        if (rows == 0)
        {
            book.BeginSheet("Sheet1");
            book.Write(head);
        }

        return rows;
    }

    /// <summary>A spreadsheet keeps 15 digits of a number; longer ones travel as texts.</summary>
    private static bool IsNumber(ColumnType type) => type.Name is "int8" or "int16" or "int32" or "float32" or "float64";
}
