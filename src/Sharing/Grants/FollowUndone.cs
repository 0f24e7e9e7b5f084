// In: a batch was withdrawn. Out: a correction notice to each unit that took rows of that resource under a grant; once for a delivery of the fact.
using System.Security.Cryptography;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Sharing.Deliveries;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Grants;

internal sealed class FollowUndone(SharingDb db, StateStore state, TimeProvider clock) : IHandle<BatchUndone>
{
    public async Task Handle(BatchUndone fact, Guid delivery, CancellationToken stop)
    {
        foreach (var grant in await db.Grants.AsNoTracking().Where(g => g.Resource == fact.Resource && g.UsedAt != null).ToListAsync(stop))
        {
            var id = Of(delivery, grant.Id);
            if (!await db.Notices.AnyAsync(n => n.Id == id, stop))
            {
                db.Notices.Add(new() { Id = id, Unit = grant.Unit, Kind = "undone", Subject = $"{grant.Number} {grant.ResourceName}", Path = $"/grants/{grant.Number}", At = clock.GetUtcNow() });
            }
        }

        await db.SaveChangesAsync(stop);
        await FollowLanded.Due(state, fact.Resource, clock.GetUtcNow(), stop);
    }

    private static Guid Of(Guid delivery, Guid grant) => new(SHA256.HashData([.. delivery.ToByteArray(), .. grant.ToByteArray()]).AsSpan(0, 16));
}
