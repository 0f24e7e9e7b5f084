// In: a grant and a later last day. Out: a request to prolong it, with the use, items and rows it has. Refuses to widen: another use is a new request.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Sharing.Requests;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Grants;

internal sealed class RenewGrant(SharingDb db, FindGrants find, ICatalog catalog, AskedBefore before, IWorkCalendar calendar, GiveGrant give, ILedger ledger, TimeProvider clock)
{
    private const int MostYears = 3;

    /// <param name="Until">The new last day, inclusive.</param>
    /// <param name="Purpose">Only to be refused where it differs from the grant's; null to say nothing.</param>
    internal sealed record Ask(DateOnly Until, string? Opinion = null, string? Purpose = null, IReadOnlyList<string>? Items = null);

    public async Task<Result<Request>> Run(string number, Ask ask, Actor actor, CancellationToken stop)
    {
        var found = await find.Held(number, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var (grant, today, now) = (found.Value, clock.Today(), clock.GetUtcNow());
        if (grant.State == GrantState.Revoked)
        {
            return Problems.Ended.With(number);
        }

        if (ask.Items is not null || (ask.Purpose is not null && ask.Purpose != grant.Purpose))
        {
            return Problems.NotWider;
        }

        if (ask.Until <= today || ask.Until > today.AddYears(MostYears))
        {
            return Problems.Faulty.With(MakeRequests.Until.With($"{today.AddDays(1):yyyy-MM-dd}", $"{today.AddYears(MostYears):yyyy-MM-dd}"));
        }

        if (await catalog.Published(grant.Resource, stop) is not { } card)
        {
            return Problems.NoResource.With(grant.ResourceCode);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        if (await before.Renewal(grant.Id, stop) is { } open)
        {
            return open;
        }

        var request = await Make(grant, card, ask, actor, now, stop);
        List<Grant> granted = request.State == RequestState.Granted ? [(await give.Prepare(request, card, null, now, stop)).Value] : [];
        var stale = await db.Commit(
            ledger, actor, [new("request.made", request.Number, Evidence.Done, new { renews = number, until = ask.Until.ToString("yyyy-MM-dd") })], stop,
            (connection, current) => give.Put(connection, current, granted, actor, stop));
        return stale is null ? request : stale;
    }

    private async Task<Request> Make(SharedGrant grant, ResourceCard card, Ask ask, Actor actor, DateTimeOffset now, CancellationToken stop)
    {
        var first = await db.Requests.AsNoTracking().SingleAsync(r => r.Id == grant.Request, stop);
        var prefix = $"QQ-{clock.Today().Year}-";
        var last = await db.Requests.Where(r => r.Together.StartsWith(prefix)).OrderByDescending(r => r.Together).Select(r => r.Together).FirstOrDefaultAsync(stop);
        var together = SharingDb.Next(last, "QQ", clock.Today().Year);
        // As at the first time: a level may have risen since, rows chosen by what is not given in clear are for people to decide, and so is what they ended or limited.
        var why = card.Sharing == SharingKind.Unconditional ? await before.Why(grant.Unit, grant.Resource, grant.Id, stop) : null;
        var state = card.Sharing == SharingKind.Unconditional && why is null && !RowFilter.Probes(first.Filter, card, first.Items) ? RequestState.Granted : RequestState.Review;
        var request = new Request
        {
            Id = Guid.CreateVersion7(now), Number = $"{together}-01", Together = together, Resource = first.Resource, ResourceCode = card.Code, ResourceName = card.Name, Sharing = card.Sharing,
            Provider = card.Unit, Unit = grant.Unit, Person = actor.Id, PersonName = actor.Name, Purpose = grant.Purpose, Scene = first.Scene, Basis = first.Basis, Items = first.Items,
            Filter = first.Filter, LastDay = ask.Until, Frequency = first.Frequency, Delivery = first.Delivery, Renews = grant.Id, Why = why, State = state, MadeAt = now, StageAt = now,
            DueAt = await Clocks.Due(db, calendar, state, now, stop),
        };
        db.Requests.Add(request);
        db.Acts.Add(new() { Id = Guid.CreateVersion7(now), Request = request.Id, Step = RequestStep.Submit, Person = actor.Name, Unit = actor.Unit, Opinion = ask.Opinion, State = state, At = now });
        return request;
    }
}
