// The HTTP API of the gates.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Quality.Tickets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Gates;

internal static class GateRoutes
{
    internal sealed record View(int Gate, string Rule, string Todo, long Refused);

    /// <param name="Share">Percent, 0 to 100, as is <paramref name="Least"/>; null when nothing counts.</param>
    internal sealed record Decision(string Batch, bool Admitted, decimal? Share, decimal Least, DateTimeOffset JudgedAt, string? Code, string? What, string? Todo);

    /// <param name="Resource">Null: for all that have none of their own.</param>
    /// <param name="Least">Percent, 0 to 100, as it is set.</param>
    internal sealed record ThresholdView(Guid Id, Guid? Resource, decimal Least, DateOnly ValidFrom, DateOnly? ValidUntil, string Reason, string MadeBy, DateTimeOffset MadeAt);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var gates = routes.MapGroup("/api/v1/gates").WithTags("Gates").RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer));
        gates.MapGet("/", Figures).WithName("CountGates");
        gates.MapGet("/refusals", List).WithName("ListGateRefusals");
        gates.MapGet("/batches/{number}", Batch).WithName("GetAdmission");
        gates.MapGet("/thresholds", Thresholds).WithName("ListThresholds");
        gates.MapPut("/thresholds", Threshold).WithName("SetThreshold");
    }

    private static async Task<Ok<List<View>>> Figures(DateOnly? from, DateOnly? to, ThreeGates gates, TimeProvider clock, ClaimsPrincipal user, CancellationToken stop) => TypedResults.Ok(
        (await gates.Figures(Period.Of(from, to, clock), Actor.From(user)!, stop)).Select(g => new View(g.Gate.Number, g.Gate.Rule.ToString(), g.Gate.Todo.ToString(), g.Refused)).ToList());

    private static async Task<Ok<Page<RefusedAct>>> List(int? gate, DateOnly? from, DateOnly? to, [AsParameters] PageAsk page, ThreeGates gates, TimeProvider clock, ClaimsPrincipal user, CancellationToken stop) =>
        TypedResults.Ok(await gates.List(gate, Period.Of(from, to, clock), page, Actor.From(user)!, stop));

    private static async Task<Results<Ok<Decision>, ProblemHttpResult>> Batch(string number, TicketsDb db, ClaimsPrincipal user, CancellationToken stop)
    {
        if (await db.Batches.AsNoTracking().FirstOrDefaultAsync(b => b.Number == number, stop) is not { } batch || !Actor.From(user)!.ActsFor(batch.Unit))
        {
            return Problems.NoBatch.With(number).ToHttp();
        }

        Admission said = JudgeBatch.Shown(batch);
        return TypedResults.Ok(new Decision(said.Number, said.Admitted, said.Share * 100, said.Least * 100, said.JudgedAt, said.Why?.Code, said.Why?.What.ToString(), said.Why?.Todo.ToString()));
    }

    private static async Task<Ok<List<ThresholdView>>> Thresholds(SetThreshold thresholds, CancellationToken stop) =>
        TypedResults.Ok((await thresholds.All(stop)).ConvertAll(t => new ThresholdView(t.Id, t.Resource, t.Least / 100m, t.ValidFrom, t.ValidUntil, t.Reason, t.MadeBy, t.MadeAt)));

    private static async Task<Results<NoContent, ProblemHttpResult>> Threshold(SetThreshold.Ask ask, SetThreshold thresholds, ClaimsPrincipal user, CancellationToken stop) =>
        await thresholds.Run(ask, Actor.From(user)!, stop) is { } refused ? refused.ToHttp() : TypedResults.NoContent();
}
