// The first table of a file as RFC 4180, as `inspect --as csv` gives it.
using System.Text;
namespace Lizhou.Tabular.Tests;

internal static class CleanTable
{
    public static string Of(string path)
    {
        var found = Inspector.Inspect(path);
        if (found.Refused || found.Value.Tables.Count == 0) return "";
        var shape = found.Value.Tables[0].Shape;
        var made = new StringBuilder();
        if (shape.HeaderRows > 0) Add(shape.Columns.Select(c => c.Name));
        using var reader = RowReader.Open(path, shape);
        foreach (var row in reader.Rows())
        {
            var cells = row.Fault is null ? row.Cells : row.Fault.Repair;
            if (cells is not null) Add(cells);
        }
        return made.ToString();
        void Add(IEnumerable<string?> cells) => made.AppendJoin(',', cells.Select(c => "\"" + c?.Replace("\"", "\"\"") + "\"")).Append('\n');
    }
}
