// In: files that appear in data/inbox/<source>/, or in data/inbox/ under the name of a source. Out: batches; the files move to done/, or to refused/
// with a .txt beside them that says why, also when their batch is refused later. Only regular files are taken. A file counts once its size and time have stood still: a copy in progress is left alone.
// A file moves only after its batch is durable; one that comes again after a crash is the same batch, by path, time and size.
using System.Security.Cryptography;
using System.Text;
using Lizhou.Collection.Batches;
using Lizhou.Collection.Sources;
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lizhou.Collection.Connectors.Folders;

internal sealed class TakeInbox(Settings settings, StateStore state, IServiceScopeFactory scopes, TimeProvider clock, ILogger<TakeInbox> log) : BackgroundService
{
    internal const string Done = "done";
    internal const string Refused = "refused";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly string[] Unfinished = [".part", ".tmp", ".crdownload", ".filepart", ".swp", "~"];
    private readonly Dictionary<string, Seen> seen = new(StringComparer.Ordinal);
    private readonly RefusedFiles refused = new(settings, state, clock, log);
    private readonly SemaphoreSlim stirred = new(0, 1);

    private sealed record Seen(long Bytes, DateTime Written, DateTimeOffset Since);

    /// <summary>One look into all folders.</summary>
    /// <returns>How many files were taken or refused.</returns>
    public async Task<int> Look(CancellationToken stop)
    {
        Directory.CreateDirectory(settings.Inbox);
        await using var scope = scopes.CreateAsyncScope();
        var sources = await scope.ServiceProvider.GetRequiredService<SourcesDb>().Sources.AsNoTracking()
            .Where(s => s.Way == Way.Folder && s.State == SourceState.Active).ToListAsync(stop);
        var arrivals = scope.ServiceProvider.GetRequiredService<Arrivals>();
        var present = new HashSet<string>(StringComparer.Ordinal);
        var moved = 0;
        foreach (var source in sources)
        {
            var own = Directory.CreateDirectory(Path.Combine(settings.Inbox, source.Code)).FullName;
            moved += await Folder(own, _ => source, arrivals, present, stop);
        }

        moved += await Folder(settings.Inbox, file => Match(sources, Path.GetFileName(file)), arrivals, present, stop);
        await refused.PutAside(sources, Move, stop);
        foreach (var gone in seen.Keys.Where(k => !present.Contains(k)).ToList())
        {
            seen.Remove(gone);
        }

        return moved;
    }

    /// <summary>The source whose code or name the file's name begins with; the longest wins. <c>常住人口_20261124.csv</c> is of <c>常住人口</c>.</summary>
    internal static Source? Match(IEnumerable<Source> sources, string file) => sources
        .SelectMany(s => new[] { (Source: s, Word: s.Code), (Source: s, Word: s.Name) })
        .Where(c => file.StartsWith(c.Word, StringComparison.OrdinalIgnoreCase) && (file.Length == c.Word.Length || !char.IsLetter(file[c.Word.Length])))
        .OrderByDescending(c => c.Word.Length).FirstOrDefault().Source;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Directory.CreateDirectory(settings.Inbox);
        using var watcher = Watch();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Look(stoppingToken);
            }
            catch (Exception outage) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(outage, "The inbox could not be read; trying again.");
            }

            // Watching makes it quick; looking anyway makes it sure: network folders tell nothing, and events get lost.
            await Task.WhenAny(Task.Delay(Pause, clock, stoppingToken), stirred.WaitAsync(stoppingToken));
        }
    }

    private FileSystemWatcher? Watch()
    {
        try
        {
            var watcher = new FileSystemWatcher(settings.Inbox) { IncludeSubdirectories = true };
            watcher.Created += (_, _) => Stir();
            watcher.Renamed += (_, _) => Stir();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (IOException limit)
        {
            log.LogWarning(limit, "The inbox cannot be watched; it is looked into every {Seconds} s.", Pause.TotalSeconds);
            return null;
        }
    }

    private void Stir()
    {
        if (stirred.CurrentCount == 0)
        {
            try
            {
                stirred.Release();
            }
            catch (SemaphoreFullException)
            {
                // Stirred by another event at the same moment.
            }
        }
    }

    private async Task<int> Folder(string folder, Func<string, Source?> of, Arrivals arrivals, HashSet<string> present, CancellationToken stop)
    {
        var moved = 0;
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            stop.ThrowIfCancellationRequested();
            present.Add(path);
            var source = of(path);
            if (!Settled(path, (source?.Settings as FolderSettings ?? new()).StableSeconds))
            {
                continue;
            }

            try
            {
                await Take(path, source, arrivals, stop);
                moved++;
            }
            catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
            {
                log.LogWarning("{File} cannot be read yet: {Why}", Path.GetFileName(path), busy.Message);
            }
        }

        return moved;
    }

    /// <summary>Whether it is a file and no link, pipe or device: to open one of those could wait for ever.</summary>
    internal static bool Regular(string path) => new FileInfo(path) is { Exists: true, LinkTarget: null } && Durable.IsFile(path);

    private bool Settled(string path, int seconds)
    {
        var name = Path.GetFileName(path);
        if (name.StartsWith('.') || Unfinished.Any(u => name.EndsWith(u, StringComparison.OrdinalIgnoreCase)) || !Regular(path))
        {
            return false;
        }

        var (file, now) = (new FileInfo(path), clock.GetUtcNow());
        if (!seen.TryGetValue(path, out var before) || before.Bytes != file.Length || before.Written != file.LastWriteTimeUtc)
        {
            seen[path] = new(file.Length, file.LastWriteTimeUtc, now);
            return false;
        }

        return now - before.Since >= TimeSpan.FromSeconds(seconds);
    }

    private async Task Take(string path, Source? source, Arrivals arrivals, CancellationToken stop)
    {
        var name = Path.GetFileName(path);
        if (source is null)
        {
            await Move(path, Path.GetDirectoryName(path)!, Refused, SourceProblems.NoSource.With(name));
            return;
        }

        Result<Batch> batch;
        await using (var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            var key = $"{name}\n{content.Length}\n{File.GetLastWriteTimeUtc(path):O}";
            var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32];
            batch = await arrivals.Take(source, content, name, new(source.Shape), $"inbox:{source.Id:N}:{digest}", 0, Actor.System, null, stop);
        }

        await Move(path, Path.GetDirectoryName(path)!, batch.Refused ? Refused : Done, batch.Problem);
    }

    /// <param name="home">The folder it was put into.</param>
    private async Task Move(string path, string home, string to, Problem? why)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home, to)).FullName;
        var target = Path.Combine(folder, Path.GetFileName(path));
        for (var again = 2; File.Exists(target); again++)
        {
            target = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(path)}({again}){Path.GetExtension(path)}");
        }

        if (why is not null)
        {
            await File.WriteAllTextAsync(target + ".txt", $"{clock.GetUtcNow().Shown()}\n{why.Code}\n{why.What.Zh}{why.Todo.Zh}\n{why.What.En} {why.Todo.En}\n");
        }

        File.Move(path, target);
        seen.Remove(path);
    }
}
