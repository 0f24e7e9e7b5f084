// In: a request that was agreed to, and a mask for each item. Out: a grant, new or prolonged, for the policy's book; what is not named stays refused.
using System.Data.Common;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Sharing.Requests;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Grants;

internal sealed class GiveGrant(SharingDb db, IGrantBook book, TimeProvider clock)
{
    public const long DailyCalls = 100_000;
    public const long DailyRows = 50_000_000;

    /// <summary>Adds or prolongs the grant in this context; <see cref="Put"/> makes it count, in the same transaction.</summary>
    /// <param name="masks">By column: the mask, or null for in clear; a column not named is masked in part from L3 on.</param>
    public async Task<Grant> Prepare(Request request, ResourceCard card, IReadOnlyDictionary<string, MaskKind?>? masks, DateTimeOffset now, CancellationToken stop)
    {
        var until = request.LastDay.EndOfDay().ToUniversalTime();
        if (request.Renews is { } known)
        {
            var old = await db.Grants.SingleAsync(g => g.Id == known, stop);
            var inForce = (await book.Find(known, stop))!;
            old.ValidUntil = until;
            request.GrantNumber = old.Number;
            return inForce with { Until = until };
        }

        var prefix = $"SQ-{clock.Today().Year}-";
        var last = await db.Grants.Where(g => g.Number.StartsWith(prefix)).OrderByDescending(g => g.Number).Select(g => g.Number).FirstOrDefaultAsync(stop);
        var fresh = db.Grants.Local.Where(g => g.Number.StartsWith(prefix, StringComparison.Ordinal)).MaxBy(g => g.Number, StringComparer.Ordinal)?.Number;
        var number = SharingDb.Next(string.CompareOrdinal(fresh, last) > 0 ? fresh : last, "SQ", clock.Today().Year);
        var grant = new SharedGrant
        {
            Id = Guid.CreateVersion7(now),
            Number = number,
            Request = request.Id,
            Resource = card.Id,
            ResourceCode = card.Code,
            ResourceName = card.Name,
            Provider = card.Unit,
            Unit = request.Unit,
            Purpose = request.Purpose,
            Delivery = request.Delivery,
            Frequency = request.Frequency,
            ValidFrom = now,
            ValidUntil = until,
            State = GrantState.Active,
            DailyCalls = DailyCalls,
            DailyRows = DailyRows,
        };
        db.Grants.Add(grant);
        request.GrantNumber = number;
        var items = card.Items.Where(i => request.Items.Contains(i.Id)).Select(i => new GrantItem(i.Id, MaskOf(i, masks))).ToList();
        return new(grant.Id, number, card.Id, request.Unit, request.Purpose, items, request.Filter, now, until);
    }

    public async Task Put(DbConnection connection, DbTransaction transaction, IEnumerable<Grant> grants, Actor actor, CancellationToken stop)
    {
        foreach (var grant in grants)
        {
            await book.Put(connection, transaction, grant, actor, stop);
        }
    }

    private static MaskKind? MaskOf(ItemCard item, IReadOnlyDictionary<string, MaskKind?>? masks) =>
        masks is not null && masks.TryGetValue(item.Column, out var chosen) ? chosen : item.Applied >= Level.L3 ? MaskKind.Partial : null;
}
