// In: a step of a request, how many working days it has, from which day, why. Out: a line of the table of limits; the one before ends the day before, one that begins later stands.
// Refuses others than the bureau, steps without a clock, days gone by, numbers out of range, and no reason. Clocks that run keep the end they have.
using System.Globalization;
using System.Security.Claims;
using Lizhou.Contracts;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Requests;

internal sealed class SetLimit(SharingDb db, ILedger ledger, TimeProvider clock)
{
    /// <summary>The states in which somebody is to act: these have a clock.</summary>
    public static readonly IReadOnlyList<RequestState> Stages = [RequestState.Review, RequestState.Decision, RequestState.Mediation];

    private const int LongestReason = 500;

    /// <param name="Workdays">1 to 250.</param>
    /// <param name="Reason">1 to 500 characters; it stands in the table and in the ledger.</param>
    /// <param name="From">First day, city time; null for today.</param>
    internal sealed record Ask(RequestState Stage, int Workdays, string? Reason, DateOnly? From = null) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (!Stages.Contains(Stage))
            {
                yield return new("stage", new("该环节没有办理时限", "has no clock"));
            }

            if (Workdays is < 1 or > 250)
            {
                yield return new("workdays", new("时限为 1 到 250 个工作日", "is 1 to 250 working days"));
            }

            if (Reason is null || Reason.Trim().Length is 0 or > LongestReason)
            {
                yield return new("reason", new("须写明理由，不超过 500 字", "is needed, at most 500 characters"));
            }
        }
    }

    internal static async Task<Ok<List<Limit>>> HandleList(SetLimit limits, CancellationToken stop) => TypedResults.Ok(await limits.All(stop));

    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(Ask ask, SetLimit limits, ClaimsPrincipal user, CancellationToken stop) =>
        await limits.Run(ask, Actor.From(user)!, stop) is { } refused ? refused.ToHttp() : TypedResults.NoContent();

    /// <summary>Every line, those gone by too: by step, the newest first.</summary>
    public async Task<List<Limit>> All(CancellationToken stop) => [.. (await db.Limits.AsNoTracking().ToListAsync(stop)).OrderBy(l => l.Stage).ThenByDescending(l => l.ValidFrom)];

    public async Task<Problem?> Run(Ask ask, Actor actor, CancellationToken stop)
    {
        var (now, today) = (clock.GetUtcNow(), clock.Today());
        var from = ask.From ?? today;
        var fault = !actor.Has(Roles.Engineer) ? Problems.BureauOnly : ask.Check().FirstOrDefault() is { } wrong ? Problems.BadLimit.With(wrong.What)
            : from < today ? Problems.BadLimit.With(new Text("生效日期不能早于今天", "it cannot begin before today")) : null;
        if (fault is not null)
        {
            await ledger.Append(actor, new("request.limit", ask.Stage.ToString(), fault.Code), stop);
            return fault;
        }

        var lines = await db.Limits.Where(l => l.Stage == ask.Stage).ToListAsync(stop);
        var before = lines.FirstOrDefault(l => l.Holds(from))?.Workdays;
        foreach (var line in lines.Where(l => l.ValidFrom < from && (l.ValidUntil is null || l.ValidUntil > from)))
        {
            line.ValidUntil = from;
        }

        // Set twice for one day: the later word holds, the ledger has both.
        if (lines.FirstOrDefault(l => l.ValidFrom == from) is not { } same)
        {
            same = new() { Stage = ask.Stage, ValidFrom = from };
            db.Limits.Add(same);
        }

        (same.ValidUntil, same.Workdays, same.Reason, same.MadeBy, same.MadeAt) = (Validity.Begin(from, lines.Select(l => l.ValidFrom)).Until, ask.Workdays, ask.Reason!.Trim(), actor.Name, now);
        var told = new { ask.Workdays, before, from = from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), same.Reason };
        return await db.Commit(ledger, actor, [new("request.limit", ask.Stage.ToString(), Evidence.Done, told)], stop);
    }
}
