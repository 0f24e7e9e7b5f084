// In: a day. Out: accounts nobody has used for ninety days are disabled, with evidence; the job of the next day is due. The last administrator of a kind stays, or the city could not be opened again.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Identity;

internal sealed class DisableUnused(IdentityDb db, JobQueue jobs, ILedger ledger, TimeProvider clock) : IJob<DisableUnused.Day>
{
    internal static readonly TimeSpan Unused = TimeSpan.FromDays(90);

    internal sealed record Day(DateOnly Of);

    /// <summary>The look of a day; asked for twice it is one.</summary>
    internal static Task Plan(JobQueue jobs, DateOnly day, DateTimeOffset due, CancellationToken stop) => jobs.Add(new Day(day), $"identity.unused {day:yyyy-MM-dd}", due, stop);

    public async Task Run(Day body, JobRun run, CancellationToken stop)
    {
        var active = await db.Accounts.Where(a => a.Active).ToListAsync(stop);
        foreach (var account in active.Where(a => !a.Demo && clock.GetUtcNow() - Since(a) > Unused))
        {
            if (!db.IsWhole(account) || await db.IsLastOfKind(account, stop))
            {
                continue;
            }

            (account.Active, account.Version, account.ChangedAt) = (false, account.Version + 1, clock.GetUtcNow());
            Evidence evidence = new("account.disabled", account.Id.ToString(), "done", new { unusedDays = Unused.Days });
            if (await db.Commit(ledger, Actor.System, evidence, stop, (connection, transaction) => Sessions.EndAll(connection, transaction, account.Id, except: null, stop)) is { } late)
            {
                throw new ProblemException(late);
            }
        }

        var next = (body.Of > clock.Today() ? body.Of : clock.Today()).AddDays(1);
        await Plan(jobs, next, next.At(new TimeOnly(1, 0)), stop);
    }

    /// <summary>Since when it is unused.</summary>
    private static DateTimeOffset Since(Account account)
    {
        var came = account.LastInAt ?? account.MadeAt;
        return account.EnabledAt is { } enabled && enabled > came ? enabled : came;
    }
}
