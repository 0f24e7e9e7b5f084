// In: a filter and a format. Out: the units it shows as a spreadsheet or CSV, safe to open; or the empty template. Leaves evidence.
using System.Globalization;
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Tabular.Writers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation;

internal static class ExportUnits
{
    /// <summary>The columns of the table, in order; the import knows them in both languages.</summary>
    internal static readonly IReadOnlyList<Text> Columns =
    [
        new("机构名称", "Name"), new("统一社会信用代码", "Credit code"), new("机构类型", "Kind"), new("上级机构代码", "Code of the unit above"), new("简称", "Short name"),
        new("代码例外说明", "Note on the code"),
    ];

    private const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    internal static async Task<FileContentHttpResult> Handle(
        string? q, string? kind, string? state, string? format, OrganisationDb db, ILedger ledger, TimeProvider clock, ClaimsPrincipal user, CancellationToken stop)
    {
        var units = await ListUnits.Chosen(ListUnits.Filter.Of(q, kind, state), db).OrderBy(u => u.Code).ToListAsync(stop);
        var codes = await db.Units.AsNoTracking().ToDictionaryAsync(u => u.Id, u => u.Code, stop);
        await ledger.Append(Actor.From(user)!, new("units.exported", "units", "done", new { rows = units.Count, format }), stop);
        var rows = units.Select(u => new[] { u.Name, u.Code, u.Kind.Shown().ToString(), u.Parent is { } p ? codes.GetValueOrDefault(p) : null, u.ShortName, u.CodeNote });
        var name = new Text("机构", "units") + clock.GetUtcNow().InCity().ToString("_yyyyMMdd_HHmm", CultureInfo.InvariantCulture);
        return format == "csv"
            ? TypedResults.File(Csv(rows), "text/csv; charset=utf-8", $"{name}.csv")
            : TypedResults.File(Sheet(rows), Xlsx, $"{name}.xlsx");
    }

    internal static FileContentHttpResult Template() => TypedResults.File(Sheet([]), Xlsx, $"{new Text("机构导入模板", "units-template")}.xlsx");

    private static byte[] Sheet(IEnumerable<string?[]> rows)
    {
        using var file = new MemoryStream();
        using (var writer = new XlsxWriter(file))
        {
            writer.BeginSheet(new Text("机构", "Units").ToString(), [36, 24, 14, 24, 18, 30]);
            writer.Write(Columns.Select(c => new SheetCell(c.ToString(), CellFill.Header)));
            foreach (var row in rows)
            {
                writer.Write(row.Select(cell => new SheetCell(cell)));
            }
        }

        return file.ToArray();
    }

    private static byte[] Csv(IEnumerable<string?[]> rows)
    {
        using var file = new MemoryStream();
        using (var writer = new CsvWriter(file, new CsvOptions { Safe = true, Mark = true }))
        {
            writer.Write(Columns.Select(c => c.ToString()));
            foreach (var row in rows)
            {
                writer.Write(row);
            }

            writer.Flush();
        }

        return file.ToArray();
    }
}
