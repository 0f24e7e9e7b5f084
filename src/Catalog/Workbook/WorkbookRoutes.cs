// A department's catalogue as a workbook, out and in.
using System.Globalization;
using System.Security.Claims;
using Lizhou.Catalog.Search;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Catalog.Workbook;

internal static class WorkbookRoutes
{
    private const long MostBytes = 32L << 20;
    private const string Noun = "catalogue";
    private const string XlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private static readonly Text FileName = new("数据目录", "catalogue");

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/export", Export).WithName("ExportCatalog").Produces(200, null, XlsxType, "text/csv");
        group.MapGet("/template", Template).WithName("GetCatalogTemplate").Produces(200, null, XlsxType);
        group.MapPost("/import", Import).WithName("ImportCatalog").Accepts<byte[]>(XlsxType);
    }

    /// <summary>Keeps an uploaded file while it is read; null when it is too large.</summary>
    public static Task<string?> Keep(Settings settings, Stream body, CancellationToken stop) => KeptUpload.Keep(Noun, body, settings, MostBytes, stop);

    /// <summary>The path of a file kept earlier, by the name given out then; null when there is none.</summary>
    public static string? Kept(Settings settings, string? name) => KeptUpload.Find(Noun, name, settings);

    private static async Task<FileStreamHttpResult> Export(
        [AsParameters] ResourceQuery query, string? format, [FromServices] Register register, [FromServices] ListTable table, [FromServices] ILedger ledger,
        [FromServices] Settings settings, ClaimsPrincipal user, CancellationToken stop)
    {
        var csv = format == "csv";
        var file = Scratch(settings, register.Clock);
        await (csv ? ExportCatalog.Csv(register, table, ledger, query, Actor.From(user)!, file, stop)
            : ExportCatalog.Xlsx(register, table, ledger, query, Actor.From(user)!, file, stop));
        file.Position = 0;
        var stamp = register.Clock.GetUtcNow().InCity().ToString("yyyyMMdd_HHmm", CultureInfo.InvariantCulture);
        return TypedResults.File(file, csv ? "text/csv; charset=utf-8" : XlsxType, $"{FileName}_{stamp}.{(csv ? "csv" : "xlsx")}");
    }

    private static FileContentHttpResult Template()
    {
        var file = new MemoryStream();
        ExportCatalog.Template(file);
        return TypedResults.File(file.ToArray(), XlsxType, $"{FileName}.xlsx");
    }

    /// <summary>With <c>?write=true</c> all is written, or nothing; without, it only tells.</summary>
    private static async Task<Results<Ok<ImportReport>, UnprocessableEntity<ImportReport>, ProblemHttpResult>> Import(
        HttpRequest request, bool? write, [FromServices] Register register, [FromServices] Settings settings, CancellationToken stop)
    {
        if (await Keep(settings, request.Body, stop) is not { } path)
        {
            return Problems.SheetUnreadable.With(new Text("超过 32 MiB", "More than 32 MiB")).ToHttp();
        }

        try
        {
            var report = await ImportCatalog.Run(register, path, write == true, Actor.From(request.HttpContext.User)!, stop);
            return report.Problem is { } refused ? refused.ToHttp()
                : report.Value.Faults.Count > 0 ? TypedResults.UnprocessableEntity(report.Value)
                : TypedResults.Ok(report.Value);
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Gone with the answer: what was written is sent from the file, not held in memory.
    private static FileStream Scratch(Settings settings, TimeProvider clock)
    {
        Directory.CreateDirectory(settings.Work);
        return new(Path.Combine(settings.Work, $"export-{Guid.CreateVersion7(clock.GetUtcNow()):N}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
    }
}
