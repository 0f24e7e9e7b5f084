// In: scopes of an application's token. Out: those that are grants its unit holds and that are in force now.
using Lizhou.Contracts.Identity;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Applications;

internal sealed class GrantScopes(SharingDb db, TimeProvider clock) : IScopes
{
    public async Task<IReadOnlyList<string>> InForce(IReadOnlyCollection<string> scopes, Guid unit, CancellationToken stop)
    {
        var held = await db.Grants.AsNoTracking().Where(g => g.Unit == unit && scopes.Contains(g.Number)).ToListAsync(stop);
        return [.. held.Where(g => g.Holds(clock.GetUtcNow())).Select(g => g.Number).Order(StringComparer.Ordinal)];
    }
}
