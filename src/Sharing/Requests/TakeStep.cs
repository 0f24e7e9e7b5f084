// In: a request, a step, an opinion, and with an approval the masks of its items. Out: the request one step on; with an approval its grant, in the same transaction.
// Refuses as Flow does; refusals are in the ledger too.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Sharing.Grants;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Requests;

internal sealed class TakeStep(SharingDb db, FindRequests find, ICatalog catalog, IWorkCalendar calendar, GiveGrant give, ILedger ledger, TimeProvider clock)
{
    private static readonly Text NoName = new("有一列没有写列名", "a column is named null");

    /// <param name="Masks">By column, with an approval: a mask, or null for in clear; what is not named is masked in part from L3 on.</param>
    /// <param name="Leave">Columns left out of the grant, with an approval.</param>
    /// <param name="Revision">The revision seen; null to act on whatever is there.</param>
    internal sealed record Ask(
        RequestStep Step, string? Opinion = null, IReadOnlyDictionary<string, MaskKind?>? Masks = null, IReadOnlyList<string>? Leave = null, long? Revision = null);

    public async Task<Result<Request>> Run(string number, Ask ask, Actor actor, CancellationToken stop)
    {
        var found = await find.One(number, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var request = found.Value;
        var next = ask.Revision is { } seen && seen != request.Revision ? Problems.Stale : Flow.Next(request, ask.Step, actor, ask.Opinion);
        if (next.Refused)
        {
            await ledger.Append(actor, new("request." + ask.Step.ToString().ToLowerInvariant(), number, next.Problem!.Code), stop);
            return next.Problem!;
        }

        var now = clock.GetUtcNow();
        List<Grant> grants = [];
        if (next.Value == RequestState.Granted)
        {
            var grant = await Agreed(request, ask, now, stop);
            if (grant.Refused)
            {
                return grant.Problem!;
            }

            grants.Add(grant.Value);
        }

        await Move(request, ask, next.Value, actor, now, stop);
        var evidence = new Evidence("request." + ask.Step.ToString().ToLowerInvariant(), number, Evidence.Done, new { state = next.Value.ToString(), ask.Opinion, request.GrantNumber });
        var stale = await db.Commit(ledger, actor, [evidence], stop, (connection, transaction) => give.Put(connection, transaction, grants, actor, stop));
        return stale is null ? request : stale;
    }

    private async Task<Result<Grant>> Agreed(Request request, Ask ask, DateTimeOffset now, CancellationToken stop)
    {
        if (await catalog.Published(request.Resource, stop) is not { } card)
        {
            return Problems.NoResource.With(request.ResourceCode);
        }

        if (request.Renews is { } renewed && await db.Grants.AsNoTracking().FirstOrDefaultAsync(g => g.Id == renewed && g.State == GrantState.Revoked, stop) is { } ended)
        {
            return Problems.Ended.With(ended.Number);
        }

        // A mask for a column that is not there would leave one in clear that was meant.
        var named = (ask.Masks?.Keys ?? []).Concat<string?>(ask.Leave ?? []);
        if (named.Where(c => !card.Items.Any(i => i.Column.Equals(c, StringComparison.OrdinalIgnoreCase))).Select(c => c ?? (object)NoName).FirstOrDefault() is { } stranger)
        {
            return Problems.Faulty.With(MakeRequests.NotHeld.With(card.Name, stranger));
        }

        var masks = ask.Masks is null ? null : new Dictionary<string, MaskKind?>(ask.Masks.DistinctBy(m => m.Key, StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
        var prepared = await give.Prepare(request, card, masks, now, stop);
        if (prepared.Problem is { } refusal)
        {
            return refusal;
        }

        var grant = prepared.Value;
        var left = card.Items.Where(i => ask.Leave?.Contains(i.Column, StringComparer.OrdinalIgnoreCase) == true).Select(i => i.Id).ToHashSet();
        var narrowed = grant with { Items = [.. grant.Items.Where(i => !left.Contains(i.Item))] };
        return narrowed.Items.Count == 0 ? Problems.Faulty.With("items") : narrowed;
    }

    private async Task Move(Request request, Ask ask, RequestState next, Actor actor, DateTimeOffset now, CancellationToken stop)
    {
        request.Disputed |= ask.Step == RequestStep.Dispute;
        request.Reviewer = request.State == RequestState.Review && ask.Step != RequestStep.Withdraw ? actor.Id : request.Reviewer;
        (request.State, request.StageAt, request.Answer) = (next, now, ask.Opinion ?? request.Answer);
        request.DueAt = await Clocks.Due(db, calendar, next, now, stop);
        request.Revision++;
        db.Acts.Add(new() { Id = Guid.CreateVersion7(now), Request = request.Id, Step = ask.Step, Person = actor.Name, Unit = actor.Unit, Opinion = ask.Opinion, State = next, At = now });
        var (unit, kind) = next switch
        {
            RequestState.Decision => (request.Provider, "to-decide"),
            RequestState.Granted => (request.Unit, "granted"),
            RequestState.Refused => (request.Unit, "refused"),
            _ => (Guid.Empty, ""),
        };
        if (kind.Length > 0)
        {
            db.Notify(unit, kind, $"{request.Number} {request.ResourceName}", $"/requests/{request.Number}", now);
        }
    }
}
