// In: the wish for a report to the level above. Out: the inventory as it is now, kept; as a workbook with a sheet for each list and one of what changed since the report before.
using System.Globalization;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Tabular.Writers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Quality.Board;

/// <summary>A report as lists show it.</summary>
internal sealed record InventoryReport(string Number, DateTimeOffset MadeAt, string MadeBy, long Units, long Systems, long Resources, long Items, long Added, long Changed, long Removed);

internal sealed class ReportInventory(StateStore state, IUnits units, ICatalog catalog, ILedger ledger, TimeProvider clock)
{
    private static readonly Dictionary<ListKind, (Text Name, double Width)[]> Heads = new()
    {
        [ListKind.Units] = [(new("统一社会信用代码", "Credit code"), 24), (new("名称", "Name"), 36), (new("上级单位", "Unit above"), 36)],
        [ListKind.Systems] = [(new("单位", "Unit"), 36), (new("名称", "Name"), 36)],
        [ListKind.Resources] =
        [
            (new("资源代码", "Resource code"), 24), (new("名称", "Name"), 36), (new("提供单位", "Provider"), 36), (new("共享类型", "Sharing"), 16), (new("更新周期", "Update cycle"), 14), (new("级别", "Level"), 8), (new("版本", "Version"), 8),
        ],
        [ListKind.Items] = [(new("资源代码", "Resource code"), 24), (new("名称", "Name"), 30), (new("列名", "Column"), 24), (new("类型", "Type"), 12), (new("级别", "Level"), 8), (new("主键", "Key"), 8), (new("必填", "Required"), 8)],
    };

    public async Task<IReadOnlyList<InventoryReport>> List(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null, $"SELECT number, made_at, made_by, units, systems, resources, items, added, changed, removed FROM quality_inventory ORDER BY id DESC LIMIT 24",
            r => new InventoryReport(
                r.GetString(0), Clock.FromStored(r.GetString(1)), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.GetInt64(7), r.GetInt64(8), r.GetInt64(9)), stop).ToListAsync(stop);
    }

    public async Task<string> Make(Actor actor, CancellationToken stop)
    {
        var lists = await Now(stop);
        var now = clock.GetUtcNow();
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var last = await connection.Scalar(transaction, $"SELECT content FROM quality_inventory ORDER BY id DESC LIMIT 1", stop) as byte[];
        var changes = last is null ? [] : Inventory.Difference(Inventory.Unpack(last), lists);
        var serial = Convert.ToInt64(await connection.Scalar(transaction, $"SELECT COUNT(*) FROM quality_inventory", stop), CultureInfo.InvariantCulture) + 1;
        var number = $"SB-{now.InCity().Year}-{serial:D4}";
        long Of(ChangeKind kind) => changes.Count(c => c.Kind == kind);
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO quality_inventory (id, number, made_at, made_by, units, systems, resources, items, added, changed, removed, content)
             VALUES ({Guid.CreateVersion7(now).ToString()}, {number}, {now.ToStored()}, {actor.Name}, {lists[ListKind.Units].Count}, {lists[ListKind.Systems].Count}, {lists[ListKind.Resources].Count},
                 {lists[ListKind.Items].Count}, {Of(ChangeKind.Added)}, {Of(ChangeKind.Changed)}, {Of(ChangeKind.Removed)}, {Inventory.Pack(lists)})
             """,
            stop);
        await ledger.Append(connection, transaction, actor, new("inventory.made", number, Evidence.Done, new { resources = lists[ListKind.Resources].Count, items = lists[ListKind.Items].Count }), stop);
        await transaction.CommitAsync(stop);
        return number;
    }

    /// <summary>The changes of a report against the one before it; null when there is no such report.</summary>
    public async Task<IReadOnlyList<InventoryChange>?> Changes(string number, CancellationToken stop) => await Lists(number, stop) is { } found ? found.Changes : null;

    public async Task<Results<FileContentHttpResult, NotFound>> File(string number, Actor actor, CancellationToken stop)
    {
        if (await Lists(number, stop) is not { } found)
        {
            return TypedResults.NotFound();
        }

        await ledger.Append(actor, new("inventory.exported", number, Evidence.Done), stop);
        using var file = new MemoryStream();
        using (var writer = new XlsxWriter(file))
        {
            foreach (var (list, head) in Heads)
            {
                Sheet(writer, Inventory.Of(list), head, found.Lists[list].Select(l => l.Cells));
            }

            (Text, double)[] heads = [(new("清单", "List"), 14), (new("变化", "Change"), 10), (new("代码或单位", "Code or unit"), 28), (new("名称", "Name"), 36), (new("变化前", "Before"), 60), (new("变化后", "After"), 60)];
            Sheet(writer, new("变化", "Changes"), heads, found.Changes.Select(c => new[]
            {
                Inventory.Of(c.List).ToString(), Inventory.Of(c.Kind).ToString(), c.Code, c.Name, string.Join(" | ", c.Before?.Cells ?? []), string.Join(" | ", c.Now?.Cells ?? []),
            }));
        }

        return TypedResults.File(file.ToArray(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", $"{new Text("目录清单上报", "Inventory")}_{number}.xlsx");
    }

    private static void Sheet(XlsxWriter writer, Text title, (Text Name, double Width)[] head, IEnumerable<IReadOnlyList<string>> rows)
    {
        writer.BeginSheet(title.ToString(), [.. head.Select(h => h.Width)]);
        writer.Write(head.Select(h => new SheetCell(h.Name.ToString(), CellFill.Header)));
        foreach (var row in rows)
        {
            writer.Write(row.Select(cell => new SheetCell(cell)));
        }
    }

    private async Task<(IReadOnlyDictionary<ListKind, IReadOnlyList<InventoryLine>> Lists, IReadOnlyList<InventoryChange> Changes)?> Lists(string number, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        if (await connection.Scalar(null, $"SELECT content FROM quality_inventory WHERE number = {number}", stop) is not byte[] content)
        {
            return null;
        }

        var before = await connection.Scalar(
            null, $"SELECT content FROM quality_inventory WHERE id < (SELECT id FROM quality_inventory WHERE number = {number}) ORDER BY id DESC LIMIT 1", stop) as byte[];
        var lists = Inventory.Unpack(content);
        return (lists, before is null ? [] : Inventory.Difference(Inventory.Unpack(before), lists));
    }

    private async Task<IReadOnlyDictionary<ListKind, IReadOnlyList<InventoryLine>>> Now(CancellationToken stop)
    {
        var tree = await units.All(stop);
        var names = tree.ToDictionary(u => u.Id, u => u.Name);
        string Name(Guid? unit) => unit is { } id ? names.GetValueOrDefault(id, "—") : "—";
        var cards = await catalog.All(stop);
        static string Mark(bool yes) => yes ? "Y" : "";
        return new Dictionary<ListKind, IReadOnlyList<InventoryLine>>
        {
            [ListKind.Units] = [.. tree.Select(u => new InventoryLine(u.Id.ToString(), [u.Code, u.Name, Name(u.Parent)]))],
            [ListKind.Systems] = [.. (await units.Systems(null, stop)).Where(s => s.Active).Select(s => new InventoryLine(s.Id.ToString(), [Name(s.Unit), s.Name]))],
            [ListKind.Resources] = [.. cards.Select(c => new InventoryLine(c.Id.ToString(), [c.Code, c.Name, Name(c.Unit), c.Sharing.ToString(), c.Cycle.ToString(), c.Level.ToString(), $"{c.Version}"]))],
            [ListKind.Items] = [.. cards.SelectMany(c => c.Items.Select(i => new InventoryLine(i.Id.ToString(), [c.Code, i.Name, i.Column, i.Type.ToString(), i.Applied.ToString(), Mark(i.Key), Mark(i.Required)])))],
        };
    }
}
