// In: a grant's number, its key, a cursor. Out: what came, changed or went since, as the grant lets it be seen: a page of JSON, or all of it, one change a line and the next cursor last.
// Refuses as the data API does; and when the cursor is not ours, too old, or of another view of the rows.
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

internal sealed class ReadChanged(SharingDb db, ReadGranted read, IChangeGate gate, Quota quota, HoldToGranted hold, ILedger ledger)
{
    private const string Now = "now";
    private const int Shown = 100;

    internal static async Task<IResult> Handle(string number, string? since, int? limit, string? format, ReadChanged changed, HttpContext http, CancellationToken stop)
    {
        var caller = await changed.Caller(number, since, limit, format, http, stop);
        if (caller.Refused)
        {
            return caller.Problem!.ToHttp();
        }

        var (grant, actor, question) = caller.Value;
        var ask = new ChangeAsk(grant.Resource, grant.Purpose, grant.Id, since is Now ? null : since, limit ?? 1000) { Room = changed.Room(grant, actor, question, rows => rows > 0 && (format == "ndjson" || rows < (limit ?? 1000)), stop) };
        var answer = since is Now ? await changed.Place(grant, ask, actor, stop) : format == "ndjson" ? await changed.Whole(grant, ask, actor, http, stop) : await changed.OnePage(grant, ask, actor, stop);
        if (!answer.Refused)
        {
            return answer.Value;
        }

        return (await changed.Refused(grant, answer.Problem!, http, stop)).ToHttp();
    }

    internal static Task<IResult> HandleCorrections(string number, ReadChanged changed, HttpContext http, CancellationToken stop) => changed.List(number, http, stop);

    private async Task<IResult> List(string number, HttpContext http, CancellationToken stop)
    {
        var carried = await read.Carried(number, http.User, stop);
        if (carried.Refused)
        {
            return carried.Problem!.ToHttp();
        }

        var (grant, actor, _) = carried.Value;
        return await quota.Call(grant, actor, stop) is { } spent ? read.Later(spent, http).ToHttp() : TypedResults.Ok(await Corrections(grant, stop));
    }

    /// <summary>Newest first.</summary>
    public async Task<List<CorrectionView>> Corrections(SharedGrant grant, CancellationToken stop) =>
        await db.Corrections.AsNoTracking().Where(c => c.Granted == grant.Id).OrderByDescending(c => c.Id).Take(Shown)
            .Select(c => new CorrectionView(c.At, c.Changed, c.Withdrawn, c.ToSnapshot, c.Cursor)).ToListAsync(stop);

    private Func<long, Task<Problem?>> Room(SharedGrant grant, Actor actor, HoldToGranted.Question question, Func<long, bool> last, CancellationToken stop) =>
        hold.Room(grant, actor, quota.Room(grant, actor, stop), question, last, stop);

    private async Task<Problem> Refused(SharedGrant grant, Problem problem, HttpContext http, CancellationToken stop)
    {
        await quota.TurnedBack(grant);
        return read.Later(problem, http);
    }

    private async Task<Result<(SharedGrant Grant, Actor Actor, HoldToGranted.Question Question)>> Caller(string number, string? since, int? limit, string? format, HttpContext http, CancellationToken stop)
    {
        var caller = await read.Caller(number, http.User, stop);
        if (caller.Refused)
        {
            return caller.Problem!;
        }

        var (grant, actor) = caller.Value;
        var question = await hold.Of(grant, new RowAsk(grant.Resource, grant.Purpose), actor, since is not (null or Now), stop);
        var refusal = limit is < 1 or > 1000 ? Problems.BadQuery.With($"limit={limit}") : format is not (null or "json" or "ndjson") ? Problems.NoFormat.With(format) : format == "ndjson" && limit is not null ? Problems.WholeOnly.With(format, "limit") : await hold.Call(grant, since is Now ? null : question, stop);
        if (refusal is not null)
        {
            await ledger.Append(actor, new("data.refused", number, refusal.Code) { Exchange = new() { Grant = grant.Id, Receiver = grant.Unit, Provider = grant.Provider, Resource = grant.Resource } }, stop);
            await quota.Refused(grant, stop);
        }
        else if ((refusal = await quota.Call(grant, actor, stop)) is not null)
        {
            refusal = read.Later(refusal, http);
        }

        if (refusal is not null)
        {
            return refusal;
        }

        return (grant, actor, question);
    }

    private async Task<Result<IResult>> Place(SharedGrant grant, ChangeAsk ask, Actor actor, CancellationToken stop)
    {
        var now = await gate.Now(ask, actor, stop);
        return now.Refused ? now.Problem! : TypedResults.Json(new { grant = grant.Number, to = now.Value.At, changes = Array.Empty<object>(), cursor = now.Value.Cursor, more = false }, ReadGranted.Json);
    }

    private async Task<Result<IResult>> OnePage(SharedGrant grant, ChangeAsk ask, Actor actor, CancellationToken stop)
    {
        byte[] body = [];
        var found = await gate.Read(ask with { Body = page => ReadGranted.Sent.Of(body = JsonSerializer.SerializeToUtf8Bytes(Shape(grant, page), ReadGranted.Json)).Told }, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var set = found.Value;
        // A page that was full to the brim and the last one shows only now that it was.
        if (!set.More && set.Rows.Count == ask.Take && await hold.Take(grant, actor, stop) is { } taken)
        {
            return taken;
        }

        await quota.Took(grant, body.Length, set.More ? null : set.Cursor, stop);
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
            return http.Response.HasStarted ? await read.CutOff(grant, http, stop) : written.Problem!;
        }

        await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new { _op = "Cursor", _id = written.Value.Cursor }), stop);
        await quota.Took(grant, written.Value.Bytes, written.Value.Cursor, stop);
        return TypedResults.Empty;
    }
}
