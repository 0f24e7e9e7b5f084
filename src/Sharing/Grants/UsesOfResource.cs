// In: a resource somebody wants to retire. Out: the grants in force on it, in words.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Grants;

internal sealed class UsesOfResource(SharingDb db, TimeProvider clock) : IResourceUse
{
    public async Task<IReadOnlyList<Text>> Uses(Guid resource, CancellationToken stop)
    {
        var grants = await db.Grants.AsNoTracking().Where(g => g.Resource == resource && g.State == GrantState.Active).ToListAsync(stop);
        return [.. grants.Where(g => g.Holds(clock.GetUtcNow())).Select(g => new Text("授权 {0}", "grant {0}").With(g.Number))];
    }
}
