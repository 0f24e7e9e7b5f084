// In: a grant's number, its key, a cursor. Out: what came, changed or went since, as the grant lets it be seen: a page of JSON, or all of it, one change a line and the next cursor last.
// Refuses as the data API does; and when the cursor is not ours, too old, or of another view of the rows.
using System.Globalization;
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Grants;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Data;

/// <summary>Rows that were taken and changed or went afterwards.</summary>
/// <param name="Since">For <c>changes?since=</c>: gives exactly the difference.</param>
internal sealed record CorrectionView(DateTimeOffset At, long Changed, long Withdrawn, long Snapshot, string Since);

internal sealed class ReadChanged(SharingDb db, ReadGranted read, IChangeGate gate, Quota quota, ILedger ledger)
{
    private const string Now = "now";
    private const int Shown = 100;

    internal static async Task<IResult> Handle(string number, string? since, int? limit, string? format, ReadChanged changed, HttpContext http, CancellationToken stop)
    {
        var caller = await changed.Caller(number, limit, format, http, stop);
        if (caller.Refused)
        {
            return caller.Problem!.ToHttp();
        }

        var (grant, actor) = caller.Value;
        var ask = new ChangeAsk(grant.Resource, grant.Purpose, grant.Id, since is Now ? null : since, limit ?? 1000);
        var answer = since is Now ? await changed.Place(grant, ask, actor, stop) : format == "ndjson" ? await changed.Whole(grant, ask, actor, http, stop) : await changed.OnePage(grant, ask, actor, stop);
        if (!answer.Refused)
        {
            return answer.Value;
        }

        await changed.Refused(grant, stop);
        return answer.Problem!.ToHttp();
    }

    internal static async Task<IResult> HandleCorrections(string number, ReadChanged changed, HttpContext http, CancellationToken stop)
    {
        var caller = await changed.Caller(number, null, null, http, stop);
        return caller.Refused ? caller.Problem!.ToHttp() : TypedResults.Ok(await changed.Corrections(caller.Value.Grant, stop));
    }

    /// <summary>Newest first.</summary>
    public async Task<List<CorrectionView>> Corrections(SharedGrant grant, CancellationToken stop) =>
        await db.Corrections.AsNoTracking().Where(c => c.Granted == grant.Id).OrderByDescending(c => c.Id).Take(Shown)
            .Select(c => new CorrectionView(c.At, c.Changed, c.Withdrawn, c.ToSnapshot, c.Cursor)).ToListAsync(stop);

    private Task Refused(SharedGrant grant, CancellationToken stop) => quota.Refused(grant, stop);

    private async Task<Result<(SharedGrant Grant, Actor Actor)>> Caller(string number, int? limit, string? format, HttpContext http, CancellationToken stop)
    {
        var caller = await read.Caller(number, http.User, stop);
        if (caller.Refused)
        {
            return caller;
        }

        var (grant, actor) = caller.Value;
        var refusal = limit is < 1 or > 1000 ? Problems.BadQuery.With($"limit={limit}") : format is null or "json" or "ndjson" ? null : Problems.NoFormat.With(format);
        if (refusal is not null)
        {
            await ledger.Append(actor, new("data.refused", number, refusal.Code) { Exchange = new() { Grant = grant.Id, Receiver = grant.Unit, Provider = grant.Provider, Resource = grant.Resource } }, stop);
        }
        else if ((refusal = await quota.Call(grant, actor, stop)) is not null)
        {
            http.Response.Headers.RetryAfter = quota.SecondsLeft.ToString(CultureInfo.InvariantCulture);
        }

        return refusal is null ? caller : refusal;
    }

    private async Task<Result<IResult>> Place(SharedGrant grant, ChangeAsk ask, Actor actor, CancellationToken stop)
    {
        var now = await gate.Now(ask, actor, stop);
        return now.Refused ? now.Problem! : TypedResults.Json(new { grant = grant.Number, to = now.Value.At, changes = Array.Empty<object>(), cursor = now.Value.Cursor, more = false }, ReadGranted.Json);
    }

    private async Task<Result<IResult>> OnePage(SharedGrant grant, ChangeAsk ask, Actor actor, CancellationToken stop)
    {
        var found = await gate.Read(ask, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var set = found.Value;
        var body = JsonSerializer.SerializeToUtf8Bytes(Shape(grant, set), ReadGranted.Json);
        await quota.Took(grant, set.Rows.Count, body.Length, set.More ? null : set.Cursor, stop);
        return TypedResults.Bytes(body, "application/json; charset=utf-8");
    }

    /// <summary>A page of changes as it is answered and sent.</summary>
    public static object Shape(SharedGrant grant, ChangeSet set) => new
    {
        grant = grant.Number,
        purpose = grant.Purpose,
        resource = grant.ResourceCode,
        from = set.From,
        to = set.To,
        items = set.Items.Select(i => new { column = i.Item.Column, name = i.Item.Name, mask = i.Mask?.ToString() }),
        changes = set.Rows.Select(r => new { op = r.Kind, id = r.Id, row = set.Items.Zip(r.Values).ToDictionary(p => p.First.Item.Column, p => p.Second, StringComparer.Ordinal) }),
        cursor = set.Cursor,
        more = set.More,
    };

    private async Task<Result<IResult>> Whole(SharedGrant grant, ChangeAsk ask, Actor actor, HttpContext http, CancellationToken stop)
    {
        http.Response.ContentType = "application/x-ndjson";
        var written = await gate.Write(ask, http.Response.Body, actor, stop);
        if (written.Refused)
        {
            return written.Problem!;
        }

        await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new { _op = "Cursor", _id = written.Value.Cursor }), stop);
        await quota.Took(grant, written.Value.Counts.Sum, written.Value.Bytes, written.Value.Cursor, stop);
        return TypedResults.Empty;
    }
}
