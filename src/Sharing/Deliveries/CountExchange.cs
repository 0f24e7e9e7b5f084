// In: a month and by what. Out: 累计交换 and 安全交换. Exchanged = rows handed over under grants by every way, retries not counted; secured = those of them that the
// ledger's entries of the same grant and month cover, so the two differ as soon as one row left without evidence. Beside it what that cost: processor time, and the time of
// those who decided on requests for the grants in that month. A steward sees what the own unit holds or gave.
using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Serialization;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Data;
using Lizhou.Sharing.Grants;
using Lizhou.Sharing.Requests;
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

/// <param name="Calls">Answered ones.</param>
/// <param name="Refused">Refused ones, for whatever reason.</param>
/// <param name="Exchanged">Rows.</param>
/// <param name="Secured">Rows of them that the ledger's entries cover.</param>
/// <param name="ProcessorMicroseconds">As <see cref="GrantCost"/> has it.</param>
/// <param name="Reviews">Decisions of reviewers.</param>
/// <param name="ReviewMinutes">In office hours, from arrival to decision.</param>
/// <param name="OpenMinutes">By the clock.</param>
internal sealed record ExchangeLine(string Name, long Calls, long Refused, long Exchanged, long Secured, long Bytes, long ProcessorMicroseconds, int Reviews, long ReviewMinutes, long OpenMinutes)
{
    public static ExchangeLine Sum(string name, IEnumerable<ExchangeLine> lines) => lines.Aggregate(
        new ExchangeLine(name, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (a, b) => new(
            name, a.Calls + b.Calls, a.Refused + b.Refused, a.Exchanged + b.Exchanged, a.Secured + b.Secured, a.Bytes + b.Bytes, a.ProcessorMicroseconds + b.ProcessorMicroseconds,
            a.Reviews + b.Reviews, a.ReviewMinutes + b.ReviewMinutes, a.OpenMinutes + b.OpenMinutes));
}

/// <summary>A month without its lines.</summary>
internal sealed record ExchangeSums(DateOnly Month, long Total, ExchangeLine Sum);

/// <param name="Month">First day, city time.</param>
/// <param name="Total">Rows exchanged since the beginning.</param>
internal sealed record ExchangeView(DateOnly Month, long Total, ExchangeLine Sum, IReadOnlyList<ExchangeLine> Lines);

internal sealed class CountExchange(SharingDb db, Quota quota, IExchanges evidence, ReviewTime reviews, IUnits units, TimeProvider clock)
{
    internal static async Task<Results<Ok<ExchangeView>, ProblemHttpResult>> Handle(string? month, ExchangeBy? by, CountExchange count, ClaimsPrincipal user, CancellationToken stop)
    {
        var first = MonthOf(month);
        return first.Refused ? first.Problem!.ToHttp() : TypedResults.Ok(await count.Run(first.Value, by ?? ExchangeBy.Unit, Actor.From(user)!, stop));
    }

    /// <summary>The first day of a month as <c>2026-11</c>; null, the present one, where nothing is said.</summary>
    public static Result<DateOnly?> MonthOf(string? month)
    {
        DateOnly? first = string.IsNullOrEmpty(month) ? null
            : DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : DateOnly.MinValue;
        return first is { Year: < 2000 or > 9998 } ? Problems.BadQuery.With("month=yyyy-MM") : first;
    }

    /// <param name="month">Its first day; null for the present one.</param>
    public async Task<ExchangeView> Run(DateOnly? month, ExchangeBy by, Actor actor, CancellationToken stop)
    {
        await quota.Look(stop);
        var lines = await Lines(month ?? ThisMonth, actor, stop);
        var names = (await units.All(stop)).ToDictionary(u => u.Id, u => u.Name);
        var grouped = lines.GroupBy(l => by switch
        {
            ExchangeBy.Unit => names.GetValueOrDefault(l.Grant.Unit) ?? "—",
            ExchangeBy.Provider => names.GetValueOrDefault(l.Grant.Provider) ?? "—",
            ExchangeBy.Resource => l.Grant.ResourceName,
            _ => l.Grant.Number,
        }).Select(g => ExchangeLine.Sum(g.Key, g.Select(l => l.Line))).OrderByDescending(l => l.Exchanged).ThenBy(l => l.Name, StringComparer.Ordinal);
        return new(month ?? ThisMonth, await Total(actor, stop), ExchangeLine.Sum("", lines.Select(l => l.Line)), [.. grouped]);
    }

    /// <summary>The present month without its lines.</summary>
    public async Task<ExchangeSums> Sums(Actor actor, CancellationToken stop)
    {
        await quota.Look(stop);
        return new(ThisMonth, await Total(actor, stop), ExchangeLine.Sum("", (await Lines(ThisMonth, actor, stop)).Select(l => l.Line)));
    }

    private DateOnly ThisMonth => clock.Today().AddDays(1 - clock.Today().Day);

    /// <summary>The grants whose figures the actor sees.</summary>
    private IQueryable<SharedGrant> Seen(Actor actor)
    {
        var (all, unit) = (actor.Has(Roles.Engineer) || actor.Has(Roles.AuditAdministrator), actor.Has(Roles.Steward) ? actor.Unit : null);
        return db.Grants.AsNoTracking().Where(g => all || g.Unit == unit || g.Provider == unit);
    }

    /// <summary>Rows exchanged since the beginning.</summary>
    private Task<long> Total(Actor actor, CancellationToken stop)
    {
        var seen = Seen(actor);
        return db.Uses.Where(u => seen.Any(g => g.Id == u.Granted)).SumAsync(u => u.Rows, stop);
    }

    /// <summary>What a month was for each grant that was used or decided on in it.</summary>
    private async Task<List<(SharedGrant Grant, ExchangeLine Line)>> Lines(DateOnly first, Actor actor, CancellationToken stop)
    {
        var grants = await Seen(actor).ToDictionaryAsync(g => g.Id, stop);
        var moved = await Moved(first, stop);
        var (since, later) = (await evidence.ByGrant(first.Midnight(), stop), await evidence.ByGrant(first.AddMonths(1).Midnight(), stop));
        long Covered(Guid grant) => (since.GetValueOrDefault(grant)?.Rows ?? 0) - (later.GetValueOrDefault(grant)?.Rows ?? 0);
        var reviewed = (await reviews.Of(grants.Values, first.Midnight(), first.AddMonths(1).Midnight(), stop)).ToLookup(r => r.Grant);
        return [.. grants.Values.Where(g => moved.Contains(g.Id) || reviewed.Contains(g.Id)).Select(g => (g, Line([.. moved[g.Id]], [.. reviewed[g.Id]], Covered(g.Id))))];
    }

    /// <summary>What was used in a month, by grant.</summary>
    private async Task<ILookup<Guid, GrantUse>> Moved(DateOnly first, CancellationToken stop)
    {
        // Days are texts whose order is that of time.
        var (from, until) = (first.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), first.AddMonths(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        return (await db.Uses.FromSql($"SELECT * FROM sharing_use WHERE day >= {from} AND day < {until}").AsNoTracking().ToListAsync(stop)).ToLookup(u => u.Granted);
    }

    private static ExchangeLine Line(IReadOnlyList<GrantUse> uses, IReadOnlyList<Reviewed> reviewed, long covered)
    {
        var rows = uses.Sum(u => u.Rows);
        return new(
            "", uses.Sum(u => u.Calls), uses.Sum(u => u.Refused), rows, Math.Min(rows, covered), uses.Sum(u => u.Bytes), uses.Sum(u => u.Processor), reviewed.Count,
            CountCost.Minutes(reviewed.Select(r => r.Office)), CountCost.Minutes(reviewed.Select(r => r.Open)));
    }
}
