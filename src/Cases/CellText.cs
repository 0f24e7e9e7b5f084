// A line of a table as spreadsheets write it, and the way back; units by name, or by code where the name does not say who it is.
using System.Text;
using Lizhou.Cases.Acting;
using Lizhou.Contracts.Organisation;
using Lizhou.Tabular.Writers;

namespace Lizhou.Cases;

internal static class CellText
{
    /// <summary>With the byte order mark a spreadsheet needs to see that it is UTF-8. An empty cell is empty, not quoted.</summary>
    public static string Write(string header, IEnumerable<IEnumerable<string>> lines)
    {
        using var to = new MemoryStream();
        using (var csv = new CsvWriter(to, new CsvOptions { Mark = true }))
        {
            csv.Write(header.Split(','));
            foreach (var line in lines)
            {
                csv.Write(line.Select(c => c.Length == 0 ? null : c));
            }
        }

        return Encoding.UTF8.GetString(to.ToArray());
    }

    public static Guid? Unit(string cell, Desk desk) => desk.Units.Values.Where(u => u.Code == cell || u.Name == cell).ToList() is [var one] ? one.Id : null;

    public static string Unit(Guid id, Desk desk) => desk.Units.GetValueOrDefault(id) is not { } unit ? "—" : Named(unit, desk) ? unit.Name : unit.Code;

    /// <summary>Whether its name says who it is, and neither a list nor a formula.</summary>
    private static bool Named(UnitCard unit, Desk desk) => !unit.Name.Contains(';') && !unit.Name.Contains('；') && unit.Name[0] is not ('=' or '+' or '-' or '@') && desk.Units.Values.Count(u => u.Name == unit.Name) == 1;

    public static List<string> Cells(string line)
    {
        var (cells, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                cell.Append(line[i++]);
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else
            {
                cell.Append(line[i]);
            }
        }

        return [.. cells, cell.ToString().Trim()];
    }
}
