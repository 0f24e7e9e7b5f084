// In: POST /api/v1/push/{source} with rows. Out: 202 and a receipt once they are durable; the same key gets the same receipt.
// Refuses other units' sources, other ways, paused sources, wrong bodies, and with 429 what would wait too long.
using Lizhou.Collection.Batches;
using Lizhou.Collection.Sources;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Lizhou.Collection.Connectors.Push;

internal static class ReceivePush
{
    private const string RetryAfterSeconds = "10";

    internal static async Task<Results<Accepted<PushReceipt>, ProblemHttpResult>> Handle(
        string source, HttpContext http, FindSources find, KeepPushes keep, PushFolder folder, SourceLimits limits, ILedger ledger, CancellationToken stop)
    {
        var actor = Actor.From(http.User)!;
        var to = await find.ByCode(source, actor, stop);
        var refusal = to.Problem ?? (SourceTokens.May(http.User, to.Value) ? null : SourceProblems.NoSource.With(source)) ?? Unfit(to.Value) ?? (keep.Full ? SourceProblems.QueueFull : null);
        if (refusal is not null)
        {
            await ledger.Append(actor, new("push.refused", source, refusal.Code), stop);
            return Refuse(http, refusal);
        }

        var kept = await Read(http, to.Value, actor, keep, folder, limits, stop);
        if (kept.Refused)
        {
            await ledger.Append(actor, new("push.refused", source, kept.Problem!.Code), stop);
            return Refuse(http, kept.Problem!);
        }

        return TypedResults.Accepted($"/api/v1/push/{source}/{kept.Value.Receipt.Id}", kept.Value.Receipt);
    }

    private static Problem? Unfit(Source source) =>
        source.Way != Way.Push ? SourceProblems.OtherWay.With(source.Name)
        : source.State == SourceState.Paused ? SourceProblems.Paused.With(source.Name)
        : null;

    private static async Task<Result<KeepPushes.Kept>> Read(
        HttpContext http, Source source, Actor actor, KeepPushes keep, PushFolder folder, SourceLimits limits, CancellationToken stop)
    {
        var key = SendersKey.Of(http.Request);
        if (key.Refused)
        {
            return key.Problem!;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bound)
        {
            bound.MaxRequestBodySize = limits.PushBytes; // also of packed bytes; the unpacked are counted below
        }

        await using var rows = new PushedRows(folder.Path, limits);
        try
        {
            var type = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var told) ? told.MediaType.ToString().ToLowerInvariant() : "";
            await using var body = BoundedStream.Unpack(http.Request.Body, IsGzip(http), limits.PushBytes, SourceProblems.TooLarge.With(limits.PushBytes));
            await rows.Read(body, type, source.Shape, stop);
        }
        catch (ProblemException refused)
        {
            return refused.Problem;
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return SourceProblems.TooLarge.With(limits.PushBytes);
        }

        var arrival = new PushArrival(
            source, actor, key.Value, rows.Digest, rows.Rows, rows.Bytes, rows.Fields, rows.Body, rows.File is null ? null : System.IO.Path.GetFileName(rows.File));
        var kept = await keep.Keep(arrival, CancellationToken.None); // once it is with the writer, the sender's leaving changes nothing
        if (kept is { Refused: false, Value.Again: false })
        {
            rows.Keep();
        }

        return kept;
    }

    private static bool IsGzip(HttpContext http) => http.Request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant() switch
    {
        "" or "identity" => false,
        "gzip" or "x-gzip" => true,
        var other => throw new ProblemException(SourceProblems.UnknownType.With(other)),
    };

    private static ProblemHttpResult Refuse(HttpContext http, Problem problem)
    {
        if (problem.Status == StatusCodes.Status429TooManyRequests)
        {
            http.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return problem.ToHttp();
    }
}

/// <summary>Where large pushes wait until a batch takes them.</summary>
internal sealed class PushFolder(Settings settings)
{
    public string Path { get; } = System.IO.Path.Combine(settings.Data, "push");
}
