// An entry that a model reads has a new version: its columns and levels may be others. First every entry made of it is raised to what it is made of now; then each model is looked at anew: where it no longer
// fits, it says so and its last good version stays in force.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;

namespace Lizhou.Computing.Models;

internal sealed class FollowPublished(ModelShelf shelf, KeepLevels levels, SaveModel save) : IHandle<ResourcePublished>
{
    public async Task Handle(ResourcePublished fact, Guid delivery, CancellationToken stop)
    {
        var readers = (await shelf.All(stop)).Where(m => m.Found.Inputs.Any(i => i.Set == fact.Resource)).ToList();
        if (readers.Count == 0)
        {
            return;
        }

        await levels.Raise(stop);
        foreach (var model in readers.Where(m => m.Active))
        {
            await save.Again(model.Id, stop);
        }
    }
}
