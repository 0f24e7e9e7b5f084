// In: a grant's number, its key, a structured query, a format. Out: rows as the grant lets them be seen: a page of JSON within one snapshot, or all rows in another format.
// Refuses through the policy (expired, revoked, unknown items …), and when the day's quota is spent; every refusal is in the ledger.
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Grants;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Lizhou.Sharing.Data;

internal sealed class ReadGranted(StateStore state, SharedSeals seals, IRowGate gate, Quota quota, HoldToGranted hold, ILedger ledger)
{
    internal static readonly Dictionary<string, (RowFormat? Format, string Type)> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        ["json"] = (null, "application/json; charset=utf-8"),
        ["csv"] = (RowFormat.Csv, "text/csv; charset=utf-8"),
        ["ndjson"] = (RowFormat.NdJson, "application/x-ndjson"),
        ["arrow"] = (RowFormat.Arrow, "application/vnd.apache.arrow.stream"),
        ["parquet"] = (RowFormat.Parquet, "application/vnd.apache.parquet"),
        ["xlsx"] = (RowFormat.Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    };

    private static readonly ConditionalWeakTable<RowSet, Sent> Bodies = [];

    /// <param name="Digest">SHA-256, as the evidence has it.</param>
    internal sealed record Sent(byte[] Body, string Digest)
    {
        public (long Bytes, string Digest) Told => (Body.Length, Digest);

        public static Sent Of(byte[] body) => new(body, Convert.ToHexStringLower(SHA256.HashData(body)));
    }

    internal static Task<IResult> Handle(string number, HttpContext http, ReadGranted read, ClaimsPrincipal who, CancellationToken stop) => read.Run(number, http, who, stop);

    /// <summary>The head of an answer is not known without its rows, and rows that are read are an exchange: there is none to be had without one.</summary>
    internal static IResult HandleHead(HttpContext http)
    {
        http.Response.Headers.Allow = HttpMethods.Get;
        return TypedResults.StatusCode(StatusCodes.Status405MethodNotAllowed);
    }

    /// <summary>The grant, if this principal may call it: by its own key, or as a steward of the holding unit.</summary>
    public async Task<Result<(SharedGrant Grant, Actor Actor)>> Caller(string number, ClaimsPrincipal who, CancellationToken stop)
    {
        var actor = Actor.From(who)!;
        var grant = await SharedGrant.Find(state, number, stop);
        var refusal = grant is null || grant.Unit != actor.Unit ? Problems.NoGrant.With(number) : !GrantKeys.Fits(who, grant) ? Problems.OtherKey.With(number) : seals.Fits(grant) ? null : Problems.BrokenGrant.With(number);
        if (refusal is null)
        {
            ProcessorTime.For(grant!);
            return (grant!, actor);
        }

        await ledger.Append(actor, new("data.refused", TurnAway.Named(number), refusal.Code) { Exchange = new() { Receiver = actor.Unit } }, stop);
        return refusal;
    }

    /// <summary>As <see cref="Caller"/>, and the grant still carries: what is only told of it is refused with the reason its rows are.</summary>
    /// <param name="described">Only its items are told, no value: that needs no label.</param>
    public async Task<Result<(SharedGrant Grant, Actor Actor, IReadOnlyList<ItemDecision> Items)>> Carried(string number, ClaimsPrincipal who, CancellationToken stop, bool described = false)
    {
        var caller = await Caller(number, who, stop);
        if (caller.Refused)
        {
            return caller.Problem!;
        }

        var (grant, actor) = caller.Value;
        var decided = await gate.Decide(new RowAsk(grant.Resource, grant.Purpose) { Grant = grant.Id }, described ? actor with { Label = (int)Level.L4 } : actor, stop);
        if (!decided.Refused)
        {
            return (grant, actor, decided.Value);
        }

        await ledger.Append(actor, new("data.refused", number, decided.Problem!.Code) { Exchange = new() { Grant = grant.Id, Receiver = grant.Unit, Provider = grant.Provider, Resource = grant.Resource } }, stop);
        await quota.Refused(grant, stop);
        return decided.Problem!;
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
        var question = ask.Refused ? null : await hold.Of(grant, ask.Value, actor, ask.Value.After is not null, stop);
        var refusal = wanted.Problem ?? (wanted.Value.Format is { } whole && AskOfQuery.Paged(http.Request.Query) is { } page ? Problems.WholeOnly.With(whole.ToString().ToLowerInvariant(), page) : ask.Problem) ?? await hold.Call(grant, question, stop);
        if (refusal is not null)
        {
            await ledger.Append(actor, new("data.refused", number, refusal.Code) { Exchange = new() { Grant = grant.Id, Receiver = grant.Unit, Provider = grant.Provider, Resource = grant.Resource } }, stop);
            await quota.Refused(grant, stop);
        }
        else if ((await quota.Call(grant, actor, stop)) is { } spent)
        {
            refusal = Later(spent, http);
        }

        return refusal is not null ? refusal.ToHttp() : await Answer(grant, ask.Value with { Room = Room(grant, ask.Value, question!, wanted.Value.Format, actor, stop) }, wanted.Value.Format, wanted.Value.Type, actor, http, stop);
    }

    /// <summary>Of a grant for a number of times, all is taken with the last page, or with an answer of all rows; an answer without any takes nothing.</summary>
    private Func<long, Task<Problem?>> Room(SharedGrant grant, RowAsk ask, HoldToGranted.Question question, RowFormat? format, Actor actor, CancellationToken stop) =>
        hold.Room(grant, actor, quota.Room(grant, actor, stop), question, rows => (rows > 0 || ask.After is not null) && (format is not null || rows < ask.Take), stop);

    private async Task<IResult> Answer(SharedGrant grant, RowAsk ask, RowFormat? format, string type, Actor actor, HttpContext http, CancellationToken stop)
    {
        if (format is not null || http.Request.Headers.IfNoneMatch.Count > 0)
        {
            // A stamp that is refused is refused again below, with evidence.
            var stamp = await gate.Stamp(ask, actor, stop);
            var tag = stamp.Refused ? null : Tag(stamp.Value, format);
            http.Response.Headers.ETag = tag;
            if (tag is not null && IsKnown(tag, http.Request.Headers.IfNoneMatch))
            {
                return TypedResults.StatusCode(StatusCodes.Status304NotModified);
            }
        }

        return format is { } form ? await Whole(grant, ask, form, type, actor, http, stop) : await OnePage(grant, ask, type, actor, http, stop);
    }

    private async Task<IResult> OnePage(SharedGrant grant, RowAsk ask, string type, Actor actor, HttpContext http, CancellationToken stop)
    {
        // The evidence is of the very bytes that are sent. Rows that were kept are the same object as before, and so is their text.
        var read = await gate.Read(ask with { Body = set => Of(grant, set).Told }, actor, stop);
        if (read.Refused)
        {
            return await Refused(grant, read.Problem!, http, stop);
        }

        var set = read.Value;
        http.Response.Headers.ETag = set.Stamp is null ? null : Tag(set.Stamp, null);
        var body = Of(grant, set).Body;
        await quota.Took(grant, body.Length, set.Cursor, stop);
        return TypedResults.Bytes(body, type);
    }

    /// <summary>By weak comparison, of a list too (RFC 9110, 13.1.2).</summary>
    private static bool IsKnown(string tag, StringValues sent) =>
        EntityTagHeaderValue.TryParseList(sent, out var known) && known.Any(k => k.Tag == "*" || k.Compare(new(tag), useStrongComparison: false));

    private static string Tag(string stamp, RowFormat? format) => $"\"{stamp}-{format?.ToString() ?? "json"}\"";

    private static Sent Of(SharedGrant grant, RowSet set) => Bodies.GetValue(set, _ => Sent.Of(Body(grant, set)));

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
            return http.Response.HasStarted ? await CutOff(grant, http, stop) : await Refused(grant, written.Problem!, http, stop);
        }

        await quota.Took(grant, written.Value.Bytes, written.Value.Cursor, stop);
        return TypedResults.Empty;
    }

    private async Task<IResult> Refused(SharedGrant grant, Problem problem, HttpContext http, CancellationToken stop)
    {
        await quota.TurnedBack(grant);
        http.Response.Headers.Remove("ETag");
        http.Response.Headers.Remove("Content-Disposition");
        return Later(problem, http).ToHttp();
    }

    /// <summary>The grant ended while its rows were being sent: the connection breaks, so that nobody takes a part for the whole.</summary>
    internal async Task<EmptyHttpResult> CutOff(SharedGrant grant, HttpContext http, CancellationToken stop)
    {
        await quota.TurnedBack(grant);
        http.Abort();
        return TypedResults.Empty;
    }

    /// <summary>What was refused for today names when to come again.</summary>
    internal Problem Later(Problem problem, HttpContext http)
    {
        http.Response.Headers.RetryAfter = problem.Status == StatusCodes.Status429TooManyRequests ? quota.SecondsLeft.ToString(CultureInfo.InvariantCulture) : default;
        return problem;
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
