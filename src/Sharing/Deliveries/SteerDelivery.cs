// In: a delivery and what to do with it: send now, pause, resume, end. Out: it in its new state, in the ledger. Refuses all but the receiving unit and the bureau.
using System.Text.Json.Serialization;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Deliveries;

[JsonConverter(typeof(JsonStringEnumConverter<DeliveryStep>))]
internal enum DeliveryStep
{
    /// <summary>Now, also when it is dead: success brings it back.</summary>
    Send,
    Pause,
    Resume,
    End,
}

internal sealed class SteerDelivery(SharingDb db, FindDeliveries find, IWorkCalendar calendar, JobQueue jobs, ILedger ledger, TimeProvider clock)
{
    internal sealed record Ask(DeliveryStep Step);

    public async Task<Result<Delivery>> Run(string number, Ask ask, Actor actor, CancellationToken stop)
    {
        var found = await find.Steered(number, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var (delivery, now) = (found.Value, clock.GetUtcNow());
        // First the grant: a delivery that ended with it cannot be brought back, and that is why.
        var grant = await db.Grants.AsNoTracking().FirstAsync(g => g.Id == delivery.Granted, stop);
        if (ask.Step is DeliveryStep.Send or DeliveryStep.Resume && !grant.Holds(now))
        {
            return Problems.GrantOver.With(grant.Number);
        }

        if (!May(delivery.State, ask.Step))
        {
            return Problems.WrongDelivery.With(Words.Of(delivery.State), Words.Of(ask.Step));
        }

        var (before, state) = (delivery.State, To(delivery.State, ask.Step));
        (delivery.State, delivery.Revision) = (state, delivery.Revision + 1);
        if (ask.Step == DeliveryStep.Resume)
        {
            (delivery.Failures, delivery.NextAt) = (0, delivery.OnChange ? now : delivery.Cron is null ? null : await calendar.Next(delivery.Cron, delivery.WorkdaysOnly, now, stop));
        }

        var stale = await db.Commit(
            ledger, actor, [new($"delivery.{ask.Step.ToString().ToLowerInvariant()}", number, Evidence.Done, new { grant = grant.Number, before, state })], stop,
            (connection, transaction) => ask.Step == DeliveryStep.Send
                ? jobs.Add(connection, transaction, new RunDelivery.Body(delivery.Id, RunCause.Hand), RunDelivery.Key(delivery.Id), stop: stop)
                : Task.CompletedTask);
        return stale is null ? delivery : stale;
    }

    public static bool May(DeliveryState state, DeliveryStep step) => step switch
    {
        DeliveryStep.Send => state != DeliveryState.Ended,
        DeliveryStep.Pause => state == DeliveryState.Active,
        DeliveryStep.Resume => state != DeliveryState.Active,
        _ => state != DeliveryState.Ended,
    };

    private static DeliveryState To(DeliveryState state, DeliveryStep step) => step switch
    {
        DeliveryStep.Pause => DeliveryState.Paused,
        DeliveryStep.Resume => DeliveryState.Active,
        DeliveryStep.End => DeliveryState.Ended,
        _ => state,
    };
}
