// In: an address with a way of paging, and how far we have come. Out: its records, one JSON object a line, and the next watermark.
// Refuses answers without records, pages that repeat or never end, and next addresses on another host.
using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Collection.Sources;
using Lizhou.Kernel;

namespace Lizhou.Collection.Connectors.Web;

internal sealed class PullPages(HostGuard guard, Secrets secrets, SourceLimits limits, TimeProvider clock) : IPull
{
    public Way Way => Way.Api;

    public async Task<Haul> Fetch(Source source, string path, Func<long, Task> show, CancellationToken stop)
    {
        var settings = (ApiSettings)source.Settings;
        using var answers = new Answers(settings, secrets.Open(source), guard, limits, clock);
        var file = new RowFile(path, limits);
        try
        {
            var next = await Walk(settings, source.Watermark, answers, file, show, stop);
            if (file.Rows > 0)
            {
                return new(file, source.Shape, next);
            }

            await file.DisposeAsync();
            return Haul.Nothing(next);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static async Task<Watermark> Walk(ApiSettings settings, Watermark? from, Answers answers, RowFile file, Func<long, Task> show, CancellationToken stop)
    {
        var first = new Uri(settings.Url);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var reached = from?.Value;
        var place = Start(settings, first, from);
        for (var page = 0; place is not null; page++)
        {
            if (page == settings.MostPages || !seen.Add(place.AbsoluteUri))
            {
                throw new ProblemException(SourceProblems.EndlessPages.With(page == settings.MostPages ? $"> {page}" : place.PathAndQuery));
            }

            var answer = await answers.Get(place, settings.Paging == Paging.Single ? from : null, stop);
            if (answer.Body is null)
            {
                return from ?? new();
            }

            using var body = answer.Body;
            var (count, digest) = await Take(settings, body.RootElement, file, value => reached = Greater(reached, value), stop);
            if (count > 0 && settings.Paging != Paging.Single && !seen.Add(digest))
            {
                throw new ProblemException(SourceProblems.EndlessPages.With(place.PathAndQuery));
            }

            await show(file.Rows);
            if (settings.Paging == Paging.Single)
            {
                return new(reached, answer.ETag, answer.LastModified);
            }

            place = Next(settings, first, from, page, count, file.Rows, answer);
        }

        return new(reached);
    }

    private static Uri Start(ApiSettings settings, Uri first, Watermark? from) => settings.Paging switch
    {
        Paging.Page => With(settings, first, from, settings.First.ToString(CultureInfo.InvariantCulture)),
        Paging.Offset => With(settings, first, from, "0"),
        _ => With(settings, first, from, null),
    };

    /// <summary>Where the next page is; null at the end. An empty page ends numbered ones: servers may give fewer than asked, so a short page proves nothing.</summary>
    private static Uri? Next(ApiSettings settings, Uri first, Watermark? from, int page, long count, long rows, Answer answer)
    {
        string? At(string path) => Find(answer.Body!.RootElement, path) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value ? value.ToString() : null;
        return settings.Paging switch
        {
            Paging.Page => count == 0 ? null : With(settings, first, from, (settings.First + page + 1).ToString(CultureInfo.InvariantCulture)),
            Paging.Offset => count == 0 ? null : With(settings, first, from, rows.ToString(CultureInfo.InvariantCulture)),
            Paging.Cursor => At(settings.Next!) is { Length: > 0 } cursor ? With(settings, first, from, cursor) : null,
            Paging.LinkHeader => SameHost(first, answer.NextLink),
            _ => SameHost(first, At(settings.Next!)),
        };
    }

    // The secret goes with every request: it must not follow an address to another server.
    private static Uri? SameHost(Uri first, string? next)
    {
        if (string.IsNullOrEmpty(next))
        {
            return null;
        }

        return Uri.TryCreate(first, next, out var address) && address.Scheme == first.Scheme && address.Authority == first.Authority
            ? address
            : throw new ProblemException(SourceProblems.BadAnswer.With(next));
    }

    private static Uri With(ApiSettings settings, Uri first, Watermark? from, string? place)
    {
        var added = new List<string>();
        void Add(string? name, string? value)
        {
            if (!string.IsNullOrEmpty(name) && value is not null)
            {
                added.Add($"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}");
            }
        }

        Add(settings.SinceParameter, from?.Value);
        Add(settings.PageParameter, place);
        Add(settings.SizeParameter, settings.Paging is Paging.Single ? null : settings.Size.ToString(CultureInfo.InvariantCulture));
        var query = first.Query.TrimStart('?');
        return new UriBuilder(first) { Query = string.Join('&', query.Length > 0 ? [query, .. added] : added), Fragment = "" }.Uri;
    }

    private static async Task<(long Count, string Digest)> Take(ApiSettings settings, JsonElement root, RowFile file, Action<string> mark, CancellationToken stop)
    {
        if (Find(root, settings.Records) is not { ValueKind: JsonValueKind.Array } records)
        {
            throw new ProblemException(SourceProblems.NoRecords.With(settings.Records));
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var line = new ArrayBufferWriter<byte>(1024);
        await using var writer = new Utf8JsonWriter(line, RowFile.Plain);
        foreach (var record in records.EnumerateArray())
        {
            if (record.ValueKind != JsonValueKind.Object)
            {
                throw new ProblemException(SourceProblems.BadAnswer.With($"{record.ValueKind} ≠ Object"));
            }

            line.ResetWrittenCount();
            writer.Reset();
            record.WriteTo(writer);
            await writer.FlushAsync(stop);
            hash.AppendData(line.WrittenSpan);
            await file.Write(line.WrittenMemory, stop);
            if (settings.SinceField is { } field && Find(record, field) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value)
            {
                mark(value.ToString());
            }
        }

        return (records.GetArrayLength(), Convert.ToHexString(hash.GetHashAndReset()));
    }

    private static string Greater(string? reached, string value)
    {
        if (reached is null)
        {
            return value;
        }

        var greater = decimal.TryParse(reached, NumberStyles.Float, CultureInfo.InvariantCulture, out var a) && decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var b)
            ? b > a
            : string.CompareOrdinal(value, reached) > 0;
        return greater ? value : reached;
    }

    private static JsonElement? Find(JsonElement root, string path)
    {
        foreach (var step in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(step, out root))
            {
                return null;
            }
        }

        return root;
    }
}
