// In: an upload whose preview was confirmed. Out: a batch, a source's contract, or both. Each table of an upload is a batch of its own, and
// the same table sent twice is the same batch; the upload is kept until its last table went in.
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
/// <param name="Rest">The next table of the file that was not taken in yet; null when there is none.</param>
internal sealed record Sent(Batch? Batch, Source? Source, int? Rest);

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

        if (string.IsNullOrWhiteSpace(resource))
        {
            return SourceProblems.NoResource;
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
        if (wish.Send && await intake.Earlier(Key(id, told.Table), stop) is { } earlier)
        {
            return new Sent(earlier, null, null);
        }

        var seen = await Preview(id, resource, told, actor, stop);
        if (seen.Refused)
        {
            return seen.Problem!;
        }

        var (upload, card, preview) = seen.Value;
        if (!preview.Sendable)
        {
            return preview.Found.Problem
                ?? (preview.OpenDates.Count > 0 ? Problems.OpenDates.With(upload.Name, string.Join("、", preview.OpenDates)) : null)
                ?? SourceProblems.MissingItems.With(string.Join("、", preview.Match.MissingRequired));
        }

        var source = await Contract(card, preview, wish, actor, stop);
        if (source is { Refused: true })
        {
            return source.Value.Problem!;
        }

        if (!wish.Send)
        {
            return new Sent(null, source?.Value, null);
        }

        var key = Key(id, preview.Table);
        Result<Batch> batch;
        await using (var content = File.OpenRead(uploads.PathOf(id)))
        {
            batch = source is { } kept
                ? await arrivals.Take(kept.Value, content, upload.Name, preview.Hints, key, 0, actor, null, stop)
                : await Once(card, content, upload.Name, preview, wish, key, actor, stop);
        }

        if (batch.Refused)
        {
            return batch.Problem!;
        }

        var rest = await Rest(id, preview, stop);
        if (rest is null)
        {
            await uploads.Finish(id, stop);
        }

        return new Sent(batch.Value, source?.Value, rest);
    }

    /// <summary>The number of the batch by which the same table of the same bytes has landed; null when none has.</summary>
    public async Task<string?> Before(Guid id, ResourceCard resource, Preview preview, CancellationToken stop) =>
        await originals.Has(preview.Inspection.Bytes, stop)
            ? await intake.Landed(await uploads.Digest(id, stop), preview.Shape, resource.Id, stop)
            : null;

    /// <summary>The batches this upload's tables have become: table → number.</summary>
    public async Task<IReadOnlyDictionary<int, string>> Taken(Guid id, int tables, CancellationToken stop)
    {
        var taken = await intake.Earlier(Enumerable.Range(0, tables).Select(t => Key(id, t)), stop);
        return Enumerable.Range(0, tables).Where(t => taken.ContainsKey(Key(id, t))).ToDictionary(t => t, t => taken[Key(id, t)]);
    }

    /// <summary>The numbers of the batches of an upload that went in whole and is not kept any more; empty when it is not that, or another person's.</summary>
    public async Task<IReadOnlyList<string>> Gone(Guid id, Actor actor, CancellationToken stop) =>
        await uploads.Find(id, actor, stop) is { Refused: false, Value.Done: true } ? await intake.Begun($"upload:{id:D}:", stop) : [];

    private static string Key(Guid id, int table) => $"upload:{id:D}:{table}";

    /// <summary>A table that could still be taken in; null when there is none.</summary>
    private async Task<int?> Rest(Guid id, Preview preview, CancellationToken stop)
    {
        var taken = await Taken(id, preview.Inspection.Tables.Count, stop);
        return preview.Inspection.Tables.Index().Where(t => t.Item.Problem is null && !taken.ContainsKey(t.Index)).Select(t => (int?)t.Index).FirstOrDefault();
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
                new Intake(card.Code, [new IntakeFile(name, original.Value, preview.Hints)]) { Drift = wish.Drift, Mapping = preview.Mapping, Idempotency = key },
                actor,
                stop);
    }
}
