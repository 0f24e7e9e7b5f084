// In: batches of watched folders that were refused once they were read. Out: their files lie in refused/ with the reason, and no longer in done/.
// Found by name and content, so that it also works after a restart and for files that got a number on their way. A file that cannot be moved stops no other, and is tried again.
using Lizhou.Collection.Batches;
using Lizhou.Collection.Sources;
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using Microsoft.Extensions.Logging;

namespace Lizhou.Collection.Connectors.Folders;

internal sealed class RefusedFiles(Settings settings, StateStore state, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Back = TimeSpan.FromDays(7);
    private readonly HashSet<Guid> told = [];
    private readonly HashSet<Guid> stuck = [];

    /// <param name="move">Moves a file under a folder to its folder of this name, with the reason.</param>
    public async Task PutAside(IReadOnlyList<Source> sources, Func<string, string, string, Problem?, Task> move, CancellationToken stop)
    {
        var since = (clock.GetUtcNow() - Back).ToStored();
        var refused = await state.Read(
            $"""
             SELECT b.id, b.source, f.name, f.digest, b.problem FROM batch b JOIN batch_file f ON f.batch = b.id
             WHERE b.received_at > {since} AND b.state = 'Refused' AND b.problem IS NOT NULL AND b.source IS NOT NULL AND b.idempotency LIKE 'inbox:%'
             """,
            r => (Batch: Guid.Parse(r.GetString(0)), Source: Guid.Parse(r.GetString(1)), Name: r.GetString(2), Digest: r.GetString(3), Problem: Json.To<Problem>(r.GetString(4))), stop);
        foreach (var (batch, of, name, digest, problem) in refused)
        {
            // A paused source is looked at again once it is resumed.
            if (!told.Contains(batch) && sources.FirstOrDefault(s => s.Id == of) is { } source)
            {
                await PutAside(batch, source, name, digest, problem, move);
            }
        }
    }

    private async Task PutAside(Guid batch, Source source, string name, string digest, Problem problem, Func<string, string, string, Problem?, Task> move)
    {
        try
        {
            if (Find(source, name, digest) is var (path, home))
            {
                await move(path, home, TakeInbox.Refused, problem);
            }

            told.Add(batch);
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            if (stuck.Add(batch))
            {
                log.LogWarning("{File} was refused and cannot be put aside yet: {Why}", name, busy.Message);
            }
        }
    }

    private (string Path, string Home)? Find(Source source, string name, string digest)
    {
        foreach (var home in new[] { Path.Combine(settings.Inbox, source.Code), settings.Inbox })
        {
            var done = Path.Combine(home, TakeInbox.Done);
            var files = Directory.Exists(done) ? Directory.EnumerateFiles(done) : [];
            if (files.FirstOrDefault(f => Fits(Path.GetFileName(f), name) && TakeInbox.Regular(f) && Durable.Digest(f) == digest) is { } path)
            {
                return (path, home);
            }
        }

        return null;
    }

    /// <summary>The name, or the name with a number: <c>日报(2).csv</c>.</summary>
    private static bool Fits(string file, string name) => file == name
        || (Path.GetExtension(file) == Path.GetExtension(name) && file.StartsWith(Path.GetFileNameWithoutExtension(name) + "(", StringComparison.Ordinal));
}
