// In: the table as CSV, as a spreadsheet writes it. Out: its rows, and what is wrong with each line. And the way back. Pure.
using System.Globalization;
using System.Text;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;

namespace Lizhou.Cases.Dispatching;

/// <param name="Line">Of the file; the header is 1.</param>
internal sealed record TableFault(int Line, Text What);

internal static class TableText
{
    public const int Longest = 200_000;
    public const int MostRows = 2_000;
    public const string Header = "事件分类,地点,级别,主办单位,协办单位,时限,优先级,自动,流程版本";
    public const string Yes = "是";

    /// <summary>Tables of before a row could be automatic or name a version of the flow are read too: then none is or does.</summary>
    private static readonly string[] Headers = [Header, "事件分类,地点,级别,主办单位,协办单位,时限,优先级,自动", "事件分类,地点,级别,主办单位,协办单位,时限,优先级"];
    public static readonly Text TooMany = new Text("不超过 {0} 行。", "At most {0} rows.").With(MostRows);
    private static readonly Text NoRow = new("目录没有任何行。", "The table has no row.");
    public static readonly IReadOnlyDictionary<string, LimitUnit> Measures = new Dictionary<string, LimitUnit>(StringComparer.Ordinal) { ["工作时"] = LimitUnit.WorkHours, ["工作日"] = LimitUnit.Workdays, ["小时"] = LimitUnit.Hours, ["分钟"] = LimitUnit.Minutes };

    public static (IReadOnlyList<DispatchRow> Rows, IReadOnlyList<TableFault> Faults) Read(string text, Desk desk)
    {
        var lines = text.TrimStart('\uFEFF').Split('\n').Select(l => l.Trim()).ToList();
        var (rows, faults) = (new List<DispatchRow>(), new List<TableFault>());
        if (!Headers.Contains(lines[0]))
        {
            return ([], [new(1, new Text("首行应为：{0}", "The first line is to be: {0}").With(Header))]);
        }

        for (var i = 1; i < lines.Count; i++)
        {
            if (lines[i].Trim(',').Length == 0)
            {
                continue;
            }

            var (cells, columns) = (CellText.Cells(lines[i]), lines[0].Count(c => c == ',') + 1);
            var (row, wrong) = cells.Count == columns ? Row(i + 1, RowCells.Of(cells), desk) : (null, new Text("应有 {0} 列，实为 {1} 列。", "It is to have {0} columns, it has {1}.").With(columns, cells.Count));
            if (row is null)
            {
                faults.Add(new(i + 1, wrong!.Value));
            }
            else
            {
                rows.Add(row);
            }

            if (rows.Count > MostRows)
            {
                return ([], [new(i + 1, TooMany)]);
            }
        }

        return rows.Count == 0 && faults.Count == 0 ? ([], [new(1, NoRow)]) : (rows, faults);
    }

    /// <summary>What is wrong with rows that were read before: classes, nodes, units and versions of the flow may have gone since.</summary>
    public static IReadOnlyList<TableFault> Faults(IReadOnlyList<DispatchRow> rows, Desk desk) => rows.Count == 0 ? [new(1, NoRow)] :
    [
        .. rows.SelectMany(r => !desk.Units.ContainsKey(r.Lead) ? [new TableFault(r.Line, new("主办单位已撤销。", "Its lead unit was dissolved."))] : Row(r.Line, Cells(r, desk), desk).Wrong is { } wrong ? [new TableFault(r.Line, wrong)] : Array.Empty<TableFault>()),
        .. CheckTable.Overlaps(rows, desk),
    ];

    public static string Write(IEnumerable<DispatchRow> rows, Desk desk) => CellText.Write(Header, rows.Select(row => Cells(row, desk).All));

    public static RowCells Cells(DispatchRow row, Desk desk) => new(
        row.Class, row.Place, row.Grade is { } grade ? CaseWords.Of(grade).Zh : "", CellText.Unit(row.Lead, desk), string.Join(';', row.Assists.Select(a => CellText.Unit(a, desk))),
        row.Limit is { } limit ? $"{limit.Amount} {Measures.First(m => m.Value == limit.Unit).Key}" : "", row.Priority == 0 ? "" : row.Priority.ToString(CultureInfo.InvariantCulture),
        row.Auto ? Yes : "", row.Flow?.ToString(CultureInfo.InvariantCulture) ?? "");

    public static (DispatchRow? Row, Text? Wrong) Row(int line, RowCells cells, Desk desk)
    {
        var grade = cells.Grade.Length == 0 ? null : Enum.GetValues<Grade>().Select(g => (Grade?)g).FirstOrDefault(g => cells.Grade == g.ToString() || cells.Grade == CaseWords.Of(g!.Value).Zh);
        var (lead, assists, limit, priority) = (CellText.Unit(cells.Lead, desk), cells.Assists.Split(';', '；').Select(a => a.Trim()).Where(a => a.Length > 0).Select(a => CellText.Unit(a, desk)).ToList(), Limit(cells.Limit), 0);
        Text? wrong = !desk.Classes.Keys.Any(c => c.StartsWith(cells.Class, StringComparison.Ordinal)) ? new Text("没有以“{0}”开头的事件分类。", "No class begins with “{0}”.").With(cells.Class)
            : cells.Place.Length > 0 && desk.Nodes.Find(cells.Place) is null ? new Text("没有节点“{0}”。", "There is no node “{0}”.").With(cells.Place)
            : cells.Grade.Length > 0 && grade is null ? new Text("没有级别“{0}”。", "There is no grade “{0}”.").With(cells.Grade)
            : lead is null ? new Text("没有单位“{0}”，或名称不唯一。", "There is no unit “{0}”, or several are called so.").With(cells.Lead)
            : assists.Contains(null) ? new Text("协办单位“{0}”中有未知的单位。", "Among the assisting units “{0}” one is unknown.").With(cells.Assists)
            : assists.Contains(lead) || assists.Distinct().Count() != assists.Count ? new("同一单位不能重复。", "No unit twice.")
            : cells.Limit.Length > 0 && limit is null ? new Text("“{0}”不是时限，例如 4 工作时。", "“{0}” is no limit such as 4 WorkHours.").With(cells.Limit)
            : cells.Priority.Length > 0 && !int.TryParse(cells.Priority, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out priority) ? new Text("“{0}”不是整数。", "“{0}” is no whole number.").With(cells.Priority)
            : cells.Auto is not ("" or Yes or "否" or "auto" or "no") ? new Text("自动一列为“是”或空，不是“{0}”。", "The column for automatic rows is auto or empty, not “{0}”.").With(cells.Auto)
            : FollowRow.Wrong(cells.Flow, desk);
        return wrong is null ? (new(line, cells.Class, cells.Place, grade, lead!.Value, [.. assists.OfType<Guid>()], limit, priority, cells.Auto is Yes or "auto", cells.Flow.Length == 0 ? null : int.Parse(cells.Flow, CultureInfo.InvariantCulture)), null) : (null, wrong);
    }

    /// <summary>A number and what it counts, with or without a blank between: 3 工作日, 3工作日, 3 workdays, 4 work-hours.</summary>
    private static TimeLimit? Limit(string cell)
    {
        var amount = cell[..(cell.AsSpan().IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : cell.Length)];
        var unit = cell[amount.Length..].Trim().Replace("-", "", StringComparison.Ordinal);
        return int.TryParse(amount, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 10_000
            && (Measures.TryGetValue(unit, out var measure) || English(unit) is { } told && (measure = told) == told) ? new(count, measure) : null;
    }

    /// <summary>By its name, in any case, also of one: workday, Hours.</summary>
    private static LimitUnit? English(string word) =>
        Enum.GetValues<LimitUnit>().Select(u => (LimitUnit?)u).FirstOrDefault(u => string.Equals(word, u.ToString(), StringComparison.OrdinalIgnoreCase) || string.Equals($"{word}s", u.ToString(), StringComparison.OrdinalIgnoreCase));
}
