// Removes files whose time has passed or whose grant was revoked, which nobody may fetch any more; and folders no run names: what a crash left between the file and its row.
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Sharing.Grants;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Deliveries.Files;

internal sealed class SweepFiles(StateStore state, SharedSeals seals, FileShelf shelf, TimeProvider clock) : IRounds
{
    private static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    public async Task<int> Look(CancellationToken stop)
    {
        await using var db = new SharingDb(state, seals);
        var now = clock.GetUtcNow();
        var stored = now.ToStored();
        var past = await db.Runs.FromSql($"SELECT * FROM sharing_run WHERE file IS NOT NULL AND (keep_until <= {stored} OR granted IN (SELECT id FROM sharing_grant WHERE state = 'Revoked'))").Take(500).ToListAsync(stop);
        foreach (var run in past)
        {
            shelf.Remove(run.Id);
            run.File = null;
        }

        await db.SaveChangesAsync(stop);
        foreach (var (run, written) in shelf.All().Where(f => f.WrittenUtc < now.UtcDateTime - Grace).ToList())
        {
            if (!await db.Runs.AnyAsync(r => r.Id == run && r.File != null, stop))
            {
                shelf.Remove(run);
            }
        }

        return past.Count;
    }
}
