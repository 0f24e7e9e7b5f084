// The spreadsheet of rejected rows: the number of each, what is wrong, then the whole original row with a mark and a note on every faulty cell.
// Made to be mended and sent back: see ReplayRejects.
using Lizhou.Collection.Batches;
using Lizhou.Kernel;
using Lizhou.Tabular.Writers;

namespace Lizhou.Collection.Rejects;

internal static class RejectSheet
{
    private static readonly Text Title = new("问题数据", "Rejected rows");
    private static readonly Text Number = new("问题编号", "Reject number");
    private static readonly Text What = new("问题说明", "What is wrong");
    private static readonly string[] Numbers = [MapColumns.Plain(Number.Zh), MapColumns.Plain(Number.En)];

    /// <summary>Whether a column of a mended spreadsheet carries the numbers.</summary>
    public static bool IsNumber(string header) => Numbers.Contains(MapColumns.Plain(header), StringComparer.Ordinal);

    /// <param name="items">Names of the items, the header of the original row.</param>
    public static void Write(Stream to, IReadOnlyList<string> items, IEnumerable<RejectView> rows)
    {
        using var sheet = new XlsxWriter(to);
        sheet.BeginSheet(Title.ToString(), [24, 48, .. items.Select(_ => 18d)]);
        sheet.Write([Header(Number.ToString()), Header(What.ToString()), .. items.Select(Header)]);
        foreach (var row in rows)
        {
            var faults = row.Faults.ToLookup(f => f.Item ?? "");
            var cells = row.Cells.Select((cell, i) => Cell(cell, faults[items.ElementAtOrDefault(i) ?? "?"])).ToList();
            // A cell that is missing altogether is marked too.
            cells.AddRange(items.Skip(cells.Count).Select(item => Cell(null, faults[item])));
            sheet.Write([new(row.Number, CellFill.Note), new(string.Join("\n", row.Faults.Select(Words)), CellFill.Warn), .. cells]);
        }
    }

    private static SheetCell Header(string text) => new(text, CellFill.Header);

    private static SheetCell Cell(string? value, IEnumerable<FaultView> faults) =>
        string.Join("\n", faults.Select(f => $"{f.Reason} {f.Hint}")) is { Length: > 0 } note ? new(value, CellFill.Bad, note) : new(value);

    private static string Words(FaultView fault) => $"{(fault.Item is null ? "" : $"{fault.Item}: ")}{fault.Reason} {fault.Hint} ({fault.Code})";
}
