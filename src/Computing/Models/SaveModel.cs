// In: the text of a model and where it came from. Out: a new version in force, its resource published, its lineage kept; or why not, and the version before stays in force.
using System.Text.Json;
using Lizhou.Computing.Lineage;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Computing.Models;

internal sealed class SaveModel(CheckModel check, ModelShelf shelf, PublishEntry publish, KeepLevels levels, ICatalog catalog, StateStore state, ILedger ledger, Settings settings, TimeProvider clock)
{
    public const string Act = "model.save";

    /// <summary>Models are saved one after the other: each is checked against the others.</summary>
    private static readonly SemaphoreSlim OneAtATime = new(1);

    /// <summary>Where a city keeps its models.</summary>
    public static string Folder(Settings settings) => Path.Combine(settings.Data, "models");

    /// <summary>Does something while no model is saved and no file of the folder written. It must save none itself.</summary>
    public static async Task<T> Alone<T>(Func<Task<T>> work, CancellationToken stop)
    {
        await OneAtATime.WaitAsync(stop);
        try
        {
            return await work();
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    public static Task Alone(Func<Task> work, CancellationToken stop) => Alone(async () =>
    {
        await work();
        return true;
    }, stop);

    /// <summary>Keeps what was sent as a file of the folder once it is in force.</summary>
    public Task<Result<Model>> Upload(string text, Actor actor, CancellationToken stop) => Alone(async () =>
    {
        var read = ModelText.Read(text);
        if (read.Refused)
        {
            return await Refused(null, text, read.Problem!, actor, stop);
        }

        var known = await shelf.Find(read.Value.Head.Name, stop);
        var file = (await shelf.Files(stop)).FirstOrDefault(f => known is not null && f.Model == known.Id)?.File ?? $"{read.Value.Head.Name}.sql";
        var saved = await Run(file, text, actor, note: false, stop);
        if (!saved.Refused)
        {
            Directory.CreateDirectory(Folder(settings));
            var path = Path.Combine(Folder(settings), file);
            await File.WriteAllTextAsync(path + ".new", text, stop);
            File.Move(path + ".new", path, overwrite: true);
        }

        return saved;
    }, stop);

    /// <summary>Takes up a file of the folder as it is when its turn comes; a refusal stands in the list of files from then on.</summary>
    public Task<Result<Model>> Take(string file, CancellationToken stop) => Alone(async () =>
    {
        try
        {
            return await Run(file, await ModelText.Of(Path.Combine(Folder(settings), file), stop), Actor.System, note: true, stop);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return await Refused(file, "", Problems.Unreadable.With(file, failure.GetType().Name), Actor.System, stop);
        }
    }, stop);

    /// <summary>Looks anew at the text in force; where it no longer fits, the list of files says so.</summary>
    public Task Again(Guid model, CancellationToken stop) => Alone(async () =>
    {
        if ((await shelf.All(stop)).FirstOrDefault(m => m.Id == model && m.Active) is { } known && (await shelf.Files(stop)).FirstOrDefault(f => f.Model == model) is { } file)
        {
            await Run(file.File, known.Text, Actor.System, note: true, stop);
        }
    }, stop);

    /// <param name="file">Its name in the folder.</param>
    /// <param name="note">Whether a refusal stands in the list of files from then on.</param>
    private async Task<Result<Model>> Run(string file, string text, Actor actor, bool note, CancellationToken stop)
    {
        var looked = await check.Run(text, stop);
        var done = looked.Refused ? looked.Problem! : await Keep(file, looked.Value, actor, stop);
        return done.Refused ? await Refused(note ? file : null, text, done.Problem!, actor, stop) : done;
    }

    private async Task<Result<Model>> Keep(string file, CheckedModel model, Actor actor, CancellationToken stop)
    {
        var (head, before) = (model.Text.Head, await shelf.Find(model.Text.Head.Name, stop));
        if ((await shelf.Files(stop)).FirstOrDefault(f => f.Model is { } other && other == before?.Id && f.File != file && before is { Active: true }) is { } twin)
        {
            return Problems.NameTaken.With(head.Name, twin.File);
        }

        var now = clock.GetUtcNow();
        var id = before?.Id ?? Guid.CreateVersion7(now);
        var found = ColumnIdentity.Of(model.Found, before?.Found, before is null ? null : await catalog.Published(id, stop), () => Guid.CreateVersion7(clock.GetUtcNow()));
        var version = before is null ? 1 : Same(before, model.Text, found) ? before.Version : before.Version + 1;
        var kept = new Model(id, version, model.Text.Digest, model.Text.Text, found, actor.Name, now, Active: true, before?.Table ?? "", before is not { Active: true } && head.Schedule == FrontMatter.OnChange ? now : Schedules.Next(head, now));
        if (before is null)
        {
            // It rests until its entry is there: a crash between leaves a model whose next saving takes up the same entry, and no entry without a model.
            await shelf.Put(kept with { Active = false, NextAt = null }, stop);
        }

        var card = await publish.Run(id, model.Text, found, actor, stop);
        if (card.Refused)
        {
            await (before is null ? shelf.Forget(id, stop) : Task.CompletedTask);
            return card.Problem!;
        }

        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await ModelShelf.Put(connection, transaction, kept with { Table = card.Value.Table }, stop);
        await ModelShelf.Put(connection, transaction, new ModelFile(file, model.Text.Digest, id, null, now), stop);
        await LineageEdges.Put(connection, transaction, id.ToString("D"), LineageEdges.Of(id, found), stop);
        await ledger.Append(connection, transaction, actor, new Evidence(Act, head.Name, Evidence.Done, new { version, digest = model.Text.Digest, resource = card.Value.Code }), stop);
        await transaction.CommitAsync(stop);
        await (before is null || before.Pinned == kept.Pinned ? Task.CompletedTask : levels.Changed(stop));
        return (await shelf.Find(head.Name, stop))!;
    }

    /// <summary>What a run would write is the same. Columns that are others than before are a new version, though the text may be the old one.</summary>
    private static bool Same(Model before, ModelText text, Found found) =>
        before.Pinned == found.Pinned(text.Digest) && before.Found.Columns.Select(c => (c.Id, c.Name, c.Type)).SequenceEqual(found.Columns.Select(c => (c.Id, c.Name, c.Type)));

    private async Task<Problem> Refused(string? file, string text, Problem problem, Actor actor, CancellationToken stop)
    {
        var digest = ModelText.DigestOf(text);
        if (file is not null)
        {
            var before = (await shelf.Files(stop)).FirstOrDefault(f => f.File == file);
            await using (var connection = await state.Open(stop))
            {
                await ModelShelf.Put(connection, null, new ModelFile(file, digest, null, problem, clock.GetUtcNow()), stop);
            }

            // Looked at again and refused for the same: that is in the ledger already.
            if (before?.Digest == digest && before.Problem?.What == problem.What)
            {
                return problem;
            }
        }

        await ledger.Append(actor, new Evidence(Act, file ?? "upload", problem.Code, new { digest }), stop);
        return problem;
    }
}
