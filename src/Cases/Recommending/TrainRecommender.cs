// In: who asks. Out: a job that learns from the older four fifths of the settled cases, measures on the newer fifth, and puts the model in force with its evidence; too few cases are refused, and what was in force stays.
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Recommending;

internal sealed class StartTraining(CasesDb db, JobQueue jobs, ILedger ledger, IRefusalNotes notes, TimeProvider clock)
{
    private const string Key = "case-recommendation";

    /// <summary>Newest first.</summary>
    public Task<List<Recommender>> All(CancellationToken stop) => db.Recommenders.AsNoTracking().OrderByDescending(t => t.Version).Take(20).ToListAsync(stop);

    /// <summary>How far a training is; null: it is done, or its job is gone. A job that is done while its training was not, when that was read, counts as one that runs: it is read again.</summary>
    public async Task<JobView?> Runs(Recommender trained, CancellationToken stop) =>
        trained.AsOf is null && trained.Refused is null && await jobs.Find(trained.Job, stop) is { State: not JobState.Cancelled } job ? job : null;

    /// <summary>The one that waits or runs already, where there is one.</summary>
    public async Task<Result<Recommender>> Run(Actor actor, CancellationToken stop)
    {
        if (!actor.Has(Roles.Engineer))
        {
            await notes.Note(actor, "case-recommendation.started", new("case-recommendation.started", "-", Problems.Bureau.Code));
            return Problems.Bureau;
        }

        var last = (await All(stop)).FirstOrDefault();
        if (last is not null && await Runs(last, stop) is { State: not JobState.Parked })
        {
            return last;
        }

        var version = (last?.Version ?? 0) + 1;
        var made = new Recommender { Version = version, AskedBy = actor.Name, Asker = actor.Id, AskedAt = clock.GetUtcNow() };
        db.Add(made);
        var late = await db.Commit(
            ledger, [(actor, new("case-recommendation.started", $"{version}", Evidence.Done))], Problems.Overtaken, stop,
            async (connection, transaction) =>
            {
                made = made with { Job = await jobs.Add(connection, transaction, new TrainRecommender.Body(version), $"{Key}-{version}", stop: stop) };
                await connection.Execute(transaction, $"UPDATE case_recommender SET job = {made.Job.ToString("D")} WHERE version = {version}", stop);
            });
        return late is null ? made : late;
    }
}

internal sealed class TrainRecommender(CasesDb db, SettledCases settled, Settings settings, ILedger ledger, TimeProvider clock) : IJob<TrainRecommender.Body>
{
    /// <summary>Fewer than this teach nothing that could be measured.</summary>
    public const int Fewest = 200;
    private const int Seed = 1;
    private const int Steps = 4;

    internal sealed record Body(int Version);

    public async Task Run(Body body, JobRun run, CancellationToken stop)
    {
        var asked = await db.Recommenders.FirstOrDefaultAsync(t => t.Version == body.Version, stop);
        if (asked is null or { AsOf: not null } or { Refused: not null })
        {
            return;
        }

        await run.Show(0, Steps, new Text("读取已办结事件", "Reading settled cases").ToString());
        var asOf = clock.GetUtcNow();
        var (older, newer) = MeasureGuesses.Split(await settled.Until(asOf, "", stop));
        var actor = new Actor(asked.Asker, asked.AskedBy, null, new HashSet<string>([Roles.Engineer], StringComparer.Ordinal));
        if (older.Count + newer.Count < Fewest || older.Select(c => c.Class).Distinct(StringComparer.Ordinal).Count() < 2)
        {
            await Keep(asked with { Refused = Problems.FewCases.Code }, actor, new("case-recommendation.trained", $"{asked.Version}", Problems.FewCases.Code, new { cases = older.Count + newer.Count }), stop);
            return;
        }

        var models = new Dictionary<GuessOf, byte[]>();
        var scores = new List<GuessScore>();
        foreach (var what in Enum.GetValues<GuessOf>())
        {
            await run.Show(1 + (int)what, Steps, (what == GuessOf.Class ? new Text("学习事件分类", "Learning classes") : new Text("学习主办单位", "Learning lead units")).ToString());
            if (Model(older, what) is { } bytes)
            {
                models[what] = bytes;
                using var learned = Learned.Of(bytes);
                scores.Add(MeasureGuesses.Score(what, older, newer, told => learned.Ask(told, MeasureGuesses.Most)));
            }

            stop.ThrowIfCancellationRequested();
        }

        await run.Show(Steps - 1, Steps, new Text("保存模型", "Keeping the model").ToString());
        var file = await RecommenderFile.Write(RecommenderFile.Of(settings.Data, asked.Version), models, stop);
        var about = new LearnedFrom(Seed, older.Count, older[0].Number, older[^1].Number, MeasureGuesses.Digest(older), scores);
        await Keep(asked with { AsOf = asOf, File = file, About = about }, actor, new("case-recommendation.trained", $"{asked.Version}", Evidence.Done, new { about.Cases, about.Digest, file }), stop);
        Sweep(asked.Version);
    }

    /// <summary>Null: fewer than two different answers, so there is nothing to tell apart.</summary>
    private static byte[]? Model(IReadOnlyList<Settled> older, GuessOf what)
    {
        var rows = MeasureGuesses.Known(older, what).Select(c => MeasureGuesses.Told(c, what)).ToList();
        return rows.Select(r => r.Label).Distinct(StringComparer.Ordinal).Skip(1).Any() ? Learned.From(rows, Seed) : null;
    }

    private async Task Keep(Recommender trained, Actor actor, Evidence evidence, CancellationToken stop)
    {
        db.ChangeTracker.Clear();
        db.Update(trained);
        if (await db.Commit(ledger, actor, evidence, stop) is { } late)
        {
            throw new InvalidOperationException(late.Code);
        }
    }

    /// <summary>Files of versions long past.</summary>
    private void Sweep(int version)
    {
        foreach (var old in Directory.EnumerateFiles(RecommenderFile.Folder(settings.Data)).Order(StringComparer.Ordinal).Where(f => int.TryParse(Path.GetFileNameWithoutExtension(f), out var of) && of <= version - (2 * RecommenderFile.Kept)))
        {
            File.Delete(old);
        }
    }
}
