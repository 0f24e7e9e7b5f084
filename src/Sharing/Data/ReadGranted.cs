// In: a grant's number, its key, a structured query, a format. Out: rows as the grant lets them be seen: a page of JSON within one snapshot, or all rows in another format.
// Refuses through the policy (expired, revoked, unknown items …), and when the day's quota is spent; every refusal is in the ledger.
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Grants;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Sharing.Data;

internal sealed class ReadGranted(StateStore state, IRowGate gate, Quota quota, ILedger ledger)
{
    private static readonly Dictionary<string, (RowFormat? Format, string Type)> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        ["json"] = (null, "application/json; charset=utf-8"),
        ["csv"] = (RowFormat.Csv, "text/csv; charset=utf-8"),
        ["ndjson"] = (RowFormat.NdJson, "application/x-ndjson"),
        ["arrow"] = (RowFormat.Arrow, "application/vnd.apache.arrow.stream"),
        ["parquet"] = (RowFormat.Parquet, "application/vnd.apache.parquet"),
        ["xlsx"] = (RowFormat.Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    };

    private static readonly ConditionalWeakTable<RowSet, byte[]> Bodies = [];

    internal static Task<IResult> Handle(string number, HttpContext http, ReadGranted read, ClaimsPrincipal who, CancellationToken stop) => read.Run(number, http, who, stop);

    /// <summary>The grant, if this principal may call it: by its own key, or as a steward of the holding unit.</summary>
    public async Task<Result<(SharedGrant Grant, Actor Actor)>> Caller(string number, ClaimsPrincipal who, CancellationToken stop)
    {
        var actor = Actor.From(who)!;
        var grant = await SharedGrant.Find(state, number, stop);
        var refusal = grant is null || grant.Unit != actor.Unit ? Problems.NoGrant.With(number) : GrantKeys.Fits(who, grant) ? null : Problems.OtherKey.With(number);
        if (refusal is null)
        {
            ProcessorTime.For(grant!);
            return (grant!, actor);
        }

        await ledger.Append(actor, new("data.refused", number, refusal.Code) { Exchange = new() { Receiver = actor.Unit } }, stop);
        return refusal;
    }

    private async Task<IResult> Run(string number, HttpContext http, ClaimsPrincipal who, CancellationToken stop)
    {
        var caller = await Caller(number, who, stop);
        if (caller.Refused)
        {
            return caller.Problem!.ToHttp();
        }

        var (grant, actor) = caller.Value;
        var wanted = Wanted(http.Request);
        var ask = AskOfQuery.Of(http.Request.Query, grant);
        var refusal = wanted.Problem ?? ask.Problem;
        if (refusal is not null)
        {
            await ledger.Append(actor, new("data.refused", number, refusal.Code) { Exchange = new() { Grant = grant.Id, Receiver = grant.Unit, Provider = grant.Provider, Resource = grant.Resource } }, stop);
        }
        else if ((await quota.Call(grant, actor, stop)) is { } spent)
        {
            http.Response.Headers.RetryAfter = quota.SecondsLeft.ToString(CultureInfo.InvariantCulture);
            refusal = spent;
        }

        return refusal is not null ? refusal.ToHttp() : await Answer(grant, ask.Value, wanted.Value.Format, wanted.Value.Type, actor, http, stop);
    }

    private async Task<IResult> Answer(SharedGrant grant, RowAsk ask, RowFormat? format, string type, Actor actor, HttpContext http, CancellationToken stop)
    {
        if (format is not null || http.Request.Headers.IfNoneMatch.Count > 0)
        {
            // A stamp that is refused is refused again below, with evidence.
            var stamp = await gate.Stamp(ask, actor, stop);
            var tag = stamp.Refused ? null : Tag(stamp.Value, format);
            http.Response.Headers.ETag = tag;
            if (tag is not null && http.Request.Headers.IfNoneMatch.Contains(tag))
            {
                return TypedResults.StatusCode(StatusCodes.Status304NotModified);
            }
        }

        return format is { } form ? await Whole(grant, ask, form, type, actor, http, stop) : await OnePage(grant, ask, type, actor, http, stop);
    }

    private async Task<IResult> OnePage(SharedGrant grant, RowAsk ask, string type, Actor actor, HttpContext http, CancellationToken stop)
    {
        var read = await gate.Read(ask, actor, stop);
        if (read.Refused)
        {
            return await Refused(grant, read.Problem!, http, stop);
        }

        var set = read.Value;
        http.Response.Headers.ETag = set.Stamp is null ? null : Tag(set.Stamp, null);
        // Rows that were kept are the same object as before, and so is their text.
        var body = Bodies.GetValue(set, _ => Body(grant, set));
        await quota.Took(grant, set.Rows.Count, body.Length, set.Cursor, stop);
        return TypedResults.Bytes(body, type);
    }

    private static string Tag(string stamp, RowFormat? format) => $"\"{stamp}-{format?.ToString() ?? "json"}\"";

    private static byte[] Body(SharedGrant grant, RowSet set) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            grant = grant.Number,
            purpose = grant.Purpose,
            snapshot = set.Snapshot,
            total = set.Total < 0 ? (long?)null : set.Total,
            items = set.Items.Select(i => new { column = i.Item.Column, name = i.Item.Name, mask = i.Mask?.ToString() }),
            rows = set.Rows.Select(r => set.Items.Zip(r).ToDictionary(p => p.First.Item.Column, p => p.Second, StringComparer.Ordinal)),
            next = set.Next,
            changes = set.Cursor,
        },
        Json);

    private async Task<IResult> Whole(SharedGrant grant, RowAsk ask, RowFormat format, string type, Actor actor, HttpContext http, CancellationToken stop)
    {
        http.Response.ContentType = type;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{grant.Number}.{format.ToString().ToLowerInvariant()}\"";
        var written = await gate.Write(ask, format, http.Response.Body, actor, stop);
        if (written.Refused)
        {
            return await Refused(grant, written.Problem!, http, stop);
        }

        await quota.Took(grant, written.Value.Rows, written.Value.Bytes, written.Value.Cursor, stop);
        return TypedResults.Empty;
    }

    private async Task<IResult> Refused(SharedGrant grant, Problem problem, HttpContext http, CancellationToken stop)
    {
        await quota.Refused(grant, stop);
        http.Response.Headers.Remove("ETag");
        http.Response.Headers.Remove("Content-Disposition");
        return problem.ToHttp();
    }

    /// <summary><c>?format=</c> before <c>Accept</c>; JSON when neither says anything.</summary>
    private static Result<(RowFormat? Format, string Type)> Wanted(HttpRequest request)
    {
        if (request.Query["format"] is { Count: > 0 } named)
        {
            return Formats.TryGetValue(named.ToString(), out var found) ? found : Problems.NoFormat.With(named.ToString());
        }

        var accepted = request.Headers.Accept.ToString();
        if (accepted.Length == 0 || accepted.Contains("*/*", StringComparison.Ordinal))
        {
            return Formats["json"];
        }

        var fit = Formats.Values.FirstOrDefault(f => accepted.Contains(f.Type.Split(';')[0], StringComparison.OrdinalIgnoreCase));
        return fit.Type is null ? Problems.NoFormat.With(accepted) : fit;
    }

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
