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
    private static readonly Text NotLooser = new("续期只能收紧脱敏，“{0}”的新方式不比原来的严", "a renewal may only mask more, and the new mask of “{0}” does not tell less than the one it has");

    public const long DailyCalls = 100_000;
    public const long DailyRows = 50_000_000;

    /// <summary>Adds or prolongs the grant in this context; <see cref="Put"/> makes it count, in the same transaction.</summary>
    /// <param name="masks">By column: the mask, or null for in clear. A column not named is masked in part from L3 on; in a renewal as before, and one named may only tell less.</param>
    public async Task<Result<Grant>> Prepare(Request request, ResourceCard card, IReadOnlyDictionary<string, MaskKind?>? masks, DateTimeOffset now, CancellationToken stop)
    {
        var until = request.LastDay.EndOfDay().ToUniversalTime();
        if (request.Renews is { } known)
        {
            var old = await db.Grants.SingleAsync(g => g.Id == known, stop);
            var inForce = (await book.Find(known, stop))!;
            var items = inForce.Items.Select(i => (Before: i, Card: card.Items.FirstOrDefault(c => c.Id == i.Item))).Select(i => (i.Before, i.Card, Mask: Asked(i.Card, i.Before.Mask, masks))).ToList();
            if (items.FirstOrDefault(i => Masks.Stronger(i.Before.Mask, i.Mask) != i.Mask) is { Card: { } looser })
            {
                return Problems.Faulty.With(NotLooser.With(looser.Column));
            }

            old.ValidUntil = until;
            request.GrantNumber = old.Number;
            return inForce with { Until = until, Items = [.. items.Select(i => i.Before with { Mask = i.Mask })] };
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
        var given = card.Items.Where(i => request.Items.Contains(i.Id)).Select(i => new GrantItem(i.Id, MaskOf(i, masks))).ToList();
        return new Grant(grant.Id, number, card.Id, request.Unit, request.Purpose, given, request.Filter, now, until);
    }

    public async Task Put(DbConnection connection, DbTransaction transaction, IEnumerable<Grant> grants, Actor actor, CancellationToken stop)
    {
        foreach (var grant in grants)
        {
            await book.Put(connection, transaction, grant, actor, stop);
        }
    }

    private static MaskKind? Asked(ItemCard? item, MaskKind? before, IReadOnlyDictionary<string, MaskKind?>? masks) =>
        item is not null && masks is not null && masks.TryGetValue(item.Column, out var chosen) ? chosen : before;

    private static MaskKind? MaskOf(ItemCard item, IReadOnlyDictionary<string, MaskKind?>? masks) =>
        masks is not null && masks.TryGetValue(item.Column, out var chosen) ? chosen : item.Applied >= Level.L3 ? MaskKind.Partial : null;
}
