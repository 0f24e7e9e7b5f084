// In: the catalogue changed, or a resource was scanned for the first time. Out: items that several units publish about the same subjects become conflicts, those with one source left end; how many items have exactly one source.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Jobs;
using Lizhou.Quality.Kept;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Conflicts;

internal sealed class FindConflicts(ConflictsDb db, KeptDb kept, ICatalog catalog, ILedger ledger, JobQueue jobs, TimeProvider clock) : IJob<FindConflicts.Body>, IHandle<ResourcePublished>, IHandle<ResourceRetired>
{
    private static readonly Text Lost = new("权威来源不再发布该信息项，须重新裁定。", "The authority publishes it no more; it is to be decided anew.");
    private static readonly long Slot = TimeSpan.FromSeconds(5).Ticks;

    internal sealed record Body(DateTimeOffset Until);

    public Task Handle(ResourcePublished fact, Guid delivery, CancellationToken stop) => Soon(stop);

    public Task Handle(ResourceRetired fact, Guid delivery, CancellationToken stop) => Soon(stop);

    public async Task Run(Body body, JobRun run, CancellationToken stop)
    {
        var prints = await Prints(stop);
        var items = SameItems.Of(await catalog.All(stop)).SelectMany(i => ApartBySubject.Of(i, prints)).ToList();
        var now = clock.GetUtcNow();
        var evidence = new List<(Actor, Evidence)>();
        var known = await db.Conflicts.ToDictionaryAsync(c => c.Concept, StringComparer.Ordinal, stop);
        var sources = (await db.Sources.ToListAsync(stop)).ToLookup(s => s.Conflict);
        var several = items.Where(i => i.Several).ToDictionary(i => i.Concept, StringComparer.Ordinal);
        var last = known.Values.Select(c => c.Number).Where(n => n.StartsWith(Prefix(now), StringComparison.Ordinal)).Max(StringComparer.Ordinal);
        var serial = last is null ? 0 : int.Parse(last[Prefix(now).Length..], System.Globalization.CultureInfo.InvariantCulture);
        foreach (var same in several.Values)
        {
            if (!known.TryGetValue(same.Concept, out var conflict))
            {
                conflict = new() { Id = Guid.CreateVersion7(now), Number = $"{Prefix(now)}{++serial:D5}", Concept = same.Concept, Name = same.Name, Subject = same.Subject, FoundAt = now };
                db.Conflicts.Add(conflict);
                Found(conflict, same, evidence, now);
            }
            else if (conflict.State == ConflictState.Ended)
            {
                Found(conflict, same, evidence, now);
            }

            Keep(conflict, same, [.. sources[conflict.Id]], evidence, now);
        }

        foreach (var gone in known.Values.Where(c => c.State != ConflictState.Ended && !several.ContainsKey(c.Concept)))
        {
            db.Note(gone, ConflictStep.Ended, ConflictState.Ended, Actor.System, now);
            evidence.Add((Actor.System, new("conflict.ended", gone.Number, Evidence.Done)));
        }

        db.Counts.Add(new() { Id = Guid.CreateVersion7(now), Items = items.Count, Alone = items.Count - several.Count, At = now });
        if (await db.Commit(ledger, evidence, stop) is { } late)
        {
            throw new DbUpdateConcurrencyException(late.ToString()); // Not a refusal, which would park the job: it comes again.
        }
    }

    /// <summary>What scans know of keys.</summary>
    private async Task<Dictionary<(Guid Resource, string Column), IReadOnlyList<ulong>>> Prints(CancellationToken stop) =>
        (await kept.Prints.AsNoTracking().Where(p => p.Subject && p.ValuesApart > 0).ToListAsync(stop)).ToDictionary(p => (p.Resource, p.Item), p => kept.Hashes(p.Hashes));

    private Task<Guid> Soon(CancellationToken stop) => Soon(jobs, clock, stop);

    /// <summary>A look for all changes of a few seconds: a city publishes thousands at once.</summary>
    public static Task<Guid> Soon(JobQueue jobs, TimeProvider clock, CancellationToken stop)
    {
        var due = new DateTimeOffset(((clock.GetUtcNow().Ticks / Slot) + 1) * Slot, TimeSpan.Zero);
        return jobs.Add(new Body(due), $"conflicts:{due.Ticks}", due, stop);
    }

    private void Found(Conflict conflict, SameItem same, List<(Actor, Evidence)> evidence, DateTimeOffset now)
    {
        (conflict.Resource, conflict.Item, conflict.Reason, conflict.DecidedBy, conflict.DecidedAt) = (null, null, null, null, null);
        db.Note(conflict, ConflictStep.Found, ConflictState.Found, Actor.System, now);
        evidence.Add((Actor.System, new("conflict.found", conflict.Number, Evidence.Done, new { item = same.Name, sources = same.Sources.Select(s => s.Card.Code).Distinct().ToList() })));
    }

    private void Keep(Conflict conflict, SameItem same, List<ConflictSource> before, List<(Actor, Evidence)> evidence, DateTimeOffset now)
    {
        foreach (var (card, item) in same.Sources)
        {
            if (before.Find(s => s.Resource == card.Id && s.Item == item.Id) is { } there)
            {
                (there.Unit, there.ResourceName, there.ItemName) = (card.Unit, card.Name, item.Name);
                before.Remove(there);
            }
            else
            {
                db.Sources.Add(new() { Conflict = conflict.Id, Resource = card.Id, Item = item.Id, Unit = card.Unit, ResourceName = card.Name, ItemName = item.Name });
            }
        }

        db.Sources.RemoveRange(before);
        if (conflict.Resource is { } authority && before.Exists(s => s.Resource == authority && s.Item == conflict.Item))
        {
            (conflict.Resource, conflict.Item, conflict.Reason, conflict.DecidedBy, conflict.DecidedAt) = (null, null, null, null, null);
            db.Note(conflict, ConflictStep.Found, ConflictState.Found, Actor.System, now, Lost.ToString());
            evidence.Add((Actor.System, new("conflict.lost", conflict.Number, Evidence.Done, new { item = same.Name, resource = authority })));
        }
    }

    private static string Prefix(DateTimeOffset now) => $"DY-{now.InCity().Year}-";
}
