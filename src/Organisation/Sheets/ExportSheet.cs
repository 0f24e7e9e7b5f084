// In: a kind of table, a filter and a format. Out: the entries it shows as a spreadsheet or CSV, safe to open; or the empty template. Leaves evidence.
using System.Globalization;
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Tabular.Writers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Organisation.Sheets;

internal static class ExportSheet
{
    private const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    internal static async Task<FileContentHttpResult> Handle(
        Sheet sheet, SheetFilter filter, string? format, OrganisationDb db, ILedger ledger, TimeProvider clock, ClaimsPrincipal user, CancellationToken stop)
    {
        var rows = await sheet.Rows(filter, db, stop);
        await ledger.Append(Actor.From(user)!, new($"{sheet.Noun}.exported", sheet.Noun, "done", new { rows = rows.Count, format }), stop);
        var name = sheet.Title + clock.GetUtcNow().InCity().ToString("_yyyyMMdd_HHmm", CultureInfo.InvariantCulture);
        return format == "csv"
            ? TypedResults.File(Csv(sheet, rows), "text/csv; charset=utf-8", $"{name}.csv")
            : TypedResults.File(Book(sheet, rows), Xlsx, $"{name}.xlsx");
    }

    internal static FileContentHttpResult Template(Sheet sheet) =>
        TypedResults.File(Book(sheet, []), Xlsx, $"{new Text("{0}导入模板", "{0} template").With(sheet.Title)}.xlsx");

    private static byte[] Book(Sheet sheet, IEnumerable<string?[]> rows)
    {
        using var file = new MemoryStream();
        using (var writer = new XlsxWriter(file))
        {
            writer.BeginSheet(sheet.Title.ToString(), [.. sheet.Columns.Select(c => c.Width)]);
            writer.Write(sheet.Columns.Select(c => new SheetCell(c.Name.ToString(), CellFill.Header)));
            foreach (var row in rows)
            {
                writer.Write(row.Select(cell => new SheetCell(cell)));
            }
        }

        return file.ToArray();
    }

    private static byte[] Csv(Sheet sheet, IEnumerable<string?[]> rows)
    {
        using var file = new MemoryStream();
        using (var writer = new CsvWriter(file, new CsvOptions { Safe = true, Mark = true }))
        {
            foreach (var row in rows.Prepend([.. sheet.Columns.Select(c => c.Name.ToString())]))
            {
                writer.Write(row);
            }

            writer.Flush();
        }

        return file.ToArray();
    }
}
