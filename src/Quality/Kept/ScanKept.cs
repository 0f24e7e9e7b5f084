// In: a resource whose batches, rules or exceptions changed. Out: one pass over its new files by all its rules, added to what is known of the others; figures of the resource and of the
// batches that were not looked at yet, whose tickets are open, or that were judged by an earlier version of the rules; the gate and the tickets follow. Idempotent: it compares with what the lake shows now.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Lake;
using Lizhou.Quality.Conflicts;
using Lizhou.Quality.Rules;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept;

/// <summary>What a look at a resource found.</summary>
/// <param name="Known">Files that were not read again.</param>
/// <param name="Sets">Of each rule on rows together, in their order.</param>
internal sealed record Looked(
    Table Table, string Digest, Compiled Compiled, ScanFound Found, IReadOnlyList<SetFound> Sets, IReadOnlySet<string> Known, IReadOnlyList<RuleCount> Counts, TableScore Score);

/// <param name="Judged">Rows or groups the rule says anything of.</param>
/// <param name="ByBatch">Rows at fault by the batch they came with.</param>
internal sealed record SetFound(long Failed, long Judged, IReadOnlyDictionary<Guid, long> ByBatch);

/// <param name="Fresh">Whether it was not looked at before.</param>
internal sealed record BatchFound(Guid Root, bool Fresh, long Rows, IReadOnlyList<RuleCount> Counts, TableScore Score);

internal sealed class ScanKept(KeptDb db, KeptRules kept, Warehouse lake, ICatalog catalog, StoreScan store, JudgeKept judge, CountCarried carry, Turns turns, JobQueue jobs, TimeProvider clock) : IJob<ScanKept.Body>
{
    internal sealed record Body(Guid Resource);

    /// <summary>One scan of a resource waits or runs at a time.</summary>
    public static string Key(Guid resource) => $"quality-scan:{resource}";

    public async Task Run(Body body, JobRun run, CancellationToken stop)
    {
        using var turn = await turns.Take(body.Resource, stop);
        if (await catalog.Published(body.Resource, stop) is not { } card)
        {
            await store.Forget(body.Resource, stop);
            return;
        }

        if (await lake.Resource(card.Table, stop: stop) is not { } table)
        {
            return;
        }

        // Read before the snapshot is taken: a batch that lands in between waits for the next look, and never passes the gate unseen.
        var due = await db.Batches.AsNoTracking().Where(b => b.Resource == card.Id && b.ScannedAt == null).OrderBy(b => b.LandedAt).ToListAsync(stop);
        var rules = await kept.Of(card, stop);
        var compiled = await kept.Compile(card, rules, table, null, stop);
        var looked = compiled.Refused ? compiled.Problem! : await Look(card.Id, table, rules, compiled.Value, stop);
        if (looked.Refused)
        {
            await Fault(card.Id, looked.Problem!, stop);
            return;
        }

        var batches = await Batches(card.Id, due, looked.Value, rules, stop);
        if (batches.Refused)
        {
            await Fault(card.Id, batches.Problem!, stop);
            return;
        }

        // A ticket comes after the figures it speaks of. Batches are done last: should the program end in between, all of it is done again.
        var carried = await carry.Run(card, looked.Value, batches.Value, stop);
        var first = !await db.Prints.AnyAsync(p => p.Resource == card.Id, stop);
        await store.Run(card, rules, looked.Value, batches.Value, stop);
        if (first)
        {
            // Its rows tell now whether it is about the same subjects as others that call their items alike.
            await FindConflicts.Soon(jobs, clock, stop);
        }

        await judge.Run(card, rules, batches.Value, carried, due.Exists(b => b.Undone), stop);
        await store.Done(due, stop);
        if (await db.Batches.AnyAsync(b => b.Resource == card.Id && b.ScannedAt == null, stop))
        {
            // It landed meanwhile, and found this job under way.
            await jobs.Add(body, $"{Key(card.Id)}:more", stop: stop);
        }
    }

    private async Task Fault(Guid resource, Problem problem, CancellationToken stop)
    {
        await store.Fault(resource, problem, stop);
        await judge.Fault(resource, problem, stop);
    }

    /// <summary>Which rule a scan stumbled over. Asked only after one has failed.</summary>
    private async Task<Problem> Blame(Table table, Compiled compiled, Problem problem, CancellationToken stop)
    {
        foreach (var (rule, test) in compiled.Rows.Zip(compiled.Plan.Tests))
        {
            if ((await lake.Scan(table, new ScanPlan([test], Profile: false), stop: stop)).Problem is { } own)
            {
                return Problems.RuleFaults.With(rule.Name, own.What);
            }
        }

        return problem;
    }

    private async Task<Result<Looked>> Look(Guid resource, Table table, RulesNow rules, Compiled compiled, CancellationToken stop)
    {
        var digest = rules.Digest(table, clock.Today());
        var known = new Dictionary<string, ScanState>(StringComparer.Ordinal);
        await foreach (var file in db.Files.AsNoTracking().Where(f => f.Resource == resource && f.Digest == digest).AsAsyncEnumerable().WithCancellation(stop))
        {
            if (db.Unpack(file.State) is { } state)
            {
                known[file.File] = state;
            }
        }

        var found = await lake.Scan(table, compiled.Plan, known, stop: stop);
        if (found.Refused)
        {
            return await Blame(table, compiled, found.Problem!, stop);
        }

        var sets = new List<SetFound>();
        foreach (var (rule, test) in compiled.Sets)
        {
            var set = await Together(table, test, found.Value, stop);
            if (set.Refused)
            {
                return Problems.RuleFaults.With(rule.Name, set.Problem!.What);
            }

            sets.Add(set.Value);
        }

        var counted = sets.ConvertAll(s => (s.Failed, s.Judged));
        var states = await States(resource, table, compiled, found.Value.Total, found.Value.Snapshot, stop);
        var score = Scores.Of(compiled, found.Value.Total, counted, [.. compiled.States.Zip(states, StateRules.Kept)], rules.Weights);
        return score.Refused ? score.Problem! : new Looked(table, digest, compiled, found.Value, sets, known.Keys.ToHashSet(StringComparer.Ordinal), Figures.Count(compiled, found.Value.Total, counted, states), score.Value);
    }

    private async Task<Result<SetFound>> Together(Table table, SetTest test, ScanFound found, CancellationToken stop)
    {
        var (failed, judged) = (await lake.Scan(table, test, found.Snapshot, stop), await lake.Judged(table, test, found.Snapshot, stop));
        if ((failed.Problem ?? judged.Problem) is { } refusal)
        {
            return refusal;
        }

        var byBatch = new Dictionary<Guid, long>();
        if (failed.Value > 0)
        {
            var rows = await lake.AtFault(table, test, found.Snapshot, stop);
            if (rows.Refused)
            {
                return rows.Problem!;
            }

            byBatch = rows.Value.Where(r => Guid.TryParse(r.Key, out _)).ToDictionary(r => Guid.Parse(r.Key), r => r.Value);
        }

        return new SetFound(failed.Value, judged.Value ?? found.Total.Rows, byBatch);
    }

    private async Task<IReadOnlyList<double?>> States(Guid resource, Table table, Compiled compiled, ScanState now, long snapshot, CancellationToken stop)
    {
        if (compiled.States.Count == 0)
        {
            return [];
        }

        var last = await db.Scans.AsNoTracking().FirstOrDefaultAsync(s => s.Resource == resource, stop);
        var names = table.Columns.Select(c => c.Name).ToList();
        var same = last is not null && KeptDb.From<List<ScannedColumn>>(last.Columns).Select(c => c.Name).SequenceEqual(names, StringComparer.Ordinal);
        var before = same ? db.Unpack(last!.State) : null;
        var figures = new List<double?>();
        foreach (var rule in compiled.States)
        {
            figures.Add(StateRules.Figure(rule, names, await UntilNow(table, rule, names, now, snapshot, stop), before, clock.GetUtcNow()));
        }

        return figures;
    }

    /// <summary>What a rule about a table's age goes by: where a value lies in the future, which tells nothing of it, the rows that do not.</summary>
    private async Task<ScanState> UntilNow(Table table, Rule rule, List<string> names, ScanState now, long snapshot, CancellationToken stop)
    {
        var (moment, at) = (clock.GetUtcNow(), rule.Kind == RuleKind.Freshness ? names.FindIndex(n => string.Equals(n, rule.Columns[0], StringComparison.OrdinalIgnoreCase)) : -1);
        return at >= 0 && StateRules.Ahead(now.Columns[at], moment)
            && await lake.Scan(table, new ScanPlan([]), new Condition.Compare(names[at], Comparison.AtMost, StateRules.Latest(now.Columns[at], moment)), snapshot, stop) is { Refused: false } past
            ? past.Value : now;
    }

    private async Task<Result<List<BatchFound>>> Batches(Guid resource, List<BatchScan> due, Looked looked, RulesNow rules, CancellationToken stop)
    {
        var fresh = due.Select(b => b.Root).Distinct().ToList();
        var found = new List<BatchFound>();
        var rowsAlone = looked.Compiled with { Sets = [], States = [] };
        var files = OfFiles(looked);
        foreach (var root in fresh.Concat(await judge.Open(resource, due.Exists(b => b.Undone), stop)).Concat(await Earlier(resource, rules, stop)).Distinct())
        {
            var parts = await db.Batches.AsNoTracking().Where(b => b.Root == root && !b.Undone).Select(b => b.Batch).ToListAsync(stop);
            var state = files is null ? null : Sum(parts.SelectMany(p => files[p]));
            if (state is null && parts.Count > 0)
            {
                var read = await lake.Scan(looked.Table, looked.Compiled.Plan, new Condition.OneOf(Origin.Batch, [.. parts.Select(p => (object)p.ToString("D"))]), looked.Found.Snapshot, stop);
                if (read.Refused)
                {
                    return read.Problem!;
                }

                state = read.Value;
            }

            if (state is not null && Scores.Of(rowsAlone, state, [], [], rules.Weights) is { Refused: false } score)
            {
                var together = looked.Sets.Select(s => (parts.Sum(p => s.ByBatch.GetValueOrDefault(p)), state.Rows)).ToList();
                found.Add(new(root, fresh.Contains(root), state.Rows, Figures.Count(looked.Compiled with { States = [] }, state, together, []), score.Value));
            }
        }

        return found;
    }

    /// <summary>Batches that were looked at by an earlier version of the rules: rows of theirs may break one that is new.</summary>
    private async Task<List<Guid>> Earlier(Guid resource, RulesNow rules, CancellationToken stop) =>
        await db.Scores.AsNoTracking().Where(s => s.Resource == resource && s.Batch != null && s.Version < rules.Version).Select(s => s.Batch!.Value).Distinct().ToListAsync(stop);

    /// <summary>What was found in the files of each batch; null when rows of one may lie beside others', or still wait in the catalog.</summary>
    private static ILookup<Guid, ScanState>? OfFiles(Looked looked)
    {
        var at = looked.Table.Columns.ToList().FindIndex(c => c.Name == Origin.Batch);
        var files = looked.Found.Files.Values.Select(s => (State: s, Batch: StoreScan.BatchOf(s, at))).Where(f => f.State.Rows > 0).ToList();
        return at < 0 || files.Exists(f => f.Batch is null) || files.Sum(f => f.State.Rows) != looked.Found.Total.Rows ? null : files.ToLookup(f => f.Batch!.Value, f => f.State);
    }

    private static ScanState? Sum(IEnumerable<ScanState> states)
    {
        ScanState? sum = null;
        foreach (var state in states)
        {
            if (sum is null)
            {
                sum = state.Copy();
            }
            else
            {
                sum.Add(state);
            }
        }

        return sum;
    }
}
