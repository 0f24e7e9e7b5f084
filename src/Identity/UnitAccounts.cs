// In: a unit that is to be closed. Out: how many accounts still come in for it.
using Lizhou.Contracts.Organisation;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Identity;

internal sealed class UnitAccounts(IdentityDb db) : IUnitAccounts
{
    public Task<int> Active(Guid unit, CancellationToken stop) => db.Accounts.CountAsync(a => a.Unit == unit && a.Active, stop);
}
