// In: a batch and filters. Out: a spreadsheet of its rejected rows, open ones unless told, masked as on the page; the download is in the ledger first.
using System.Security.Claims;
using Lizhou.Collection.Batches;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Collection.Rejects;

internal sealed class DownloadRejects(Settings settings, ShowBatch show, ReadRejects read, ILedger ledger, TimeProvider clock)
{
    private const string Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    internal static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> Handle(
        string batch, string? code, int? item, RejectState? state, DownloadRejects download, ClaimsPrincipal who, CancellationToken stop)
    {
        var file = await download.Make(batch, new(code, item, state ?? RejectState.Open), Actor.From(who)!, stop);
        return file.Refused ? file.Problem!.ToHttp() : TypedResults.File(file.Value.Content, Type, file.Value.Name);
    }

    /// <summary>The spreadsheet, in a temporary file that vanishes when it has been sent.</summary>
    public async Task<Result<(Stream Content, string Name)>> Make(string name, RejectFilter filter, Actor actor, CancellationToken stop)
    {
        var found = await show.Find(name, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var batch = found.Value;
        if (batch.RejectDigest is null)
        {
            return Problems.NoRejects.With(batch.Number);
        }

        var path = RejectFile.PathOf(settings, batch.Id);
        var (items, files, states) = await read.About(batch, path, stop);
        var (rows, total) = RejectPage.Read(path, filter, states, 0, int.MaxValue);
        await ledger.Append(actor, new("rejects.downloaded", batch.Number, "done", new { rows = total }), stop);
        Directory.CreateDirectory(settings.Work);
        var file = new FileStream(
            Path.Combine(settings.Work, $"rejects-{Guid.CreateVersion7(clock.GetUtcNow()):N}.xlsx"),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose });
        RejectSheet.Write(file, [.. items.Select(i => i.Name)], rows.Select(r => read.Shown(batch, r, items, files, states, actor)));
        file.Position = 0;
        return (file, $"问题数据_{batch.Number}.xlsx");
    }
}
