// Resumable uploads for programs: POST makes one, HEAD tells the offset, PATCH appends at it, POST …/complete hands it in.
// After a broken connection the sender asks for the offset and goes on. The same upload completed twice is the same batch.
using System.Security.Claims;
using Lizhou.Collection.Batches;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Collection.Sources.Upload;

internal static class ResumeUpload
{
    private const string OffsetHeader = "Upload-Offset";
    private const string LengthHeader = "Upload-Length";

    /// <param name="Source">Code of the source it is for.</param>
    /// <param name="Name">The file's name.</param>
    /// <param name="Length">Its bytes, when known.</param>
    internal sealed record Announcement(string Source, string Name, long? Length) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Name is not { Length: > 0 and <= 255 })
            {
                yield return new("name", new("请给出文件名", "must name the file"));
            }

            if (string.IsNullOrWhiteSpace(Source))
            {
                yield return new("source", new("请给出数据源", "must name the source"));
            }

            if (Length < 0)
            {
                yield return new("length", new("不能为负", "must not be negative"));
            }
        }
    }

    internal static async Task<Results<Created<UploadView>, ProblemHttpResult>> HandleCreate(
        Announcement file, FindSources find, Uploads uploads, ClaimsPrincipal who, CancellationToken stop)
    {
        var actor = Actor.From(who)!;
        var source = await find.ByCode(file.Source, actor, stop);
        var upload = source.Refused ? source.Problem! : !SourceTokens.May(who, source.Value) ? SourceProblems.NoSource.With(file.Source) : await uploads.Create(file.Source, file.Name, file.Length, actor, stop);
        return upload.Refused ? upload.Problem!.ToHttp() : TypedResults.Created($"/api/v1/uploads/{upload.Value.Id}", upload.Value);
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleHead(Guid upload, Uploads uploads, HttpContext http, CancellationToken stop)
    {
        var found = await uploads.Find(upload, Actor.From(http.User)!, stop);
        if (found.Refused)
        {
            return found.Problem!.ToHttp();
        }

        http.Response.Headers.CacheControl = "no-store";
        Tell(http, found.Value.Offset, found.Value.Length);
        return TypedResults.NoContent();
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAppend(Guid upload, Uploads uploads, HttpContext http, CancellationToken stop)
    {
        var found = await uploads.Find(upload, Actor.From(http.User)!, stop);
        if (found.Refused)
        {
            return found.Problem!.ToHttp();
        }

        if (!long.TryParse(http.Request.Headers[OffsetHeader], out var offset) || found.Value.Done)
        {
            return SourceProblems.WrongOffset.With(http.Request.Headers[OffsetHeader], found.Value.Offset).ToHttp();
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null; // counted while it is written
        }

        var reached = await uploads.Append(found.Value, offset, http.Request.Body, stop);
        if (reached.Refused)
        {
            return reached.Problem!.ToHttp();
        }

        Tell(http, reached.Value, found.Value.Length);
        return TypedResults.NoContent();
    }

    internal static async Task<Results<Accepted<BatchView>, ProblemHttpResult>> HandleComplete(
        Guid upload, Uploads uploads, FindSources find, Arrivals arrivals, IntakeBatch intake, ClaimsPrincipal who, CancellationToken stop)
    {
        var actor = Actor.From(who)!;
        var found = await uploads.Find(upload, actor, stop);
        if (found.Refused)
        {
            return found.Problem!.ToHttp();
        }

        var key = $"upload:{upload:D}";
        if (await intake.Earlier(key, stop) is { } earlier)
        {
            return TypedResults.Accepted($"/api/v1/batches/{earlier.Number}", BatchView.Of(earlier));
        }

        if (found.Value.Length is { } length && length != found.Value.Offset)
        {
            return SourceProblems.Incomplete.With(found.Value.Offset, length).ToHttp();
        }

        var source = await find.ByCode(found.Value.Source ?? "", actor, stop);
        if (source.Refused)
        {
            return source.Problem!.ToHttp();
        }

        Result<Batch> batch;
        await using (var content = File.OpenRead(uploads.PathOf(upload)))
        {
            batch = await arrivals.Take(source.Value, content, found.Value.Name, new(source.Value.Shape), key, 0, actor, null, stop);
        }

        if (batch.Refused)
        {
            return batch.Problem!.ToHttp();
        }

        await uploads.Finish(upload, stop);
        return TypedResults.Accepted($"/api/v1/batches/{batch.Value.Number}", BatchView.Of(batch.Value));
    }

    private static void Tell(HttpContext http, long offset, long? length)
    {
        http.Response.Headers[OffsetHeader] = offset.ToString();
        if (length is { } all)
        {
            http.Response.Headers[LengthHeader] = all.ToString();
        }
    }
}
