// In: a search. Out: what it finds as a workbook of two sheets (目录, 信息项), or the first of them as CSV; with evidence of who took it.
using Lizhou.Catalog.Search;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Tabular.Writers;

namespace Lizhou.Catalog.Workbook;

internal static class ExportCatalog
{
    private const int Most = 50_000;

    /// <summary>Writes the workbook; the stream stays open.</summary>
    public static async Task Xlsx(Register register, ListTable table, ILedger ledger, ResourceQuery query, Actor actor, Stream to, CancellationToken stop)
    {
        var ids = await Ids(register, table, ledger, query, actor, "xlsx", stop);
        using var writer = new XlsxWriter(to);
        Begin(writer, Sheets.Resources, Sheets.ResourceColumns);
        await Each(register, ids, view => writer.Write(Sheets.Row(view).Select(c => new SheetCell(c))), stop);
        Begin(writer, Sheets.Items, Sheets.ItemColumns);
        await Each(register, ids, view =>
        {
            foreach (var item in view.Entry.Items)
            {
                writer.Write(Sheets.Row(view, item).Select(c => new SheetCell(c)));
            }
        }, stop);
    }

    public static async Task Csv(Register register, ListTable table, ILedger ledger, ResourceQuery query, Actor actor, Stream to, CancellationToken stop)
    {
        var ids = await Ids(register, table, ledger, query, actor, "csv", stop);
        using var writer = new CsvWriter(to, new CsvOptions { Mark = true, Safe = true });
        writer.Write(Sheets.ResourceColumns.Select(c => c.Title.ToString()));
        await Each(register, ids, view => writer.Write(Sheets.Row(view)), stop);
    }

    /// <summary>An empty workbook to fill in; its header says what each cell may hold.</summary>
    public static void Template(Stream to)
    {
        using var writer = new XlsxWriter(to);
        Begin(writer, Sheets.Resources, Sheets.ResourceColumns);
        Begin(writer, Sheets.Items, Sheets.ItemColumns);
    }

    private static async Task<IReadOnlyList<Guid>> Ids(
        Register register, ListTable table, ILedger ledger, ResourceQuery query, Actor actor, string format, CancellationToken stop)
    {
        var ids = await SearchResources.Ids(register, table, query, actor, Most, stop);
        await ledger.Append(actor, new Evidence("catalog.export", format, "done", new { resources = ids.Count }), stop);
        return ids;
    }

    private static void Begin(XlsxWriter writer, Text title, IReadOnlyList<SheetColumn> columns)
    {
        writer.BeginSheet(title.ToString(), [.. columns.Select(c => c.Width)]);
        writer.Write(columns.Select(c => new SheetCell(c.Title.ToString(), CellFill.Header, Hint(c.Field))));
    }

    // What a cell may hold, where that is a choice.
    private static string? Hint(string field) => field switch
    {
        "code" => new Text("新资源留空，由系统分配", "Leave empty for a new resource").ToString(),
        "sharing" => Choices<SharingKind>(Labels.Of),
        "ways" => Choices<SharingWay>(Labels.Of),
        "cycle" => Choices<UpdateCycle>(Labels.Of),
        "type" => Choices<ItemType>(Labels.Of),
        "level" => new Text("L1 至 L4；未定级留空，按 L3 管理", "L1 to L4; empty counts as L3").ToString(),
        "id" => new Text("系统标识，请勿改动；新增留空", "Given by the system; leave alone, empty for new").ToString(),
        _ => null,
    };

    private static string Choices<T>(Func<T, Text> label)
        where T : struct, Enum => string.Join('\n', Enum.GetValues<T>().Select(v => label(v).ToString()));

    private static async Task Each(Register register, IReadOnlyList<Guid> ids, Action<ResourceView> write, CancellationToken stop)
    {
        var frame = await register.Frame(stop);
        await using var connection = await register.Open(stop);
        foreach (var id in ids)
        {
            if (await Shelf.Find(connection, null, id, stop) is { } head && await Shelf.Version(connection, null, id, head.Shown, stop) is { } entry)
            {
                write(ResourceView.Of(head, head.Shown, entry, frame));
            }
        }
    }
}
