// In: a spreadsheet, CSV or JSON and the columns it should have. Out: its rows with their lines, cells in the order of the columns. Refuses a file without a needed column.
using Lizhou.Kernel;
using Lizhou.Tabular;

namespace Lizhou.Standards;

/// <param name="Field">As JSON and the API call it.</param>
/// <param name="Name">As the header says in either language.</param>
/// <param name="Width">In characters.</param>
/// <param name="Needed">Whether a file without it is refused.</param>
internal sealed record TableColumn(string Field, Text Name, double Width, bool Needed = false);

/// <param name="Line">Row of the sheet or line of the file, from 1.</param>
internal sealed record TableRow(long Line, string?[] Cells)
{
    public string? this[int at] => CodeRow.Clean(Cells[at]);
}

internal static class ReadTable
{
    public static Result<IReadOnlyList<TableRow>> Run(string path, IReadOnlyList<TableColumn> columns, int most)
    {
        var inspected = Inspector.Inspect(path, new Hints { PreambleRows = 0, HeaderRows = 1, UnitRow = false });
        if (inspected.Refused)
        {
            return inspected.Problem!;
        }

        var table = inspected.Value.Tables[0];
        if (table.Problem is { } unreadable)
        {
            return unreadable;
        }

        var heads = table.Shape.Columns.Select(c => c.Name.Trim()).ToList();
        var at = columns.Select(c => heads.FindIndex(h => h == c.Name.Zh || h.Equals(c.Name.En, StringComparison.OrdinalIgnoreCase) || h == c.Field)).ToArray();
        if (columns.Zip(at).FirstOrDefault(c => c.First.Needed && c.Second < 0).First is { } missing)
        {
            return Problems.NoColumn.With(missing.Name);
        }

        try
        {
            return Rows(path, table.Shape, at, most);
        }
        catch (ProblemException broken)
        {
            return broken.Problem;
        }
    }

    private static Result<IReadOnlyList<TableRow>> Rows(string path, FileShape shape, int[] at, int most)
    {
        List<TableRow> rows = [];
        // Codes are names: no column is taken for a number, no last line for a footer.
        using var reader = RowReader.Open(path, shape with { Columns = [.. shape.Columns.Select(c => new ColumnShape(c.Name))], Footer = false, ShortRows = true });
        foreach (var row in reader.Rows().Where(r => r.Cells.Any(c => !string.IsNullOrWhiteSpace(c))))
        {
            if (rows.Count == most)
            {
                return Problems.TooMany.With(most);
            }

            rows.Add(new(row.Line, [.. at.Select(i => i >= 0 && i < row.Cells.Count ? Formula.Restore(row.Cells[i] ?? "") : null)]));
        }

        return rows;
    }
}
