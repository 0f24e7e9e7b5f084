// In: the upload form: its token, the resource, then the file, streamed. Out: the file on the disk and the way to its preview.
// Refuses before the first byte of the file what has no published resource or is another unit's, and a form that is not ours.
using Lizhou.Collection.Batches;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Lizhou.Collection.Sources.Upload;

internal static class ReceiveUpload
{
    private const int LongestField = 4096;

    private static readonly Problem[] Tellable = [SourceProblems.NoFile, SourceProblems.EmptyFile, SourceProblems.DiskFull, SourceProblems.NoUpload, Lizhou.Collection.Problems.NoEntry, Lizhou.Collection.Problems.OtherUnit];

    /// <summary>The refusal of a code in an address; anything else is nothing.</summary>
    public static Problem? Known(string? code, string? subject) => Array.Find(Tellable, p => p.Code == code)?.With(subject);

    internal static async Task<IResult> Handle(HttpContext http, Uploads uploads, IntakeBatch intake, IAntiforgery antiforgery, CancellationToken stop)
    {
        var actor = Actor.From(http.User)!;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null; // counted while it is written
        }

        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            return Back(SourceProblems.NoFile, null);
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new MultipartReader(boundary, http.Request.Body);
        while (await reader.ReadNextSectionAsync(stop) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var part))
            {
                break;
            }

            if (!part.IsFileDisposition())
            {
                fields[HeaderUtilities.RemoveQuotes(part.Name).Value ?? ""] = await Field(section, stop);
                continue;
            }

            var name = (part.FileNameStar.HasValue ? part.FileNameStar : HeaderUtilities.RemoveQuotes(part.FileName)).Value ?? "";
            return name.Length == 0 ? Back(SourceProblems.NoFile, null) : await Take(http, fields, name, section.Body, uploads, intake, antiforgery, actor, stop);
        }

        return Back(SourceProblems.NoFile, fields.GetValueOrDefault("resource"));
    }

    private static async Task<IResult> Take(
        HttpContext http, Dictionary<string, string> fields, string name, Stream content, Uploads uploads, IntakeBatch intake, IAntiforgery antiforgery, Actor actor,
        CancellationToken stop)
    {
        // The token stands in the form, before the file; reading the form as a whole would buffer the file.
        http.Request.Headers["RequestVerificationToken"] = fields.GetValueOrDefault("__RequestVerificationToken", "-");
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return SourceProblems.StaleForm.ToHttp();
        }

        var resource = fields.GetValueOrDefault("resource", "").Trim();
        var admitted = await intake.Admit(resource, actor, stop);
        if (admitted.Refused)
        {
            return Back(admitted.Problem!, resource);
        }

        resource = admitted.Value.Code;

        var upload = await uploads.Create(null, name, null, actor, stop);
        if (upload.Refused)
        {
            return Back(upload.Problem!, resource);
        }

        var reached = await uploads.Append(upload.Value, 0, content, stop);
        if (reached.Refused || reached.Value == 0)
        {
            await uploads.Drop(upload.Value.Id, stop);
            return Back(reached.Problem ?? SourceProblems.EmptyFile, resource);
        }

        var source = fields.GetValueOrDefault("source", "");
        var told = QueryString.Create("resource", resource);
        return TypedResults.LocalRedirect($"/upload/{upload.Value.Id}{(source.Length > 0 ? told.Add("source", source) : told)}");
    }

    private static RedirectHttpResult Back(Problem problem, string? resource) => TypedResults.LocalRedirect(
        $"/upload{QueryString.Create(new Dictionary<string, string?> { ["refused"] = problem.Code, ["resource"] = resource })}");

    private static async Task<string> Field(MultipartSection section, CancellationToken stop)
    {
        using var reader = new StreamReader(section.Body);
        var text = new char[LongestField];
        return new string(text, 0, await reader.ReadBlockAsync(text, stop));
    }
}
