// Rows came or went, the quality gate admitted some or held them back, or the bureau decided which source counts: the models that are to follow what they read are run, with all that follows them; those a waiting run will compute anyway are not asked for twice.
using Lizhou.Computing.Models;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Computing;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;

namespace Lizhou.Computing.Runs;

internal sealed class FollowInputs(ModelShelf models, RunShelf runs, StartRun start) : IHandle<BatchLanded>, IHandle<BatchUndone>, IHandle<AdmissionChanged>, IHandle<SourceDecided>, IHandle<ModelBuilt>
{
    public Task Handle(BatchLanded fact, Guid delivery, CancellationToken stop) => Follow(m => Reads(m, fact.Resource), null, stop);

    /// <summary>Nothing that was withdrawn may live on in what was made of it: models that are run by hand or by the clock are run too, and all that reads them.</summary>
    public Task Handle(BatchUndone fact, Guid delivery, CancellationToken stop) => Follow(m => Reads(m, fact.Resource), null, stop, all: true);

    public Task Handle(AdmissionChanged fact, Guid delivery, CancellationToken stop) => Follow(m => Reads(m, fact.Resource), null, stop);

    public Task Handle(ModelBuilt fact, Guid delivery, CancellationToken stop) => Follow(m => Reads(m, fact.Model), fact.Run, stop);

    /// <summary>A run looks anew at the rule by which values survive.</summary>
    public Task Handle(SourceDecided fact, Guid delivery, CancellationToken stop) => Follow(m => m.Head.Survive is not null && fact.Resources.Any(r => Reads(m, r)), null, stop);

    private static bool Reads(Model model, Guid set) => model.Found.Inputs.Any(i => i.Set == set);

    /// <param name="run">The run that told it; its own models need no other.</param>
    /// <param name="all">Whatever their schedule, where they have rows, with all that reads them.</param>
    private async Task Follow(Func<Model, bool> touched, Guid? run, CancellationToken stop, bool all = false)
    {
        var known = await models.All(stop);
        var own = run is { } id ? (await runs.Steps(id, stop)).Where(s => s.State is not StepState.Undone).Select(s => s.Model).ToHashSet() : [];
        var waiting = (await runs.List(0, 20, stop)).Runs.Where(r => r.State == StepState.Waiting).SelectMany(r => RunModels.Ordered(r.Ask, known)).Select(m => m.Id).ToHashSet();
        var due = known.Where(m => m.Active && (all || m.Head.Schedule == FrontMatter.OnChange) && touched(m) && !own.Contains(m.Id) && !waiting.Contains(m.Id)).Select(m => m.Name).ToList();
        if (due.Count > 0)
        {
            await start.Run(new(due, Downstream: all), RunCause.Change, Actor.System, stop);
        }
    }
}
