// In: an upload whose preview was confirmed. Out: a batch, a source's contract, or both. The same upload sent twice is the same batch.
// Refuses what the preview says cannot be taken in.
using Lizhou.Collection.Batches;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Tabular;

namespace Lizhou.Collection.Sources.Upload;

/// <param name="Send">Whether the file goes in now.</param>
/// <param name="Keep">Code of the source that keeps the contract; null for none. A code that does not exist yet becomes a new upload source.</param>
/// <param name="Name">Name of a new source.</param>
internal sealed record Confirmation(bool Send, string? Keep, string? Name, DriftPolicy Drift);

/// <param name="Batch">Null when only the contract was kept.</param>
internal sealed record Sent(Batch? Batch, Source? Source);

internal sealed class SendUpload(Uploads uploads, IntakeBatch intake, Originals originals, FindSources find, RegisterSource register, Arrivals arrivals, IRowGate gate, IColumnarFiles columnar)
{
    /// <summary>The preview of an upload for a resource, as the actor may see it.</summary>
    public async Task<Result<(UploadView Upload, ResourceCard Resource, Preview Preview)>> Preview(Guid id, string resource, Told told, Actor actor, CancellationToken stop)
    {
        var upload = await uploads.Find(id, actor, stop);
        if (upload.Refused || upload.Value.Done)
        {
            return upload.Problem ?? SourceProblems.NoUpload.With(id);
        }

        var admitted = await intake.Admit(resource, actor, stop);
        if (admitted.Refused)
        {
            return admitted.Problem!;
        }

        var card = admitted.Value;
        var preview = PreviewUpload.Of(uploads.PathOf(id), upload.Value.Name, card, told, (item, value) => gate.Show(item, value, actor, card.Unit), columnar);
        return preview.Refused ? preview.Problem! : (upload.Value, card, preview.Value);
    }

    public async Task<Result<Sent>> Send(Guid id, string resource, Told told, Confirmation wish, Actor actor, CancellationToken stop)
    {
        var key = $"upload:{id:D}";
        if (wish.Send && await intake.Earlier(key, stop) is { } earlier)
        {
            return new Sent(earlier, null);
        }

        var seen = await Preview(id, resource, told, actor, stop);
        if (seen.Refused)
        {
            return seen.Problem!;
        }

        var (upload, card, preview) = seen.Value;
        if (!preview.Sendable)
        {
            return preview.Found.Problem ?? SourceProblems.MissingItems.With(string.Join("、", preview.Match.MissingRequired));
        }

        var source = await Contract(card, preview, wish, actor, stop);
        if (source is { Refused: true })
        {
            return source.Value.Problem!;
        }

        if (!wish.Send)
        {
            return new Sent(null, source?.Value);
        }

        Result<Batch> batch;
        await using (var content = File.OpenRead(uploads.PathOf(id)))
        {
            batch = source is { } kept
                ? await arrivals.Take(kept.Value, content, upload.Name, preview.Shape, key, 0, actor, null, stop)
                : await Once(card, content, upload.Name, preview, wish, key, actor, stop);
        }

        if (batch.Refused)
        {
            return batch.Problem!;
        }

        await uploads.Finish(id, stop);
        return new Sent(batch.Value, source?.Value);
    }

    private async Task<Result<Source>?> Contract(ResourceCard card, Preview preview, Confirmation wish, Actor actor, CancellationToken stop)
    {
        if (wish.Keep is not { Length: > 0 } code)
        {
            return null;
        }

        var there = await find.ByCode(code, actor, stop);
        var entry = there.Refused
            ? new SourceEntry(code, wish.Name ?? "", card.Code, null, new UploadSettings())
            : new SourceEntry(code, there.Value.Name, card.Code, there.Value.System, there.Value.Settings, Schedule: there.Value.Schedule);
        entry = entry with { Drift = wish.Drift, Shape = preview.Shape, Mapping = preview.Mapping };
        return there.Refused ? await register.Register(entry, actor, stop) : await register.Change(code, entry, actor, stop);
    }

    private async Task<Result<Batch>> Once(
        ResourceCard card, Stream content, string name, Preview preview, Confirmation wish, string key, Actor actor, CancellationToken stop)
    {
        var original = await originals.Keep(content, stop);
        return original.Refused
            ? original.Problem!
            : await intake.Take(
                new Intake(card.Code, [new IntakeFile(name, original.Value, new FileHints(preview.Shape))]) { Drift = wish.Drift, Mapping = preview.Mapping, Idempotency = key },
                actor,
                stop);
    }
}
