// In: the folder of models, again and again. Out: every new or changed file checked and in force, or listed with its fault while the last good version stays; a model whose file is gone rests.
// Files that name one another are taken until no more of them can be. A file that makes the program stumble stops no other.
using Lizhou.Computing.Lineage;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lizhou.Computing.Models;

internal sealed class FollowFolder(IServiceScopeFactory scopes, Settings settings, TimeProvider clock, ILogger<FollowFolder> log) : IRounds
{
    /// <summary>What a refused file lacks may come to be elsewhere, e.g. in the catalogue.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private bool levelled;

    public async Task<int> Look(CancellationToken stop)
    {
        var folder = SaveModel.Folder(settings);
        await using var scope = scopes.CreateAsyncScope();
        var (shelf, save) = (scope.ServiceProvider.GetRequiredService<ModelShelf>(), scope.ServiceProvider.GetRequiredService<SaveModel>());
        if (!levelled)
        {
            await scope.ServiceProvider.GetRequiredService<KeepLevels>().Raise(stop);
            levelled = true;
            await Level(shelf, save, stop);
        }

        var known = (await shelf.Files(stop)).ToDictionary(f => f.File, StringComparer.Ordinal);
        if (!Directory.Exists(folder) && known.Count > 0)
        {
            await Restore(folder, known.Values, await shelf.All(stop), stop);
        }

        var there = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.sql").Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal).ToList() : [];
        var waiting = new List<string>();
        foreach (var file in there)
        {
            if (await Changed(folder, file, known.GetValueOrDefault(file), stop))
            {
                waiting.Add(file);
            }
        }

        var taken = 0;
        for (var grown = true; grown && waiting.Count > 0;)
        {
            grown = false;
            foreach (var one in waiting.ToList())
            {
                if (await Taken(save, one, stop))
                {
                    (grown, taken) = (true, taken + 1);
                    waiting.Remove(one);
                }
            }
        }

        foreach (var gone in known.Values.Where(f => !there.Contains(f.File)))
        {
            // A model is in force a moment before its file is there: only once nothing is being saved is a missing file a gone one.
            await SaveModel.Alone(() => File.Exists(Path.Combine(folder, gone.File)) ? Task.CompletedTask : Rest(scope.ServiceProvider, gone, stop), stop);
        }

        return taken;
    }

    /// <summary>Models saved by an earlier program, raised to the level of all they read, are looked at anew for what they are given of it.</summary>
    private static async Task Level(ModelShelf shelf, SaveModel save, CancellationToken stop)
    {
        foreach (var model in (await shelf.All(stop)).Where(m => m.Active && m.Found.Inputs.Any(i => i.Given is null)))
        {
            await save.Again(model.Id, stop);
        }
    }

    private async Task<bool> Changed(string folder, string file, ModelFile? before, CancellationToken stop)
    {
        if (before is null || (before.Problem is not null && before.At + Again < clock.GetUtcNow()))
        {
            return true;
        }

        try
        {
            return before.Digest != ModelText.DigestOf(await ModelText.Of(Path.Combine(folder, file), stop));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Looked at again in a minute, as any refused one.
            return before.Problem is null;
        }
    }

    private async Task<bool> Taken(SaveModel save, string file, CancellationToken stop)
    {
        try
        {
            return !(await save.Take(file, stop)).Refused;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            log.LogError(failure, "Model file {File} could not be looked at.", file);
            return false;
        }
    }

    /// <summary>A folder that is gone altogether was lost, not emptied: after a restore the state alone has the texts.</summary>
    private static async Task Restore(string folder, IEnumerable<ModelFile> known, IReadOnlyList<Model> models, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        foreach (var (file, model) in known.Select(f => (f.File, models.FirstOrDefault(m => m.Id == f.Model && m.Active))))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, file), model?.Text ?? "", stop);
        }
    }

    private static async Task Rest(IServiceProvider services, ModelFile gone, CancellationToken stop)
    {
        await using var connection = await services.GetRequiredService<StateStore>().Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await connection.Execute(transaction, $"DELETE FROM model_file WHERE file = {gone.File}", stop);
        if (gone.Model is { } model)
        {
            await connection.Execute(transaction, $"UPDATE model SET active = 0, next_at = NULL WHERE id = {model.ToString("D")}", stop);
            await LineageEdges.Put(connection, transaction, model.ToString("D"), [], stop);
            await services.GetRequiredService<ILedger>().Append(connection, transaction, Actor.System, new Evidence("model.rest", gone.File, Evidence.Done), stop);
        }

        await transaction.CommitAsync(stop);
    }
}
