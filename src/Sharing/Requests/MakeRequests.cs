// In: a basket of resources and what they are needed for. Out: one request for each, under a common number; unconditional ones are granted at once, unless people ended or limited one of the unit's before.
// Refuses what is not shared (with its legal basis), the own unit's data, unknown items, what is asked for or held already, periods that are over or longer than three years.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Grants;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Lizhou.Sharing.Requests;

internal sealed class MakeRequests(SharingDb db, ICatalog catalog, AskedBefore before, IWorkCalendar calendar, GiveGrant give, ILedger ledger, TimeProvider clock)
{
    public static readonly Text Until = new("截止日期（until）应在 {0} 至 {1} 之间", "the last day (until) must be from {0} to {1}");

    /// <summary>What is not of the resource, and whose.</summary>
    public static readonly Text NotHeld = new("“{0}”没有信息项“{1}”，或条件与它不符；应写列名和合乎类型的值", "“{0}” has no item “{1}”, or the condition does not fit it; name columns, with values of their type");

    private static readonly Text NoItems = new("“{0}”至少申请一个信息项", "ask for one item of “{0}” at least");

    private const int MostYears = 3;
    private const int MostWanted = 50;

    /// <param name="Resource">A published resource of another unit.</param>
    /// <param name="Items">Column names; null for all.</param>
    /// <param name="Filter">Only rows for which this is true; null for all.</param>
    internal sealed record Wanted(Guid Resource, IReadOnlyList<string>? Items = null, Condition? Filter = null);

    /// <param name="Until">The last day, inclusive.</param>
    internal sealed record Ask(
        IReadOnlyList<Wanted> Resources, string Purpose, string Scene, string Basis, DateOnly Until, Frequency Frequency = Frequency.Realtime, DeliveryWay Delivery = DeliveryWay.Api) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Resources is not { Count: > 0 and <= MostWanted } || Resources.Select(r => r.Resource).Distinct().Count() != Resources.Count)
            {
                yield return new("resources", new($"应有 1 至 {MostWanted} 个目录，不重复", $"must be 1 to {MostWanted} resources, each once"));
            }

            foreach (var (field, value) in new[] { ("purpose", Purpose), ("scene", Scene), ("basis", Basis) })
            {
                if (value is null || value.Trim().Length is < 2 or > 500)
                {
                    yield return new(field, new("应为 2 至 500 字", "must be 2 to 500 characters"));
                }
            }

            if (Purposes.House.Contains(Purpose?.Trim() ?? ""))
            {
                yield return new("purpose", new("请写明具体用途", "must name the use itself"));
            }
        }
    }

    public async Task<Result<IReadOnlyList<Request>>> Run(Ask ask, Actor actor, CancellationToken stop)
    {
        if (actor.Unit is not { } unit || !Flow.IsStewardOf(actor, unit))
        {
            return Problems.NoUnit;
        }

        if (ask.Check().FirstOrDefault() is { } fault)
        {
            return Problems.Faulty.With($"{fault.Field} {fault.What}");
        }

        var today = clock.Today();
        if (ask.Until < today || ask.Until > today.AddYears(MostYears))
        {
            return Problems.Faulty.With(Until.With($"{today:yyyy-MM-dd}", $"{today.AddYears(MostYears):yyyy-MM-dd}"));
        }

        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        var prefix = $"QQ-{today.Year}-";
        var last = await db.Requests.Where(r => r.Together.StartsWith(prefix)).OrderByDescending(r => r.Together).Select(r => r.Together).FirstOrDefaultAsync(stop);
        var together = SharingDb.Next(last, "QQ", today.Year);
        var (made, grants, evidence) = (new List<Request>(), new List<Grant>(), new List<Evidence>());
        foreach (var wanted in ask.Resources)
        {
            var card = await Askable(wanted, unit, ask.Purpose.Trim(), stop);
            var asked = card.Refused ? card.Problem! : await Make(ask, wanted, card.Value, $"{together}-{made.Count + 1:D2}", together, actor, now, stop);
            if (asked.Refused)
            {
                await Refused(transaction, wanted, asked.Problem!, actor, stop);
                return asked.Problem!;
            }

            var request = asked.Value;
            made.Add(request);
            evidence.Add(new("request.made", request.Number, Evidence.Done, new { request.ResourceCode, unit, request.Purpose, request.Basis, items = request.Items.Count, until = ask.Until.ToString("yyyy-MM-dd"), state = request.State.ToString() }));
            if (request.State == RequestState.Granted)
            {
                grants.Add((await give.Prepare(request, card.Value, null, now, stop)).Value);
                db.Notify(request.Provider, "granted-at-once", $"{request.GrantNumber} {request.ResourceName}", $"/grants/{request.GrantNumber}", now);
            }
        }

        var basket = ask.Resources.Select(r => r.Resource).ToList();
        db.Basket.RemoveRange(await db.Basket.Where(b => b.Person == actor.Id && basket.Contains(b.Resource)).ToListAsync(stop));
        var stale = await db.Commit(ledger, actor, evidence, stop, (connection, current) => give.Put(connection, current, grants, actor, stop));
        return stale is null ? made : stale;
    }

    /// <summary>Nothing of what was asked for together is kept; the refusal is, as evidence.</summary>
    private async Task Refused(IDbContextTransaction transaction, Wanted wanted, Problem refusal, Actor actor, CancellationToken stop)
    {
        await ledger.Append(db.Database.GetDbConnection(), transaction.GetDbTransaction(), actor, new("request.made", wanted.Resource.ToString(), refusal.Code), stop);
        await transaction.CommitAsync(stop);
    }

    /// <summary>The resource, if this unit may ask for it and for these items and rows.</summary>
    private async Task<Result<ResourceCard>> Askable(Wanted wanted, Guid unit, string purpose, CancellationToken stop)
    {
        if (await catalog.Published(wanted.Resource, stop) is not { } card)
        {
            return Problems.NoResource.With(wanted.Resource);
        }

        if (Standings.Refusal(card.Sharing, card.Unit, card.Name, card.LegalBasis, unit) is { } refusal)
        {
            return refusal;
        }

        var columns = card.Items.Select(i => i.Column).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var unknown = (wanted.Items ?? []).FirstOrDefault(c => !columns.Contains(c)) ?? RowFilter.Fault(wanted.Filter, card);
        return unknown is not null ? Problems.Faulty.With(NotHeld.With(card.Name, unknown))
            : wanted.Items is { Count: 0 } ? Problems.Faulty.With(NoItems.With(card.Name))
            : await before.Open(unit, card.Id, purpose, stop) is { } open ? open
            : card;
    }

    private async Task<Result<Request>> Make(Ask ask, Wanted wanted, ResourceCard card, string number, string together, Actor actor, DateTimeOffset now, CancellationToken stop)
    {
        List<Guid> items = [.. card.Items.Where(i => wanted.Items is null || wanted.Items.Contains(i.Column, StringComparer.OrdinalIgnoreCase)).Select(i => i.Id)];
        var free = card.Sharing == SharingKind.Unconditional && !RowFilter.Probes(wanted.Filter, card, items);
        var why = card.Sharing == SharingKind.Unconditional ? await before.Why(actor.Unit!.Value, card.Id, null, stop) : null;
        var state = free && why is null ? RequestState.Granted : RequestState.Review;
        var request = new Request
        {
            Id = Guid.CreateVersion7(now),
            Number = number,
            Together = together,
            Resource = card.Id,
            ResourceCode = card.Code,
            ResourceName = card.Name,
            Sharing = card.Sharing,
            Provider = card.Unit,
            Unit = actor.Unit!.Value,
            Person = actor.Id,
            PersonName = actor.Name,
            Purpose = ask.Purpose.Trim(),
            Scene = ask.Scene.Trim(),
            Basis = ask.Basis.Trim(),
            Items = items,
            Filter = wanted.Filter,
            LastDay = ask.Until,
            Frequency = ask.Frequency,
            Delivery = ask.Delivery,
            Why = why,
            State = state,
            MadeAt = now,
            StageAt = now,
            DueAt = await Clocks.Due(db, calendar, state, now, stop),
        };
        if (free && why is not null && await before.Held(request, stop) is { } held)
        {
            return held;
        }

        db.Requests.Add(request);
        db.Acts.Add(new() { Id = Guid.CreateVersion7(now), Request = request.Id, Step = RequestStep.Submit, Person = actor.Name, Unit = actor.Unit, State = state, At = now });
        return request;
    }
}
