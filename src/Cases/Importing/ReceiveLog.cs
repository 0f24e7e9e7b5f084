// In: POST /api/v1/cases/imports, multipart: the field map (YAML), perhaps check, then one log, streamed to the disk. Out: lines of JSON: how far it is, and at last {"done": report} or {"refused": problem}.
// What is refused at once is answered as a problem.
using System.Text.Json;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Lizhou.Cases.Importing;

internal static class ReceiveLog
{
    private const string Noun = "caselog";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Beside the other routes of cases: of those none comes to a file.</summary>
    public static void Map(IEndpointRouteBuilder routes) => CaseRoutes.Group(routes, "/api/v1/cases/imports").MapPost("/", Handle).WithName("ImportCases");

    internal static async Task<Results<EmptyHttpResult, ProblemHttpResult>> Handle(HttpContext http, ImportLog import, Settings settings, TimeProvider clock, CancellationToken stop)
    {
        var actor = Actor.From(http.User)!;
        if (!actor.Has(Roles.Engineer))
        {
            return Problems.Bureau.ToHttp(); // before a byte is taken
        }

        var sent = await Take(http, settings, stop);
        if (sent.Problem is { } wrong)
        {
            return wrong.ToHttp();
        }

        try
        {
            var last = clock.GetTimestamp();
            var done = await import.Run(
                sent.Value, actor,
                async progress =>
                {
                    if (clock.GetElapsedTime(last) >= Pause)
                    {
                        last = clock.GetTimestamp();
                        await Line(http, new { progress }, stop);
                    }
                },
                stop);
            if (done.Problem is { } refused)
            {
                return refused.ToHttp();
            }

            await Line(http, new { done = done.Value }, stop);
            return TypedResults.Empty;
        }
        catch (ProblemException broken) when (!http.Response.HasStarted)
        {
            return broken.Problem.ToHttp();
        }
        catch (ProblemException broken)
        {
            await Line(http, new { refused = new { title = broken.Problem.Code, status = broken.Problem.Status, detail = broken.Problem.What.ToString(), code = broken.Problem.Code, todo = broken.Problem.Todo.ToString() } }, stop);
            return TypedResults.Empty;
        }
        finally
        {
            File.Delete(sent.Value.Path);
        }
    }

    private static async Task Line(HttpContext http, object line, CancellationToken stop)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = "application/x-ndjson; charset=utf-8";
        }

        await JsonSerializer.SerializeAsync(http.Response.Body, line, JsonSerializerOptions.Web, stop);
        await http.Response.Body.WriteAsync("\n"u8.ToArray(), stop);
        await http.Response.Body.FlushAsync(stop);
    }

    private static async Task<Result<ImportLog.Ask>> Take(HttpContext http, Settings settings, CancellationToken stop)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            return Problems.NoLog;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null; // bounded by the disk
        }

        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        var reader = new MultipartReader(boundary, http.Request.Body);
        while (await reader.ReadNextSectionAsync(stop) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var part))
            {
                return Problems.NoLog;
            }

            if (part.IsFileDisposition())
            {
                var name = Path.GetFileName((part.FileNameStar.HasValue ? part.FileNameStar : HeaderUtilities.RemoveQuotes(part.FileName)).Value ?? "");
                return fields.TryGetValue("map", out var map) && name.Length > 0
                    ? new ImportLog.Ask(await KeptUpload.Keep(Noun, section.Body, settings, stop), name, map, fields.GetValueOrDefault("check") == "true")
                    : Problems.NoLog;
            }

            using var text = new StreamReader(section.Body);
            var buffer = new char[MapText.Longest + 1];
            var length = await text.ReadBlockAsync(buffer, stop);
            if (length > MapText.Longest)
            {
                return Problems.BadMap.With(1, 1, new Text("超过 {0} 字", "more than {0} characters").With(MapText.Longest));
            }

            fields[HeaderUtilities.RemoveQuotes(part.Name).Value ?? ""] = new(buffer, 0, length);
        }

        return Problems.NoLog;
    }
}
