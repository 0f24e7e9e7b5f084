// In: a resource about to be retired. Out: the sources that still collect into it; paused ones do not.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Collection.Sources;

internal sealed class UsesOfResource(StateStore state, ICatalog catalog) : IResourceUse
{
    public async Task<IReadOnlyList<Text>> Uses(Guid resource, CancellationToken stop)
    {
        if (await catalog.Published(resource, stop) is not { } card)
        {
            return [];
        }

        await using var db = new SourcesDb(state);
        var sources = await db.Sources.AsNoTracking().Where(s => s.Resource == card.Code && s.State == SourceState.Active).OrderBy(s => s.Code).ToListAsync(stop);
        return [.. sources.Select(s => new Text("数据源“{0}”（{1}）", "source {0} ({1})").With(s.Name, s.Code))];
    }
}
