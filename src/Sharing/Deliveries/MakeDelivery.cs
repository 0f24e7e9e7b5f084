// In: a grant that holds, a name, a target and when. Out: a delivery. Refuses everybody but the holding unit's steward, grants not in force, and targets that cannot be.
using Cronos;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Grants;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Deliveries;

internal sealed class MakeDelivery(SharingDb db, FindGrants find, HoldToGranted hold, IWorkCalendar calendar, IHostGuard guard, Secrets secrets, SharingLimits limits, JobQueue jobs, ILedger ledger, TimeProvider clock)
{
    private const int MostOfGrant = 20;
    private static readonly Text NeverDue = new("两年内没有到期的时刻，例如 2 月 31 日", "is never due within two years, like 31 February");

    /// <param name="Grant">Its number.</param>
    /// <param name="File">A file that waits to be fetched.</param>
    /// <param name="Hook">A web address that is told what changed.</param>
    /// <param name="Table">A table of the receiver's database.</param>
    /// <param name="Password">Of the table's user; kept protected and never shown again.</param>
    /// <param name="Cron">Five fields, city time; null: not by the clock.</param>
    /// <param name="OnChange">Whenever data changed.</param>
    internal sealed record Ask(string Grant, string Name, FileTarget? File = null, HookTarget? Hook = null, TableTarget? Table = null, string? Password = null, string? Cron = null, bool WorkdaysOnly = false, bool OnChange = false)
    {
        public Target Target => new(File, Hook, Table);

        public IEnumerable<Fault> Faults(DateTimeOffset now, bool plainHooks)
        {
            if (string.IsNullOrWhiteSpace(Name) || Name.Length > 100)
            {
                yield return new("name", new("应为 1 至 100 字", "must be 1 to 100 characters"));
            }

            if (Cron is not null && !CronExpression.TryParse(Cron, out _))
            {
                yield return new("cron", new("应为五段的 cron 表达式，例如 30 2 * * *", "must be five cron fields, e.g. 30 2 * * *"));
            }

            foreach (var fault in Target.Check(now, plainHooks))
            {
                yield return fault;
            }
        }
    }

    /// <param name="Secret">The key of a subscription's signatures; shown this once. Null for the other ways.</param>
    internal sealed record Made(Delivery Delivery, string? Secret);

    public async Task<Result<Made>> Run(Ask ask, Actor actor, CancellationToken stop)
    {
        var held = await find.Held(ask.Grant ?? "", actor, stop);
        if (held.Refused)
        {
            return held.Problem!;
        }

        var (grant, now) = (held.Value, clock.GetUtcNow());
        if (await Fault(ask, grant, now, stop) is { } refusal)
        {
            await ledger.Append(actor, new("delivery.refused", grant.Number, refusal.Code, new { host = refusal.Code == Problems.BadAddress.Code ? ask.Target.Host : null }), stop);
            return refusal;
        }

        var secret = ask.Hook is null ? null : Hooks.HookSignature.NewSecret();
        var delivery = await Make(ask, secret ?? (ask.Table is null ? null : ask.Password ?? ""), grant, actor, now, stop);
        var stale = await db.Commit(
            ledger, actor, [new("delivery.made", delivery.Number, Evidence.Done, new { grant = grant.Number, way = delivery.Target.Way.ToString(), where = delivery.Target.Where, ask.Cron, ask.OnChange })], stop,
            (connection, transaction) => jobs.Add(connection, transaction, new RunDelivery.Body(delivery.Id, RunCause.Hand), RunDelivery.Key(delivery.Id), stop: stop));
        return stale is null ? new Made(delivery, secret) : stale;
    }

    private async Task<Problem?> Fault(Ask ask, SharedGrant grant, DateTimeOffset now, CancellationToken stop)
    {
        if (!grant.Holds(now))
        {
            return Problems.GrantOver.With(grant.Number);
        }

        var faults = ask.Faults(now, limits.PlainHooks).Select(f => $"{f.Field} {f.What}").ToList();
        if (ask.Cron is { } cron && CronExpression.TryParse(cron, out _) && await calendar.Next(cron, ask.WorkdaysOnly, now, stop) is null)
        {
            faults.Add($"cron {NeverDue}");
        }

        // What is handed over a number of times has one that counts them.
        var most = HoldToGranted.Counts(grant) ? 1 : MostOfGrant;
        if (await db.Deliveries.CountAsync(d => d.Granted == grant.Id && d.State != DeliveryState.Ended, stop) >= most)
        {
            faults.Add($"≤ {most}");
        }

        if (faults.Count > 0)
        {
            return Problems.Faulty.With(string.Join("; ", faults));
        }

        return await hold.Delivery(grant, ask.Target.Way, stop) ?? (ask.Target.Host is { } host ? await Closed(host, ask.Hook is not null, stop) : null);
    }

    /// <summary>The guard is asked again at each connection; this only tells at once.</summary>
    private async Task<Problem?> Closed(string host, bool listed, CancellationToken stop)
    {
        try
        {
            await guard.Resolve(host, listed, stop);
            return null;
        }
        catch (ProblemException refused)
        {
            return Problems.BadAddress.With(refused.Problem.What) with { Todo = refused.Problem.Todo };
        }
    }

    private async Task<Delivery> Make(Ask ask, string? secret, SharedGrant grant, Actor actor, DateTimeOffset now, CancellationToken stop)
    {
        var prefix = $"JF-{clock.Today().Year}-";
        var last = await db.Deliveries.Where(d => d.Number.StartsWith(prefix)).OrderByDescending(d => d.Number).Select(d => d.Number).FirstOrDefaultAsync(stop);
        var delivery = new Delivery
        {
            Id = Guid.CreateVersion7(now), Number = SharingDb.Next(last, "JF", clock.Today().Year), Granted = grant.Id, Unit = grant.Unit, Provider = grant.Provider, Name = ask.Name.Trim(),
            Target = ask.Target.Kept(), Secret = secret is null ? null : secrets.Protect(secret), Cron = ask.Cron, WorkdaysOnly = ask.WorkdaysOnly, OnChange = ask.OnChange, State = DeliveryState.Active, MadeAt = now, MadeBy = actor.Name,
            NextAt = ask.Cron is null ? null : await calendar.Next(ask.Cron, ask.WorkdaysOnly, now, stop),
        };
        db.Deliveries.Add(delivery);
        return delivery;
    }
}
