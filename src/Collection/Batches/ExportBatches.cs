// In: the filters of the batch list. Out: a spreadsheet of what they select, at most 10,000 batches; the export is in the ledger first.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Tabular.Writers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;

namespace Lizhou.Collection.Batches;

internal static class ExportBatches
{
    private const int Most = 10_000;
    private const int PageRows = 200;

    internal static async Task<FileContentHttpResult> Handle(
        string? text, string? unit, string? state, string? from, string? to,
        StateStore store, IUnits units, ILedger ledger, IStringLocalizer<Texts> words, TimeProvider clock, ClaimsPrincipal who, CancellationToken stop)
    {
        var actor = Actor.From(who)!;
        // The list's own form sends empty fields; they do not filter.
        var filter = new BatchFilter(
            text, Guid.TryParse(unit, out var id) ? id : null, Enum.TryParse<BatchState>(state, out var known) ? known : null,
            DateOnly.TryParse(from, out var first) ? first : null, DateOnly.TryParse(to, out var last) ? last : null);
        var names = (await units.All(stop)).ToDictionary(u => u.Id, u => u.Name);
        await ledger.Append(actor, new("batches.exported", "batches", "done"), stop);

        using var file = new MemoryStream();
        using (var sheet = new XlsxWriter(file))
        {
            sheet.BeginSheet(words["Batches"], [20, 20, 28, 28, 12, 12, 12, 12, 12, 12, 18]);
            string[] heads = ["Batch number", "Resource code", "Resource", "Unit", "State", "Read", "Accepted", "Rejected", "Duplicate", "Filtered", "Received"];
            sheet.Write(heads.Select(h => new SheetCell(words[h], CellFill.Header)));
            for (var page = 1; page <= Most / PageRows; page++)
            {
                var found = await FindBatches.Find(store, filter, new(page, PageRows), actor, stop);
                foreach (var b in found.Items)
                {
                    long[] counts = [b.Counts.Read, b.Counts.Accepted, b.Counts.Rejected, b.Counts.Duplicate, b.Counts.Filtered];
                    sheet.Write(
                    [
                        b.Number, b.Code, b.Name, names.GetValueOrDefault(b.Unit), words[BatchWords.Of(b.State)].Value,
                        .. counts.Select(c => new SheetCell($"{c}", Number: true)), b.ReceivedAt.Shown(),
                    ]);
                }

                if (page >= found.Pages)
                {
                    break;
                }
            }
        }

        return TypedResults.File(
            file.ToArray(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", $"{words["Batches"]}_{clock.GetUtcNow().InCity():yyyyMMdd_HHmm}.xlsx");
    }
}
