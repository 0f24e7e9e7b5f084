// In: a duty list as CSV, as a spreadsheet writes it. Out: its lines, or what is wrong with the first that cannot be read. And the way back. Pure; such a list is tried, never put in force.
using System.Globalization;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Flows;
using Lizhou.Kernel;

namespace Lizhou.Cases.Nodes;

internal static class DutyText
{
    public const string Header = "节点,岗位,单位,生效日期,失效日期";
    private const string Bureau = "主管部门";
    /// <summary>Characters of a list.</summary>
    public const int Longest = 2_000_000;

    private const int MostLines = 20_000;

    public static (List<Duty> Lines, Problem? Fault) Read(string text, Desk desk)
    {
        if (text.Length > Longest)
        {
            return ([], Problems.BadDutyList.With(1, new Text("不超过 {0} 个字符。", "At most {0} characters.").With(Longest)));
        }

        var lines = text.TrimStart('\uFEFF').Split('\n').Select(l => l.Trim()).ToList();
        if (lines[0] != Header || lines.Count > MostLines)
        {
            return ([], Problems.BadDutyList.With(1, lines[0] != Header ? new Text("首行应为：{0}", "The first line is to be: {0}").With(Header) : new Text("不超过 {0} 行。", "At most {0} lines.").With(MostLines)));
        }

        List<Duty> read = [];
        for (var i = 1; i < lines.Count; i++)
        {
            if (lines[i].Trim(',').Length == 0)
            {
                continue;
            }

            var (line, wrong) = Line(CellText.Cells(lines[i]), desk);
            if (line is null)
            {
                return ([], Problems.BadDutyList.With(i + 1, wrong!.Value));
            }

            read.Add(line);
        }

        return read.Count == 0 ? ([], Problems.BadDutyList.With(1, new Text("没有任何行。", "It has no line."))) : (read, null);
    }

    /// <summary>Duties of a unit that is dissolved are nobody's, and left out.</summary>
    public static string Write(IEnumerable<Duty> lines, Desk desk) => CellText.Write(Header, lines.Where(l => l.Unit is not { } unit || desk.Units.ContainsKey(unit)).Select(line => (string[])
    [
        line.Node, FlowWords.Duties[line.Kind].Zh, line.Unit is { } unit ? CellText.Unit(unit, desk) : Bureau, CaseWords.Day(line.ValidFrom), line.ValidUntil is { } end ? CaseWords.Day(end) : "",
    ]));

    private static (Duty? Line, Text? Wrong) Line(List<string> cells, Desk desk)
    {
        if (cells.Count != 5)
        {
            return (null, new Text("应有 {0} 列，实为 {1} 列。", "It is to have {0} columns, it has {1}.").With(5, cells.Count));
        }

        var duty = FlowWords.Duties.FirstOrDefault(d => d.Key == cells[1] || d.Value.Zh == cells[1]).Key;
        var unit = cells[2] is "" or Bureau ? null : CellText.Unit(cells[2], desk);
        var (from, until) = (Date(cells[3]), Date(cells[4]));
        Text? wrong = desk.Nodes.Find(cells[0]) is null ? new Text("没有节点“{0}”。", "There is no node “{0}”.").With(cells[0])
            : duty is null ? new Text("没有岗位“{0}”。", "There is no duty “{0}”.").With(cells[1])
            : cells[2] is not ("" or Bureau) && unit is null ? new Text("没有单位“{0}”，或名称不唯一。", "There is no unit “{0}”, or several are called so.").With(cells[2])
            : cells[3].Length > 0 && from is null ? new Text("“{0}”不是日期，例如 2026-11-01。", "“{0}” is no day such as 2026-11-01.").With(cells[3])
            : cells[4].Length > 0 && until is null ? new Text("“{0}”不是日期，例如 2026-11-01。", "“{0}” is no day such as 2026-11-01.").With(cells[4])
            : until <= from ? new Text("失效应晚于生效。", "It ends after it begins.")
            : null;
        return wrong is not null ? (null, wrong) : (new Duty { Node = cells[0], Kind = duty!, Unit = unit, ValidFrom = from ?? DateOnly.MinValue, ValidUntil = until }, null);
    }

    private static DateOnly? Date(string cell) => DateOnly.TryParseExact(cell, ["yyyy-MM-dd", "yyyy/M/d"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
