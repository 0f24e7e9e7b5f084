// In: nothing. Out: the people whose open account is one of the three administrators', whom the organisation lets nobody but the security administrator move.
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Identity;

internal sealed class PersonAccounts(IdentityDb db) : IPersonAccounts
{
    public async Task<IReadOnlySet<Guid>> Administrators(CancellationToken stop)
    {
        var three = Roles.Administrators.ToList(); // Each of them is an account's only role.
        return (await db.Accounts.Where(a => a.Active && a.Person != null && three.Contains(a.Roles)).Select(a => a.Person!.Value).ToListAsync(stop)).ToHashSet();
    }
}
