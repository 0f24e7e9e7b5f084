// The first table of a file as `inspect --as csv` gives it.
using System.Text;
using Lizhou.Tabular.Writers;

namespace Lizhou.Tabular.Tests;

internal static class CleanTable
{
    public static string Of(string path)
    {
        var shape = Inspector.Inspect(path).Value.Tables[0].Shape;
        using var made = new MemoryStream();
        using (var csv = new CsvWriter(made))
        {
            if (shape.HeaderRows > 0)
            {
                csv.Write(shape.Columns.Select(c => c.Name));
            }

            using var reader = RowReader.Open(path, shape);
            foreach (var row in reader.Rows())
            {
                if ((row.Fault is null ? row.Cells : row.Fault.Repair) is { } cells)
                {
                    csv.Write(cells);
                }
            }
        }

        return Encoding.UTF8.GetString(made.ToArray());
    }
}
