// In: a resource about to be retired. Out: the models that read it, or that make it.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Computing.Models;

internal sealed class UsesOfModels(ModelShelf shelf) : IResourceUse
{
    public async Task<IReadOnlyList<Text>> Uses(Guid resource, CancellationToken stop) => Of(resource, await shelf.All(stop));

    public static IReadOnlyList<Text> Of(Guid resource, IReadOnlyList<Model> models) =>
        [.. models.Where(m => m.Active && (m.Id == resource || m.Found.Inputs.Any(i => i.Set == resource))).Select(m => new Text("模型“{0}”", "model {0}").With(m.Name))];
}
