// In: batches of watched folders that were refused once they were read. Out: their files lie in refused/ with the reason, and no longer in done/.
// Found by name and content, so that it also works after a restart and for files that got a number on their way.
using Lizhou.Collection.Batches;
using Lizhou.Collection.Sources;
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;

namespace Lizhou.Collection.Connectors.Folders;

internal sealed class RefusedFiles(Settings settings, StateStore state, TimeProvider clock)
{
    private static readonly TimeSpan Back = TimeSpan.FromDays(7);

    /// <param name="told">Batches looked at before; added to.</param>
    /// <param name="move">Moves a file under a folder to its folder of this name, with the reason.</param>
    public async Task PutAside(IReadOnlyList<Source> sources, HashSet<Guid> told, Func<string, string, string, Problem?, Task> move, CancellationToken stop)
    {
        var since = (clock.GetUtcNow() - Back).ToStored();
        var refused = new List<(Guid Batch, Guid Source, string Name, string Digest, Problem Problem)>();
        await using (var connection = await state.Open(stop))
        {
            await foreach (var row in connection.Rows(
                null,
                $"""
                 SELECT b.id, b.source, f.name, f.digest, b.problem FROM batch b JOIN batch_file f ON f.batch = b.id
                 WHERE b.received_at > {since} AND b.state = 'Refused' AND b.problem IS NOT NULL AND b.idempotency LIKE 'inbox:%'
                 """,
                r => (Guid.Parse(r.GetString(0)), Guid.Parse(r.GetString(1)), r.GetString(2), r.GetString(3), Json.To<Problem>(r.GetString(4))), stop))
            {
                refused.Add(row);
            }
        }

        foreach (var (batch, of, name, digest, problem) in refused)
        {
            // A paused source is looked at again once it is resumed.
            if (sources.FirstOrDefault(s => s.Id == of) is { } source && told.Add(batch) && Find(source, name, digest) is var (path, home))
            {
                await move(path, home, TakeInbox.Refused, problem);
            }
        }
    }

    private (string Path, string Home)? Find(Source source, string name, string digest)
    {
        foreach (var home in new[] { Path.Combine(settings.Inbox, source.Code), settings.Inbox })
        {
            var done = Path.Combine(home, TakeInbox.Done);
            var files = Directory.Exists(done) ? Directory.EnumerateFiles(done) : [];
            if (files.FirstOrDefault(f => Fits(Path.GetFileName(f), name) && Durable.Digest(f) == digest) is { } path)
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
