// In: POST /api/v1/batches, multipart: fields first (resource, drift, sheet …), then one or several files, streamed.
// Out: 202 with the batch; every file is on the disk by then. Refuses before reading a byte what has no published catalogue entry or is another unit's.
using System.Security.Claims;
using System.Text.Json;
using Lizhou.Contracts;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Lizhou.Collection.Batches;

internal static class ReceiveFiles
{
    private const int MostFiles = 10_000;
    private const int LongestField = 1 << 20;

    internal static async Task<Results<Accepted<BatchView>, ProblemHttpResult>> Handle(
        HttpContext http, Originals originals, IntakeBatch intake, CancellationToken stop)
    {
        var actor = Actor.From(http.User)!;
        var key = SendersKey.Of(http.Request);
        if (key.Refused)
        {
            return key.Problem!.ToHttp();
        }

        var upload = await Read(http, originals, code => intake.Admit(code, actor, stop), stop);
        if (upload.Refused)
        {
            return upload.Problem!.ToHttp();
        }

        var wish = upload.Value.Intake(key.Value);
        if (wish.Refused)
        {
            return wish.Problem!.ToHttp();
        }

        var batch = await intake.Take(wish.Value, actor, stop);
        return batch.Refused ? batch.Problem!.ToHttp() : TypedResults.Accepted($"/api/v1/batches/{batch.Value.Number}", BatchView.Of(batch.Value));
    }

    /// <summary>Streams an upload: fields are remembered, files are kept as they come.</summary>
    /// <param name="admit">Asked once, before the first file, with the field <c>resource</c>.</param>
    internal static async Task<Result<Upload>> Read<T>(HttpContext http, Originals originals, Func<string, Task<Result<T>>> admit, CancellationToken stop)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            return Problems.NotUpload;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null; // bounded by the disk; a full one is refused in words
        }

        var upload = new Upload(new(StringComparer.OrdinalIgnoreCase), []);
        var reader = new MultipartReader(boundary, http.Request.Body);
        while (await reader.ReadNextSectionAsync(stop) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var part))
            {
                return Problems.NotUpload;
            }

            if (!part.IsFileDisposition())
            {
                upload.Fields[HeaderUtilities.RemoveQuotes(part.Name).Value ?? ""] = await Field(section, stop);
                continue;
            }

            if (upload.Files.Count == 0 && (await admit(upload.Field("resource"))).Problem is { } refusal)
            {
                return refusal;
            }

            var name = Path.GetFileName((part.FileNameStar.HasValue ? part.FileNameStar : HeaderUtilities.RemoveQuotes(part.FileName)).Value ?? "");
            var kept = await originals.Keep(section.Body, stop);
            if (kept.Refused || upload.Files.Count == MostFiles)
            {
                return kept.Problem ?? Problems.NotUpload;
            }

            if (name.Length > 0)
            {
                upload.Files.Add((name, kept.Value));
            }
        }

        return upload.Files.Count > 0 ? upload : Problems.NoFile;
    }

    private static async Task<string> Field(MultipartSection section, CancellationToken stop)
    {
        using var reader = new StreamReader(section.Body);
        var text = new char[LongestField];
        return new string(text, 0, await reader.ReadBlockAsync(text, stop));
    }

    /// <summary>What an upload brought.</summary>
    internal sealed record Upload(Dictionary<string, string> Fields, List<(string Name, Original Original)> Files)
    {
        public string Field(string name) => Fields.GetValueOrDefault(name, "").Trim();

        public Result<Intake> Intake(string? key)
        {
            if (!Enum.TryParse<DriftPolicy>(Field("drift") is { Length: > 0 } told ? told : nameof(DriftPolicy.Refuse), ignoreCase: true, out var drift))
            {
                return Problems.NoDrift.With(Field("drift"));
            }

            var read = typeof(FileShape);
            try
            {
                var hints = new FileHints(Field("shape") is { Length: > 0 } shape ? FileShape.FromJson(shape) : null, Hints());
                read = typeof(Dictionary<string, string>);
                return new Intake(Field("resource"), [.. Files.Select(f => new IntakeFile(f.Name, f.Original, hints))])
                {
                    Drift = drift,
                    Idempotency = key,
                    SendersKey = true,
                    Mapping = Field("mapping") is { Length: > 0 } mapping ? Json.To<Dictionary<string, string>>(mapping) : [],
                };
            }
            catch (JsonException bad)
            {
                return Problems.BadField.With(WrongJson.Told(bad, read, JsonSerializerOptions.Web));
            }
        }

        private Hints Hints() => new()
        {
            Sheet = Told("sheet"),
            Entry = Told("entry"),
            Encoding = Told("encoding"),
            Delimiter = Fields.GetValueOrDefault("delimiter") is { Length: > 0 } delimiter ? delimiter : null,
            Path = Told("path"),
            HeaderRows = Number("headerRows"),
            PreambleRows = Number("preambleRows"),
            DayFirst = Field("dates").ToLowerInvariant() switch { "day" => true, "month" => false, _ => null },
        };

        private string? Told(string name) => Field(name) is { Length: > 0 } told ? told : null;

        private int? Number(string name) => int.TryParse(Field(name), out var number) ? number : null;
    }
}
