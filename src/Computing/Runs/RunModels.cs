// In: runs that wait. Out: each one's models computed in the order of what they read, two at a time, all inputs as one snapshot shows them. A model that fails stops what reads it, and nothing else.
using Lizhou.Computing.Models;
using Lizhou.Kernel.Jobs;
using Lizhou.Lake;

namespace Lizhou.Computing.Runs;

internal sealed class RunModels(ModelShelf models, RunShelf runs, KeepLevels levels, SaveModel save, BuildModel build, Warehouse lake) : IJob<RunModels.Body>
{
    public const string Key = "model-runs";

    private const int AtOnce = 2;

    internal sealed record Body;

    public async Task Run(Body body, JobRun run, CancellationToken stop)
    {
        while (await runs.Next(stop) is { } next)
        {
            await Work(next, run, stop);
        }
    }

    /// <summary>The models of a run, each behind all it reads.</summary>
    internal static IReadOnlyList<Model> Ordered(RunAsk ask, IReadOnlyList<Model> all)
    {
        var chosen = all.Where(m => m.Active && (ask.Models.Count == 0 || ask.Models.Contains(m.Name))).Select(m => m.Id).ToHashSet();
        for (var grown = ask.Downstream; grown;)
        {
            var more = all.Where(m => m.Active && !chosen.Contains(m.Id) && m.Found.Inputs.Any(i => chosen.Contains(i.Set))).Select(m => m.Id).ToList();
            chosen.UnionWith(more);
            grown = more.Count > 0;
        }

        var (left, ordered) = (all.Where(m => chosen.Contains(m.Id)).ToList(), new List<Model>());
        while (left.Count > 0)
        {
            // Saving refuses circles, so there is always one whose inputs all stand before it.
            var ready = left.Where(m => m.Found.Inputs.All(i => left.All(l => l.Id != i.Set))).ToList();
            ordered.AddRange(ready);
            left = [.. left.Except(ready)];
        }

        return ordered;
    }

    private async Task Work(Run run, JobRun job, CancellationToken stop)
    {
        // Which source of an item counts may have been decided since: those that take survivors are looked at anew.
        foreach (var model in run.Snapshot is null ? Ordered(run.Ask, await models.All(stop)).Where(m => m.Head.Survive is not null) : [])
        {
            await save.Again(model.Id, stop);
        }

        await levels.Raise(stop);
        var all = await models.All(stop);
        if (run.Snapshot is null)
        {
            var (snapshot, chosen) = (await lake.Current(stop), Ordered(run.Ask, all));
            await runs.Begin(run, snapshot.Id, chosen, stop);
            run = run with { Snapshot = snapshot.Id };
        }

        // After a crash some steps have ended already; their writes stand with them.
        var steps = (await runs.Steps(run.Id, stop)).ToDictionary(s => s.Model);
        var (left, working) = (steps.Values.Where(s => s.State is StepState.Waiting or StepState.Running).OrderBy(s => s.Place).ToList(), new List<Task<RunStep>>());
        while (left.Count + working.Count > 0)
        {
            while (working.Count < AtOnce && left.FirstOrDefault(s => Ready(s, steps, all)) is { } next)
            {
                left.Remove(next);
                var model = all.First(m => m.Id == next.Model);
                working.Add(Failed(model, steps) is { } lost
                    ? build.Skip(next, lost, stop)
                    : build.Run(run, model, next, steps.Values.Where(s => s.State == StepState.Built && s.Snapshot is not null).ToDictionary(s => s.Model, s => s.Snapshot!.Value), stop));
                steps[next.Model] = next with { State = StepState.Running };
            }

            var ended = await Task.WhenAny(working);
            working.Remove(ended);
            var step = await ended;
            steps[step.Model] = step;
            await job.Show(steps.Count - left.Count - working.Count, steps.Count, step.Name);
        }

        await runs.End(run, steps.Values.Any(s => s.State is StepState.Failed or StepState.Skipped) ? StepState.Failed : StepState.Built, stop);
    }

    private static bool Ready(RunStep step, Dictionary<Guid, RunStep> steps, IReadOnlyList<Model> all) =>
        all.First(m => m.Id == step.Model).Found.Inputs.All(i => !steps.TryGetValue(i.Set, out var before) || before.State is not (StepState.Waiting or StepState.Running));

    private static string? Failed(Model model, Dictionary<Guid, RunStep> steps) =>
        model.Found.Inputs.Select(i => steps.GetValueOrDefault(i.Set)).FirstOrDefault(s => s?.State is StepState.Failed or StepState.Skipped)?.Name;
}
