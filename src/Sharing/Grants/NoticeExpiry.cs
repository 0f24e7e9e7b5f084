// Looks every hour for grants that end within two weeks, and for those that have ended; the holding unit is told of each once, again only after a renewal.
using System.Security.Cryptography;
using System.Text;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Grants;

internal sealed class NoticeExpiry(StateStore state, SharedSeals seals, TimeProvider clock) : IRounds
{
    private static readonly TimeSpan Before = TimeSpan.FromDays(14);

    /// <summary>One who was away for longer need not be told of what ended long ago.</summary>
    private static readonly TimeSpan After = TimeSpan.FromDays(7);

    public async Task<int> Look(CancellationToken stop)
    {
        await using var db = new SharingDb(state, seals);
        var now = clock.GetUtcNow();
        var (from, until) = ((now - After).ToStored(), (now + Before).ToStored());
        var ending = await db.Grants.FromSql($"SELECT * FROM sharing_grant WHERE state = 'Active' AND valid_until > {from} AND valid_until <= {until} ORDER BY number").AsNoTracking().ToListAsync(stop);
        var told = 0;
        foreach (var grant in ending)
        {
            var kind = grant.ValidUntil <= now ? "expired" : "expiring";
            var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{grant.Id:D}:{grant.ValidUntil.ToStored()}")).AsSpan(0, 16));
            if (!await db.Notices.AnyAsync(n => n.Id == id, stop))
            {
                db.Notices.Add(new() { Id = id, Unit = grant.Unit, Kind = kind, Subject = $"{grant.Number} {grant.ResourceName}", Path = $"/grants/{grant.Number}", At = now });
                told++;
            }
        }

        await db.SaveChangesAsync(stop);
        return told;
    }
}
