// In: a grant's number, a run, the grant's key or a steward of the holding unit. Out: the file in ranges (its digest is its ETag), its manifest, the signature; each
// fetch is one of the day's calls and is in the ledger before a byte leaves. Refuses when the grant ended or would show its rows in another way now, and when the file's time has passed.
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Data;
using Lizhou.Sharing.Grants;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace Lizhou.Sharing.Deliveries.Files;

/// <summary>A file that waits.</summary>
/// <param name="Digest">SHA-256 of the file as it is fetched.</param>
internal sealed record WaitingFile(Guid Run, string Delivery, string File, long Rows, long Bytes, string Digest, long Snapshot, DateTimeOffset Made, DateTimeOffset KeepUntil, long Taken);

internal sealed class FetchFile(SharingDb db, ReadGranted read, IChangeGate gate, FileShelf shelf, Quota quota, ILedger ledger, TimeProvider clock)
{
    internal static Task<IResult> HandleList(string number, FetchFile fetch, HttpContext http, CancellationToken stop) => fetch.List(number, http, stop);

    internal static Task<IResult> HandleContent(string number, Guid run, FetchFile fetch, HttpContext http, CancellationToken stop) => fetch.Run(number, run, FileShelf.Content, http, stop);

    internal static Task<IResult> HandleHead(string number, Guid run, FetchFile fetch, HttpContext http, CancellationToken stop) => fetch.Run(number, run, FileShelf.Content, http, stop);

    internal static Task<IResult> HandleManifest(string number, Guid run, FetchFile fetch, HttpContext http, CancellationToken stop) => fetch.Run(number, run, FileShelf.Manifest, http, stop);

    internal static Task<IResult> HandleSignature(string number, Guid run, FetchFile fetch, HttpContext http, CancellationToken stop) => fetch.Run(number, run, FileShelf.Signature, http, stop);

    /// <summary>The files of a grant, newest first.</summary>
    public async Task<List<WaitingFile>> Waiting(SharedGrant grant, CancellationToken stop)
    {
        var names = await db.Deliveries.AsNoTracking().Where(d => d.Granted == grant.Id).ToDictionaryAsync(d => d.Id, d => d.Number, stop);
        var runs = await db.Runs.AsNoTracking().Where(r => r.Granted == grant.Id && r.File != null).OrderByDescending(r => r.Id).Take(200).ToListAsync(stop);
        return [.. runs.Where(r => r.KeepUntil > clock.GetUtcNow()).Select(r => new WaitingFile(
            r.Id, names[r.Delivery], r.File!, r.Rows, r.Bytes, r.Digest!, r.ToSnapshot ?? 0, r.StartedAt, r.KeepUntil!.Value, r.Taken))];
    }

    private async Task<IResult> List(string number, HttpContext http, CancellationToken stop)
    {
        var carried = await read.Carried(number, http.User, stop);
        if (carried.Refused)
        {
            return carried.Problem!.ToHttp();
        }

        var (grant, actor, _) = carried.Value;
        return await quota.Call(grant, actor, stop, takesRows: false) is { } spent ? read.Later(spent, http).ToHttp() : TypedResults.Ok(await Waiting(grant, stop));
    }

    private async Task<IResult> Run(string number, Guid id, string part, HttpContext http, CancellationToken stop)
    {
        var caller = await read.Caller(number, http.User, stop);
        if (caller.Refused)
        {
            return caller.Problem!.ToHttp();
        }

        var (grant, actor) = caller.Value;
        var run = await db.Runs.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id && r.Granted == grant.Id && r.File != null, stop);
        var path = run is null || run.KeepUntil <= clock.GetUtcNow() ? null : shelf.Find(run.Id, part);
        var refusal = path is null ? Problems.NoFile : await Fault(grant, run!, actor, stop);
        if (refusal is not null)
        {
            await ledger.Append(actor, new("file.refused", number, refusal.Code, new { run = id }) { Exchange = new() { Grant = grant.Id, Provider = grant.Provider, Receiver = grant.Unit, Resource = grant.Resource } }, stop);
            await quota.Refused(grant, stop);
            return refusal.ToHttp();
        }

        // Its rows are set aside below, once: the next range of a file that took the last of the day's is still a call.
        if (await quota.Call(grant, actor, stop, takesRows: false) is { } spent)
        {
            return read.Later(spent, http).ToHttp();
        }

        if (part != FileShelf.Content)
        {
            await ledger.Append(actor, new("file.fetched", grant.Number, Evidence.Done, new { run = run!.Id, part }) { Exchange = ExchangeOf(grant, run) }, stop);
            return TypedResults.PhysicalFile(path!, part == FileShelf.Manifest ? "application/json" : "application/pkcs7-signature", $"{run!.File}.{part}");
        }

        // Asked for its head alone (RFC 9110, 9.3.2) it is a call of the day and no rows leave, so that neither they nor an entry count.
        if (!HttpMethods.IsHead(http.Request.Method) && await Told(grant, run!, actor, http.Request, stop) is { } full)
        {
            await quota.TurnedBack(grant);
            return read.Later(full, http).ToHttp();
        }

        var type = run!.File!.EndsWith(".p7m", StringComparison.Ordinal) ? "application/pkcs7-mime" : "application/octet-stream";
        return TypedResults.PhysicalFile(path!, type, run.File, run.EndedAt, new EntityTagHeaderValue($"\"{run.Digest}\""), enableRangeProcessing: true);
    }

    /// <summary>What every part of a file is told with; only the file itself has rows.</summary>
    private static Exchange ExchangeOf(SharedGrant grant, Run run) =>
        new() { Provider = grant.Provider, Receiver = grant.Unit, Grant = grant.Id, Purpose = grant.Purpose, Resource = grant.Resource, Snapshot = run.ToSnapshot };

    private async Task<Problem?> Fault(SharedGrant grant, Run run, Actor actor, CancellationToken stop)
    {
        var fault = await gate.Fault(new(grant.Resource, grant.Purpose, grant.Id, run.Cursor), actor, stop);
        // Above the label of the one who fetches: the file is there for others.
        return fault is null || fault.Code == IChangeGate.AboveLabel ? fault : Problems.FileGone.With(fault.What);
    }

    /// <summary>A file counts once, however often and in however many parts it is fetched.</summary>
    private async Task<Problem?> Told(SharedGrant grant, Run run, Actor actor, HttpRequest request, CancellationToken stop)
    {
        if (run.Taken == 0 && await quota.Room(grant, actor, stop)(run.Rows) is { } full)
        {
            return full;
        }

        var exchange = ExchangeOf(grant, run) with { Rows = run.Rows, Bytes = run.Bytes, Digest = run.Digest };
        await ledger.Append(actor, new("file.fetched", grant.Number, Evidence.Done, new { run = run.Id, range = request.Headers.Range.ToString() }) { Exchange = exchange }, stop);
        if (await db.Runs.Where(r => r.Id == run.Id && r.Taken == 0).ExecuteUpdateAsync(s => s.SetProperty(r => r.Taken, 1), stop) == 1)
        {
            await quota.Took(grant, run.Bytes, run.Cursor, stop);
            return null;
        }

        if (run.Taken == 0)
        {
            await quota.GiveBack(grant, run.Rows, stop); // another fetch at the same time was the first
        }

        await db.Runs.Where(r => r.Id == run.Id).ExecuteUpdateAsync(s => s.SetProperty(r => r.Taken, r => r.Taken + 1), stop);
        return null;
    }
}
