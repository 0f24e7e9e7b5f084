// In: what a look at a resource found. Out: it is kept: states of the files that were read, those of files that are gone dropped, the figures of the resource and its batches, the evidence; all or nothing.
using System.Text;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Quality.Kept.Levels;
using Lizhou.Quality.Kept.Once;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept;

internal sealed class StoreScan(KeptDb db, ILedger ledger, TimeProvider clock)
{
    private const int LeastValues = 20;
    private const double NearlyAll = 0.9;

    public async Task Run(ResourceCard card, RulesNow rules, Looked looked, IReadOnlyList<BatchFound> batches, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        await Files(card.Id, looked, stop);
        await Total(card.Id, rules, looked, now, stop);
        await Prints(card, looked, stop);
        await Scores(card.Id, rules, looked, batches, now, stop);
        var evidence = new Evidence("quality.scanned", card.Code, Evidence.Done, new { version = rules.Version, rows = looked.Found.Total.Rows, read = looked.Found.Read, batches = batches.Count, score = Figures.Hundredths(looked.Score) / 100m })
        {
            Exchange = new() { Provider = card.Unit, Resource = card.Id, Snapshot = looked.Found.Snapshot },
        };
        if (await db.Commit(ledger, [(Actor.System, evidence)], stop) is { } late)
        {
            throw new DbUpdateConcurrencyException(late.ToString()); // Not a refusal, which would park the job: it comes again.
        }
    }

    /// <summary>These batches have been looked at and judged; one that was undone meanwhile waits for another look.</summary>
    public async Task Done(List<BatchScan> batches, CancellationToken stop)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        foreach (var some in batches.GroupBy(b => b.Undone).SelectMany(g => g.Chunk(500)))
        {
            var (undone, ids) = (some[0].Undone, some.Select(b => b.Batch).ToList());
            await db.Batches.Where(b => ids.Contains(b.Batch) && b.Undone == undone).ExecuteUpdateAsync(set => set.SetProperty(b => b.ScannedAt, now), stop);
        }
    }

    /// <summary>Of a retired resource no drawn row, value or fingerprint is kept; scores and rules, which are figures and texts, stay.</summary>
    public async Task Forget(Guid resource, CancellationToken stop)
    {
        await db.Files.Where(f => f.Resource == resource).ExecuteDeleteAsync(stop);
        await db.Prints.Where(p => p.Resource == resource).ExecuteDeleteAsync(stop);
        await db.Scans.Where(s => s.Resource == resource).ExecuteDeleteAsync(stop);
    }

    /// <summary>A look that came to nothing: the figures stay, with the reason.</summary>
    public async Task Fault(Guid resource, Problem problem, CancellationToken stop)
    {
        var scan = await Of(resource, stop);
        (scan.FaultZh, scan.FaultEn, scan.ScannedAt, scan.Revision) = ($"{problem.Code} {problem.What.Zh} {problem.Todo.Zh}", $"{problem.Code} {problem.What.En} {problem.Todo.En}", clock.GetUtcNow(), scan.Revision + 1);
        await db.SaveChangesAsync(stop);
    }

    /// <summary>The one batch whose rows a file holds; null when there are several, or none.</summary>
    /// <param name="at">Place of the batch's column; negative for none.</param>
    public static Guid? BatchOf(ScanState state, int at) =>
        at >= 0 && state.Columns[at].Tops is { Count: 1 } && Guid.TryParse(state.Top(at, 1)[0].Value, out var batch) ? batch : null;

    private async Task Files(Guid resource, Looked looked, CancellationToken stop)
    {
        var at = looked.Table.Columns.ToList().FindIndex(c => c.Name == Origin.Batch);
        var there = (await db.Files.AsNoTracking().Where(f => f.Resource == resource).Select(f => f.File).ToListAsync(stop)).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in there.Where(f => !looked.Found.Files.ContainsKey(f)))
        {
            db.Files.Remove(new() { Resource = resource, File = gone });
        }

        foreach (var (file, state) in looked.Found.Files.Where(f => !looked.Known.Contains(f.Key)))
        {
            var line = new FileScan { Resource = resource, File = file, Digest = looked.Digest, Batch = BatchOf(state, at), RowCount = state.Rows, State = db.Pack(state) };
            db.Entry(line).State = there.Contains(file) ? EntityState.Modified : EntityState.Added;
        }
    }

    private async Task Prints(ResourceCard card, Looked looked, CancellationToken stop)
    {
        var (columns, total) = (looked.Table.Columns.ToList(), looked.Found.Total);
        var there = (await db.Prints.AsNoTracking().Where(p => p.Resource == card.Id).Select(p => p.Item).ToListAsync(stop)).ToHashSet(StringComparer.Ordinal);
        var found = card.Items.Select(i => (i.Column, Subject: FindOnce.Identifies(i), At: columns.FindIndex(c => string.Equals(c.Name, i.Column, StringComparison.OrdinalIgnoreCase)))).Where(i => i.At >= 0).ToList();
        foreach (var gone in there.Where(t => found.All(f => f.Column != t)))
        {
            db.Prints.Remove(new() { Resource = card.Id, Item = gone });
        }

        foreach (var (column, subject, at) in found)
        {
            var line = new PrintLine
            {
                Resource = card.Id, Item = column, Subject = subject, ValuesApart = total.Columns[at].Distinct, Hashes = db.Pack(total.Columns[at].Fingerprint),
                Looks = string.Join(',', Looks([.. total.Sample.Select(cells => cells[at]).OfType<string>()])),
            };
            db.Entry(line).State = there.Contains(column) ? EntityState.Modified : EntityState.Added;
        }
    }

    /// <summary>The checks that nearly all of enough values pass.</summary>
    private static IEnumerable<ValueCheck> Looks(List<string> values) => values.Count < LeastValues
        ? []
        : SuggestLevels.Checks.Where(check => values.Count(v => ValueChecks.Passes(check, Encoding.UTF8.GetBytes(v))) >= NearlyAll * values.Count);

    private async Task Total(Guid resource, RulesNow rules, Looked looked, DateTimeOffset now, CancellationToken stop)
    {
        var scan = await Of(resource, stop);
        (scan.Version, scan.Snapshot, scan.RowCount, scan.FilesRead, scan.Total) = (rules.Version, looked.Found.Snapshot, looked.Found.Total.Rows, looked.Found.Read, Figures.Hundredths(looked.Score));
        (scan.Dimensions, scan.Rules) = (KeptDb.Json(looked.Score.Dimensions), KeptDb.Json(looked.Counts));
        scan.Columns = KeptDb.Json(looked.Table.Columns.Select(c => new ScannedColumn(c.Name, c.Type.Name)));
        (scan.State, scan.FaultZh, scan.FaultEn, scan.ScannedAt, scan.Revision) = (db.Pack(looked.Found.Total), null, null, now, scan.Revision + 1);
    }

    private async Task Scores(Guid resource, RulesNow rules, Looked looked, IReadOnlyList<BatchFound> batches, DateTimeOffset now, CancellationToken stop)
    {
        var roots = batches.Select(b => b.Root).ToList();
        var undone = await db.Batches.AsNoTracking().Where(b => b.Resource == resource && b.Undone && b.Batch == b.Root).Select(b => b.Batch).ToListAsync(stop);
        db.Scores.RemoveRange(await db.Scores.Where(s => s.Resource == resource && s.Batch != null && (roots.Contains(s.Batch.Value) || undone.Contains(s.Batch.Value))).ToListAsync(stop));
        ScoreLine Line(Guid? batch, long rows, Rules.TableScore score, IReadOnlyList<RuleCount> counts) => new()
        {
            Id = Guid.CreateVersion7(now), Resource = resource, Batch = batch, Version = rules.Version, Snapshot = looked.Found.Snapshot, RowCount = rows, Total = Figures.Hundredths(score),
            Dimensions = KeptDb.Json(score.Dimensions), Rules = KeptDb.Json(counts), ScoredAt = now,
        };
        var whole = Line(null, looked.Found.Total.Rows, looked.Score, looked.Counts);
        var last = await db.Scores.AsNoTracking().Where(s => s.Resource == resource && s.Batch == null).OrderByDescending(s => s.Id).FirstOrDefaultAsync(stop);
        if (last is null || last.Snapshot != whole.Snapshot || last.Version != whole.Version || last.Rules != whole.Rules)
        {
            db.Scores.Add(whole);
        }

        db.Scores.AddRange(batches.Select(b => Line(b.Root, b.Rows, b.Score, b.Counts)));
    }

    private async Task<Scanned> Of(Guid resource, CancellationToken stop) =>
        await db.Scans.FirstOrDefaultAsync(s => s.Resource == resource, stop) ?? db.Scans.Add(new() { Resource = resource }).Entity;
}
