// In: pushes that wait. Out: batches: the small ones of a source together as far as they fit (see PushKinds), each large one alone. A group is claimed first and named by its
// claim, so that a crash at any point repeats the same group and never makes a second batch of it.
using System.Data.Common;
using Lizhou.Collection.Batches;
using Lizhou.Collection.Sources;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Collection.Connectors.Push;

internal sealed class GroupPushes(
    StateStore state, KeepPushes keep, PushFolder folder, Settings settings, IServiceScopeFactory scopes, TimeProvider clock) : IRounds
{
    private const int MostOfGroup = 20_000;
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);
    private readonly Dictionary<Guid, DateTimeOffset> resting = [];

    /// <summary>One look: makes batches of everything that has waited long enough, a batch of each source in turn.</summary>
    /// <returns>How many batches.</returns>
    public async Task<int> Look(CancellationToken stop)
    {
        var made = 0;
        var due = (await Waiting(stop)).Where(w => resting.GetValueOrDefault(w.Source) <= clock.GetUtcNow()).ToList();
        while (due.Count > 0)
        {
            var more = new List<(Guid Source, DateTimeOffset Oldest)>();
            foreach (var waiting in due)
            {
                if (await One(waiting.Source, waiting.Oldest, stop))
                {
                    made++;
                    more.Add(waiting);
                }
            }

            due = more;
        }

        return made;
    }

    /// <returns>Whether a batch was made; then the source may have more.</returns>
    private async Task<bool> One(Guid id, DateTimeOffset oldest, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var source = await scope.ServiceProvider.GetRequiredService<SourcesDb>().Sources.FindAsync([id], stop);
        var patience = TimeSpan.FromSeconds((source?.Settings as PushSettings ?? new()).GroupSeconds);
        if (source is null || oldest + patience > clock.GetUtcNow() || await Claim(source, scope.ServiceProvider.GetRequiredService<ICatalog>(), stop) is not { } claim)
        {
            return false;
        }

        var taken = await Take(scope.ServiceProvider.GetRequiredService<Arrivals>(), source, claim, stop);
        if (!taken)
        {
            resting[id] = clock.GetUtcNow() + Rest;
        }

        return taken;
    }

    private async Task<List<(Guid Source, DateTimeOffset Oldest)>> Waiting(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var waiting = new List<(Guid, DateTimeOffset)>();
        await foreach (var row in connection.Rows(
            null, $"SELECT source, MIN(received_at) FROM source_push WHERE batch IS NULL GROUP BY source",
            r => (Guid.Parse(r.GetString(0)), Clock.FromStored(r.GetString(1))), stop))
        {
            waiting.Add(row);
        }

        return waiting;
    }

    /// <summary>The next group: one claimed earlier that is no batch yet, or a new one.</summary>
    private async Task<string?> Claim(Source source, ICatalog catalog, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var id = source.Id.ToString();
        if (await connection.Scalar(null, $"SELECT claim FROM source_push WHERE source = {id} AND batch IS NULL AND claim IS NOT NULL LIMIT 1", stop) is string earlier)
        {
            return earlier;
        }

        var claim = Guid.CreateVersion7(clock.GetUtcNow()).ToString();
        if (await ClaimSmall(connection, source, claim, await catalog.Published(source.Resource, stop), stop))
        {
            return claim;
        }

        var large = await connection.Execute(
            null,
            $"""
             UPDATE source_push SET claim = {claim} WHERE id IN (
                 SELECT id FROM source_push WHERE source = {id} AND batch IS NULL AND claim IS NULL AND file IS NOT NULL ORDER BY received_at LIMIT 1)
             """,
            stop);
        return large > 0 ? claim : null;
    }

    /// <summary>The oldest small pushes that fit together, claimed run by run: none of them is later than one that does not fit with those before it.</summary>
    private static async Task<bool> ClaimSmall(DbConnection connection, Source source, string claim, ResourceCard? resource, CancellationToken stop)
    {
        var (kinds, runs, open, id) = (new PushKinds(source, resource), new List<(string First, string Last)>(), false, source.Id.ToString());
        await foreach (var (fields, at) in connection.Rows(
            null,
            $"""
             SELECT COALESCE(fields, '[]'), received_at FROM source_push
             WHERE source = {id} AND batch IS NULL AND claim IS NULL AND file IS NULL ORDER BY received_at LIMIT {MostOfGroup}
             """,
            r => (r.GetString(0), r.GetString(1)), stop))
        {
            if (kinds.Takes(fields) is not { } taken)
            {
                break;
            }

            if (taken)
            {
                if (open)
                {
                    runs[^1] = (runs[^1].First, at);
                }
                else
                {
                    runs.Add((at, at));
                }
            }

            open = taken;
        }

        await using var transaction = await connection.BeginTransactionAsync(stop);
        foreach (var (first, last) in runs)
        {
            await connection.Execute(
                transaction,
                $"""
                 UPDATE source_push SET claim = {claim}
                 WHERE source = {id} AND batch IS NULL AND claim IS NULL AND file IS NULL AND received_at BETWEEN {first} AND {last}
                 """,
                stop);
        }

        await transaction.CommitAsync(stop);
        return runs.Count > 0;
    }

    private async Task<bool> Take(Arrivals arrivals, Source source, string claim, CancellationToken stop)
    {
        var (file, rows, bytes) = await Describe(claim, stop);
        var path = file is null ? await Gather(claim, stop) : Path.Combine(folder.Path, file);
        var name = $"{source.Name}_{clock.GetUtcNow().InCity():yyyyMMdd_HHmmss}.ndjson";
        await using (var content = File.OpenRead(path))
        {
            // The contract of a push source is of its rows; how they are framed here is always the same.
            var batch = await arrivals.Take(source, content, name, FileHints.Lines(), $"push:{claim}", rows, Actor.System, Mark, stop);
            if (batch.Refused)
            {
                return false;
            }

            // A batch that was there already had no part in this transaction: the group is marked by hand, or it would come again for ever.
            await using var connection = await state.Open(stop);
            await Mark(connection, null, batch.Value.Id, stop);
        }

        File.Delete(path);
        keep.Taken(bytes);
        return true;

        Task Mark(DbConnection connection, DbTransaction? transaction, Guid batch, CancellationToken cancel) =>
            connection.Execute(transaction, $"UPDATE source_push SET batch = {batch.ToString()}, body = NULL, file = NULL, fields = NULL WHERE claim = {claim}", cancel);
    }

    private async Task<(string? File, long Rows, long Bytes)> Describe(string claim, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await foreach (var row in connection.Rows(
            null, $"SELECT MAX(file), SUM(row_count), SUM(bytes) FROM source_push WHERE claim = {claim}",
            r => (r.IsDBNull(0) ? null : r.GetString(0), Convert.ToInt64(r.GetValue(1)), Convert.ToInt64(r.GetValue(2))), stop))
        {
            return row;
        }

        return default;
    }

    private async Task<string> Gather(string claim, CancellationToken stop)
    {
        var path = Path.Combine(settings.Work, "push", claim);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = File.Create(path);
        await using var connection = await state.Open(stop);
        await foreach (var body in connection.Rows(
            null, $"SELECT body FROM source_push WHERE claim = {claim} ORDER BY received_at, id", r => (byte[])r.GetValue(0), stop))
        {
            await file.WriteAsync(body, stop);
        }

        return path;
    }
}
