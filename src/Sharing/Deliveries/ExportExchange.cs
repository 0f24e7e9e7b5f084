// In: a month and by what. Out: the exchange figures as a file that is safe in a spreadsheet, numbers in the units their heads name; the export is in the ledger first.
using System.Globalization;
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular.Writers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Sharing.Deliveries;

internal static class ExportExchange
{
    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Handle(
        string? month, ExchangeBy? by, string? format, CountExchange count, ILedger ledger, ClaimsPrincipal user, CancellationToken stop)
    {
        var (actor, first, way) = (Actor.From(user)!, CountExchange.MonthOf(month), by ?? ExchangeBy.Unit);
        if (first.Refused)
        {
            return first.Problem!.ToHttp();
        }

        var view = await count.Run(first.Value, way, actor, stop);
        var shown = view.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        await ledger.Append(actor, new("exchange.exported", "exchange", Evidence.Done, new { month = shown, by = way.ToString(), rows = view.Lines.Count }), stop);
        var title = new Text("交换统计", "Exchange figures").ToString();
        (Text Name, double Width)[] columns =
        [
            (Words.Of(way), 32), (new("调用次数", "Calls"), 12), (new("拒绝次数", "Refused calls"), 14), (new("交换行数", "Rows exchanged"), 16), (new("安全交换行数", "Rows secured"), 16), (new("字节", "Bytes"), 16),
            (new("处理器时间（毫秒）", "Processor time, ms"), 20), (new("审核次数", "Reviews"), 10), (new("审核用时（工作分钟）", "Review time, office minutes"), 24), (new("审核历时（分钟）", "Open, minutes"), 18),
        ];
        var file = ListFile.Of(
            format, title, [.. columns.Select(c => (c.Name.ToString(), c.Width))],
            view.Lines.Append(view.Sum with { Name = new Text("合计", "Total").ToString() }).Select(l => new string?[]
            {
                l.Name, $"{l.Calls}", $"{l.Refused}", $"{l.Exchanged}", $"{l.Secured}", $"{l.Bytes}", (l.ProcessorMicroseconds / 1000m).ToString("0.000", CultureInfo.InvariantCulture), $"{l.Reviews}",
                $"{l.ReviewMinutes}", $"{l.OpenMinutes}",
            }));
        return TypedResults.File(file.Content, file.Type, $"{title}_{shown}{file.Ending}");
    }
}
