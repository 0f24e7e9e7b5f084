// In: an uploaded file, a resource, and what the person corrected (the query or form of the page). Out: how the file will be read and mapped,
// with reasons, its first rows, and what looks odd in them. Decides nothing and writes nothing: the same input gives the same preview.
using System.Globalization;
using Lizhou.Collection.Batches;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Tabular;

namespace Lizhou.Collection.Sources.Upload;

/// <summary>What a person told about a file; each field left empty is guessed.</summary>
/// <param name="Table">Which table of the file, from 0.</param>
/// <param name="Types">Column → type that replaces the guess.</param>
/// <param name="Formats">Column → date or number format that replaces the guess.</param>
/// <param name="Map">Column → column of the item; empty leaves the column out.</param>
internal sealed record Told(
    int Table, Hints Hints, bool? Footer, IReadOnlyDictionary<int, ColumnType> Types, IReadOnlyDictionary<int, string> Formats, IReadOnlyDictionary<int, string> Map)
{
    /// <summary>Reads the fields of the page: <c>encoding, delimiter, quote, preamble, header, units, dates, footer, table, type.N, format.N, map.N</c>.</summary>
    public static Told From(IEnumerable<(string Name, string Value)> fields)
    {
        var all = fields.GroupBy(f => f.Name).ToDictionary(f => f.Key, f => f.Last().Value, StringComparer.Ordinal);
        string? Text(string name) => all.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
        int? Number(string name, int most) => int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= most ? n : null;
        bool? Flag(string name) => Text(name) switch { "1" => true, "0" => false, _ => null };
        Dictionary<int, string> Each(string prefix) => all
            .Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(f.Key.AsSpan(prefix.Length), out _))
            .ToDictionary(f => int.Parse(f.Key.AsSpan(prefix.Length), CultureInfo.InvariantCulture), f => f.Value);

        var hints = new Hints
        {
            Encoding = Text("encoding"),
            Delimiter = Text("delimiter") switch { "tab" => "\t", var told => told },
            Quote = Text("quote") switch { "none" => "", var told => told },
            PreambleRows = Number("preamble", 1000),
            HeaderRows = Number("header", 3),
            UnitRow = Flag("units"),
            DayFirst = Text("dates") switch { "day" => true, "month" => false, _ => null },
        };
        return new(
            Number("table", 10_000) ?? 0, hints, Flag("footer"),
            Each("type.").Where(t => Enum.TryParse<ColumnType>(t.Value, out _)).ToDictionary(t => t.Key, t => Enum.Parse<ColumnType>(t.Value)),
            Each("format.").Where(f => f.Value.Length is > 0 and <= 40).ToDictionary(), Each("map."));
    }

}

/// <param name="Odd">Why the cell looks odd; null when it does not.</param>
internal sealed record PreviewCell(string? Value, Text? Odd);

internal sealed record PreviewRow(long Line, IReadOnlyList<PreviewCell> Cells, RowFault? Fault);

/// <summary>How a file will be read.</summary>
/// <param name="Shape">As it will be read: the guess with what was told on top.</param>
/// <param name="Match">Which column feeds which item.</param>
/// <param name="Mapping">The same as the contract keeps it: every column of the file, left out or not.</param>
/// <param name="OpenDates">Columns that fill dates and may have the day or the month first: nobody knows.</param>
/// <param name="DayFirst">What the person said of that.</param>
internal sealed record Preview(
    Inspection Inspection, int Table, TableInspection Found, FileShape Shape, ColumnMatch Match, IReadOnlyDictionary<string, string> Mapping, IReadOnlyList<string> OpenDates, bool? DayFirst,
    IReadOnlyList<PreviewRow> Rows)
{
    /// <summary>Items by the column of the file that feeds them.</summary>
    public ItemCard? ItemOf(int column, ResourceCard resource) =>
        Match.Matched.FirstOrDefault(m => m.Column == column) is { } matched ? resource.Items.First(i => i.Id == matched.Item) : null;

    /// <summary>What the batch is told of the file: the shape as confirmed, and why it was guessed so.</summary>
    public FileHints Hints => new(Shape, DayFirst is null ? null : new() { DayFirst = DayFirst }, [.. Found.Guesses.Select(g => new FileGuess(g.Subject, g.Confidence, g.Why))]);

    /// <summary>Whether the order of day and month is of interest: some column has one, or may have.</summary>
    public bool HasOrder => Shape.Columns.Any(c => DateOrder.IsOpen(c.Format) || DateOrder.DayFirst(c.Format) is not null);

    public bool Sendable => Found.Problem is null && Match.MissingRequired.Count == 0 && OpenDates.Count == 0;
}

internal static class PreviewUpload
{
    private const int Shown = 20;

    /// <param name="show">A value as the person may see it: values of a classified item are masked here as everywhere.</param>
    public static Result<Preview> Of(string path, string name, ResourceCard resource, Told told, Func<ItemCard, string?, string?> show, IColumnarFiles columnar)
    {
        var inspected = Inspect(path, told, columnar);
        if (inspected.Refused)
        {
            return inspected.Problem!.Called(Path.GetFileName(path), name); // an upload lies under its number
        }

        var tables = inspected.Value.Tables;
        if (tables.Count == 0)
        {
            return SourceProblems.NoTableInFile.With(string.Join(", ", inspected.Value.Skipped.Take(10)));
        }

        var at = Math.Clamp(told.Table, 0, tables.Count - 1);
        var found = tables[at];
        var shape = Apply(found.Shape, told);
        var columns = shape.Columns;
        var match = MapColumns.Match([.. columns.Select(c => (c.Name, c.Type.ToString()))], resource.Items, TellMapping(columns, told));
        var mapping = columns.Select((c, i) => (c.Name, Item: match.Matched.FirstOrDefault(m => m.Column == i)?.Item))
            .DistinctBy(c => c.Name).ToDictionary(c => c.Name, c => c.Item is { } id ? resource.Items.First(i => i.Id == id).Column : "", StringComparer.Ordinal);
        var preview = new Preview(inspected.Value, at, found, shape, match, mapping, DateOrders.Open(shape, match, resource), told.Hints.DayFirst, []);
        return preview with { Rows = [.. Rows(path, shape, found, columnar).Select(r => Mark(r, preview, resource, show))] };
    }

    // A hint about one table must not bend the others: the list of tables is made without hints, the chosen one with them.
    private static Result<Inspection> Inspect(string path, Told told, IColumnarFiles columnar)
    {
        var plain = Inspector.Inspect(path, columnar: columnar);
        if (plain.Refused || told.Hints == new Hints() || plain.Value.Tables.Count == 0)
        {
            return plain.Refused && told.Hints != new Hints() ? Inspector.Inspect(path, told.Hints, columnar) : plain;
        }

        var at = Math.Clamp(told.Table, 0, plain.Value.Tables.Count - 1);
        var chosen = plain.Value.Tables[at].Shape;
        var hinted = Inspector.Inspect(path, told.Hints with { Entry = chosen.Entry, Sheet = chosen.Sheet, Path = chosen.Path }, columnar);
        if (hinted.Refused || hinted.Value.Tables.Count == 0)
        {
            return hinted;
        }

        var again = hinted.Value.Tables.Count > at ? hinted.Value.Tables[at] : hinted.Value.Tables[0];
        return plain.Value with { Tables = [.. plain.Value.Tables.Select((t, i) => i == at ? again : t)] };
    }

    private static FileShape Apply(FileShape shape, Told told) => shape with
    {
        Footer = told.Footer ?? shape.Footer,
        Columns =
        [
            .. shape.Columns.Select((c, i) => c with
            {
                Type = told.Types.TryGetValue(i, out var type) ? type : c.Type,
                Format = told.Formats.GetValueOrDefault(i) ?? (told.Types.ContainsKey(i) && told.Types[i] != c.Type ? null : c.Format),
            }),
        ],
    };

    private static Dictionary<string, string> TellMapping(IReadOnlyList<ColumnShape> columns, Told told)
    {
        var mapping = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (column, item) in told.Map.Where(m => m.Key >= 0 && m.Key < columns.Count && m.Value != "?"))
        {
            mapping[columns[column].Name] = item;
        }

        return mapping;
    }

    private static List<Row> Rows(string path, FileShape shape, TableInspection found, IColumnarFiles columnar)
    {
        if (found.Problem is not null)
        {
            return [];
        }

        try
        {
            using var reader = RowReader.Open(path, shape, columnar);
            return [.. reader.Rows().Take(Shown)];
        }
        catch (ProblemException)
        {
            return []; // the inspection already says what is wrong
        }
    }

    private static PreviewRow Mark(Row row, Preview preview, ResourceCard resource, Func<ItemCard, string?, string?> show)
    {
        var cells = row.Cells.Select((value, i) =>
        {
            var item = preview.ItemOf(i, resource);
            return new PreviewCell(item is null ? value : show(item, value), item is null || row.Fault is not null ? null : OddCells.Why(item, value));
        });
        return new(row.Line, [.. cells], row.Fault);
    }
}
