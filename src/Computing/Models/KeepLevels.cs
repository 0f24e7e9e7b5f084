// The levels of models' entries follow those of their inputs and of the rows in their tables. Raised at once, of resting models and of those that no longer fit as well, whatever reads them included;
// lowered only once a run has replaced the rows.
using Lizhou.Computing.Lowering;
using Lizhou.Computing.Runs;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Microsoft.Extensions.Logging;

namespace Lizhou.Computing.Models;

internal sealed class KeepLevels(ModelShelf shelf, PublishEntry publish, LoweringShelf lowerings, RunShelf runs, ICatalog catalog, ILogger<KeepLevels> log)
{
    /// <summary>Raises every entry that is below what its model is given, until none is: a raised one raises those that read it.</summary>
    public Task Raise(CancellationToken stop) => SaveModel.Alone(() => RaiseNow(stop), stop);

    /// <summary>The same for one who holds <see cref="SaveModel.Alone(Func{Task}, CancellationToken)"/>. Rules that no longer hold lapse first.</summary>
    public async Task RaiseNow(CancellationToken stop)
    {
        var models = await shelf.All(stop);
        for (var raised = true; raised;)
        {
            raised = false;
            await lowerings.Lapse(models, m => publish.Inputs(m.Found, stop), stop);
            foreach (var model in models)
            {
                raised |= await Raised(model, stop);
            }
        }
    }

    /// <summary>A model's text is another: a rule approved for the one before, be it this model's or that of one that reads it, holds no more. For one who is alone.</summary>
    public async Task Changed(CancellationToken stop)
    {
        if (await lowerings.Lapse(await shelf.All(stop), m => publish.Inputs(m.Found, stop), stop))
        {
            await RaiseNow(stop);
        }
    }

    /// <summary>The rows of the version in force are in the table: its entry says what that version says.</summary>
    public Task Settle(Model built, CancellationToken stop) => SaveModel.Alone(async () =>
    {
        if (await shelf.Find(built.Name, stop) is { } now && now.Version == built.Version)
        {
            Told(now, (await publish.Run(now.Id, now.Read, now.Found, Actor.System, stop)).Problem);
        }
    }, stop);

    private async Task<bool> Raised(Model model, CancellationToken stop)
    {
        var floors = await lowerings.Floors(model.Id, model.Pinned, await publish.Inputs(model.Found, stop), stop);
        if (await catalog.Published(model.Id, stop) is not { } own || own.Items.All(i => i.Applied >= floors.Of(i.Column)))
        {
            return false;
        }

        await runs.HideTouched(model.Id, stop);
        var renewed = await publish.Run(model.Id, model.Read, model.Found, Actor.System, stop);
        Told(model, renewed.Problem);
        return !renewed.Refused;
    }

    /// <summary>Refused, the entry stays as it is; runs look at the level again and write nothing below it.</summary>
    private void Told(Model model, Problem? problem)
    {
        if (problem is not null)
        {
            log.LogWarning("The levels of model {Model} could not be published: {Code} {Problem}", model.Name, problem.Code, problem.What);
        }
    }
}
