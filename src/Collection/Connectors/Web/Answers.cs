// In: one request of a pull. Out: its answer, parsed and bounded. Tries again when the server is busy or gone for a moment, honours Retry-After,
// keeps the agreed rate. Refuses redirects, other hosts, packed bombs, deep or endless JSON.
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Lizhou.Collection.Sources;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Collection.Connectors.Web;

/// <param name="Body">Null when the server says that nothing has changed.</param>
/// <param name="NextLink">The address of the <c>Link: rel="next"</c> header.</param>
internal sealed record Answer(JsonDocument? Body, string? NextLink, string? ETag, string? LastModified);

internal sealed class Answers(ApiSettings settings, string? secret, HostGuard guard, SourceLimits limits, TimeProvider clock) : IDisposable
{
    private const int MostAttempts = 5;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };
    private readonly HttpClient client = new(guard.Handler()) { Timeout = Timeout.InfiniteTimeSpan };
    private DateTimeOffset notBefore = DateTimeOffset.MinValue;

    public async Task<Answer> Get(Uri address, Watermark? unless, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            await KeepRate(stop);
            TimeSpan? wait;
            string why;
            int? status = null;
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
                limit.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
                using var request = Request(address, unless);
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout) && (int)response.StatusCode < 500)
                {
                    return await Read(response, limit.Token);
                }

                (wait, why, status) = (RetryAfter(response), $"HTTP {(int)response.StatusCode}", (int)response.StatusCode);
            }
            catch (Exception outage) when (outage is HttpRequestException or IOException or SocketException
                || (outage is OperationCanceledException && !stop.IsCancellationRequested))
            {
                if (outage.GetBaseException() is ProblemException refused)
                {
                    throw refused;
                }

                (wait, why) = (null, outage is OperationCanceledException ? $"> {settings.TimeoutSeconds} s" : outage.GetBaseException().Message);
            }

            if (attempt == MostAttempts || wait > LongestWait)
            {
                throw new ProblemException(status is null ? SourceProblems.Unreachable.With(address.Host, why) : SourceProblems.Answered.With(address.Host, status));
            }

            await Task.Delay(wait ?? TimeSpan.FromSeconds(1 << (attempt - 1)), clock, stop);
        }
    }

    public void Dispose() => client.Dispose();

    private HttpRequestMessage Request(Uri address, Watermark? unless)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        request.Headers.UserAgent.ParseAdd("Lizhou/0.1");
        if (settings.SecretHeader is { } header && secret is not null)
        {
            request.Headers.TryAddWithoutValidation(header, secret);
        }

        if (unless?.ETag is { } tag)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        if (unless?.LastModified is { } since)
        {
            request.Headers.TryAddWithoutValidation("If-Modified-Since", since);
        }

        return request;
    }

    private async Task<Answer> Read(HttpResponseMessage response, CancellationToken stop)
    {
        var (tag, modified) = (response.Headers.ETag?.ToString(), response.Content.Headers.LastModified?.ToString("R"));
        if (response.StatusCode == HttpStatusCode.NotModified)
        {
            return new(null, null, tag, modified);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new ProblemException(SourceProblems.BadAnswer.With($"HTTP {(int)response.StatusCode}"));
        }

        var gzip = response.Content.Headers.ContentEncoding.Contains("gzip", StringComparer.OrdinalIgnoreCase);
        await using var body = BoundedStream.Unpack(
            await response.Content.ReadAsStreamAsync(stop), gzip, limits.AnswerBytes, SourceProblems.TooMuch.With($"{limits.AnswerBytes} bytes"));
        try
        {
            return new(await JsonDocument.ParseAsync(body, Strict, stop), NextLink(response), tag, modified);
        }
        catch (Exception bad) when (bad is JsonException or InvalidDataException)
        {
            throw new ProblemException(SourceProblems.BadAnswer.With(bad.Message), bad);
        }
    }

    private static string? NextLink(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var links)
            ? links.SelectMany(l => l.Split(",<")).Select(l => l.TrimStart('<').Split('>', 2))
                .FirstOrDefault(l => l.Length == 2 && l[1].Replace("\"", "", StringComparison.Ordinal).Contains("rel=next", StringComparison.OrdinalIgnoreCase))?[0]
            : null;

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter is not { } told ? null : told.Delta ?? told.Date - clock.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private async Task KeepRate(CancellationToken stop)
    {
        var wait = notBefore - clock.GetUtcNow();
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, clock, stop);
        }

        notBefore = clock.GetUtcNow() + TimeSpan.FromMinutes(1.0 / settings.PerMinute);
    }
}
