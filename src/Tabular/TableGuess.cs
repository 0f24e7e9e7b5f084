// The first records of a table in; where its header is, how wide it is, what its columns are called and of which type, out.
using Lizhou.Tabular.Types;

namespace Lizhou.Tabular;

/// <summary>A record of the sample.</summary>
internal sealed record SampleRecord(long Line, string?[] Cells, RowFault? Fault = null)
{
    public int Filled => Cells.Count(c => !string.IsNullOrWhiteSpace(c));

    public bool Blank => Filled == 0;
}

internal sealed class TableGuess
{
    private const int TypeRecords = 2000;
    private const int NamedEmpty = 20;

    private readonly IReadOnlyList<SampleRecord> records;
    private readonly Hints hints;
    private readonly FileShape known;
    private readonly Func<SampleRecord, int, string?[]?> reread;

    private TableGuess(IReadOnlyList<SampleRecord> records, FileShape known, Hints hints, Func<SampleRecord, int, string?[]?> reread)
    {
        (this.records, this.known, this.hints, this.reread) = (records, known, hints, reread);
    }

    public FileShape Shape { get; private set; } = new();

    public List<Guess> Guesses { get; } = [];

    public List<Oddity> Oddities { get; } = [];

    /// <summary>Index of the record where another table begins in the same file; -1 when there is none.</summary>
    public int NextTable { get; private set; } = -1;

    /// <param name="records">Sampled records without blank lines, from the file's (or this table's) beginning.</param>
    /// <param name="known">Shape with all that is known without looking at cells (format, encoding, dialect …).</param>
    /// <param name="skipped">Records before the first one given, for a second table in a file.</param>
    /// <param name="reread">Reads a record again so that it has the wanted number of cells, or answers null.</param>
    public static TableGuess Of(
        IReadOnlyList<SampleRecord> records, FileShape known, Hints hints, int skipped, Func<SampleRecord, int, string?[]?> reread)
    {
        var guess = new TableGuess(records, known, hints, reread);
        guess.Run(skipped);
        return guess;
    }

    private void Run(int skipped)
    {
        if (records.Count == 0)
        {
            Shape = known with { HeaderRows = 0 };
            return;
        }

        var width = Width();
        var first = hints.PreambleRows ?? FirstOfTable(width);
        var header = new HeaderGuess(records, first, width, reread, hints);
        header.Run();
        NextTable = Repeat(header, width);
        var body = BodyOf(header, width);
        var profiles = Profiles(body, width);
        var (columns, tail) = Columns(header, profiles);
        Shape = known with
        {
            PreambleRows = skipped + first,
            HeaderRows = header.Rows,
            UnitRow = header.UnitRow,
            Columns = columns,
            EmptyTail = tail,
            ShortRows = IsShort(body, width),
            MaxRecords = NextTable < 0 ? null : NextTable - first - header.Rows - (header.UnitRow ? 1 : 0),
        };
        Explain(header, first, tail, profiles, columns);
        Strays(body, columns);
    }

    /// <summary>The number of cells that carries the table: frequent, and rather wide than narrow.</summary>
    private int Width()
    {
        var counts = new Dictionary<int, double>();
        foreach (var record in records)
        {
            if (record.Fault is null && !record.Blank)
            {
                counts[record.Cells.Length] = counts.GetValueOrDefault(record.Cells.Length) + 1;
            }
        }

        if (counts.Count == 0)
        {
            return records.Max(r => r.Cells.Length);
        }

        var usual = counts.MaxBy(c => (c.Value * (c.Key == 1 ? 0.1 : (c.Key - 1.0) / c.Key), c.Key)).Key;
        var widest = counts.Keys.Max();
        // Exports that cut trailing empty cells: the header is as wide as the widest row, and rows of many widths lie below.
        var shorter = counts.Where(c => c.Key < widest).Sum(c => c.Value) / records.Count;
        var header = records.FirstOrDefault(r => r.Fault is null && r.Filled > 1);
        return counts.Count > 2 && shorter > 0.1 && header is not null && header.Cells.Length == widest && header.Filled == widest ? widest : usual;
    }

    private int FirstOfTable(int width)
    {
        // Titles fill a cell or two, however many empty ones an export puts behind them.
        var usual = records.Where(r => r.Cells.Length == width && r.Fault is null).Select(r => r.Filled).Order().ToList();
        var enough = usual.Count == 0 ? 1 : Math.Min(width, Math.Max(width == 1 ? 1 : 2, usual[usual.Count * 3 / 4] / 2));
        for (var i = 0; i < records.Count; i++)
        {
            var record = records[i];
            if (record.Cells.Length == width && record.Filled >= enough && record.Fault is null)
            {
                return Groups(OneMoreHeader(i, width), width);
            }
        }

        return 0;
    }

    /// <summary>Rows of group names over merged columns fill few cells, but some further right than a title would.</summary>
    private int Groups(int first, int width)
    {
        for (var back = 0; back < 2 && first > 0 && width > 3; back++)
        {
            var above = records[first - 1].Cells;
            var right = above.Skip(2).Count(c => !string.IsNullOrWhiteSpace(c));
            var under = above.Zip(records[first].Cells).Count(p => !string.IsNullOrWhiteSpace(p.First) && string.IsNullOrWhiteSpace(p.Second));
            if (above.Length != width || right == 0 || right + under < 2)
            {
                break;
            }

            first--;
        }

        return first;
    }

    /// <summary>The record before may be the header, only cut otherwise: a delimiter too many, too few, or of another kind.</summary>
    private int OneMoreHeader(int first, int width)
    {
        if (first == 0 || width < 3)
        {
            return first;
        }

        var before = records[first - 1];
        var near = before.Cells.Length != width && Math.Abs(before.Cells.Length - width) <= Math.Max(1, width / 5) && before.Filled >= width / 2;
        return near || (reread(before, width) is { } again && again.Count(c => !string.IsNullOrWhiteSpace(c)) * 2 > width) ? first - 1 : first;
    }

    private List<SampleRecord> BodyOf(HeaderGuess header, int width)
    {
        var end = NextTable < 0 ? records.Count : NextTable;
        var from = header.First + header.Rows + (header.UnitRow ? 1 : 0);
        var body = new List<SampleRecord>();
        for (var i = from; i < end && body.Count < TypeRecords; i++)
        {
            var record = records[i];
            if (record.Fault is null && !record.Blank && record.Cells.Length <= width && !RowJudge.IsNote(record.Cells, width))
            {
                body.Add(record);
            }
        }

        return body;
    }

    private static ColumnProfile[] Profiles(List<SampleRecord> body, int width)
    {
        var profiles = new ColumnProfile[width];
        for (var c = 0; c < width; c++)
        {
            profiles[c] = new ColumnProfile();
            foreach (var record in body)
            {
                if (record.Cells.Length == width || c < record.Cells.Length)
                {
                    profiles[c].Add(c < record.Cells.Length ? record.Cells[c] : null);
                }
            }
        }

        return profiles;
    }

    private (List<ColumnShape> Columns, int Tail) Columns(HeaderGuess header, ColumnProfile[] profiles)
    {
        var common = records.Take(header.First).SelectMany(r => r.Cells).Select(HeaderGuess.UnitOfTitle).FirstOrDefault(u => u is not null);
        var columns = new List<ColumnShape>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        // Without a header a column is known by its delimiter alone, so none is left out.
        var named = header.Rows == 0 && known.Format == Format.Csv ? profiles.Length - 1 : Enumerable.Range(0, profiles.Length).LastOrDefault(c => header.Name(c).Length > 0 || profiles[c].Filled > 0, profiles.Length - 1);
        for (var c = 0; c <= named; c++)
        {
            var name = header.Name(c);
            name = name.Length == 0 ? $"column{c + 1}" : name;
            for (var n = 2; !taken.Add(name); n++)
            {
                name = $"{header.Name(c)}_{n}";
            }

            var kind = Serial(name, profiles[c]) ? new CellKind(ColumnType.Date, "excel") : profiles[c].Decide();
            columns.Add(new(name, kind.Type, kind.Type == ColumnType.Text ? null : kind.Format, header.Unit(c) ?? (kind.Type is ColumnType.Integer or ColumnType.Decimal ? common : null), profiles[c].Empty > 0, profiles[c].Pattern));
        }

        return (columns, profiles.Length - 1 - named);
    }

    /// <summary>Whole numbers that a spreadsheet left where the column's name promises a date: days since 1900.</summary>
    private static bool Serial(string name, ColumnProfile profile) =>
        profile is { Type: ColumnType.Integer, Filled: > 0 } && profile.All(v => int.TryParse(v, out var day) && day is > 20_000 and < 60_000)
        && (name.Contains("日期", StringComparison.Ordinal) || name.Contains("时间", StringComparison.Ordinal) || name.Contains("date", StringComparison.OrdinalIgnoreCase));

    private static bool IsShort(List<SampleRecord> body, int width) =>
        body.Count > 4 && body.Count(r => r.Cells.Length < width) > body.Count * 0.1 && body.Exists(r => r.Cells.Length == width);

    /// <summary>A record below that repeats the header begins another table, once; repeated often it is a printed page's head.</summary>
    private int Repeat(HeaderGuess header, int width)
    {
        if (header.Rows == 0 || width < 2)
        {
            return -1;
        }

        var names = Enumerable.Range(0, width).Select(header.LastName).Where(n => n.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var found = new List<int>();
        for (var i = header.First + header.Rows + 1; i < records.Count && names.Count > 1; i++)
        {
            var cells = records[i].Cells;
            var same = cells.Count(c => c is not null && names.Contains(c.Trim()));
            if (same >= 2 && same >= 0.8 * Math.Min(names.Count, cells.Length))
            {
                found.Add(i);
            }
        }

        foreach (var at in found)
        {
            Oddities.Add(new("TAB-O04", records[at].Line, new("这里又出现了表头。", "The header appears again here.")));
        }

        return found.Count == 1 ? found[0] : -1;
    }

    /// <summary>The first values of each column that are not of its type.</summary>
    private void Strays(List<SampleRecord> body, List<ColumnShape> columns)
    {
        for (var c = 0; c < columns.Count; c++)
        {
            var told = 0;
            foreach (var record in columns[c].Type == ColumnType.Text ? [] : body)
            {
                if (c < record.Cells.Length && record.Cells.Length >= columns.Count && record.Cells[c] is { } value && !string.IsNullOrWhiteSpace(value)
                    && !Fit.Belongs(CellKind.Of(value), columns[c]) && told++ < 3)
                {
                    Oddities.Add(new("TAB-O07", record.Line, new Text("列“{0}”的值“{1}”不是{2}。", "“{1}” in column “{0}” is not of the type {2}.").With(columns[c].Name, value, columns[c].Type)));
                }
            }
        }
    }

    private void Explain(HeaderGuess header, int first, int tail, ColumnProfile[] profiles, List<ColumnShape> columns)
    {
        Guesses.Add(new("header", header.Confidence, header.Why));
        if (header.Rows > 0 && records[header.First].Cells.Length < columns.Count)
        {
            Oddities.Add(new("TAB-O06", records[header.First].Line, new("表头比数据少格，列名可能错位。", "The header has fewer cells than the rows: names may be shifted.")));
        }

        if (first > 0)
        {
            Guesses.Add(new("preamble", hints.PreambleRows is null ? 0.9 : 1, new Text("表前有 {0} 行说明。", "{0} lines stand before the table.").With(first)));
        }

        if (tail > 0)
        {
            Oddities.Add(new("TAB-O01", 0, new Text("右侧有 {0} 个空列，不读取。", "{0} empty columns at the right are left out.").With(tail)));
        }

        var empty = Enumerable.Range(0, columns.Count).Where(c => profiles[c].Filled == 0 && profiles[c].Empty > 0).ToList();
        Oddities.AddRange(empty.Take(NamedEmpty).Select(c => new Oddity("TAB-O02", 0, new Text("列“{0}”没有任何值。", "The column “{0}” holds no value.").With(columns[c].Name))));
        if (empty.Count > NamedEmpty)
        {
            Oddities.Add(new("TAB-O02", 0, new Text("另有 {0} 列没有任何值。", "{0} more columns hold no value.").With(empty.Count - NamedEmpty)));
        }

        foreach (var record in records.Where(r => r.Fault is null && r.Cells.Length == columns.Count + tail && r.Filled > 1))
        {
            if (record.Cells[0]?.Trim() is "合计" or "总计" or "小计" or "共计" or "Total" or "Grand Total" or "Sum")
            {
                Oddities.Add(new("TAB-O03", record.Line, new("这一行是合计，按普通行读取。", "This is a row of totals; it is read like any other row.")));
            }
        }
    }
}
