// In: the filter of a list or of the figures. Out: it as a file that is safe in a spreadsheet, at most 10,000 lines; the export is in the ledger first.
using System.Globalization;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Tabular.Writers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Quality.Tickets;

internal sealed class ExportTickets(FindTickets find, CountTickets count, ILedger ledger, TimeProvider clock)
{
    private const int Most = 10_000;

    public async Task<FileContentHttpResult> List(TicketFilter filter, string? format, Actor actor, CancellationToken stop)
    {
        var lines = await find.Lines(filter, Most, actor, stop);
        await ledger.Append(actor, new("tickets.exported", "tickets", Evidence.Done, new { rows = lines.Count }), stop);
        (Text Name, double Width)[] columns =
        [
            (new("工单号", "Ticket"), 18), (new("来源", "Origin"), 14), (new("信息资源", "Resource"), 32), (new("资源代码", "Resource code"), 20), (new("数源单位", "Source unit"), 28), (new("等级", "Severity"), 8),
            (new("状态", "State"), 16), (new("发现行次", "Found"), 10), (new("待整改", "To be mended"), 10), (new("已整改", "Mended"), 10), (new("签发时间", "Issued"), 18), (new("期限", "Due"), 18), (new("超期", "Overdue"), 8),
            (new("办结时间", "Closed"), 18),
        ];
        return File(format, new("质量工单", "Tickets"), columns, lines.Select(l => new string?[]
        {
            l.Ticket.Number, TicketWords.Of(l.Ticket.Origin).ToString(), l.Ticket.ResourceName, l.Ticket.ResourceCode, l.Unit, TicketWords.Of(l.Ticket.Severity).ToString(), TicketWords.Of(l.Ticket.State).ToString(),
            $"{l.Found}", $"{l.Open}", $"{l.Mended}", l.Ticket.OpenedAt.Shown(), l.Ticket.DueAt.Shown(), new Text(l.Overdue ? "是" : "否", l.Overdue ? "yes" : "no").ToString(), l.Ticket.ClosedAt?.Shown(),
        }));
    }

    public async Task<FileContentHttpResult> Figures(FigureFilter filter, string? format, Actor actor, CancellationToken stop)
    {
        var view = await count.Run(filter, actor, stop);
        await ledger.Append(actor, new("tickets.exported", "figures", Evidence.Done, new { view.From, view.To, by = view.By.ToString() }), stop);
        Metric[] metrics = [Metric.Faults, Metric.Open, Metric.Mended, Metric.Rate, Metric.Settled, Metric.Undone, Metric.Issued, Metric.Overdue];
        var cells = view.Lines.Append(view.Sum with { Name = new Text("合计", "Total").ToString() })
            .Select(l => new[] { l.Name, $"{l.Found}", $"{l.Open}", $"{l.Mended}", l.Rate?.ToString("0.0000", CultureInfo.InvariantCulture), $"{l.Settled}", $"{l.Undone}", $"{l.Tickets}", $"{l.Overdue}" })
            .Concat(metrics.Select(m => new string?[] { $"{m.Name}: {m.Definition}" }))
            .Append([new Text("期间 {0} 至 {1}，截至 {2}", "{0} to {1}, as of {2}").With($"{view.From:yyyy-MM-dd}", $"{view.To:yyyy-MM-dd}", view.AsOf.Shown()).ToString()]);
        return File(format, new("整改统计", "Mending figures"), [(Words(view.By), 32), .. metrics.Select(m => (m.Name, 14d))], cells);
    }

    public static Text Words(FigureBy by) => by switch { FigureBy.Unit => new("数源单位", "Source unit"), FigureBy.Resource => new("信息资源", "Resource"), _ => new("月份", "Month") };

    private FileContentHttpResult File(string? format, Text title, IEnumerable<(Text Name, double Width)> columns, IEnumerable<string?[]> rows)
    {
        var file = ListFile.Of(format, title.ToString(), [.. columns.Select(c => (c.Name.ToString(), c.Width))], rows);
        return TypedResults.File(file.Content, file.Type, $"{title}_{clock.GetUtcNow().InCity():yyyyMMdd_HHmm}{file.Ending}");
    }
}
