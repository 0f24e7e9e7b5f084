// In: a batch that landed, or whose rejected rows changed. Out: whether it is admitted to the standard layer; what changed is in the ledger. Writes into the caller's unit of work.
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;
using Lizhou.Quality.Kept;
using Lizhou.Quality.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Gates;

internal sealed class JudgeBatch(TicketsDb db, KeptDb kept, IRejects rejects, TimeProvider clock) : IQualityGate
{
    private List<Threshold>? lines;

    /// <summary>A batch nobody judged yet.</summary>
    public async Task First(LandedBatch said, List<(Actor, Evidence)> evidence, CancellationToken stop)
    {
        var batch = await Of(said, await kept.Keeps(said.Resource, stop), stop);
        db.Batches.Add(batch);
        if (batch is { Undone: false, Waits: false })
        {
            evidence.Add(Said(batch));
        }
    }

    /// <summary>A batch as it is now, by the threshold it was judged by first. A change of the decision is told.</summary>
    public void Again(KnownBatch batch, LandedBatch said, List<(Actor, Evidence)> evidence)
    {
        batch.Take(said);
        Decide(batch, evidence);
    }

    /// <summary>A batch that was scanned by the rules kept for its resource. What only waited for it is told whichever way it goes.</summary>
    /// <param name="score">Ten-thousandths; null when no rule judged a row.</param>
    public void Scanned(KnownBatch batch, int? score, List<(Actor, Evidence)> evidence)
    {
        var waited = batch.Waits;
        (batch.Score, batch.Waits, batch.FaultZh, batch.FaultEn) = (score, false, null, null);
        Decide(batch, evidence, first: waited);
    }

    /// <param name="first">Nothing was decided before: it is told whichever way it goes.</param>
    public void Decide(KnownBatch batch, List<(Actor, Evidence)> evidence, bool first = false)
    {
        var admitted = batch.Passes();
        var told = (first || admitted != batch.Admitted) && batch is { Undone: false, Waits: false };
        (batch.Admitted, batch.JudgedAt) = (admitted, clock.GetUtcNow());
        if (told)
        {
            evidence.Add(Said(batch));
            db.Tell(new AdmissionChanged(batch.Batch, batch.Resource, admitted), clock);
        }
    }

    public async Task<bool> Passed(Guid batch, CancellationToken stop) => await db.Batches.AsNoTracking().FirstOrDefaultAsync(b => b.Batch == batch, stop) is { } known
        ? known.Admitted
        : await rejects.Batches([batch], stop) is [{ UndoneWhy: null } landed] && (landed.Parent is { } mends ? await Passed(mends, stop) : (await Of(landed, await kept.Keeps(landed.Resource, stop), stop)).Admitted);

    public async Task<IReadOnlyList<Admission>> Held(Guid resource, CancellationToken stop)
    {
        // Of a resource without rules a batch without a rejected row passes whatever the threshold; with rules all wait that nobody has judged yet.
        var known = await db.Batches.AsNoTracking().Where(b => b.Resource == resource).ToDictionaryAsync(b => b.Batch, stop);
        var keeps = await kept.Keeps(resource, stop);
        var newest = keeps ? known.Values.Select(b => b.LandedAt).DefaultIfEmpty(DateTimeOffset.MinValue).Max() : (DateTimeOffset?)null;
        var stand = (await rejects.Faulty(resource, newest, stop)).ToDictionary(b => b.Id);
        foreach (var some in known.Values.Where(b => b is { Admitted: false, Undone: false } && !stand.ContainsKey(b.Batch)).Select(b => b.Batch).Chunk(500))
        {
            foreach (var batch in (await rejects.Batches(some, stop)).Where(b => b.UndoneWhy is null))
            {
                stand[batch.Id] = batch;
            }
        }

        var held = new List<Admission>();
        foreach (var batch in stand.Values.OrderBy(b => b.LandedAt).ThenBy(b => b.Number, StringComparer.Ordinal))
        {
            var root = batch;
            while (root is { Parent: { } parent })
            {
                root = stand.GetValueOrDefault(parent);
            }

            if (root is null)
            {
                held.Add(new(batch.Id, batch.Number, Admitted: false, null, 0, batch.LandedAt, Problems.MendsUndone.With(batch.Number)) { Snapshot = batch.Snapshot });
            }
            else if ((known.GetValueOrDefault(root.Id) ?? await Of(root, keeps, stop)) is { Admitted: false } said)
            {
                held.Add(Shown(said) with { Batch = batch.Id, Number = batch.Number, Snapshot = batch.Snapshot });
            }
        }

        return held;
    }

    /// <summary>A batch by its counts and the threshold of the day it landed: one nobody judged yet.</summary>
    /// <param name="keeps">Whether rules are kept for its resource: it waits for its scan then.</param>
    private async Task<KnownBatch> Of(LandedBatch said, bool keeps, CancellationToken stop)
    {
        lines ??= await db.Thresholds.AsNoTracking().ToListAsync(stop);
        var day = DateOnly.FromDateTime(said.LandedAt.InCity().DateTime);
        var batch = new KnownBatch
        {
            Batch = said.Id, Number = said.Number, Resource = said.Resource, Code = said.Code, Name = said.Name, Unit = said.Unit, LandedAt = said.LandedAt, Day = day, Accepted = said.Counts.Accepted,
            Rejected = said.Counts.Rejected, Duplicate = said.Counts.Duplicate, Filtered = said.Counts.Filtered, Least = Threshold.LeastOf(lines, said.Resource, day), JudgedAt = clock.GetUtcNow(), Waits = keeps,
        };
        batch.Take(said);
        batch.Admitted = batch.Passes();
        return batch;
    }

    private static (Actor, Evidence) Said(KnownBatch batch) => (
        Actor.System,
        new(batch.Admitted ? "gate.admitted" : "gate.held", batch.Number, batch.Admitted ? Evidence.Done : Why(batch).Code, new { share = batch.Share, score = batch.Score, least = batch.Least, open = batch.Open })
        {
            Exchange = new() { Provider = batch.Unit, Resource = batch.Resource },
        });

    public static Admission Shown(KnownBatch b) => new(b.Batch, b.Number, b.Admitted, b.Share / 10_000m, b.Least / 10_000m, b.JudgedAt, b.Admitted ? null : Why(b));

    /// <summary>Which gate, why, and what to do.</summary>
    public static Problem Why(KnownBatch b) => b is { Waits: true, FaultZh: { } fault } ? Problems.ScanFaults.With(b.Number, new Text(fault, b.FaultEn ?? fault)) with { Link = $"/quality/{b.Resource}?tab=edit" }
        : b.Waits ? Problems.AwaitsScan.With(b.Number)
        : KnownBatch.Passes(b.Share, b.Least) && !KnownBatch.Passes(b.Score, b.Least) ? Problems.LowScore.With(b.Number, Percent(b.Score), Percent(b.Least))
        : Problems.Held.With(b.Number, Percent(b.Share), Percent(b.Least), b.Open);

    public static string Percent(int? tenThousandths) => tenThousandths is { } value ? $"{(value / 100m).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)}%" : "—";
}
