// In: the filters of the entry list. Out: a CSV or spreadsheet of what they select, at most 50,000 entries, newest first; the export is in the ledger first.
using System.Globalization;
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Tabular.Writers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Ledger.Entries;

internal static class ExportEntries
{
    private const int Most = 50_000;
    private const int PageRows = 200;
    private const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private static readonly IReadOnlyList<Text> Columns =
    [
        new("编号", "Entry"), new("时间", "Time"), new("人员", "Actor"), new("代表机构", "Acting unit"), new("行为", "Act"), new("对象", "Subject"), new("结果", "Result"), new("提供机构", "Provider"),
        new("使用机构", "Receiver"), new("授权", "Grant"), new("用途", "Purpose"), new("行数", "Rows"), new("字节", "Bytes"), new("快照", "Snapshot"), new("追踪号", "Tracking id"), new("哈希", "Hash"),
        new("代表机构名称", "Acting unit's name"), new("提供机构名称", "Provider's name"), new("使用机构名称", "Receiver's name"), new("授权编号", "Number of the grant"), new("目录", "Resource"),
        new("目录名称", "Resource's name"), new("信息项", "Items"), new("摘要（SHA-256）", "Digest (SHA-256)"), new("明细", "Detail"),
    ];

    internal static async Task<FileContentHttpResult> Handle(
        [AsParameters] EntryQuery query, StateStore store, [FromServices] IGrantNumbers grants, [FromServices] IUnits units, [FromServices] IEnumerable<IEvidenceNames> modules, ILedger ledger, TimeProvider clock, ClaimsPrincipal who, CancellationToken stop)
    {
        var (asking, filter) = (Actor.From(who)!, await query.Filter(grants, stop));
        await ledger.Append(asking, new("ledger.exported", "ledger", Evidence.Done, filter), stop);
        var rows = Rows(store, filter, asking, (await units.All(stop)).ToDictionary(u => u.Id, u => u.Name), modules, stop);
        var name = new Text("存证台账", "ledger") + clock.GetUtcNow().InCity().ToString("_yyyyMMdd_HHmm", CultureInfo.InvariantCulture);
        return query.Format == "csv"
            ? TypedResults.File(await Csv(rows), "text/csv; charset=utf-8", $"{name}.csv")
            : TypedResults.File(await Sheet(rows), Xlsx, $"{name}.xlsx");
    }

    private static async IAsyncEnumerable<string?[]> Rows(
        StateStore store, EntryFilter filter, Actor actor, Dictionary<Guid, string> units, IEnumerable<IEvidenceNames> modules, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        string? Name(Guid? unit) => unit is { } id ? units.GetValueOrDefault(id) : null;
        for (var number = 1; number <= Most / PageRows; number++)
        {
            var page = await FindEntries.Find(store, filter, new(number, PageRows), actor, stop);
            var named = await NamedEntries.Of(modules, page.Items, actor, stop);
            foreach (var e in page.Items)
            {
                yield return
                [
                    $"{e.Seq}", e.At.Shown(), e.Name, e.Unit?.ToString(), e.Act, e.Subject, e.Result, e.Provider?.ToString(),
                    e.Receiver?.ToString(), e.Grant, e.Purpose, $"{e.Rows}", $"{e.Bytes}", $"{e.Snapshot}", e.Tracking, e.Hash,
                    Name(e.Unit), Name(e.Provider), Name(e.Receiver), e.Grant is null ? null : named.Name(e.Grant), e.Resource, e.Resource is null ? null : named.Name(e.Resource),
                    string.Join(" · ", e.Items.Select(i => named.Item(e, i))), e.Digest, string.Join("; ", named.Facts(e).Select(f => $"{f.Label}: {f.Value}")),
                ];
            }

            if (number >= page.Pages)
            {
                yield break;
            }
        }
    }

    private static async Task<byte[]> Csv(IAsyncEnumerable<string?[]> rows)
    {
        using var file = new MemoryStream();
        using (var writer = new CsvWriter(file, new CsvOptions { Safe = true, Mark = true }))
        {
            writer.Write(Columns.Select(c => c.ToString()));
            await foreach (var row in rows)
            {
                writer.Write(row);
            }

            writer.Flush();
        }

        return file.ToArray();
    }

    private static async Task<byte[]> Sheet(IAsyncEnumerable<string?[]> rows)
    {
        using var file = new MemoryStream();
        using (var writer = new XlsxWriter(file))
        {
            writer.BeginSheet(new Text("存证台账", "Ledger").ToString(), [.. Columns.Select(_ => 18.0)]);
            writer.Write(Columns.Select(c => new SheetCell(c.ToString(), CellFill.Header)));
            await foreach (var row in rows)
            {
                writer.Write(row.Select(cell => new SheetCell(cell)));
            }
        }

        return file.ToArray();
    }
}
