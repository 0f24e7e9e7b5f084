// The HTTP API of the work calendar: what holds, what changes it, and a deadline that explains itself.
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Collection.WorkTime;

internal static class CalendarRoutes
{
    /// <summary>A limit to count, as a program asks it.</summary>
    /// <param name="Pauses">In order, without overlap; only the last may be open.</param>
    internal sealed record DeadlineAsk(DateTimeOffset From, int Amount, LimitUnit Unit, IReadOnlyList<ClockPause>? Pauses = null) : IChecked
    {
        /// <summary>As far ahead as a deadline is counted.</summary>
        public const int Most = 1_000;
        private const int MostPauses = 100;

        public IEnumerable<Fault> Check()
        {
            if (Amount is < 1 or > Most || !Enum.IsDefined(Unit))
            {
                yield return new("amount", new("时限为 1 到 1000", "is 1 to 1,000"));
            }

            if (Pauses is { Count: > MostPauses } || Pauses?.Contains(null!) == true)
            {
                yield return new("pauses", new("停表时段最多 100 段，不能为空", "are at most 100, and none is null"));
                yield break;
            }

            if (From.Year is < 2000 or > 2100 || (Pauses ?? []).Any(p => p.From.Year is < 2000 or > 2100 || p.Until is { Year: < 2000 or > 2100 }))
            {
                yield return new("from", new("时间应在 2000 年至 2100 年之间", "lies between the years 2000 and 2100"));
            }

            var spans = Pauses ?? [];
            if (spans.Any(p => p.Until < p.From) || spans.Zip(spans.Skip(1)).Any(p => p.First.Until is not { } end || end > p.Second.From))
            {
                yield return new("pauses", new("停表时段应按先后排列、互不重叠", "are in order and do not overlap"));
            }
        }
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        var calendar = routes.MapGroup("/api/v1/calendar").WithTags("Calendar").WithChecks().RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer));
        calendar.MapGet("/plans", (SaveWorkPlan plans, CancellationToken stop) => plans.All(stop)).WithName("ListWorkPlans");
        calendar.MapPost("/plans", SaveWorkPlan.Handle).WithName("SaveWorkPlan");
        calendar.MapGet("/days/{year:int}", (int year, SaveSpecialDay days, CancellationToken stop) => days.Of(year, stop)).WithName("ListSpecialDays");
        calendar.MapPut("/days", SaveSpecialDay.Handle).WithName("SaveSpecialDay");
        calendar.MapPost("/deadline", Deadline).WithName("ExplainDeadline");
    }

    private static async Task<Ok<ExplainedDeadline>> Deadline(DeadlineAsk ask, IWorkCalendar calendar, CancellationToken stop) =>
        TypedResults.Ok((await calendar.Load(stop)).Explain(new(ask.Amount, ask.Unit), ask.From, ask.Pauses ?? []));
}
