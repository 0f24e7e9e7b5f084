// In: an uploaded workbook. Out: its entries and where each stands in the sheets, or the faults cell by cell. Refuses what is no workbook of ours.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular;

namespace Lizhou.Catalog.Workbook;

/// <summary>An entry and the rows it came from.</summary>
internal sealed record Drafted(ResourceEntry Entry, SheetRow Row, IReadOnlyList<SheetRow> Items)
{
    /// <summary>Puts faults of the entry into the cells they come from.</summary>
    public void Place(IEnumerable<Fault> faults)
    {
        foreach (var fault in faults)
        {
            var end = fault.Field.IndexOf(']', StringComparison.Ordinal);
            if (fault.Field.StartsWith("items[", StringComparison.Ordinal) && int.TryParse(fault.Field[6..end], out var index) && index < Items.Count)
            {
                Items[index].Odd(fault.Field[(end + 2)..], fault.What);
            }
            else
            {
                Row.Odd(fault.Field, fault.What);
            }
        }
    }
}

internal static class ReadWorkbook
{
    public static Result<IReadOnlyList<Drafted>> Run(string path, Frame frame, List<SheetFault> faults)
    {
        var heads = Rows(path, Sheets.Resources, Sheets.ResourceColumns, faults);
        if (heads.Problem is { } noHeads)
        {
            return noHeads;
        }

        var items = Rows(path, Sheets.Items, Sheets.ItemColumns, faults);
        return items.Problem is { } noItems ? noItems : Join(heads.Value, items.Value, frame);
    }

    private static List<Drafted> Join(List<SheetRow> heads, List<SheetRow> items, Frame frame)
    {
        // An item names its resource by code, or by name where it has no code yet.
        var byCode = items.Where(i => i.Text("code") is not null).ToLookup(i => i.Text("code")!);
        var byName = items.Where(i => i.Text("code") is null).ToLookup(i => i.Text("resource") ?? "");
        var owned = new HashSet<SheetRow>();
        var drafted = new List<Drafted>(heads.Count);
        foreach (var head in heads)
        {
            var own = (head.Text("code") is { } code ? byCode[code] : []).Concat(byName[head.Text("name") ?? ""]).Where(owned.Add).OrderBy(i => i.Line).ToList();
            drafted.Add(new(Sheets.Entry(head, frame) with { Items = [.. own.Select(Sheets.Item)] }, head, own));
        }

        foreach (var orphan in items.Where(i => !owned.Contains(i)))
        {
            orphan.Odd("code", new("“目录”页中没有这个资源", "The Resources sheet has no such resource"));
        }

        return drafted;
    }

    private static Result<List<SheetRow>> Rows(string path, Text sheet, IReadOnlyList<SheetColumn> columns, List<SheetFault> faults)
    {
        Problem? problem = null;
        foreach (var name in new[] { sheet.Zh, sheet.En })
        {
            var found = Inspector.Inspect(path, new Hints { Sheet = name, PreambleRows = 0, HeaderRows = 1, UnitRow = false });
            if (found.Problem is null && found.Value.Tables is [{ Problem: null } table, ..])
            {
                return Read(path, table.Shape, sheet, columns, faults);
            }

            problem ??= found.Problem ?? found.Value.Tables[0].Problem;
        }

        return Problems.SheetUnreadable.With(problem?.What);
    }

    private static Result<List<SheetRow>> Read(string path, FileShape shape, Text sheet, IReadOnlyList<SheetColumn> columns, List<SheetFault> faults)
    {
        var fields = shape.Columns.Select(c => columns.FirstOrDefault(k => k.Title.Zh == c.Name.Trim() || k.Title.En == c.Name.Trim())?.Field).ToArray();
        if (Array.FindIndex(fields, f => f is null) is var stranger and >= 0)
        {
            return Problems.SheetUnreadable.With(new Text("“{0}”页不认识的列：{1}", "Sheet {0} has an unknown column: {1}").With(sheet, shape.Columns[stranger].Name));
        }

        var rows = new List<SheetRow>();
        try
        {
            using var reader = RowReader.Open(path, shape with { Columns = [.. shape.Columns.Select(c => new ColumnShape(c.Name))], Footer = false, ShortRows = true });
            foreach (var row in reader.Rows())
            {
                if (row.Fault is { } fault)
                {
                    faults.Add(new(sheet.ToString(), row.Line, "", fault.Reason));
                    continue;
                }

                var cells = fields.Zip(row.Cells).Where(c => c.Second is not null).GroupBy(c => c.First!).ToDictionary(c => c.Key, c => c.First().Second!);
                if (cells.Count > 0)
                {
                    rows.Add(new SheetRow(sheet, columns, row.Line, cells, faults));
                }
            }
        }
        catch (ProblemException unreadable)
        {
            return unreadable.Problem;
        }

        return rows;
    }
}
