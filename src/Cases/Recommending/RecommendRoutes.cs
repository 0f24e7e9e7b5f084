// The HTTP API of the recommendation.
using System.Security.Claims;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Cases.Recommending;

internal static class RecommendRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = CaseRoutes.Group(routes, "/api/v1/cases/recommendation");
        group.MapPost("/", async (Ask ask, Recommend use, CancellationToken stop) => await use.Run(ask.What, ask.Words, ask.Class, ask.Place, stop)).WithName("RecommendForCase");
        group.MapGet("/models", Models).WithName("ListRecommenders");
        group.MapPost("/models", Train).WithName("TrainRecommender");
        group.MapGet("/measures", Measure).WithName("MeasureRecommender");
    }

    private static async Task<ModelsView> Models(StartTraining trainings, Recommend use, CancellationToken stop)
    {
        var (good, bad) = await use.Now(stop);
        List<TrainedView> all = [];
        foreach (var one in await trainings.All(stop))
        {
            all.Add(View(one, await trainings.Runs(one, stop)));
        }

        return new(good?.Of.Version, [.. bad.Select(b => new WrongView(b.Code, b.What.ToString(), b.Todo.ToString()))], all);
    }

    private static async Task<Results<Accepted<TrainedView>, ProblemHttpResult>> Train(StartTraining trainings, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await trainings.Run(Actor.From(user)!, stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Accepted("/api/v1/cases/recommendation/models", View(made.Value, await trainings.Runs(made.Value, stop)));
    }

    private static async Task<Results<Ok<MeasuredNow>, ProblemHttpResult>> Measure(MeasureInForce measure, ClaimsPrincipal user, CancellationToken stop)
    {
        var done = await measure.Run(Actor.From(user)!, stop);
        return done.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(done.Value);
    }

    private static TrainedView View(Recommender t, Lizhou.Kernel.Jobs.JobView? job) => new(t.Version, t.AskedBy, t.AskedAt, t.AsOf, t.File, t.About, t.Refused, job?.State.ToString(), job?.Note);

    /// <param name="Words">As the report tells it, at least four characters.</param>
    /// <param name="Class">Of a unit's recommendation.</param>
    internal sealed record Ask(GuessOf What, string? Words, string? Class = null, string? Place = null) : IChecked
    {
        public IEnumerable<Fault> Check() => Words?.Length > 4_000 ? [new("words", new("不超过 4000 字", "has at most 4,000 characters"))] : [];
    }

    /// <param name="InForce">Version; null: none.</param>
    /// <param name="Wrong">Newer ones that are not used, and why.</param>
    internal sealed record ModelsView(int? InForce, IReadOnlyList<WrongView> Wrong, IReadOnlyList<TrainedView> Trained);

    internal sealed record WrongView(string Code, string What, string Todo);

    /// <param name="AsOf">Null: not trained yet, or refused.</param>
    /// <param name="File">SHA-256, hex.</param>
    /// <param name="Refused">Code; null: not refused.</param>
    /// <param name="Job">State of its job while it is not done; null: it is.</param>
    internal sealed record TrainedView(int Version, string AskedBy, DateTimeOffset AskedAt, DateTimeOffset? AsOf, string? File, LearnedFrom? About, string? Refused, string? Job, string? Note);
}
