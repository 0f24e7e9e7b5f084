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
    internal static async Task<FileContentHttpResult> Handle(
        Sheet sheet, SheetFilter filter, string? format, OrganisationDb db, ILedger ledger, TimeProvider clock, ClaimsPrincipal user, CancellationToken stop)
    {
        var rows = await sheet.Rows(filter, db, stop);
        await ledger.Append(Actor.From(user)!, new($"{sheet.Noun}.exported", sheet.Noun, "done", new { rows = rows.Count, format }), stop);
        var name = sheet.Title + clock.GetUtcNow().InCity().ToString("_yyyyMMdd_HHmm", CultureInfo.InvariantCulture);
        var file = File(sheet, rows, format);
        return TypedResults.File(file.Content, file.Type, name + file.Ending);
    }

    internal static FileContentHttpResult Template(Sheet sheet)
    {
        var file = File(sheet, [], null);
        return TypedResults.File(file.Content, file.Type, new Text("{0}导入模板", "{0} template").With(sheet.Title) + file.Ending);
    }

    private static ListFile File(Sheet sheet, IEnumerable<string?[]> rows, string? format) =>
        ListFile.Of(format, sheet.Title.ToString(), [.. sheet.Columns.Select(c => (c.Name.ToString(), c.Width))], rows);
}
