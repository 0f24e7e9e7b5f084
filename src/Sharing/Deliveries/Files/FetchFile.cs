// In: a grant's number, a run, the grant's key or a steward of the holding unit. Out: the file in ranges (its digest is its ETag), its manifest, the signature; each
// fetch is in the ledger before a byte leaves. Refuses when the grant ended or would show its rows in another way now, and when the file's time has passed.
using System.Security.Claims;
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
    internal static async Task<IResult> HandleList(string number, FetchFile fetch, ClaimsPrincipal who, CancellationToken stop)
    {
        var caller = await fetch.Caller(number, who, stop);
        return caller.Refused ? caller.Problem!.ToHttp() : TypedResults.Ok(await fetch.Waiting(caller.Value, stop));
    }

    internal static Task<IResult> HandleContent(string number, Guid run, FetchFile fetch, HttpContext http, CancellationToken stop) => fetch.Run(number, run, FileShelf.Content, http, stop);

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

    private async Task<Result<SharedGrant>> Caller(string number, ClaimsPrincipal who, CancellationToken stop)
    {
        var caller = await read.Caller(number, who, stop);
        return caller.Refused ? caller.Problem! : caller.Value.Grant;
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
            return refusal.ToHttp();
        }

        if (part != FileShelf.Content)
        {
            return TypedResults.PhysicalFile(path!, part == FileShelf.Manifest ? "application/json" : "application/pkcs7-signature", $"{run!.File}.{part}");
        }

        await Told(grant, run!, actor, http.Request, stop);
        var type = run!.File!.EndsWith(".p7m", StringComparison.Ordinal) ? "application/pkcs7-mime" : "application/octet-stream";
        return TypedResults.PhysicalFile(path!, type, run.File, run.EndedAt, new EntityTagHeaderValue($"\"{run.Digest}\""), enableRangeProcessing: true);
    }

    private async Task<Problem?> Fault(SharedGrant grant, Run run, Actor actor, CancellationToken stop)
    {
        var fault = await gate.Fault(new(grant.Resource, grant.Purpose, grant.Id, run.Cursor), actor, stop);
        return fault is null ? null : Problems.FileGone.With(fault.What);
    }

    /// <summary>A file counts once, however often and in however many parts it is fetched.</summary>
    private async Task Told(SharedGrant grant, Run run, Actor actor, HttpRequest request, CancellationToken stop)
    {
        var exchange = new Exchange
        {
            Provider = grant.Provider, Receiver = grant.Unit, Grant = grant.Id, Purpose = grant.Purpose, Resource = grant.Resource, Snapshot = run.ToSnapshot, Rows = run.Rows, Bytes = run.Bytes, Digest = run.Digest,
        };
        await ledger.Append(actor, new("file.fetched", grant.Number, Evidence.Done, new { run = run.Id, range = request.Headers.Range.ToString() }) { Exchange = exchange }, stop);
        if (await db.Runs.Where(r => r.Id == run.Id && r.Taken == 0).ExecuteUpdateAsync(s => s.SetProperty(r => r.Taken, 1), stop) == 1)
        {
            await quota.Took(grant, run.Rows, run.Bytes, run.Cursor, stop);
            return;
        }

        await db.Runs.Where(r => r.Id == run.Id).ExecuteUpdateAsync(s => s.SetProperty(r => r.Taken, r => r.Taken + 1), stop);
    }
}
