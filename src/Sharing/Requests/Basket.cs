// In: a person and a resource. Out: what they mean to ask for together, kept until asked for.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Requests;

internal sealed class Basket(SharingDb db, ICatalog catalog, TimeProvider clock)
{
    private const int Most = 50;

    public async Task<Result<int>> Put(Guid resource, Actor actor, CancellationToken stop)
    {
        if (await catalog.Published(resource, stop) is not { } card)
        {
            return Problems.NoResource.With(resource);
        }

        if (actor.Unit is not { } unit || !Flow.IsStewardOf(actor, unit))
        {
            return Problems.NoUnit;
        }

        if (Standings.Refusal(card.Sharing, card.Unit, card.Name, card.LegalBasis, unit) is { } refusal)
        {
            return refusal;
        }

        var there = await db.Basket.Where(b => b.Person == actor.Id).ToListAsync(stop);
        if (there.Exists(b => b.Resource == resource))
        {
            return there.Count;
        }

        if (there.Count >= Most)
        {
            return Problems.BasketFull.With(Most);
        }

        db.Basket.Add(new() { Person = actor.Id, Resource = resource, At = clock.GetUtcNow() });
        await db.SaveChangesAsync(stop);
        return there.Count + 1;
    }

    public async Task Drop(Guid resource, Actor actor, CancellationToken stop)
    {
        db.Basket.RemoveRange(await db.Basket.Where(b => b.Person == actor.Id && b.Resource == resource).ToListAsync(stop));
        await db.SaveChangesAsync(stop);
    }

    /// <summary>What is still published.</summary>
    public async Task<IReadOnlyList<ResourceCard>> Of(Actor actor, CancellationToken stop)
    {
        var cards = new List<ResourceCard>();
        foreach (var line in await db.Basket.AsNoTracking().Where(b => b.Person == actor.Id).OrderBy(b => b.At).ToListAsync(stop))
        {
            if (await catalog.Published(line.Resource, stop) is { } card)
            {
                cards.Add(card);
            }
        }

        return cards;
    }
}
