// In: a month and by what. Out: 累计交换 and 安全交换. Exchanged = rows handed over under grants by every way, retries not counted; secured = those of them that the
// ledger's entries of the same grant and month cover, so the two differ as soon as one row left without evidence. A steward sees what the own unit holds or gave.
using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Serialization;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Deliveries;

[JsonConverter(typeof(JsonStringEnumConverter<ExchangeBy>))]
internal enum ExchangeBy
{
    /// <summary>The unit that receives.</summary>
    Unit,

    /// <summary>The unit whose data it is.</summary>
    Provider,
    Resource,
    Grant,
}

/// <param name="Exchanged">Rows.</param>
/// <param name="Secured">Rows of them that the ledger's entries cover.</param>
internal sealed record ExchangeLine(string Name, long Calls, long Refused, long Exchanged, long Secured, long Bytes);

/// <param name="Month">First day, city time.</param>
/// <param name="Total">Rows exchanged since the beginning.</param>
internal sealed record ExchangeView(DateOnly Month, long Total, ExchangeLine Sum, IReadOnlyList<ExchangeLine> Lines);

internal sealed class CountExchange(SharingDb db, Quota quota, IExchanges evidence, IUnits units, TimeProvider clock)
{
    internal static async Task<Results<Ok<ExchangeView>, ProblemHttpResult>> Handle(string? month, ExchangeBy? by, CountExchange count, ClaimsPrincipal user, CancellationToken stop)
    {
        DateOnly? first = month is null ? null : DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : DateOnly.MinValue;
        return first is { Year: < 2000 or > 9998 } ? Problems.BadQuery.With("month=yyyy-MM").ToHttp() : TypedResults.Ok(await count.Run(first, by ?? ExchangeBy.Unit, Actor.From(user)!, stop));
    }

    /// <param name="month">Its first day; null for the present one.</param>
    public async Task<ExchangeView> Run(DateOnly? month, ExchangeBy by, Actor actor, CancellationToken stop)
    {
        var first = month ?? clock.Today().AddDays(1 - clock.Today().Day);
        var (from, until) = (first.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), first.AddMonths(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        var (bureau, unit) = (actor.Has(Roles.Engineer), actor.Has(Roles.Steward) ? actor.Unit : null);
        var grants = await db.Grants.AsNoTracking().Where(g => bureau || g.Unit == unit || g.Provider == unit).ToDictionaryAsync(g => g.Id, stop);
        await quota.Look(stop);
        // Days are texts whose order is that of time.
        var uses = await db.Uses.FromSql($"SELECT * FROM sharing_use WHERE day >= {from} AND day < {until}").AsNoTracking().ToListAsync(stop);
        var total = await db.Uses.Where(u => db.Grants.Any(g => g.Id == u.Granted && (bureau || g.Unit == unit || g.Provider == unit))).SumAsync(u => u.Rows, stop);
        var (since, later) = (await evidence.ByGrant(first.Midnight(), stop), await evidence.ByGrant(first.AddMonths(1).Midnight(), stop));
        long Covered(Guid grant) => (since.GetValueOrDefault(grant)?.Rows ?? 0) - (later.GetValueOrDefault(grant)?.Rows ?? 0);
        var names = (await units.All(stop)).ToDictionary(u => u.Id, u => u.Name);
        var lines = uses.Where(u => grants.ContainsKey(u.Granted)).GroupBy(u => u.Granted).Select(g => (Grant: grants[g.Key], Line: new ExchangeLine(
            "", g.Sum(u => u.Calls), g.Sum(u => u.Refused), g.Sum(u => u.Rows), Math.Min(g.Sum(u => u.Rows), Covered(g.Key)), g.Sum(u => u.Bytes)))).ToList();
        var grouped = lines.GroupBy(l => by switch
        {
            ExchangeBy.Unit => names.GetValueOrDefault(l.Grant.Unit) ?? "—",
            ExchangeBy.Provider => names.GetValueOrDefault(l.Grant.Provider) ?? "—",
            ExchangeBy.Resource => l.Grant.ResourceName,
            _ => l.Grant.Number,
        }).Select(g => Sum(g.Key, g.Select(l => l.Line))).OrderByDescending(l => l.Exchanged).ThenBy(l => l.Name, StringComparer.Ordinal);
        return new(first, total, Sum("", lines.Select(l => l.Line)), [.. grouped]);
    }

    private static ExchangeLine Sum(string name, IEnumerable<ExchangeLine> lines) => lines.Aggregate(
        new ExchangeLine(name, 0, 0, 0, 0, 0), (a, b) => new(name, a.Calls + b.Calls, a.Refused + b.Refused, a.Exchanged + b.Exchanged, a.Secured + b.Secured, a.Bytes + b.Bytes));
}
