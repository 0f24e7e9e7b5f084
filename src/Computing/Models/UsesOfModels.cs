// In: a resource that is about to be retired, or to be collected into. Out: the models that read it, or that make it.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Computing.Models;

internal sealed class UsesOfModels(ModelShelf shelf) : IResourceUse, IComputedRows
{
    private static readonly Text Called = new("模型“{0}”", "model {0}");

    public async Task<IReadOnlyList<Text>> Uses(Guid resource, CancellationToken stop) => Of(resource, await shelf.All(stop));

    /// <summary>Of a model whose file is gone too: its table stays.</summary>
    public async Task<Text?> MadeBy(Guid resource, CancellationToken stop) => await shelf.NameOf(resource, stop) is { } name ? Called.With(name) : null;

    public static IReadOnlyList<Text> Of(Guid resource, IReadOnlyList<Model> models) =>
        [.. models.Where(m => m.Active && (m.Id == resource || m.Found.Inputs.Any(i => i.Set == resource))).Select(m => Called.With(m.Name))];
}
