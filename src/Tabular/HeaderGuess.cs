// Records from the table's first one on; how many of them are header, whether a row of units follows, and the names, out.
// A header is told by cells that do not have the type, form or length of what stands below them.
using System.Text.RegularExpressions;
using Lizhou.Tabular.Types;

namespace Lizhou.Tabular;

internal sealed partial class HeaderGuess(
    IReadOnlyList<SampleRecord> records, int first, int width, Func<SampleRecord, int, string?[]?> reread, Hints hints)
{
    private const int BodyRecords = 300;
    private const int MostRows = 3;

    private readonly List<string?[]> rows = [];
    private string?[] units = [];

    public int First => first;

    public int Rows => rows.Count;

    public bool UnitRow { get; private set; }

    public double Confidence { get; private set; } = 1;

    public Text Why { get; private set; }

    /// <summary>Joined cells of the header above a column; empty when there are none.</summary>
    public string Name(int column) => string.Join(' ', Enumerable.Range(0, rows.Count).Select(r => Cell(r, column)).Where(c => c.Length > 0));

    /// <summary>The lowest header cell of a column.</summary>
    public string LastName(int column) => rows.Count == 0 ? "" : Clean(column < rows[^1].Length ? rows[^1][column] : null);

    public string? Unit(int column)
    {
        var own = column < units.Length ? Clean(units[column]).Trim('(', ')', '（', '）', '[', ']') : "";
        if (own.Length > 0)
        {
            return own;
        }

        var inName = UnitInName().Match(Name(column));
        return inName.Success && IsUnit(inName.Groups["unit"].Value) ? inName.Groups["unit"].Value : null;
    }

    /// <summary>The unit that a line above the table gives for all of it: <c>单位：万元</c>, or in brackets behind the indicator's name.</summary>
    public static string? UnitOfTitle(string? line)
    {
        var text = Clean(line).TrimEnd('。', '；', ';');
        var at = text.IndexOf("单位：", StringComparison.Ordinal);
        at = at < 0 ? text.IndexOf("单位:", StringComparison.Ordinal) : at;
        if (at >= 0)
        {
            var told = text[(at + 3)..].Trim().TrimEnd(')', '）');
            return told.Length is > 0 and < 20 ? told : null;
        }

        var inName = UnitInName().Match(text);
        return inName.Success && IsUnit(inName.Groups["unit"].Value) ? inName.Groups["unit"].Value : null;
    }

    public void Run()
    {
        var told = hints.HeaderRows;
        var count = told ?? Count();
        for (var i = 0; i < count && first + i < records.Count; i++)
        {
            rows.Add(Fitted(records[first + i]));
        }

        UnitRow = hints.UnitRow ?? (count > 0 && first + count < records.Count && IsUnitRow(records[first + count].Cells));
        if (UnitRow)
        {
            units = records[first + count].Cells;
        }

        if (told is not null)
        {
            Why = Guess.Told;
        }
    }

    private int Count()
    {
        var (score, typed) = Evidence(0);
        if (score <= 0)
        {
            Confidence = typed > 0 ? 0.9 : 0.6;
            Why = new("第一行与下面各行的内容是同一类，没有表头。", "The first row is of the same kind as those below: no header.");
            return 0;
        }

        Confidence = typed > 0 ? 0.95 : 0.7;
        Why = typed > 0
            ? new Text("第一行有 {0} 格与下面各列的类型不同，是表头。", "{0} cells of the first row differ in type from what stands below: a header.").With(typed)
            : new("第一行的格各不相同、都不为空，按表头处理。", "The cells of the first row are all different and filled: taken as a header.");
        var count = 1;
        while (count < MostRows && first + count < records.Count - 1 && Continues(count))
        {
            count++;
        }

        return count;
    }

    /// <summary>Whether the row after the header rows found so far is header too.</summary>
    private bool Continues(int count)
    {
        var row = records[first + count];
        if (row.Cells.Length != width || row.Fault is not null || IsUnitRow(row.Cells))
        {
            return false;
        }

        var above = Fitted(records[first + count - 1]);
        if (Same(row.Cells, above))
        {
            return true;
        }

        var (score, typed) = Evidence(count);
        var last = System.Array.FindLastIndex(above, c => !string.IsNullOrWhiteSpace(c));
        var gaps = Enumerable.Range(0, last + 1).Where(c => string.IsNullOrWhiteSpace(above[c])).ToList();
        var filled = gaps.Count > 0 && gaps.TrueForAll(c => !string.IsNullOrWhiteSpace(row.Cells[c]));
        var spared = Enumerable.Range(0, last + 1).Any(c => string.IsNullOrWhiteSpace(row.Cells[c]));
        return (typed >= 2 && score >= 2 && typed * 3 >= TypedColumns(count)) || (filled && ((typed >= 1 && score > 0) || (spared && row.Filled > 1)));
    }

    private static bool Same(string?[] one, string?[] other) =>
        one.Length == other.Length && one.Zip(other).All(p => Clean(p.First).Equals(Clean(p.Second), StringComparison.Ordinal));

    private int TypedColumns(int offset) => Body(offset).Count(p => p.Type != ColumnType.Text);

    private ColumnProfile[] Body(int offset)
    {
        var profiles = Enumerable.Range(0, width).Select(_ => new ColumnProfile()).ToArray();
        var seen = 0;
        for (var i = first + offset + 1; i < records.Count && seen < BodyRecords; i++)
        {
            var cells = records[i].Cells;
            // Further header rows of the same wording say nothing of the body.
            if (cells.Length != width || records[i].Fault is not null || RowJudge.IsNote(cells, width) || (i < first + MostRows && Same(cells, records[first + offset].Cells)))
            {
                continue;
            }

            seen++;
            for (var c = 0; c < width; c++)
            {
                profiles[c].Add(cells[c]);
            }
        }

        return profiles;
    }

    /// <summary>For a row at an offset: the weight of what speaks for a header, and the number of columns whose type says so.</summary>
    private (double Score, int Typed) Evidence(int offset)
    {
        var cells = Fitted(records[first + offset]);
        var body = Body(offset);
        var filled = cells.Where(c => !string.IsNullOrWhiteSpace(c)).Select(Clean).ToList();
        double score = 0;
        var typed = 0;
        for (var c = 0; c < width; c++)
        {
            var cell = Clean(c < cells.Length ? cells[c] : null);
            if (cell.Length == 0 || body[c].Filled == 0)
            {
                continue;
            }

            var (weight, isTyped) = Weigh(cell, body[c]);
            score += weight;
            typed += isTyped ? 1 : 0;
        }

        var distinct = filled.Distinct(StringComparer.OrdinalIgnoreCase).Count() == filled.Count;
        var numbers = filled.Count(f => CellKind.Of(f).Type is not (ColumnType.Text or ColumnType.Uscc or ColumnType.Boolean));
        var years = filled.Count(f => Year().IsMatch(f));
        if (numbers > years && numbers * 2 > filled.Count && typed == 0)
        {
            return (-1, 0);
        }

        var wordy = filled.Count(f => f.Length <= 60 && !f.Contains('\n')) == filled.Count;
        var nothingBelow = body.All(b => b.Filled == 0);
        score += distinct && wordy && filled.Count == width ? nothingBelow ? 1 : 0.45 : distinct && wordy && filled.Count > 1 ? 0.1 : -0.5;
        return (score, typed);
    }

    private static (double Weight, bool Typed) Weigh(string cell, ColumnProfile below)
    {
        var kind = CellKind.Of(cell);
        var type = below.Type;
        if (type != ColumnType.Text)
        {
            var column = new ColumnShape("", type);
            if (Fit.Belongs(kind, column))
            {
                // A year over numbers is a name; any other number over numbers is a number.
                return Year().IsMatch(cell) && !below.Has(cell) ? (0, false) : (-1, false);
            }

            return kind.Type == ColumnType.Text ? (1, true) : (0.2, false);
        }

        if (below.Pattern is { Length: > 0 } pattern && below.Filled > 1)
        {
            return ColumnProfile.Form(cell) == pattern ? (-1, false) : (0.8, true);
        }

        if (below.Has(cell))
        {
            return (below.Filled > 3 ? -0.8 : -0.3, false);
        }

        return kind.Type != ColumnType.Text ? (-0.2, false) : (below.Longest > 3 * cell.Length && below.Longest > 20 ? 0.3 : 0, false);
    }

    /// <summary>A header cut otherwise than the rows, made as wide as they are.</summary>
    private string?[] Fitted(SampleRecord record)
    {
        var cells = record.Cells;
        if (cells.Length == width)
        {
            return cells;
        }

        if (cells.Length <= 1 + (width / 2) && reread(record, width) is { } again)
        {
            return again;
        }

        var surplus = cells.Length - width;
        if (surplus > 0 && cells.Count(string.IsNullOrWhiteSpace) >= surplus)
        {
            var kept = cells.ToList();
            for (var i = kept.Count - 1; i >= 0 && kept.Count > width; i--)
            {
                if (string.IsNullOrWhiteSpace(kept[i]))
                {
                    kept.RemoveAt(i);
                }
            }

            return [.. kept];
        }

        return surplus > 0 ? cells[..width] : [.. cells, .. new string?[-surplus]];
    }

    /// <summary>A header cell; over merged columns the upper name stands only above the first of them.</summary>
    private string Cell(int row, int column)
    {
        var own = Clean(column < rows[row].Length ? rows[row][column] : null);
        if (own.Length > 0 || row == rows.Count - 1 || column == 0 || Clean(rows[^1][column]).Length == 0)
        {
            return own;
        }

        var left = column;
        while (left > 0 && Clean(rows[row][left]).Length == 0)
        {
            left--;
        }

        return left < column && Clean(rows[^1][left]).Length > 0 ? Clean(rows[row][left]) : "";
    }

    private bool IsUnitRow(string?[] cells)
    {
        var filled = cells.Where(c => !string.IsNullOrWhiteSpace(c)).Select(c => Clean(c).Trim('(', ')', '（', '）', '[', ']')).ToList();
        var unitlike = filled.Count(IsUnit);
        return filled.Count > 0 && unitlike * 2 > filled.Count && (unitlike > 1 || filled.Count == 1 && width > 2);
    }

    private static bool IsUnit(string text) => Units.Contains(text.StartsWith("单位：", StringComparison.Ordinal) ? text[3..] : text);

    private static string Clean(string? cell) => cell is null ? "" : Blanks().Replace(cell.Trim().TrimStart('\uFEFF'), " ");

    private static readonly HashSet<string> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        "元", "千元", "万元", "百万元", "亿元", "美元", "万美元", "亿美元", "元/人", "元/平方米", "%", "‰", "百分比", "人", "万人", "户", "万户", "人次", "万人次", "个", "家", "件", "项", "次", "辆", "台", "套",
        "公里", "千米", "米", "厘米", "毫米", "平方米", "平方公里", "万平方米", "公顷", "亩", "万亩", "吨", "万吨", "千克", "公斤", "克", "立方米", "万立方米", "升", "千瓦时", "万千瓦时", "亿千瓦时", "摄氏度", "℃", "°C",
        "天", "小时", "分钟", "秒", "年", "月", "日", "岁", "km", "m", "cm", "mm", "m2", "m3", "km2", "kg", "g", "t", "mg/L", "mg/m3", "μg/m3", "ug/m3", "m/s", "m3/s", "hPa", "kPa", "Pa", "kWh", "MWh", "kW", "MW",
        "h", "min", "s", "ms", "USD", "EUR", "CNY", "RMB", "persons", "years", "days", "元/吨", "升/秒", "立方米/秒", "米/秒", "点", "户次", "床", "张", "所", "座", "处", "起", "宗", "份",
    };

    [GeneratedRegex(@"[\s\u3000]+", RegexOptions.NonBacktracking)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^(19|20)[0-9]{2}$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Year();

    [GeneratedRegex(@"[（(\[](?<unit>[^（()）\[\]]{1,12})[）)\]]\s*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex UnitInName();
}
