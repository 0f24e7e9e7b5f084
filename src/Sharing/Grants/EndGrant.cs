// In: a grant and a reason. Out: the grant ended at once, and with it what hangs on it: its deliveries, a renewal asked for; the other side is told. Refuses all but its source unit, its holder and the bureau.
using Lizhou.Contracts;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Sharing.Deliveries;
using Lizhou.Sharing.Requests;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Grants;

internal sealed class EndGrant(SharingDb db, FindGrants find, IGrantBook book, ILedger ledger, TimeProvider clock)
{
    private static readonly Text Ended = new("授权 {0} 已撤销：{1}", "Grant {0} was revoked: {1}");

    internal sealed record Ask(string Reason);

    public async Task<Result<SharedGrant>> Run(string number, Ask ask, Actor actor, CancellationToken stop)
    {
        var found = await find.One(number, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var grant = found.Value;
        if (string.IsNullOrWhiteSpace(ask.Reason))
        {
            return Problems.ReasonMissing;
        }

        if (grant.State == GrantState.Revoked)
        {
            return Problems.Ended.With(number);
        }

        var now = clock.GetUtcNow();
        (grant.State, grant.EndedWhy) = (GrantState.Revoked, ask.Reason.Trim());
        grant.EndedBy = Flow.IsStewardOf(actor, grant.Unit) ? grant.Unit : Flow.IsStewardOf(actor, grant.Provider) ? grant.Provider : null;
        db.Notify(actor.Unit == grant.Unit ? grant.Provider : grant.Unit, "revoked", $"{grant.Number} {grant.ResourceName}", $"/grants/{grant.Number}", now);
        List<Evidence> evidence = [.. await EndDeliveries(grant, stop), .. await CloseRenewals(grant, actor, now, stop)];
        var stale = await db.Commit(
            ledger, actor, evidence, stop, (connection, transaction) => book.Revoke(connection, transaction, grant.Id, grant.EndedWhy, actor, stop));
        // Its keys stay: a program that still calls is told why it gets nothing.
        return stale is null ? grant : stale;
    }

    /// <summary>Also those that are sent by hand, which no attempt would ever end.</summary>
    private async Task<List<Evidence>> EndDeliveries(SharedGrant grant, CancellationToken stop)
    {
        var open = await db.Deliveries.Where(d => d.Granted == grant.Id && d.State != DeliveryState.Ended).ToListAsync(stop);
        List<Evidence> ended = [.. open.Select(d => new Evidence("delivery.end", d.Number, Evidence.Done, new { grant = grant.Number, before = d.State, state = DeliveryState.Ended }))];
        foreach (var delivery in open)
        {
            (delivery.State, delivery.NextAt, delivery.Note, delivery.Revision) = (DeliveryState.Ended, null, KeptText.Of(Ended.With(grant.Number, grant.EndedWhy)), delivery.Revision + 1);
        }

        return ended;
    }

    /// <summary>What asks to prolong it has nothing left to prolong.</summary>
    private async Task<List<Evidence>> CloseRenewals(SharedGrant grant, Actor actor, DateTimeOffset now, CancellationToken stop)
    {
        var open = await db.Requests.Where(r => r.Renews == grant.Id && AskedBefore.Underway.Contains(r.State)).ToListAsync(stop);
        foreach (var request in open)
        {
            (request.State, request.StageAt, request.DueAt, request.Answer, request.Revision) = (RequestState.Withdrawn, now, null, Why(grant), request.Revision + 1);
            db.Acts.Add(new()
            {
                Id = Guid.CreateVersion7(now), Request = request.Id, Step = RequestStep.Withdraw, Person = actor.Name, Unit = actor.Unit, Opinion = request.Answer, State = request.State, At = now,
            });
        }

        return [.. open.Select(r => new Evidence("request.withdraw", r.Number, Evidence.Done, new { state = r.State.ToString(), grant = grant.Number }))];
    }

    private static string Why(SharedGrant grant) => Ended.With(grant.Number, grant.EndedWhy).ToString();
}
